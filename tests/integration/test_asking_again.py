"""What cannot be kept, for whatever reason, is asked for again after a pause that grows, and stops no other."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest
from stored import NOW, TEAM, paper, reading, record

from bot.fetching import Fetching
from bot.reading_pages import ReadingPages
from papers.database_errors import DatabaseBusy
from papers.errors import PageThrottled, SourceThrottled, SourceUnavailable
from papers.nudges import Job
from papers.paper import PaperId, Reading, Record
from papers.source import Answer, ReadPage
from storage.engine import Database
from storage.shelves import StoredShelves

POST, OTHER = PaperId("web", "https://blog.example/a"), PaperId("web", "https://blog.example/b")


class Clock:
    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class Picky:
    """Reads records, but not one of them: for a reason that nobody foresaw."""

    def __init__(self, not_this: PaperId, trouble: Exception) -> None:
        self._not_this, self._trouble = not_this, trouble

    def named(self, found: Record) -> Record:
        return found

    def read(self, found: Record) -> Reading:
        if found.paper_id == self._not_this:
            raise self._trouble
        return reading(found)

    def take_all(self) -> None:
        self._not_this = OTHER


class Arxiv:
    """Knows every paper."""

    batch_size = 100

    def __init__(self, asked: list[PaperId]) -> None:
        self._asked = asked
        self.trouble: Exception | None = None

    @contextmanager
    def turn(self) -> Iterator[Arxiv]:
        yield self

    def ask(self, paper_ids: Sequence[PaperId]) -> Answer:
        if self.trouble:
            raise self.trouble
        self._asked += paper_ids
        return Answer(tuple(record(one) for one in paper_ids), ())

    def wait_seconds(self) -> float:
        return 0

    def in_trouble(self) -> bool:
        return False


class Web:
    """Has every page."""

    def __init__(self, asked: list[PaperId]) -> None:
        self._asked = asked
        self.trouble: Exception | None = None

    def read(self, paper_id: PaperId) -> ReadPage:
        if self.trouble:
            raise self.trouble
        self._asked.append(paper_id)
        return ReadPage(record(paper_id))


class Sources:
    """Both, and what they were asked for."""

    def __init__(self) -> None:
        self.asked: list[PaperId] = []
        self.arxiv, self.web = Arxiv(self.asked), Web(self.asked)

    def outage(self, trouble: Exception | None) -> None:
        self.arxiv.trouble = self.web.trouble = trouble


def _nobody(*_: object) -> None:
    """Nothing runs here."""


def the_job(
    which: Job, shelves: StoredShelves, there: Sources, enrichment: Picky, now: Clock
) -> Callable[[], None]:
    if which is Job.FETCH_PAPERS:
        return Fetching(shelves, there.arxiv, enrichment, _nobody, now)
    return ReadingPages(shelves, there.web, enrichment, _nobody, _nobody, now)


def want(shelves: StoredShelves, *papers: PaperId) -> None:
    with shelves.writing() as shelf:
        for one in papers:
            shelf.papers.want(one, NOW, NOW)


def is_kept(shelves: StoredShelves, paper_id: PaperId) -> bool:
    with shelves.reading() as shelf:
        found = shelf.papers.get(paper_id)
    return found is not None and found.record is not None


@pytest.mark.parametrize(
    ("which", "bad", "good"), [(Job.FETCH_PAPERS, paper(1), paper(2)), (Job.READ_PAGES, POST, OTHER)]
)
def test_what_cannot_be_kept_is_left_alone_for_longer_each_time_and_stops_no_other(
    database: Database, which: Job, bad: PaperId, good: PaperId, caplog: pytest.LogCaptureFixture
) -> None:
    shelves, now, there = StoredShelves(database, TEAM), Clock(), Sources()
    run = the_job(which, shelves, there, Picky(bad, KeyError("x")), now)
    want(shelves, bad, good)
    for _ in range(24 * 60):
        run()
        now.now += timedelta(minutes=1)
    assert is_kept(shelves, good)
    assert not is_kept(shelves, bad)
    asked = there.asked.count(bad)
    assert 4 <= asked <= 8  # after 1, 4, 16, 64 … minutes
    told = [line for line in caplog.records if line.levelno >= logging.WARNING]
    assert len(told) == asked
    assert all(line.exc_info for line in told)


@pytest.mark.parametrize(
    ("which", "wanted", "outage"),
    [
        (Job.FETCH_PAPERS, paper(1), SourceUnavailable("down")),
        (Job.FETCH_PAPERS, paper(1), SourceThrottled(60)),
        (Job.READ_PAGES, POST, PageThrottled("blog.example", 60)),
    ],
)
def test_what_could_not_be_asked_for_was_not_tried_in_vain(
    database: Database, which: Job, wanted: PaperId, outage: Exception
) -> None:
    shelves, now, there = StoredShelves(database, TEAM), Clock(), Sources()
    enrichment = Picky(wanted, KeyError("x"))
    run = the_job(which, shelves, there, enrichment, now)
    want(shelves, wanted)
    there.outage(outage)
    for _ in range(30):
        run()
        now.now += timedelta(minutes=2)
    there.outage(None)
    run()
    enrichment.take_all()
    now.now += timedelta(minutes=1)
    run()
    assert is_kept(shelves, wanted)


@pytest.mark.parametrize(("which", "wanted"), [(Job.FETCH_PAPERS, paper(1)), (Job.READ_PAGES, POST)])
def test_a_database_that_is_away_is_no_fault_of_what_is_read(
    database: Database, which: Job, wanted: PaperId
) -> None:
    shelves = StoredShelves(database, TEAM)
    run = the_job(which, shelves, Sources(), Picky(wanted, DatabaseBusy("here", "locked")), Clock())
    want(shelves, wanted)
    with pytest.raises(DatabaseBusy):
        run()
