"""Who follows what: the values, and the port to where they are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from papers.note import Member

MOST = 50
"""How many things one may follow."""


class TargetKind(StrEnum):
    """What can be followed."""

    TAG = "tag"
    MEMBER = "member"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Target:
    """What somebody follows: a tag by its folded key, a member or a channel by Slack's id.

    `name` is what it is called, as far as those who follow it may know.
    """

    kind: TargetKind
    key: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class Follower:
    """Who is told: a member, by direct message, or the people of a channel. `id` is Slack's."""

    workspace: str
    id: str
    is_channel: bool = False


class Silence(StrEnum):
    """Why what is followed can bring nothing any more."""

    # The channel that is followed is not public now, or is or was shared with another organization.
    FOLLOWED = "followed"
    # The channel that follows is shared with another organization now, and is told nothing of others.
    HERE = "here"


@dataclass(frozen=True, slots=True)
class Follow:
    """One thing that somebody follows, since when, set up by whom; `weekly`, or told at once.

    With a `silence` it can bring nothing any more, though it goes on should that pass.
    """

    follower: Follower
    target: Target
    weekly: bool
    by: Member
    since: datetime
    silence: Silence | None = None


@dataclass(frozen=True, slots=True)
class Tale:
    """A note that a follower is to be told of now. Without `described` its paper's details are still to come."""

    follower: Follower
    note_id: int
    described: bool


@dataclass(frozen=True, slots=True)
class Gathering:
    """The notes that a follower is told of together, oldest first. `id` is the gathering's own."""

    follower: Follower
    id: int
    notes: tuple[int, ...]


class FollowShelf(Protocol):
    """Who follows what, and of which notes they were told.

    A follower sees what anybody sees, and a channel what its own people see. A note is for a follower if a
    share of it that they see is by the followed member or in the followed channel, or if a tag that they see
    is the followed one and somebody else has set it; if for them it was noted since they follow; and unless
    they have shared it themselves.
    """

    def follow(self, follower: Follower, target: Target, weekly: bool, by: str, at: datetime) -> None:
        """Make sure that this is followed, so often. What is followed already keeps its beginning."""
        ...

    def unfollow(self, follower: Follower, targets: Sequence[Target]) -> tuple[Target, ...]:
        """Let these be followed no longer. Returns those that were."""
        ...

    def of(self, follower: Follower) -> tuple[Follow, ...]:
        """What the follower follows, tags first, then by name; names as the follower may know them."""
        ...

    def why(self, follower: Follower, note_id: int) -> tuple[Follow, ...]:
        """Which of the things that are followed bring the note to the follower, as it is now."""
        ...

    def behind(self) -> tuple[str, ...]:
        """The workspaces that are served, with notes that have changed and not been looked at."""
        ...

    def look(self, workspace: str, limit: int, at: datetime) -> tuple[bool, tuple[Tale, ...]]:
        """Look at up to `limit` changed notes: who is to be told of which at once; the rest waits for its week.

        Each note is for each follower once. True if there are more notes to look at.
        """
        ...

    def waiting(self, workspace: str, before: datetime) -> bool:
        """Whether any note was put by before then and waits to be gathered."""
        ...

    def gather(self, workspace: str, before: datetime, limit: int) -> tuple[Gathering, ...]:
        """Gather, for up to `limit` followers, the notes that were put by for them before then: each once."""
        ...

    def forget(self, workspace: str, member: str) -> None:
        """The member follows nothing any more and is not followed; what they set up for channels is nobody's."""
        ...
