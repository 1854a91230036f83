"""The ports to the histories of papers: where they are asked for, and where they are kept."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from papers.paper import History, PaperId


@dataclass(frozen=True, slots=True)
class WantedHistory:
    """A paper whose history is to be asked for, leased; and how often it was, this time included."""

    paper_id: PaperId
    attempts: int


class HistoryShelf(Protocol):
    """The histories. One is wanted when a paper, or a new version of it, was first told of."""

    def waiting(self, now: datetime) -> bool:
        """Whether any history is to be asked for now."""
        ...

    def claim(self, now: datetime, lease: timedelta) -> WantedHistory | None:
        """Lease one history that is to be asked for, that of the paper noted last; None if there is none."""
        ...

    def keep(self, paper_id: PaperId, history: History) -> None:
        """Keep what the archive told. The pages of the paper's notes are told, if it is anything new."""
        ...

    def postpone(self, paper_id: PaperId, until: datetime) -> None:
        """Ask again then."""
        ...

    def give_up(self, paper_id: PaperId) -> None:
        """Ask no more, until there is another version."""
        ...


class ArchiveTurn(Protocol):
    """The right to ask one question now; nobody else asks arXiv anything meanwhile."""

    def ask(self, paper_id: PaperId) -> History | None:
        """The history of a paper, or None if the archive does not know it (yet).

        Raises SourceThrottled, SourceUnavailable or SourceRefused; none of them says that a paper is unknown.
        """
        ...


class Archive(Protocol):
    """An archive that tells the histories of papers."""

    def turn(self) -> AbstractContextManager[ArchiveTurn]:
        """A turn, if one can be had without waiting for long. Raises SourceThrottled or SourceUnavailable."""
        ...
