"""The job that reads the web pages that are wanted, one by one, beside all that is asked of arXiv."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.pauses import pause_of
from papers.database_errors import DatabaseUnreachable
from papers.errors import SourceError, SourceThrottled
from papers.nudges import Job, Nudge
from papers.pages import keep_page
from papers.paper import PaperId
from papers.shelf import Shelves
from papers.sites import PAGE_SOURCES
from papers.source import Enrichment, PageSource

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=60)
"""Longer than the reading of one page."""


class ReadingPages:
    """Brings wanted pages up to date."""

    def __init__(
        self,
        shelves: Shelves,
        pages: PageSource,
        enrichment: Enrichment,
        nudge: Nudge,
        wake: Callable[[Job, datetime], None],
        now: Callable[[], datetime],
    ) -> None:
        self._shelves = shelves
        self._pages = pages
        self._enrichment = enrichment
        self._nudge = nudge
        self._wake = wake
        self._now = now

    def __call__(self) -> None:
        """Read all pages that are wanted now."""
        while wanted := self._claim():
            for paper_id in wanted:
                self._read(paper_id)

    def _claim(self) -> tuple[PaperId, ...]:
        with self._shelves.writing() as shelf:
            return shelf.papers.claim(1, self._now(), LEASE, of=PAGE_SOURCES)

    def _read(self, paper_id: PaperId) -> None:
        try:
            page = self._pages.read(paper_id)
            reading = self._enrichment.read(page.record) if page.record else None
            keep_page(self._shelves, paper_id, page, reading, self._now())
        except SourceThrottled as error:
            self._again(paper_id, timedelta(seconds=error.seconds))  # the host is left alone: no fault of the page
            return
        except SourceError as error:
            # Which page it is may be private.
            log.warning("a page cannot be read: %s", type(error).__name__)
            self._again(paper_id)
            return
        except DatabaseUnreachable:
            raise  # no fault of the page
        except Exception:  # one page that cannot be kept must not be asked for again and again
            log.exception("a page cannot be kept")
            self._again(paper_id)
            return
        for job in (Job.POST_MESSAGES, Job.REFRESH_CARDS, Job.PUBLISH_PAGES):
            self._nudge(job)

    def _again(self, paper_id: PaperId, pause: timedelta | None = None) -> None:
        with self._shelves.writing() as shelf:
            then = self._now() + (pause_of(shelf, paper_id) if pause is None else pause)
            shelf.papers.postpone([paper_id], then, counted=pause is None)
        self._wake(Job.READ_PAGES, then)
