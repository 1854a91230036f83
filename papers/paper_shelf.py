"""The port to the stored papers, which belong to no workspace."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from papers.note import Message
from papers.paper import ARXIV, Paper, PaperId, Reading, Record


@dataclass(frozen=True, slots=True)
class Heard:
    """What a source said of a paper before, and when it last said something of it."""

    record: Record
    at: datetime


@dataclass(frozen=True, slots=True)
class Answered:
    """A share that stands answered in Slack: of which note, by which message, and when."""

    note_id: int
    message: Message
    shared_at: datetime


class PaperShelf(Protocol):
    """The papers, one row each for all workspaces."""

    def want(self, paper_id: PaperId, at: datetime, asked_before: datetime) -> bool:
        """Make sure the paper is there. A new one is wanted: to be asked for at `at`.

        So is one that its source was last asked about before `asked_before`. True if the paper is wanted
        now, that is, if a word of its source is still to come.
        """
        ...

    def want_again(self, at: datetime, asked_before: datetime, after: datetime, limit: int) -> int:
        """Want up to `limit` noted arXiv papers last spoken of before `asked_before`, the longest ago first.

        They are to be asked for at `at`, but behind all that is wanted until `after`. A paper that is wanted
        anyway is left as it is. Returns how many are wanted again.
        """
        ...

    def get(self, paper_id: PaperId) -> Paper | None:
        """The paper, or None if nobody has wanted it yet."""
        ...

    def waiting(self, now: datetime, of: Collection[str] = (ARXIV,)) -> bool:
        """Whether any paper of these sources is to be asked for now (not leased, its time come)."""
        ...

    def claim(
        self, limit: int, now: datetime, lease: timedelta, of: Collection[str] = (ARXIV,)
    ) -> tuple[PaperId, ...]:
        """Lease up to `limit` papers of these sources that are to be asked for, those longest wanted first."""
        ...

    def attempts(self, paper_id: PaperId) -> int:
        """How often the paper was claimed since it was wanted, but for what was no attempt."""
        ...

    def known_as(self, paper_id: PaperId) -> PaperId:
        """The id by which a page is known, if this is another of its addresses; else the same id."""
        ...

    def settle(self, asked: PaperId, page: PaperId) -> PaperId:
        """What was asked for as `asked` is this page. Notes on both, in one workspace, become one note.

        Returns the id by which the page is known.
        """
        ...

    def hold(self, paper_ids: Collection[PaperId], title: str) -> None:
        """Let nobody else change notes on these papers, or on papers of this title, until the transaction ends.

        Nor store a paper of this title. The first verb of a transaction that does more than to `store`.
        """
        ...

    def store(
        self, record: Record, reading: Reading, at: datetime, named: Collection[PaperId] = ()
    ) -> Heard | None:
        """Keep what the source said. Stamps the paper's notes; what waits to be posted of them is due at `at`.

        Keeps its twins too (an arXiv paper and a page are), those that it has `named` and those that bear its
        title, and stamps the notes on both. Returns what the source had said before, or None if this is its first
        word.
        """
        ...

    def answered(self, paper_id: PaperId) -> tuple[Answered, ...]:
        """Of each note on the paper, in all workspaces, the oldest share that stands answered in Slack.

        Withdrawn shares do not count, nor those whose card or seen line is not posted, or no longer kept.
        """
        ...

    def mark_missing(self, paper_ids: Collection[PaperId], at: datetime, ask_again: datetime) -> None:
        """The source does not know these (yet). Stamps their notes; posts are due at `at`; ask again then."""
        ...

    def postpone(self, paper_ids: Collection[PaperId], ask_again: datetime, counted: bool = True) -> None:
        """Give leased papers back unanswered: they stay wanted, to be asked for at `ask_again`.

        An attempt that is not `counted` was none.
        """
        ...
