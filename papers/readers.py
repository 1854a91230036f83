"""The use cases of readers: saying that one is reading a paper, and keeping in mind what one has read."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from papers import pointing
from papers.acts import Act, Deed
from papers.asker import Asker
from papers.note import Note
from papers.notebook import LISTED
from papers.nudges import Job, Nudge
from papers.reader_shelf import Claim, Mark, Own
from papers.shelf import Shelf, Shelves

CLAIMED = timedelta(days=14)
"""How long a claim lasts unless it is made again."""

AT_ONCE = 200
"""How many claims are ended in one transaction."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """A note, and until when somebody claims to be reading it (None: no longer). `changed` if that is new."""

    note: Note
    until: datetime | None
    changed: bool


class Readers:
    """The readers in all workspaces."""

    def __init__(self, shelves: Shelves, nudge: Nudge, now: Callable[[], datetime]) -> None:
        self._shelves = shelves
        self._nudge = nudge
        self._now = now

    def claim(self, asker: Asker, note_id: int) -> Claimed:
        """Somebody is reading the note's paper, for 14 days from now. Raises UnknownPaper if it is not seen."""
        with self._shelves.writing() as shelf:
            shelf.tags.hold(asker.workspace)
            pointing.by_id(shelf, asker.audience, note_id)
            claimed = self._claim(shelf, asker, note_id)
        self._changed()
        return claimed

    def put_down(self, asker: Asker, note_id: int) -> Claimed:
        """Somebody is no longer reading it. Raises UnknownPaper if the note is not seen."""
        with self._shelves.writing() as shelf:
            shelf.tags.hold(asker.workspace)
            pointing.by_id(shelf, asker.audience, note_id)
            put_down = self._put_down(shelf, asker, note_id)
        self._changed()
        return put_down

    def toggle(self, asker: Asker, note_id: int) -> Claimed:
        """Claim the paper, or put it down where the asker is shown as its reader. Raises UnknownPaper."""
        with self._shelves.writing() as shelf:
            shelf.tags.hold(asker.workspace)
            note = pointing.by_id(shelf, asker.audience, note_id)
            reading = any(reader.member.id == asker.member for reader in note.readers)
            done = (self._put_down if reading else self._claim)(shelf, asker, note_id)
        self._changed()
        return done

    def read(self, asker: Asker, note_id: int) -> Note:
        """Somebody has read the paper, and so is no longer reading it. Raises UnknownPaper if it is not seen."""
        with self._shelves.writing() as shelf:
            shelf.tags.hold(asker.workspace)
            pointing.by_id(shelf, asker.audience, note_id)
            put_down = written(shelf.readers.claims(note_id, asker.member))
            if read(shelf, asker, note_id, self._now()) or put_down:
                self._record(shelf, asker, Act(Deed.READ, note_id, asker.origin, {"claims": put_down}))
            note = pointing.by_id(shelf, asker.audience, note_id)
        self._changed()
        return note

    def unread(self, asker: Asker, note_id: int) -> Note:
        """Somebody has not read the paper after all. Raises UnknownPaper if the note is not seen."""
        with self._shelves.writing() as shelf:
            shelf.tags.hold(asker.workspace)
            note = pointing.by_id(shelf, asker.audience, note_id)
            mark = shelf.readers.read_mark(note_id, asker.member)
            if mark and shelf.readers.mark_unread(note_id, asker.member):
                facts = {"at": mark.at.isoformat()}
                self._record(shelf, asker, Act(Deed.UNREAD, note_id, mark.origin, facts))
        return note

    def own(self, asker: Asker, mark: Mark) -> tuple[Note, ...]:
        """The asker's own notes with this mark, newest first, of those that they may see from here."""
        with self._shelves.reading() as shelf:
            return shelf.notes.select(asker.audience, own=Own(asker.member, mark), limit=LISTED)

    def read_among(self, member: str, notes: Sequence[Note]) -> frozenset[int]:
        """The ids of those notes that the member has read."""
        with self._shelves.reading() as shelf:
            return shelf.readers.read_among(member, [note.id for note in notes])

    def expire(self) -> None:
        """End the claims whose time is over."""
        ended = AT_ONCE
        while ended == AT_ONCE:
            with self._shelves.writing() as shelf:
                ended = shelf.readers.expire(self._now(), AT_ONCE)
            if ended:
                self._changed()

    def _claim(self, shelf: Shelf, asker: Asker, note_id: int) -> Claimed:
        now = self._now()
        new = claim(shelf, asker, note_id, now)
        if new:
            self._record(shelf, asker, Act(Deed.READING, note_id, asker.origin))
        return Claimed(pointing.by_id(shelf, asker.audience, note_id), now + CLAIMED, new)

    def _put_down(self, shelf: Shelf, asker: Asker, note_id: int) -> Claimed:
        ended = written(shelf.readers.claims(note_id, asker.member))
        was = shelf.readers.put_down(note_id, asker.member)
        if was:
            self._record(shelf, asker, Act(Deed.PUT_DOWN, note_id, asker.origin, {"claims": ended}))
        return Claimed(pointing.by_id(shelf, asker.audience, note_id), None, was)

    def _record(self, shelf: Shelf, asker: Asker, act: Act) -> None:
        shelf.acts.record(asker, act, self._now())

    def _changed(self) -> None:
        self._nudge(Job.REFRESH_CARDS)
        self._nudge(Job.PUBLISH_PAGES)


def claim(shelf: Shelf, asker: Asker, note_id: int, now: datetime) -> bool:
    """The asker is reading the note's paper. True if they had not said so in this channel."""
    return shelf.readers.claim(note_id, asker.origin, asker.member, asker.channel, now, now + CLAIMED)


def read(shelf: Shelf, asker: Asker, note_id: int, now: datetime) -> bool:
    """The asker has read the note's paper, and is no longer reading it. True if they had not read it before."""
    shelf.readers.put_down(note_id, asker.member)
    return shelf.readers.mark_read(note_id, asker.origin, asker.member, now)


def written(ended: Sequence[Claim]) -> list[list[str]]:
    """Claims that were ended, as an act keeps them."""
    return [[one.channel, one.origin, one.at.isoformat(), one.until.isoformat()] for one in ended]


def claim_again(shelf: Shelf, asker: Asker, note_id: int, ended: Sequence[Sequence[str]], now: datetime) -> bool:
    """Make claims anew that `written` kept, as far as their time is not over. True if any was made."""
    made = False
    for channel, origin, at, until in ended:
        end = datetime.fromisoformat(until)
        if end > now:
            begun = datetime.fromisoformat(at)
            made = shelf.readers.claim(note_id, origin, asker.member, channel, begun, end) or made
    return made
