"""What waits to be done: how much of each kind, and since when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

MOST_COUNTED = 10_000
"""More is not counted: who is that far behind need not know how far exactly."""


class Queue(StrEnum):
    """Kinds of work that waits."""

    EVENTS = "events"
    POSTS = "posts"
    CARDS = "cards"
    PAPERS = "papers"


@dataclass(frozen=True, slots=True)
class Backlog:
    """Up to MOST_COUNTED rows of a kind that wait or are being worked on, and since when the oldest does."""

    queue: Queue
    count: int
    oldest: datetime | None


class Backlogs(Protocol):
    """The port to what waits."""

    def waiting(self, now: datetime) -> tuple[Backlog, ...]:
        """Each queue, in the order of `Queue`. What is not due yet does not wait, except a post that failed."""
        ...
