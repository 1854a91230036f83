"""A workspace that takes Fusen away is forgotten after a week, pages and all, unless it comes back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator
from datetime import datetime, timedelta

import pytest
from fakes import FakeGate
from image_bytes import attached
from playground_driving import Driver
from sqlalchemy import func, select
from stored import DAY, NOW, PUBLIC, paper, store

from bot.leaving import Forgetful
from bot.pages import Publishing
from bot.sending import Sending
from bot.slack import Slack
from papers.asker import Asker
from papers.digest_order import DigestOrder, Scope
from papers.emoji import EmojiVerb, Meaning, Reaction, Standing
from papers.follows import Follower, Target, TargetKind
from papers.leaving import GRACE, LATEST, Leaving
from papers.note import Audience, Channel, ChannelKind, Member, Message, Tag, Workspace
from papers.notebook import Notebook
from papers.nudges import Job
from papers.relatedness import Kept
from papers.settled import Setting
from papers.stock import Stock
from papers.tagging import Tagging
from papers.targets import Sent, TargetUnreachable
from papers.work import Event, Owed, PostKind
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

    def send(self, _alive: Callable[[], object]) -> Sent:
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
        self.publishing = Publishing(shelves, self.site)
        slack = Slack(playground.bot_token, slack_url, seconds=5)
        self.bucket = Bucket()
        sending = Sending([self.bucket], self.publishing, FakeGate(), threading.Event())
        self.prune = Forgetful(self.leaving, self.publishing, sending, slack)

    def _now(self) -> datetime:
        return self.now

    def known(self) -> set[str]:
        with self.shelves.reading() as shelf:
            return {one.id for one in shelf.directory.workspaces()}


def fill(shelves: StoredShelves, team: str) -> None:
    """A row in every table that is a workspace's."""
    asker = Asker(team, PUBLIC, "U1", "command:1")
    message = Message(team, PUBLIC, "1.0")
    with shelves.writing() as shelf:
        shelf.directory.ensure_workspace(Workspace(team, "Team", "https://team.slack.com"), NOW)
        shelf.directory.store_channel(team, Channel(PUBLIC, "papers", ChannelKind.PUBLIC), NOW)
        shelf.directory.store_member(team, Member("U1", "Aki"), NOW)
        shelf.follows.follow(Follower(team, "U2"), Target(TargetKind.MEMBER, "U1"), True, "U2", NOW - DAY)
        shelf.homes.opened(team, "U1", "D1", NOW)
        for number in (1, 2):
            shelf.papers.want(paper(number), NOW, NOW)
            store(shelf, paper(number))
        notes = [shelf.notes.ensure(team, paper(number), NOW) for number in (2, 1)]
        note_id = notes[-1]
        shelf.notes.share(note_id, "m", "U1", message, None, NOW)
        shelf.settings.settle(team, Setting.ZONE, "Asia/Tokyo", "U1", NOW)
        shelf.readers.claim(note_id, "c", "U1", PUBLIC, NOW, NOW + DAY)
        shelf.readers.mark_read(note_id, "c", "U1", NOW)
        eyes = Reaction(message, "U1", "eyes", NOW)
        shelf.reactions.come(Standing(eyes, note_id, Meaning(EmojiVerb.READING), NOW))
        shelf.reactions.settle(team, "tada", Meaning(EmojiVerb.READ))
        shelf.inbox.put([Event(f"E{team}", team, "{}")], NOW)
        shelf.outbox.owe(Owed(team, "card", PostKind.CARD, PUBLIC, "1.0", note_id), NOW, NOW)
        shelf.outbox.claim_period(team, "week", NOW)
        shelf.digests.order(DigestOrder(team, PUBLIC, Scope.CHANNEL, member="U1"), NOW)
        shelf.backfills.start(team, PUBLIC, "U1", NOW, NOW)
    Tagging(shelves, _nobody, lambda: NOW).tag(asker, note_id, "LLM")
    Notebook(shelves, _nobody, lambda: NOW, lambda: timedelta(0)).comment(asker, note_id, "said")
    with shelves.writing() as shelf:
        shelf.tags.alias(asker.audience, Tag("Large", "large"), "llm")
        shelf.tags.refuse(team, "llm", ["lms"])
        shelf.tags.group(asker.audience, ["llm"], "Models")
        shelf.tags.describe(asker.audience, "llm", "Models of language")
        shelf.notes.comment(note_id, "image", "U1", PUBLIC, None, "", NOW, [attached()])
        shelf.follows.look(team, 9, NOW)
        for one in shelf.relations.outdated(team, 9):
            shelf.relations.keep(team, one, {notes[0]: Kept(0.5, ("large",))} if one.note_id == note_id else {}, 1)


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
    Leaving(shelves, _nobody, lambda: NOW).forget(TEAM)
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
    assert team.site.pages == {TEAM: [], OTHER: ["2310.00001"]}
    with team.shelves.reading() as shelf:
        assert shelf.papers.get(paper(1))
        assert len(shelf.notes.select(Audience(OTHER))) == 1


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
    with team.shelves.writing() as shelf:
        shelf.directory.ensure_workspace(Workspace(TEAM, "Team"), team.now)
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


def test_pages_of_others_in_the_same_folder_are_made_again(team: Team) -> None:
    revoke(team)
    team.leaving.leave(TEAM)
    team.now += GRACE
    team.prune()
    team.site.pages.clear()
    team.publishing()
    assert team.site.pages == {OTHER: ["2310.00001"]}


def test_another_process_takes_the_pages_of_a_forgotten_workspace_away_too(team: Team) -> None:
    team.leaving.forget(TEAM)
    team.publishing()
    assert team.site.pages[TEAM] == []
