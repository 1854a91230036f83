"""The port to what members do with a paper beside talking of it: who has read it, and who is reading it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Mark(StrEnum):
    """By what a member's own notes are listed."""

    READ = "read"
    UNREAD = "unread"
    READING = "reading"


@dataclass(frozen=True, slots=True)
class Own:
    """The notes that a member has read, has not read, or says to be reading."""

    member: str
    mark: Mark


@dataclass(frozen=True, slots=True)
class Claim:
    """What a member said of reading a paper: in which channel, by which act, and from when until when."""

    channel: str
    origin: str
    at: datetime
    until: datetime


@dataclass(frozen=True, slots=True)
class ReadMark:
    """By which act a member said that they have read a paper, and when."""

    origin: str
    at: datetime


class ReaderShelf(Protocol):
    """Who has read what, which is shown to themselves alone; and who says to be reading it, which is shown to all.

    A claim ("I am reading this") belongs to the channel it was made in: made in a private one, it is not seen
    outside. `origin` names the act that made a mark or claim, so that this act alone can be undone.
    """

    def mark_read(self, note_id: int, origin: str, member: str, at: datetime) -> bool:
        """The member has read the note's paper. True if that was not known."""
        ...

    def mark_unread(self, note_id: int, member: str, origin: str | None = None) -> bool:
        """The member has not read it; with an `origin`, only if that act said so. True if they had."""
        ...

    def read_mark(self, note_id: int, member: str) -> ReadMark | None:
        """The member's mark of having read the note's paper, if they have."""
        ...

    def read_among(self, member: str, note_ids: Collection[int]) -> frozenset[int]:
        """Those of the notes that the member has read."""
        ...

    def claim(self, note_id: int, origin: str, member: str, channel: str, at: datetime, until: datetime) -> bool:
        """The member is reading the note's paper, as said in `channel`. True if they had not said so there.

        A claim made again keeps its beginning and origin and lasts until the later end.
        """
        ...

    def claims(self, note_id: int, member: str) -> tuple[Claim, ...]:
        """The member's claims on the note, in all channels."""
        ...

    def put_down(self, note_id: int, member: str, origin: str | None = None) -> bool:
        """End the member's claims on the note, in whichever channel; with an `origin`, only what it made.

        True if there was one.
        """
        ...

    def expire(self, now: datetime, limit: int) -> int:
        """End up to `limit` claims whose time is over. Returns how many."""
        ...
