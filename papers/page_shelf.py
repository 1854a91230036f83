"""The port to what the publishing of pages asks: all notes in brief, and which have changed."""

from __future__ import annotations

from collections.abc import Collection
from typing import Protocol

from papers.brief import Brief, Fallen


class PageShelf(Protocol):
    """Notes as the published pages need them."""

    def briefs(self, workspace: str) -> tuple[Brief, ...]:
        """All notes of the workspace that anybody may see, in brief, by id."""
        ...

    def fallen(self, workspace: str, note_ids: Collection[int] | None = None) -> tuple[Fallen, ...]:
        """The notes that anybody could see when they were withdrawn, of these notes or of all, by id.

        A channel that is private now, or that the bot has left, tells nothing of its past.
        """
        ...

    def ids(self, workspace: str) -> Collection[int]:
        """All notes of the workspace, also those that nobody may see."""
        ...

    def number(self, workspace: str) -> int:
        """How many these are."""
        ...

    def touched(self, workspace: str, since: int, limit: int) -> tuple[int, ...] | None:
        """The notes whose pages may have changed after that count of changes, or None if more than `limit` did.

        Those that are seen no longer are among them; those that are not there any more are not.
        """
        ...
