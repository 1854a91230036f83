"""Licences and versions: asked of a stand-in for arXiv's archive, kept, shown, and never in anybody's way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import arxiv_server as behaviour
import pytest
from arxiv_feed import made_up
from arxiv_records import BY, XML, deleted_record, oai_error, raw_record
from arxiv_server import ArxivServer, Behaviour
from fakes import FakeGate
from stored import NOW, PUBLIC, TEAM, paper, settle, share, store

from arxiv_api.archive import ArxivArchive
from arxiv_api.gateway import ArxivGateway
from arxiv_api.timing import Timing
from bot.histories import TRIES, LearningHistories
from papers.errors import SourceError, SourceThrottled, SourceUnavailable
from papers.note import Audience
from papers.nudges import Job
from papers.paper import ARXIV, History, PaperId, Version
from storage.shelves import StoredShelves

GAP = 0.05
QUICK = Timing(gap=GAP, connect=1, read=2, deadline=2, worst=5, patience=20, first_pause=0.2, longest_pause=0.8)
STUDY = PaperId(ARXIV, "2310.00011")
TOLD = History(
    BY,
    (
        Version(1, datetime(2023, 10, 2, 9, tzinfo=UTC), 812),
        Version(2, datetime(2023, 11, 2, 10, 30, tzinfo=UTC), 1024),
    ),
)


# What is stored is tried on both databases; what the job makes of it, on one.
on_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def server() -> Iterator[ArxivServer]:
    with ArxivServer() as running:
        yield running


@pytest.fixture
def gate() -> FakeGate:
    return FakeGate()


@pytest.fixture
def archive(server: ArxivServer, gate: FakeGate) -> ArxivArchive:
    return ArxivArchive(gate, "papers@example.org", server.oai_url, QUICK)


def ask(archive: ArxivArchive, paper_id: PaperId = STUDY) -> History | None:
    with archive.turn() as turn:
        return turn.ask(paper_id)


def test_the_archive_tells_licence_and_versions(server: ArxivServer, archive: ArxivArchive) -> None:
    assert ask(archive) == TOLD
    (hit,) = server.asked
    assert hit.query == {
        "verb": "GetRecord",
        "identifier": "oai:arXiv.org:2310.00011",
        "metadataPrefix": "arXivRaw",
    }
    assert "papers@example.org" in hit.user_agent


def test_an_old_paper_has_no_licence_and_a_withdrawn_version_no_size(
    server: ArxivServer, archive: ArxivArchive
) -> None:
    old = PaperId(ARXIV, "hep-th/9901002")
    versions = (
        ("Mon, 4 Jan 1999 09:00:00 GMT", "17kb", ""),
        ("nonsense", "9kb", "D"),
        ("Tue, 5 Jan 1999 09:00:00 GMT", "0kb", "I"),
    )
    server.misbehave_archive(behaviour.replay(raw_record(made_up(old.id), None, versions), kind=XML))
    found = ask(archive, old)
    assert found and found.licence == ""
    assert [(one.number, one.kilobytes) for one in found.versions] == [(1, 17), (3, 0)]


@pytest.mark.parametrize("body", [oai_error("idDoesNotExist"), deleted_record("2310.00011")])
def test_a_paper_that_the_archive_does_not_know_has_no_history(
    server: ArxivServer, archive: ArxivArchive, body: bytes
) -> None:
    server.misbehave_archive(behaviour.replay(body, kind=XML))
    assert ask(archive) is None


@pytest.mark.parametrize(
    "trouble",
    [
        behaviour.status(500),
        behaviour.status(301, Location="/elsewhere"),
        behaviour.html,
        behaviour.hang,
        behaviour.replay(b""),
        behaviour.replay(raw_record(made_up("2310.00011"))[:700], kind=XML),
        behaviour.replay(raw_record(made_up("2310.99999")), kind=XML),
        behaviour.replay(oai_error("badArgument"), kind=XML),
        behaviour.good,
    ],
    ids=["500", "moved", "html", "hanging", "empty", "cut", "another paper", "refused", "a feed"],
)
def test_an_archive_in_trouble_never_looks_like_one_that_does_not_know(
    server: ArxivServer, archive: ArxivArchive, trouble: Behaviour
) -> None:
    server.misbehave_archive(trouble)
    with pytest.raises(SourceError):
        ask(archive)


def test_a_wait_that_the_archive_asks_for_is_kept_and_holds_up_nobody_else(
    server: ArxivServer, gate: FakeGate, archive: ArxivArchive
) -> None:
    server.misbehave_archive(behaviour.status(503, Retry_After="30"))
    with pytest.raises(SourceThrottled) as asked:
        ask(archive)
    assert asked.value.seconds == 30
    with pytest.raises(SourceUnavailable), archive.turn():
        pass
    gateway = ArxivGateway(gate, "", server.url, QUICK)
    assert not gateway.in_trouble()
    with gateway.turn() as turn:
        assert turn.ask([STUDY]).found
    assert len(server.asked) == 1


def test_the_archive_and_the_query_api_are_one_pace(
    server: ArxivServer, gate: FakeGate, archive: ArxivArchive
) -> None:
    gateway = ArxivGateway(gate, "", server.url, QUICK)
    for _ in range(3):
        ask(archive)
        with gateway.turn() as turn:
            turn.ask([STUDY])
    assert len(server.gaps()) == 5 and min(server.gaps()) > GAP - 0.005
    assert server.most_active() == 1


class Learning:
    """The job over real storage, at a time that the test sets."""

    def __init__(self, shelves: StoredShelves, server: ArxivServer) -> None:
        self.shelves = shelves
        self.now = NOW
        self.nudges: list[Job] = []
        # A pause of the gate is not what is tested here: it is longer than the test.
        self.gate = FakeGate(lambda: self.now.timestamp())
        archive = ArxivArchive(self.gate, "", server.oai_url, QUICK)
        self.run = LearningHistories(shelves, archive, self.nudges.append, lambda: self.now)

    def later(self, **passed: float) -> None:
        self.now += timedelta(**passed)
        self.run()

    def shown(self, number: int) -> Any:
        with self.shelves.reading() as shelf:
            note = shelf.notes.of_paper(paper(number), Audience(TEAM))
            assert note
            return note

    def change(self) -> int:
        with self.shelves.reading() as shelf:
            workspace = shelf.directory.workspace(TEAM)
            assert workspace
            return workspace.change


@pytest.fixture
def learning(shelves: StoredShelves, server: ArxivServer) -> Learning:
    with shelves.writing() as shelf:
        settle(shelf)
        for number in (1, 2):
            share(shelf, paper(number), PUBLIC, f"{number}.0")
            store(shelf, paper(number), NOW)
    return Learning(shelves, server)


def test_each_paper_is_asked_for_once_and_its_pages_are_told(learning: Learning, server: ArxivServer) -> None:
    before = learning.change()
    for _ in range(5):
        learning.later(seconds=10)
    assert [hit.ids for hit in server.asked] == [("2310.00002",), ("2310.00001",)]
    assert learning.shown(1).paper.history == learning.shown(2).paper.history == TOLD
    assert learning.shown(1).change == before + 2 == learning.change()
    assert learning.nudges == [Job.PUBLISH_PAGES] * 2
    # What arXiv says again needs no question; another version does.
    with learning.shelves.writing() as shelf:
        store(shelf, paper(1), NOW)
    learning.later(seconds=10)
    assert len(server.asked) == 2
    with learning.shelves.writing() as shelf:
        store(shelf, paper(1), NOW, version=3)
    learning.later(seconds=10)
    assert len(server.asked) == 3
    assert learning.shown(1).paper.history == TOLD


@on_sqlite
def test_what_people_wait_for_goes_first(learning: Learning, server: ArxivServer) -> None:
    with learning.shelves.writing() as shelf:
        share(shelf, paper(3), PUBLIC, "3.0")
        shelf.papers.want(paper(3), NOW, NOW)
    learning.later(seconds=10)
    assert server.asked == []


@on_sqlite
def test_a_history_that_never_comes_is_asked_for_ever_more_seldom_and_given_up(
    learning: Learning, server: ArxivServer
) -> None:
    learning.run()
    server.unknown.add("2310.00001")
    for _ in range(24 * TRIES):
        learning.later(hours=1)
    assert [hit.ids for hit in server.asked[1:]] == [("2310.00001",)] * TRIES
    assert learning.shown(1).paper.history is None
    with learning.shelves.reading() as shelf:
        assert not shelf.histories.waiting(learning.now)


@on_sqlite
def test_killed_while_asking_the_question_is_asked_again(learning: Learning, server: ArxivServer) -> None:
    with learning.shelves.writing() as shelf:
        claimed = shelf.histories.claim(NOW, timedelta(minutes=2))
        assert claimed and claimed.paper_id == paper(2) and claimed.attempts == 1
    learning.later(minutes=1)
    learning.later(minutes=2)
    assert [hit.ids for hit in server.asked] == [("2310.00001",), ("2310.00002",)]
