"""The port to the stored translations: which are wanted, what came of them, and what they cost."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from papers.paper import Record
from papers.translation import Translation


@dataclass(frozen=True, slots=True)
class WantedTranslation:
    """A translation that is to be made, leased; and how often it was tried, this time included."""

    id: int
    record: Record
    language: str
    attempts: int


class TranslationShelf(Protocol):
    """The translations, one for each paper and language."""

    def want(self, workspace: str, since: int, at: datetime, limit: int) -> int:
        """Want up to `limit` translations that are missing or of an older version. Returns how many.

        Of arXiv papers on notes that changed after the workspace's count of changes `since`, that anybody may see
        on its pages, and in its language if that is not English. Nothing that
        is shared in private alone is ever wanted: not even which paper it is goes to another service.
        """
        ...

    def waiting(self, now: datetime) -> bool:
        """Whether any translation is to be made now."""
        ...

    def claim(self, now: datetime, lease: timedelta) -> WantedTranslation | None:
        """Lease the translation wanted last of those that are still to be seen; None if there is none."""
        ...

    def keep(self, wanted: WantedTranslation, translation: Translation) -> None:
        """Keep what was made. The pages of the notes that show it are told."""
        ...

    def postpone(self, wanted: WantedTranslation, until: datetime) -> None:
        """Try again then."""
        ...

    def give_up(self, wanted: WantedTranslation) -> None:
        """Try no more, until there is another version."""
        ...

    def spend(self, tokens: int, at: datetime) -> None:
        """So many tokens were spent."""
        ...

    def spent(self, at: datetime) -> int:
        """How many tokens were spent in that moment's month (UTC)."""
        ...
