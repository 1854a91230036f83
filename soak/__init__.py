"""Soaks: the real program in processes of its own, on its worst days, and a ledger of what came of it."""
