"""A member's Home: what it shows, and the port to what is kept of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from papers.digest_order import ComingDigest
from papers.follows import Follow
from papers.note import Note


@dataclass(frozen=True, slots=True)
class HomeWish:
    """A leased wish that a member's Home be shown anew. `direct` is their conversation with Fusen, if known.

    `wish` counts the wishes for this Home, so that one that comes meanwhile is not taken for done.
    """

    id: int
    workspace: str
    member: str
    direct: str
    wish: int
    attempts: int


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """What a member has done of the first two steps, and whether they want to hear of them no more."""

    shared: bool = False
    said: bool = False
    dismissed: bool = False

    @property
    def over(self) -> bool:
        """Whether nothing is to be said of them any more."""
        return self.dismissed or (self.shared and self.said)


@dataclass(frozen=True, slots=True)
class Home:
    """What the Home of `member` shows, as they see it: notes newest first.

    They are reading some, have not read or have read others; `waiting` are those that have a machine's summary
    and no sentence by anybody yet.
    """

    member: str
    reading: tuple[Note, ...] = ()
    unread: tuple[Note, ...] = ()
    read: tuple[Note, ...] = ()
    waiting: tuple[Note, ...] = ()
    follows: tuple[Follow, ...] = ()
    digests: tuple[ComingDigest, ...] = ()
    steps: FirstSteps = FirstSteps()


class HomeShelf(Protocol):
    """The Homes that members have looked at: which are to be shown anew, and how to reach whom they are of."""

    def opened(self, workspace: str, member: str, direct: str, at: datetime) -> None:
        """The member looks at their Home: it is to be shown anew. `direct` is their conversation with Fusen."""
        ...

    def wish(self, workspace: str, member: str, at: datetime) -> bool:
        """The member's Home is to be shown anew, if they have ever looked at it. True if they have."""
        ...

    def claim(self, now: datetime, lease: timedelta) -> HomeWish | None:
        """Lease a Home that is to be shown anew, or None."""
        ...

    def shown(self, wish: HomeWish) -> None:
        """This wish is fulfilled, or given up. Of a forgotten member's Home nothing is kept then."""
        ...

    def postpone(self, wish: HomeWish, until: datetime) -> None:
        """The Home could not be shown as it should be: it is to be shown anew from then on."""
        ...

    def steps(self, workspace: str, member: str) -> FirstSteps:
        """What the member has done of the first two steps."""
        ...

    def dismiss(self, workspace: str, member: str, at: datetime) -> None:
        """The member wants to hear of the first steps no more; their Home is to be shown anew."""
        ...

    def forget(self, workspace: str, member: str, at: datetime) -> None:
        """What is kept of the member's Home goes, once it was shown without what was theirs."""
        ...
