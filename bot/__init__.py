"""Slack in, Slack out, the clock, the settings, the command line, and the one place where all parts meet."""
