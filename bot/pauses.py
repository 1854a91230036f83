"""How long is waited for what could not be had: longer each time."""

from __future__ import annotations

from datetime import timedelta

from papers.paper import PaperId
from papers.shelf import Shelf

FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(days=1)
"""Four times as long each time, up to a day."""


def pause_of(shelf: Shelf, paper_id: PaperId) -> timedelta:
    """How long to leave a claimed paper alone, by how often it was tried in vain since it was wanted."""
    return growing(FIRST_PAUSE, LONGEST_PAUSE, max(shelf.papers.attempts(paper_id), 1))


def growing(first: timedelta, longest: timedelta, attempts: int, times: int = 4) -> timedelta:
    """The pause after so many attempts in vain, `times` as long with each, up to the longest."""
    pause: timedelta = first * times ** min(attempts - 1, 10)
    return min(pause, longest)
