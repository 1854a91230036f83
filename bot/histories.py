"""The job that asks arXiv's archive for licences and versions, one paper at a time, behind all else."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.pauses import growing
from papers.errors import SourceError
from papers.history_shelf import Archive, ArchiveTurn, WantedHistory
from papers.nudges import Job, Nudge
from papers.paper import History, PaperId
from papers.shelf import Shelves

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=2)
"""Longer than the longest request: a paper is not asked for by two."""

FIRST_PAUSE = timedelta(hours=1)
LONGEST_PAUSE = timedelta(days=1)
"""How long a paper is left alone that got no answer, doubled each time. The archive learns of papers at night."""

TRIES = 12
"""After so many questions in vain a history is not asked for any more, until there is another version."""


class LearningHistories:
    """Brings the histories of papers up to date, one at each run.

    Nobody waits for a licence, and between two runs there is room for what people paste.
    """

    def __init__(self, shelves: Shelves, archive: Archive, nudge: Nudge, now: Callable[[], datetime]) -> None:
        self._shelves = shelves
        self._archive = archive
        self._nudge = nudge
        self._now = now

    def __call__(self) -> None:
        """Ask for one history, if any is wanted and arXiv is asked for nothing else."""
        if not self._idle():
            return
        try:
            with self._archive.turn() as turn:
                wanted = self._claim()
                if wanted is None:
                    return
                history = _ask(turn, wanted.paper_id)
        except SourceError as error:
            log.info("no turn at the archive: %s", error)
            return
        if history is None:
            self._again(wanted)
            return
        with self._shelves.writing() as shelf:
            shelf.histories.keep(wanted.paper_id, history)
        self._nudge(Job.PUBLISH_PAGES)

    def _idle(self) -> bool:
        with self._shelves.reading() as shelf:
            return shelf.histories.waiting(self._now()) and not shelf.papers.waiting(self._now())

    def _claim(self) -> WantedHistory | None:
        with self._shelves.writing() as shelf:
            return shelf.histories.claim(self._now(), LEASE)

    def _again(self, wanted: WantedHistory) -> None:
        pause = growing(FIRST_PAUSE, LONGEST_PAUSE, wanted.attempts, times=2)
        with self._shelves.writing() as shelf:
            if wanted.attempts >= TRIES:
                shelf.histories.give_up(wanted.paper_id)
            else:
                shelf.histories.postpone(wanted.paper_id, self._now() + pause)


def _ask(turn: ArchiveTurn, paper_id: PaperId) -> History | None:
    """The history, or None if there is no word of it, for whatever reason: the gate keeps the pause needed."""
    try:
        return turn.ask(paper_id)
    except SourceError as error:
        log.warning("no word of the archive: %s", error)
        return None
