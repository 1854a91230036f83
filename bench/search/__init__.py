"""Searching measured: what is found, in which time, and what keeping the index costs."""
