"""The weekly digest: due, not fired; posted once, whoever asks and however often; silent when there is nothing."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from house import House, running, shown, until
from playground_driving import PAPERS
from written import MESSAGES

from bot.composition.stores import stored
from bot.settings import read
from papers import tags
from papers.asker import Asker
from papers.digest_order import DigestOrder, Scope
from papers.digests import Digests, NoDigestHere, Subject
from papers.digests import read as told_of
from papers.note import Audience, Channel, ChannelKind, Member, Message, Tag, Workspace
from papers.notebook import Notebook
from papers.paper import ARXIV, PaperId, PaperLink
from papers.periods import Period, WeeklyTime
from papers.settled import Setting
from papers.tag_keeping import TagKeeping
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
            shelf.directory.ensure_workspace(Workspace("T1"), self.now)
            shelf.digests.order_first(DigestOrder("T1", "C1", Scope.WORKSPACE), self.now)

    def share(self, number: int, at: datetime) -> None:
        link = PaperLink(PaperId(ARXIV, f"2305.{number:05}"))
        self.notebook.share(Message("T1", "C1", f"{at.timestamp():.6f}"), "U1", [link], at)

    def digests_owed(self) -> int:
        return len(self.told())

    def told(self) -> list[list[str]]:
        """The papers of each digest that is owed."""
        with self.shelves.writing() as shelf:
            posts = shelf.outbox.claim(100, self.now + timedelta(days=99), timedelta(0))
        digests = [post.owed for post in posts if post.owed.kind is PostKind.DIGEST]
        found = [self.digests.of(*told_of(Audience("T1", one.channel), one.body)) for one in digests]
        return [sorted(note.paper.paper_id.id for note in digest.notes) for digest in found]

    def settle_zone(self, zone: str) -> None:
        with self.shelves.writing() as shelf:
            shelf.settings.settle("T1", Setting.ZONE, zone, "U1", self.now)


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


def test_each_week_in_which_nobody_looked_is_told_of_once(week: Week) -> None:
    week.now = MONDAY
    assert week.digests.owe_due() == 0
    for days in (1, 9, 15):
        week.share(days, MONDAY + timedelta(days=days))
    week.now = MONDAY + timedelta(days=22)
    assert week.digests.owe_due() == 3
    assert week.digests.owe_due() == 0
    # What was stopped for weeks begins anew when it is ordered again.
    asker = Asker("T1", "C1", "U1", "command:3")
    week.digests.stop(asker, Scope.WORKSPACE, "")
    week.share(30, MONDAY + timedelta(days=30))
    week.now = MONDAY + timedelta(days=50)
    week.digests.order(asker, Scope.WORKSPACE, "", "")
    week.now = MONDAY + timedelta(days=57)
    assert week.digests.owe_due() == 0


def test_a_clock_that_ran_ahead_and_was_set_back_loses_no_week(week: Week) -> None:
    week.now = MONDAY + timedelta(days=400)
    assert week.digests.owe_due() == 0
    week.share(1, MONDAY - timedelta(days=2))
    week.now = MONDAY
    assert week.digests.owe_due() == 1
    for days in (3, 10):
        week.share(days, MONDAY + timedelta(days=days))
    week.now = MONDAY + timedelta(days=7)
    assert week.digests.owe_due() == 1
    week.now -= timedelta(days=2)
    assert week.digests.owe_due() == 0
    week.now = MONDAY + timedelta(days=14)
    assert week.digests.owe_due() == 1
    assert week.digests_owed() == 3


HERE = Asker("T1", "C1", "U1", "command:4")


@pytest.mark.parametrize("zone", ["Asia/Tokyo", "America/New_York", "Pacific/Kiritimati", "Etc/GMT+12"])
def test_another_zone_lets_no_paper_be_told_twice_nor_forgotten(week: Week, zone: str) -> None:
    week.share(1, MONDAY - timedelta(days=2))
    week.share(2, MONDAY - timedelta(hours=1))
    week.now = MONDAY + timedelta(minutes=1)
    assert week.digests.owe_due() == 1
    week.share(3, MONDAY + timedelta(hours=2))
    week.now = MONDAY + timedelta(days=2)
    week.settle_zone(zone)
    assert week.digests.owe_due() == 0
    week.share(4, MONDAY + timedelta(days=6))
    week.now = MONDAY + timedelta(days=7, hours=13)
    assert week.digests.owe_due() == 1
    week.now = MONDAY + timedelta(days=13)
    assert week.digests.owe_due() == 0
    assert week.told() == [["2305.00001", "2305.00002"], ["2305.00003", "2305.00004"]]


def test_another_time_lets_no_paper_be_told_twice_nor_forgotten(week: Week) -> None:
    week.share(1, MONDAY - timedelta(days=3))
    week.now = MONDAY + timedelta(minutes=1)
    assert week.digests.owe_due() == 1
    week.share(2, MONDAY + timedelta(hours=1))
    week.now = MONDAY + timedelta(days=2)
    # The Tuesday that was yesterday waits for the next one.
    week.digests.order(HERE, Scope.WORKSPACE, "", "tue 09:00")
    assert week.digests.owe_due() == 0
    week.share(3, MONDAY + timedelta(days=7, hours=3))
    week.now = MONDAY + timedelta(days=8)
    assert week.digests.owe_due() == 1
    week.share(4, MONDAY + timedelta(days=9))
    week.digests.order(HERE, Scope.WORKSPACE, "", "fri 17:00")
    week.now = MONDAY + timedelta(days=11, hours=8)
    assert week.digests.owe_due() == 1  # on the Friday that was asked for
    assert week.told() == [["2305.00001"], ["2305.00002", "2305.00003"], ["2305.00004"]]


def test_another_zone_settled_while_nobody_looked_lets_no_paper_be_told_twice(week: Week) -> None:
    week.share(1, MONDAY - timedelta(hours=1))
    week.now = MONDAY
    assert week.digests.owe_due() == 1
    week.settle_zone("Asia/Tokyo")
    for days in (3, 10):
        week.share(days, MONDAY + timedelta(days=days))
    week.now = MONDAY + timedelta(days=15)
    assert week.digests.owe_due() == 2
    assert week.told() == [["2305.00001"], ["2305.00003"], ["2305.00010"]]


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
        shelf.directory.ensure_workspace(Workspace("T2"), week.now)
        shelf.digests.order_first(DigestOrder("T2", "C9", Scope.WORKSPACE), week.now)
    owed_before = week.digests.owe_due()
    assert owed_before <= 1  # T1's, which was there; never T2's


def test_without_a_channel_no_digest_is_owed(week: Week) -> None:
    week.share(1, MONDAY - timedelta(days=2))
    week.digests.stop(Asker("T1", "C1", "U1", "command:1"), Scope.WORKSPACE, "")
    week.now = MONDAY + timedelta(hours=1)
    assert week.digests.owe_due() == 0


ASKER = Asker("T1", "C2", "U1", "command:2")


def test_each_digest_is_owed_once_by_its_own_time_and_of_its_own_papers(week: Week) -> None:
    week.share(1, MONDAY - timedelta(days=2))
    with week.shelves.writing() as shelf:
        (note_id,) = shelf.notes.of_thread(Message("T1", "C1", f"{(MONDAY - timedelta(days=2)).timestamp():.6f}"))
        shelf.notes.tag(note_id, tags.tags("LLM"), "U1", "C1", week.now)
        shelf.directory.store_channel("T1", Channel("C1", "papers", ChannelKind.PUBLIC), week.now)
    for scope, tag, time in ((Scope.TAG, "ＬＬＭ", ""), (Scope.TAG, "none", ""), (Scope.CHANNEL, "", "fri 17:00")):
        week.digests.order(ASKER, scope, tag, time)
    week.now = MONDAY + timedelta(minutes=1)
    assert week.digests.owe_due() == 2  # everything to C1, and the tag to C2; nothing carries the other tag
    assert week.digests.owe_due() == 0
    week.now = MONDAY + timedelta(days=5)
    assert week.digests.owe_due() == 0  # nothing was shared in C2
    audience = Audience("T1", "C2")
    assert len(week.digests.preview(Subject(audience, Scope.TAG, "llm"), "UTC").notes) == 0
    period = Period(MONDAY - timedelta(days=7), MONDAY)
    assert len(week.digests.of(Subject(audience, Scope.TAG, "llm"), period).notes) == 1
    assert len(week.digests.of(Subject(audience, Scope.CHANNEL), period).notes) == 0


def test_a_digest_stopped_here_goes_on_elsewhere_and_no_start_brings_it_back(week: Week) -> None:
    week.digests.order(ASKER, Scope.WORKSPACE, "", "")
    assert week.digests.stop(ASKER, Scope.WORKSPACE, "") == 1
    with pytest.raises(NoDigestHere):
        week.digests.stop(ASKER, Scope.WORKSPACE, "")
    with week.shelves.writing() as shelf:
        shelf.digests.order_first(DigestOrder("T1", "C2", Scope.WORKSPACE), week.now)
    assert [order.channel for order, _ in week.digests.orders("T1")] == ["C1"]
    week.digests.order(ASKER, Scope.WORKSPACE, "", "tue 8:30")
    assert [at.clock for _, at in week.digests.orders("T1")] == ["09:00", "08:30"]


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


def test_a_digest_of_a_tag_is_ordered_listed_and_stopped_in_both_languages(house: House) -> None:
    assert "#datagen comes to this channel every Friday at 17:00" in house.command(
        "/note digest here #DataGen fri 17:00"
    )
    assert "このチャンネルの論文" in house.command("/note digest here channel", member="aiko")
    listed = house.command("/note digest list", channel="general")
    assert "#datagen to #papers: Friday 17:00 (UTC)" in listed
    assert "ordered by ben" in listed
    assert "not a day and time" in house.command("/note digest here fri 27:00")
    assert "no longer" in house.command("/note digest off DataGen")
    assert "#datagen" not in house.command("/note digest list")
    house.command("/note digest here", member="aiko", channel="lab-private")
    assert "everything" not in house.command("/note digest list")


def test_the_digest_of_a_tag_names_no_other_as_its_heading(house: House) -> None:
    house.card(house.paste("https://arxiv.org/abs/2305.10004"), "2305.10004")
    house.command("/note tag 2305.10004 Alpha, Beta")
    told = house.command("/note digest Beta")
    assert "tagged #Beta" in told
    assert house.arxiv.paper("2305.10004").title in told
    assert "#Alpha" not in told
    assert "*#Alpha*" in house.command("/note digest")


def test_the_digest_begins_with_what_people_said_and_ends_with_what_is_open(house: House) -> None:
    ts = house.paste("https://arxiv.org/abs/2305.10002")
    house.card(ts, "2305.10002")
    house.paste("The ablation in section 4 is what we need", member="aiko", thread=ts)
    house.paste("Does it hold for small models?", member="ben", thread=ts)
    house.card(ts, "2 comments")
    other = house.paste("https://arxiv.org/abs/2305.10003")
    house.card(other, "2305.10003")
    told = house.command("/note digest")
    said, title = told.index("The ablation in section 4"), told.index(house.arxiv.paper("2305.10002").title)
    assert said < title < told.index("Open questions") < told.rindex("Does it hold for small models?")
    assert "Nobody has said anything about 1 paper yet" in told
    assert "comments by aiko" in told
    assert "<@" not in told
    agenda = house.command("/note agenda")
    assert "Does it hold for small models?" in agenda
    assert "2305.10003" not in agenda


def told_of_week(week: Week, scope: Scope = Scope.WORKSPACE, tag: str = "", channel: str = "C1") -> str:
    subject = Subject(Audience("T1", channel), scope, tag)
    digest = week.digests.of(subject, Period(MONDAY - timedelta(days=7), MONDAY))
    return MESSAGES.digest(digest, subject, Workspace("T1"), "en").text


def test_a_digest_credits_those_who_shared_in_its_week_and_channel(week: Week) -> None:
    link, days = PaperLink(PaperId(ARXIV, "2305.00001")), timedelta(days=1)
    with week.shelves.writing() as shelf:
        for channel in ("C1", "C2"):
            shelf.directory.store_channel("T1", Channel(channel, channel, ChannelKind.PUBLIC), week.now)
        for member in ("aiko", "ben", "yuki"):
            shelf.directory.store_member("T1", Member(member, member), week.now)
    shared = (("C1", "ben", MONDAY - 9 * days), ("C2", "yuki", MONDAY - 2 * days), ("C1", "aiko", MONDAY - days))
    for channel, member, at in shared:
        week.notebook.share(Message("T1", channel, f"{at.timestamp():.6f}"), member, [link], at)
    assert "shared by yuki, aiko" in told_of_week(week)
    assert "shared by yuki" in told_of_week(week, Scope.CHANNEL, channel="C2")
    assert "aiko" not in told_of_week(week, Scope.CHANNEL, channel="C2")
    assert "ben" not in told_of_week(week, Scope.CHANNEL)


def test_a_digest_says_the_same_whenever_it_is_told(week: Week) -> None:
    at = MONDAY - timedelta(days=2)
    message = Message("T1", "C1", f"{at.timestamp():.6f}")
    links = [PaperLink(PaperId(ARXIV, f"2305.{number:05}")) for number in (1, 2)]
    week.notebook.share(message, "U1", links, at)
    with week.shelves.writing() as shelf:
        shelf.directory.store_channel("T1", Channel("C1", "papers", ChannelKind.PUBLIC), week.now)
        first, second = shelf.notes.of_thread(message)
        shelf.notes.tag(first, tags.tags("LLM"), "U1", "C1", at)
        shelf.notes.comment(first, "typed:1", "U2", "C1", None, "Does it hold for small models?", at)
    kinds = (Scope.WORKSPACE, ""), (Scope.CHANNEL, ""), (Scope.TAG, "llm")
    before = [told_of_week(week, *kind) for kind in kinds]
    late = MONDAY + timedelta(days=1)
    week.notebook.share(Message("T1", "C1", f"{late.timestamp():.6f}"), "U3", links, late)
    with week.shelves.writing() as shelf:
        for note_id in (first, second):
            shelf.notes.tag(note_id, tags.tags("LLM, Agents"), "U3", "C1", late)
            shelf.notes.comment(
                note_id, f"typed:2:{note_id}", "U3", "C1", None, "It does, see table 3 there.", late
            )
    assert [told_of_week(week, *kind) for kind in kinds] == before
    assert "Does it hold" in before[0]


def test_a_digest_of_a_tag_goes_on_under_the_tags_new_name(week: Week) -> None:
    week.share(1, MONDAY - timedelta(days=2))
    with week.shelves.writing() as shelf:
        (note_id,) = shelf.notes.of_thread(Message("T1", "C1", f"{(MONDAY - timedelta(days=2)).timestamp():.6f}"))
        shelf.notes.tag(note_id, tags.tags("LLMs, Agents"), "U1", "C1", week.now)
        shelf.directory.store_channel("T1", Channel("C1", "papers", ChannelKind.PUBLIC), week.now)
    for typed in ("LLMs", "Agents"):
        week.digests.order(ASKER, Scope.TAG, typed, "")
    keeping = TagKeeping(week.shelves, lambda _: None, lambda: week.now)
    keeping.rename(ASKER, tags.tag("LLMs"), tags.tag("LLM"))
    keeping.merge(ASKER, tags.tag("Agents"), tags.tag("LLM"))
    # Two whose tags became one are one digest, which a second order changes and which stops by any name.
    week.digests.order(ASKER, Scope.TAG, "llm", "tue 8:30")
    (one,) = [order for order, _ in week.digests.orders("T1") if order.channel == "C2"]
    assert week.digests.tag(Audience("T1", "C2"), one.tag).name == "LLM"
    week.now = MONDAY + timedelta(days=2)
    assert week.digests.owe_due() == 2  # everything to C1, and the tag to C2
    period = Period(MONDAY - timedelta(days=7), MONDAY)
    told = week.digests.of(Subject(Audience("T1", "C2"), Scope.TAG, one.tag), period)
    assert (told.tag, len(told.notes)) == (Tag("LLM", "llm"), 1)
    assert week.digests.stop(ASKER, Scope.TAG, "Agents") == 2
    assert [order.channel for order, _ in week.digests.orders("T1")] == ["C1"]
