"""A channel's past being read: how far it is, what it found, and the port that keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Backfill:
    """One reading of a channel's past, newest messages first, from `asked_at` back to `since`.

    `reached` is the time stamp of the oldest message read so far, empty before the first. `messages` counts
    the messages read, `papers` the shares that were new. It ends with `finished_at`; `refusal` then says why
    Slack did not let it go on, or is empty.
    """

    id: int
    workspace: str
    channel: str
    member: str
    asked_at: datetime
    since: datetime
    reached: str = ""
    messages: int = 0
    papers: int = 0
    finished_at: datetime | None = None
    refusal: str = ""

    @property
    def before(self) -> str:
        """The time stamp before which the next stretch ends: what comes after the wish is taken in as it comes."""
        return self.reached or f"{self.asked_at.timestamp():.6f}"

    @property
    def key(self) -> str:
        """The identity of the post that tells how far it is."""
        return f"backfill:{self.id}"


class BackfillShelf(Protocol):
    """The readings of the past; at most one of a channel is unfinished."""

    def start(self, workspace: str, channel: str, member: str, at: datetime, since: datetime) -> Backfill | None:
        """Begin to read a channel's past. None if one of this channel is not finished."""
        ...

    def get(self, backfill: int) -> Backfill | None:
        """One reading, or None."""
        ...

    def unfinished(self, workspace: str, channel: str) -> Backfill | None:
        """The channel's reading that is not finished, or None."""
        ...

    def claim(self, now: datetime, lease: timedelta) -> Backfill | None:
        """Lease one whose next stretch is due."""
        ...

    def keep(self, backfill: Backfill, until: datetime) -> bool:
        """Renew the lease. False if somebody else has read on since it was claimed, or it is stopped or done."""
        ...

    def advance(self, backfill: Backfill, reached: str, messages: int, papers: int, due: datetime) -> None:
        """So many more messages are read, down to `reached`, with so many new shares. The next is due then.

        If somebody else has read on since it was claimed, only the shares count: each is new to one alone.
        """
        ...

    def finish(self, backfill: int, at: datetime, refusal: str = "") -> None:
        """It is done; with a `refusal`, given up."""
        ...

    def untold(self, limit: int) -> tuple[Backfill, ...]:
        """Up to `limit` readings that have gone further than their post in Slack tells."""
        ...

    def told(self, backfill: Backfill) -> None:
        """Their post in Slack tells of this much."""
        ...
