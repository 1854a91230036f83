"""The wish that a digest comes: of what, to which channel, at which time; and the port that keeps it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from papers.note import Channel, Member
from papers.periods import WeeklyTime
from papers.typed_words import CHANNEL, EVERYTHING, which_word


class Scope(StrEnum):
    """Of what a digest tells."""

    WORKSPACE = "workspace"  # all that its channel's people may see
    CHANNEL = "channel"  # what was shared in its own channel
    TAG = "tag"


@dataclass(frozen=True, slots=True)
class DigestOrder:
    """A digest that comes to `channel` each week. `tag` is the folded key of a tag, empty for other scopes.

    `weekly` is its time of the week such as `mon 09:00`, empty for the usual one; `member` ordered it, empty
    for whoever runs Fusen.
    """

    workspace: str
    channel: str
    scope: Scope
    tag: str = ""
    weekly: str = ""
    member: str = ""
    id: int = 0
    ordered_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ComingDigest:
    """A digest that comes to `channel` at that time of each week; the name of its tag, if it tells of one.

    Nobody in particular ordered it if `member` is None. It can come where Fusen is.
    """

    order: DigestOrder
    channel: Channel
    at: WeeklyTime
    tag: str = ""
    can_come: bool = True
    member: Member | None = None

    @property
    def told(self) -> Scope:
        """Of what it tells, as things are."""
        return told_in(self.channel, self.order.scope)


def told_in(channel: Channel, scope: Scope) -> Scope:
    """Of what a digest of this tells in the channel: where strangers read along, of nothing but its own papers."""
    return Scope.CHANNEL if channel.external and scope is Scope.WORKSPACE else scope


def as_typed(scope: Scope, tag: str) -> str:
    """What is typed behind the verb to mean the digest of this; `tag` is the name, or key, of its tag."""
    if scope is not Scope.TAG:
        return {Scope.WORKSPACE: EVERYTHING, Scope.CHANNEL: CHANNEL}[scope]
    # By itself a word of ours would mean another digest, and what follows a blank might be a time.
    return f'"{tag}"' if " " in tag or which_word(tag, (CHANNEL, EVERYTHING)) else tag


class DigestShelf(Protocol):
    """The digests that people ordered. One that was stopped is remembered as stopped."""

    def order(self, order: DigestOrder, at: datetime) -> None:
        """From now on it comes, at this time of the week. Ordered before, only its time and its member change."""
        ...

    def order_first(self, order: DigestOrder, at: datetime) -> None:
        """Let it come, unless it was ever ordered or stopped before."""
        ...

    def stop(self, workspace: str, channel: str, scope: Scope, tag: str = "") -> int:
        """Let the channel's digest of this come no more. Returns how many there were: one, or none."""
        ...

    def orders(self, workspace: str) -> tuple[DigestOrder, ...]:
        """Those that come, by id."""
        ...
