"""Slack's dictionaries become values in this package, and nowhere else."""
