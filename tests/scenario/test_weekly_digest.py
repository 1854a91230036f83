"""The weekly digest: due, not fired; posted once, whoever asks and however often; silent when there is nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from house import House, running, shown, until
from playground_driving import PAPERS

from bot.composition import stored
from bot.settings import read
from papers.digests import Digests
from papers.note import Message, Workspace
from papers.notebook import Notebook
from papers.paper import ARXIV, PaperId, PaperLink
from papers.periods import WeeklyTime
from papers.work import PostKind
from storage.shelves import StoredShelves

MONDAY = datetime(2026, 11, 16, 9, 0, tzinfo=UTC)
WEEKLY = WeeklyTime.parse("mon 09:00")


class Week:
    """A notebook whose clock is turned by hand."""

    def __init__(self, shelves: StoredShelves) -> None:
        self.now = MONDAY - timedelta(days=10)
        self.shelves = shelves
        self.notebook = Notebook(shelves, lambda job: None, lambda: self.now, lambda: timedelta(0))
        self.digests = Digests(shelves, lambda job: None, lambda: self.now, WEEKLY)
        with shelves.writing() as shelf:
            shelf.directory.ensure_workspace(Workspace("T1", digest_channel="C1"), self.now)

    def share(self, number: int, at: datetime) -> None:
        link = PaperLink(PaperId(ARXIV, f"2305.{number:05}"))
        self.notebook.share(Message("T1", "C1", f"{at.timestamp():.6f}"), "U1", [link], at)

    def digests_owed(self) -> int:
        with self.shelves.writing() as shelf:
            posts = shelf.outbox.claim(100, self.now + timedelta(days=99), timedelta(0))
        return sum(post.owed.kind is PostKind.DIGEST for post in posts)


@pytest.fixture
def week(shelves: StoredShelves) -> Week:
    return Week(shelves)


def test_a_period_is_owed_once_however_many_clocks_ask_at_once(week: Week) -> None:
    week.share(1, MONDAY - timedelta(days=2))
    week.now = MONDAY + timedelta(minutes=20)
    clocks = [threading.Thread(target=week.digests.owe_due) for _ in range(8)]
    for clock in clocks:
        clock.start()
    for clock in clocks:
        clock.join()
    assert week.digests_owed() == 1
    week.now += timedelta(days=3)
    assert week.digests.owe_due() == 0


def test_a_bot_that_was_down_on_monday_owes_the_digest_when_it_is_back(week: Week) -> None:
    week.share(1, MONDAY - timedelta(days=2))
    week.now = MONDAY + timedelta(days=2)
    assert week.digests.owe_due() == 1


def test_an_empty_period_is_passed_over(week: Week) -> None:
    week.now = MONDAY + timedelta(hours=1)
    assert week.digests.owe_due() == 0
    week.share(1, MONDAY + timedelta(hours=2))
    assert week.digests.owe_due() == 0
    week.now = MONDAY + timedelta(days=7)
    assert week.digests.owe_due() == 1


def test_a_period_that_ended_before_fusen_came_is_not_owed(week: Week) -> None:
    week.share(1, MONDAY - timedelta(days=11))
    week.now = MONDAY - timedelta(days=6)
    with week.shelves.writing() as shelf:
        shelf.directory.ensure_workspace(Workspace("T2", digest_channel="C9"), week.now)
    owed_before = week.digests.owe_due()
    assert owed_before <= 1  # T1's, which was there; never T2's


def test_without_a_channel_no_digest_is_owed(week: Week) -> None:
    week.share(1, MONDAY - timedelta(days=2))
    week.digests.send_to("T1", "", "U1")
    week.now = MONDAY + timedelta(hours=1)
    assert week.digests.owe_due() == 0


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with running(tmp_path, f"sqlite:///{tmp_path}/fusen.db") as made:
        yield made


def test_the_digest_that_is_due_appears_in_its_channel_once(house: House) -> None:
    ts = house.paste("https://arxiv.org/abs/2305.10001")
    house.card(ts, "2305.10001")
    house.command("/note tag Weekly")
    assert "comes to this channel" in house.command("/note digest here", channel="general")
    settings = read(house.environment)
    week_later = datetime.now(UTC) + timedelta(days=7)
    with stored(settings) as stores:
        later = Digests(stores.shelves, lambda job: None, lambda: week_later, settings.digest_time)
        assert later.owe_due() == 1
        assert later.owe_due() == 0
        with stores.shelves.writing() as shelf:  # back from next week to the present
            (post,) = shelf.outbox.claim(9, week_later, timedelta(0))
            shelf.outbox.postpone(post.id, datetime.now(UTC), "")

    def digests() -> list[str]:
        return [words for post in house.posts("general") if "Papers from" in (words := shown(post))]

    until(digests)
    assert len(digests()) == 1
    assert "#Weekly" in digests()[0]
    assert house.arxiv.paper("2305.10001").title in digests()[0]
    assert not [post for post in house.posts(PAPERS) if "Papers from" in shown(post)]
