"""The use cases of Fusen's being uninstalled: a workspace that takes it away is forgotten after a short time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from papers.nudges import Job, Nudge
from papers.shelf import Shelves

GRACE = timedelta(days=7)
"""How long a workspace is kept after it took Fusen away, in case that was a slip.

Slack allows 14 business days: https://docs.slack.dev/developer-policy
"""

LATEST = timedelta(days=13)
"""After so long it is forgotten even where Slack cannot tell whether Fusen is back."""


@dataclass(frozen=True, slots=True)
class Left:
    """A workspace that took Fusen away at that time. `late`, it is to be forgotten whatever Slack says.

    `days` is in how many whole days it is due to be forgotten; it is negative once it is.
    """

    workspace: str
    at: datetime
    late: bool
    days: int

    @property
    def due(self) -> datetime:
        """When it is to be forgotten unless Fusen is back by then."""
        return self.at + GRACE


class Leaving:
    """Forgets workspaces that have taken Fusen away."""

    def __init__(self, shelves: Shelves, nudge: Nudge, now: Callable[[], datetime]) -> None:
        self._shelves = shelves
        self._nudge = nudge
        self._now = now

    def leave(self, workspace: str) -> None:
        """Fusen was taken away from the workspace, or its token was."""
        with self._shelves.writing() as shelf:
            shelf.directory.leave(workspace, self._now())
        self._nudge(Job.PRUNE)

    def stay(self, workspace: str) -> None:
        """Fusen is in the workspace after all."""
        with self._shelves.writing() as shelf:
            shelf.directory.leave(workspace, None)

    def left(self) -> tuple[Left, ...]:
        """The workspaces that Fusen has left long enough ago to be forgotten."""
        now = self._now()
        return tuple(one for one in self._marked(now) if now >= one.due)

    def going(self, workspace: str) -> Left | None:
        """What is to become of this workspace if Fusen has left it."""
        return next((one for one in self._marked(self._now()) if one.workspace == workspace), None)

    def forget(self, left: Left) -> bool:
        """Forget the workspace wholly; papers stay, for they are the world's. False if it has come back since."""
        with self._shelves.writing() as shelf:
            shelf.tags.hold(left.workspace)
            if shelf.directory.left().get(left.workspace) != left.at:
                return False
            shelf.oblivion.forget_workspace(left.workspace)
        for job in (Job.PUBLISH_PAGES, Job.PRUNE):
            self._nudge(job)
        return True

    def _marked(self, now: datetime) -> tuple[Left, ...]:
        with self._shelves.reading() as shelf:
            left = shelf.directory.left()
        return tuple(Left(one, at, now - at >= LATEST, (at + GRACE - now).days) for one, at in left.items())
