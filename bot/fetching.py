"""The job that asks the source of papers for what is wanted, many papers to a question."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from bot.pauses import pause_of
from papers.database_errors import DatabaseUnreachable
from papers.errors import SourceError, SourceLeftAlone, SourceRefused
from papers.nudges import Job, Nudge
from papers.paper import PaperId, Record
from papers.shelf import Shelves
from papers.source import Answer, Enrichment, Source, Turn
from papers.watching import keep

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
"""Longer than the longest request: a paper is not asked for by two."""

ASK_AGAIN = timedelta(hours=1)
"""When a paper that arXiv does not know is asked for again: new papers appear with a delay of hours."""

UNANSWERED = timedelta(minutes=1)
"""When a paper is asked for again that got no answer though others did: its entry may be broken for long."""


class Fetching:
    """Brings wanted papers up to date."""

    def __init__(
        self, shelves: Shelves, source: Source, enrichment: Enrichment, nudge: Nudge, now: Callable[[], datetime]
    ) -> None:
        self._shelves = shelves
        self._source = source
        self._enrichment = enrichment
        self._nudge = nudge
        self._now = now

    def __call__(self) -> None:
        """Ask until nothing is wanted, or the source wants to be left alone."""
        try:
            self._fetch()
        except SourceError as error:
            # No turn was to be had. What is leased comes back when its lease ends, the rest is still wanted.
            log.info("%s", error)

    def _fetch(self) -> None:
        while self._waiting():
            with self._source.turn() as turn:
                # Read only now: what was wanted while we waited rides along.
                wanted = self._claim()
                if not wanted:
                    return
                try:
                    answer = turn.ask(wanted)
                except SourceRefused:
                    answer = None
                except SourceError as error:
                    # Each failure is told once, not each time that the source is left alone for it.
                    log.log(logging.INFO if isinstance(error, SourceLeftAlone) else logging.WARNING, "%s", error)
                    self._give_back(wanted)
                    return
            if answer is None:
                self._ask_in_halves(wanted)
            else:
                self._keep(wanted, answer)

    def _waiting(self) -> bool:
        with self._shelves.reading() as shelf:
            return shelf.papers.waiting(self._now())

    def _claim(self) -> tuple[PaperId, ...]:
        with self._shelves.writing() as shelf:
            return shelf.papers.claim(self._source.batch_size, self._now(), LEASE)

    def _give_back(self, wanted: Sequence[PaperId]) -> None:
        # They may be asked for at once: the gate keeps the pause that the source needs now.
        with self._shelves.writing() as shelf:
            shelf.papers.postpone(wanted, self._now(), counted=False)

    def _keep(self, wanted: Sequence[PaperId], answer: Answer) -> None:
        now = self._now()
        answered = {record.paper_id for record in answer.found} | set(answer.missing)
        for record in answer.found:
            try:
                self._keep_one(record, now)
            except DatabaseUnreachable:
                raise  # no fault of the record
            except Exception:  # one record that cannot be kept must not stop the others of its answer
                log.exception("a paper cannot be kept")
                self._leave_alone(record.paper_id)
        with self._shelves.writing() as shelf:
            if answer.missing:
                shelf.papers.mark_missing(answer.missing, now, now + ASK_AGAIN)
            if unanswered := [paper_id for paper_id in wanted if paper_id not in answered]:
                shelf.papers.postpone(unanswered, now + UNANSWERED)
        for job in (Job.POST_MESSAGES, Job.REFRESH_CARDS, Job.PUBLISH_PAGES):
            self._nudge(job)

    def _keep_one(self, record: Record, now: datetime) -> None:
        record = self._enrichment.named(record)
        reading = self._enrichment.read(record)
        # Each alone: a paper's notes in all workspaces are held until the transaction ends.
        with self._shelves.writing() as shelf:
            keep(shelf, record, reading, now)

    def _leave_alone(self, paper_id: PaperId) -> None:
        with self._shelves.writing() as shelf:
            shelf.papers.postpone([paper_id], self._now() + pause_of(shelf, paper_id))

    def _ask_in_halves(self, refused: Sequence[PaperId]) -> None:
        """One id offends arXiv and hides the rest: halve until it stands alone, a turn for each question."""
        if len(refused) == 1:
            log.warning("arXiv refuses an id that it was asked for")
            self._keep(refused, Answer((), (refused[0],)))
            return
        middle = len(refused) // 2
        for half in (refused[:middle], refused[middle:]):
            with self._source.turn() as turn:
                answer = self._ask_or_none(turn, half)
            if answer is None:
                self._ask_in_halves(half)
            else:
                self._keep(half, answer)

    def _ask_or_none(self, turn: Turn, half: Sequence[PaperId]) -> Answer | None:
        try:
            return turn.ask(half)
        except SourceRefused:
            return None
        except SourceError as error:
            log.warning("%s", error)
            return Answer((), ())
