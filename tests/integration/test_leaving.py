"""A workspace that takes Fusen away is forgotten after a week, pages and all, unless it comes back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator
from datetime import datetime, timedelta

import pytest
from fakes import FakeGate
from playground_driving import Driver
from sqlalchemy import func, select
from stored import NOW, paper
from whole_workspace import fill

from bot.leaving import Forgetful
from bot.pages import Flavours, Publishing
from bot.sending import Sending
from bot.slack import Slack
from papers.leaving import GRACE, LATEST, Leaving
from papers.note import Audience, Workspace
from papers.nudges import Job
from papers.stock import Stock
from papers.targets import SendingStopped, Sent, TargetUnreachable
from playground import Playground
from storage.engine import Database
from storage.shelves import StoredShelves
from storage.tables import metadata

TEAM = "T00PLAYGRND"
OTHER = "T00OTHER"
WORLD = {
    "gates",
    "model_use",
    "paper_aliases",
    "paper_authors",
    "paper_terms",
    "paper_twins",
    "papers",
    "translations",
    "wanted_histories",
}
"""The tables that are no workspace's."""


def _nobody(_job: Job) -> None:
    """Nothing runs here."""


class Site:
    """Keeps which papers each workspace's pages show."""

    def __init__(self) -> None:
        self.pages: dict[str, list[str]] = {}

    def __call__(self, workspace: Workspace, stock: Stock, _changed: Collection[int] | None) -> str:
        self.pages[workspace.id] = [brief.paper_id.id for brief in stock.briefs()]
        return "written"


class Bucket:
    """Another place where the pages go, which may be out of reach."""

    name, where, pause = "bucket", "s3://papers", 0.0

    def __init__(self) -> None:
        self.away = False
        self.sendings = 0
        self.meanwhile: Callable[[], object] = lambda: None

    def send(self, alive: Callable[[], object]) -> Sent:
        alive()
        self.meanwhile()
        if self.away:
            raise TargetUnreachable(where=self.where, reason="away")
        self.sendings += 1
        return Sent()

    def behind(self) -> int:
        return 0


class Team:
    """A playground's workspace and another one, with a clock turned by hand."""

    def __init__(self, shelves: StoredShelves, playground: Playground, slack_url: str) -> None:
        self.shelves, self.now, self.site = shelves, NOW, Site()
        self.driver = Driver(playground.url)
        self.leaving = Leaving(shelves, _nobody, self._now)
        pages = Publishing(shelves.serving(TEAM), self.site)
        self.publishing = Flavours(pages)
        slack = Slack(playground.bot_token, slack_url, seconds=5)
        self.bucket = Bucket()
        self.stopped = threading.Event()
        sending = Sending([self.bucket], pages, FakeGate(), self.stopped)
        self.prune = Forgetful(TEAM, self.leaving, self.publishing, sending, slack)

    def _now(self) -> datetime:
        return self.now

    def start(self) -> None:
        """Fusen starts in the workspace."""
        with self.shelves.writing() as shelf:
            shelf.directory.ensure_workspace(Workspace(TEAM, "Team"), self.now)

    def known(self) -> set[str]:
        with self.shelves.reading() as shelf:
            return {one.id for one in shelf.directory.workspaces()}


def rows(database: Database) -> dict[str, int]:
    """How many rows each table has."""
    with database.reading() as connection:
        return {
            table.name: connection.scalar(select(func.count()).select_from(table)) or 0
            for table in metadata.sorted_tables
        }


@pytest.fixture
def team(shelves: StoredShelves) -> Iterator[Team]:
    for one in (TEAM, OTHER):
        fill(shelves, one)
    with Playground() as playground:
        made = Team(shelves, playground, playground.api_url)
        made.publishing()
        yield made


def revoke(team: Team) -> None:
    assert team.driver.post("revoke", token="xoxb-playground-bot")["ok"]


def test_every_row_of_a_workspace_goes_and_every_row_of_others_stays(
    shelves: StoredShelves, database: Database
) -> None:
    fill(shelves, OTHER)
    others = rows(database)
    fill(shelves, TEAM)
    both = rows(database)
    assert {name for name in both if both[name] == others[name]} == WORLD
    with shelves.writing() as shelf:
        shelf.oblivion.forget_workspace(TEAM)
    assert rows(database) == others
    with shelves.reading() as shelf:
        assert len(shelf.notes.search(Audience(OTHER), ["said"], limit=20)) == 1
    fill(shelves, TEAM)  # they may come back, and begin anew
    assert rows(database) == both


