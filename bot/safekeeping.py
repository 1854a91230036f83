"""The commands that keep what is stored safe: `fusen backup` and `fusen restore`."""

from __future__ import annotations

from argparse import Namespace

from bot.composition.stores import back_up, journal_left
from bot.composition.stores import restore as put_back
from bot.composition.surroundings import wording
from bot.shell import say, settings


def backup(options: Namespace) -> int:
    """Write a backup and say what is in it."""
    chosen = settings()
    rows = back_up(chosen, options.file, options.overwrite)
    size = f"{options.file.stat().st_size:,}"
    say(wording("shell", chosen.language)("backed_up", file=options.file, rows=f"{rows:,}", size=size))
    return 0


def restore(options: Namespace) -> int:
    """Restore a backup and say what comes next."""
    chosen = settings()
    rows = put_back(chosen, options.file, options.replace)
    words = wording("shell", chosen.language)
    say(words("restored", file=options.file, rows=f"{rows:,}"))
    if journal := journal_left(chosen):
        say(words("journal_left", journal=journal, database=str(journal).removesuffix("-wal")))
    return 0
