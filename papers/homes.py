"""The use cases of Home: looking at it, what it shows a member, and that it is shown anew."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import islice

from papers.depth import Depth, depth
from papers.digests import coming
from papers.follows import Follower
from papers.home import Home, HomeWish
from papers.note import Audience, Note
from papers.nudges import Job, Nudge
from papers.periods import WeeklyTime
from papers.reader_shelf import Mark, Own
from papers.shelf import Shelves
from papers.tags_now import followed_by

LOOKED_AT = 60
"""Among how many of the newest notes those are sought that are not read, or wait for a sentence."""

READING = 8
UNREAD = 5
READ = 3
WAITING = 5
DIGESTS = 5
"""How much of each kind a Home shows at most."""

LEASE = timedelta(minutes=2)
"""Longer than the seven calls to Slack that showing a Home takes at most, each bounded by `bot.slack.SECONDS`."""


class Homes:
    """The members' Homes in all workspaces; `weekly` is when digests come unless somebody says otherwise."""

    def __init__(self, shelves: Shelves, nudge: Nudge, now: Callable[[], datetime], weekly: WeeklyTime) -> None:
        self._shelves = shelves
        self._nudge = nudge
        self._now = now
        self._weekly = weekly

    def opened(self, workspace: str, member: str, direct: str) -> None:
        """A member looks at their Home; `direct` is their conversation with Fusen."""
        with self._shelves.writing() as shelf:
            shelf.homes.opened(workspace, member, direct, self._now())
        self._nudge(Job.REFRESH_HOMES)

    def touched(self, workspace: str, member: str) -> None:
        """A member has done something that their Home may show."""
        with self._shelves.writing() as shelf:
            has_one = shelf.homes.wish(workspace, member, self._now())
        if has_one:
            self._nudge(Job.REFRESH_HOMES)

    def dismiss(self, workspace: str, member: str) -> None:
        """A member wants to hear of the first steps no more."""
        with self._shelves.writing() as shelf:
            shelf.homes.dismiss(workspace, member, self._now())
        self._nudge(Job.REFRESH_HOMES)

    def claim(self) -> HomeWish | None:
        """Lease a Home that is to be shown anew, or None."""
        with self._shelves.writing() as shelf:
            return shelf.homes.claim(self._now(), LEASE)

    def shown(self, wish: HomeWish) -> None:
        """This wish is fulfilled, or given up."""
        with self._shelves.writing() as shelf:
            shelf.homes.shown(wish)

    def postpone(self, wish: HomeWish, seconds: float) -> datetime:
        """The Home could not be shown as it should be: it is to be shown anew then. Returns when."""
        until = self._now() + timedelta(seconds=seconds)
        with self._shelves.writing() as shelf:
            shelf.homes.postpone(wish, until)
        return until

    def of(self, wish: HomeWish, conversations: Sequence[str]) -> Home:
        """What the Home shows. `conversations` are those that its member is in, beside the public ones."""
        # A member's id is no channel's: without a conversation of their own they see what anybody sees.
        audience = Audience(wish.workspace, wish.direct or wish.member, conversations=tuple(conversations))
        with self._shelves.reading() as shelf:
            newest = shelf.notes.pick(audience, limit=LOOKED_AT)
            reading = shelf.notes.pick(audience, own=Own(wish.member, Mark.READING), limit=READING)
            read = shelf.notes.pick(audience, own=Own(wish.member, Mark.READ), limit=READ)
            notes = {note.id: note for note in shelf.notes.several({*newest, *reading, *read}, audience)}
            known = shelf.readers.read_among(wish.member, newest).union(reading)
            return Home(
                member=wish.member,
                reading=_those(notes, reading),
                unread=_those(notes, [one for one in newest if one not in known])[:UNREAD],
                read=_those(notes, read),
                waiting=tuple(note for note in _those(notes, newest) if depth(note) is Depth.MACHINE)[:WAITING],
                follows=followed_by(shelf, Follower(wish.workspace, wish.member)),
                digests=tuple(islice(coming(shelf, audience, self._weekly), DIGESTS)),
                steps=shelf.homes.steps(wish.workspace, wish.member),
            )


def _those(notes: dict[int, Note], ids: Sequence[int]) -> tuple[Note, ...]:
    """These notes in this order, but those that are gone."""
    return tuple(notes[one] for one in ids if one in notes)
