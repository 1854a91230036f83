"""Forgetting, as the rows see it: what is kept of a member, and the port that forgets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

NOBODY = ""
"""The member to whom belongs what a forgotten one left. No id of Slack's is empty."""


class Forgotten(Exception):
    """Somebody was forgotten since they asked for what is about to be kept."""


@dataclass(frozen=True, slots=True)
class Held:
    """How much is kept of a member: their comments, papers they shared, tags they set."""

    comments: int
    shares: int
    tags: int


class Oblivion(Protocol):
    """Forgetting members and workspaces, over all that is stored."""

    def held(self, workspace: str, member: str) -> Held:
        """How much is kept of a member."""
        ...

    def forget(self, workspace: str, member: str, at: datetime) -> None:
        """Forget a member.

        Their comments go, and all that is theirs alone: what they read and follow, their name and language, the
        finished events and answers that hold their words or name. What belongs to the team (shares, tags, who
        settled what) stays, and belongs to `NOBODY`. Mentions of their name in others' comments become
        `@someone`. Their name is not learned again until they settle something; what they said until `at` is not
        taken in again. Stamps the notes, and lets be said anew whatever stands in Slack and may name them.
        """
        ...

    def forget_workspace(self, workspace: str) -> None:
        """Forget all that is kept of a workspace. Papers stay."""
        ...

    def clear_events(self, since: datetime) -> None:
        """Clear the finished events of members who were forgotten since then: those that waited at that moment."""
        ...

    def is_forgotten(self, workspace: str, member: str, at: datetime) -> bool:
        """Whether what the member said at that time is forgotten."""
        ...
