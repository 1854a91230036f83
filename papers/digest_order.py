"""The wish that a digest comes: of what, to which channel, at which time; and the port that keeps it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


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


class DigestShelf(Protocol):
    """The digests that people ordered. One that was stopped is remembered as stopped."""

    def order(self, order: DigestOrder, at: datetime) -> None:
        """From now on it comes, at this time of the week. Ordered before, only its time and its member change."""
        ...

    def order_first(self, order: DigestOrder, at: datetime) -> None:
        """Let it come, unless it was ever ordered or stopped before."""
        ...

    def stop(self, workspace: str, channel: str, scopes: Collection[Scope] = (), tag: str = "") -> int:
        """Let none of the channel's digests come any more, or none of these scopes and tag. Returns how many."""
        ...

    def orders(self, workspace: str) -> tuple[DigestOrder, ...]:
        """Those that come, by id."""
        ...