def test_nothing_is_forgotten_within_the_week_and_all_after_it(team: Team) -> None:
    revoke(team)
    team.leaving.leave(TEAM)
    team.now += GRACE - timedelta(seconds=1)
    team.leaving.leave(TEAM)  # told again: the first time holds
    team.prune()
    assert team.known() == {TEAM, OTHER}
    assert team.site.pages[TEAM] == ["2310.00001"]
    team.now += timedelta(seconds=1)
    team.prune()
    assert team.known() == {OTHER}
    assert team.site.pages == {TEAM: []}
    with team.shelves.reading() as shelf:
        assert shelf.papers.get(paper(1))
        assert len(shelf.notes.select(Audience(OTHER))) == 1


def test_that_all_will_be_deleted_is_logged_at_once_and_daily_with_the_date(
    team: Team, caplog: pytest.LogCaptureFixture
) -> None:
    team.prune()
    assert not caplog.records
    revoke(team)
    team.leaving.leave(TEAM)
    for hours, told in ((1, 1), (1, 0), (22, 0), (1, 1)):
        caplog.clear()
        team.now += timedelta(hours=hours)
        team.prune()
        said = [one.getMessage() for one in caplog.records if one.levelname == "WARNING"]
        assert len(said) == told, hours
        assert all(str((NOW + GRACE).date()) in one and TEAM in one for one in said)
    team.start()
    team.now += timedelta(days=1)
    caplog.clear()
    team.prune()
    assert not caplog.records


def test_its_pages_are_taken_away_everywhere_before_it_is_forgotten(team: Team) -> None:
    revoke(team)
    team.leaving.leave(TEAM)
    team.now += GRACE
    team.bucket.away = True
    with pytest.raises(TargetUnreachable):
        team.prune()
    assert team.known() == {TEAM, OTHER}
    team.now += LATEST - GRACE
    team.prune()
    assert team.known() == {OTHER}


def test_a_workspace_that_comes_back_while_its_pages_are_taken_away_is_kept(team: Team) -> None:
    revoke(team)
    team.leaving.leave(TEAM)
    team.now += LATEST
    team.bucket.meanwhile = team.start
    team.prune()
    assert team.known() == {TEAM, OTHER}
    team.publishing()
    assert team.site.pages[TEAM] == ["2310.00001"]


def test_a_workspace_that_has_come_back_and_gone_again_meanwhile_has_its_week_anew(team: Team) -> None:
    revoke(team)
    team.leaving.leave(TEAM)
    team.now += LATEST

    def come_and_go() -> None:
        team.start()
        team.leaving.leave(TEAM)

    team.bucket.meanwhile = come_and_go
    team.prune()
    assert team.known() == {TEAM, OTHER}
    assert team.leaving.left() == ()


def test_a_stop_while_pages_are_taken_away_puts_the_forgetting_off(team: Team) -> None:
    revoke(team)
    team.leaving.leave(TEAM)
    team.now += LATEST
    team.stopped.set()
    with pytest.raises(SendingStopped):
        team.prune()
    assert team.known() == {TEAM, OTHER}


def test_a_workspace_that_slack_still_lets_in_is_kept(team: Team) -> None:
    team.leaving.leave(TEAM)
    team.now += LATEST
    team.prune()
    assert team.known() == {TEAM, OTHER}
    with team.shelves.reading() as shelf:
        assert shelf.directory.left() == {}


def test_a_start_of_fusen_in_the_workspace_cancels(team: Team) -> None:
    revoke(team)
    team.leaving.leave(TEAM)
    team.start()
    team.now += LATEST
    team.prune()
    assert team.known() == {TEAM, OTHER}


def test_where_slack_cannot_be_asked_it_is_forgotten_late_but_in_time(shelves: StoredShelves) -> None:
    fill(shelves, TEAM)
    with Playground() as playground:
        team = Team(shelves, playground, "http://127.0.0.1:1/api/")
        team.leaving.leave(TEAM)
        team.now += GRACE
        team.prune()
        assert team.known() == {TEAM}
        team.now += LATEST - GRACE
        team.prune()
        assert team.known() == set()
    assert timedelta(days=14) > LATEST


def test_a_workspace_that_nobody_serves_any_more_is_forgotten_late_and_pages_of_ours_stay(team: Team) -> None:
    team.leaving.leave(OTHER)
    team.now += LATEST - timedelta(seconds=1)
    team.prune()
    assert team.known() == {TEAM, OTHER}
    team.now += timedelta(seconds=1)
    team.prune()
    assert team.known() == {TEAM}
    assert (team.site.pages, team.bucket.sendings) == ({TEAM: ["2310.00001"]}, 0)


def test_another_process_takes_the_pages_of_a_forgotten_workspace_away_too(team: Team) -> None:
    with team.shelves.writing() as shelf:
        shelf.oblivion.forget_workspace(TEAM)
    team.publishing()
    assert team.site.pages[TEAM] == []
