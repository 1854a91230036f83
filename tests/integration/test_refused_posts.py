"""What becomes of a post that Slack refuses: given up, tried again now and then, or said in fewer words."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse
from stored import DAY, MINUTE, NOW, PUBLIC, TEAM, message, paper, say, settle, share, store, tag
from written import MESSAGES

from bot.blocks import TOGETHER, Rendered, lay_out
from bot.posting import Posting
from bot.slack_trouble import SlackTrouble, trouble_of
from papers.digest_order import Scope
from papers.digests import Digests, Subject, written
from papers.lookup import Lookup
from papers.note import Audience
from papers.notebook import Notebook
from papers.nudges import Job
from papers.paper import PaperLink
from papers.periods import Period, WeeklyTime
from papers.work import Owed, PostKind
from storage.shelves import StoredShelves

WITHHELD = (
    "restricted_action",
    "restricted_action_read_only_channel",
    "restricted_action_thread_only_channel",
    "restricted_action_non_threadable_channel",
    "restricted_action_thread_locked",
    "team_access_not_granted",
    "ekm_access_denied",
    "is_inactive",
)


def refusal(reason: str, *details: str, **headers: str) -> SlackTrouble:
    """What Slack's refusal of a post means."""
    said = {"ok": False, "error": reason, "response_metadata": {"messages": [*details]}}
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    answer = SlackResponse(
        client=None, http_verb="POST", api_url="", req_args={}, data=said, headers=told, status_code=200
    )
    return trouble_of(SlackApiError(reason, answer), "chat.postMessage")


Refuses = Callable[[Rendered], SlackTrouble | None]


class Slack:
    """Refuses what `refuses` says, and takes all else."""

    def __init__(self) -> None:
        self.refuses: Refuses = lambda _rendered: None
        self.tried, self.looks = 0, 0
        self.stands: list[Rendered] = []

    def post(self, _owed: Owed, rendered: Rendered) -> str:
        self._take(rendered)
        return f"99.{len(self.stands):06}"

    def update(self, _owed: Owed, _ts: str, rendered: Rendered) -> None:
        self._take(rendered)

    def find(self, _owed: Owed, _since: datetime) -> None:
        self.looks += 1

    def _take(self, rendered: Rendered) -> None:
        self.tried += 1
        if trouble := self.refuses(rendered):
            raise trouble
        self.stands.append(rendered)


class Place:
    """What is owed to a Slack of our own, at a time that a test sets."""

    def __init__(self, shelves: StoredShelves) -> None:
        self.shelves, self.slack, self.now, self.due = shelves, Slack(), NOW, NOW
        self.notebook = Notebook(shelves, _nobody, lambda: NOW, lambda: timedelta(0))
        nothing: Any = None
        self._posting = Posting(
            shelves,
            Lookup(shelves),
            self.notebook,
            Digests(shelves, _nobody, lambda: self.now, WeeklyTime.parse("mon 09:00")),
            nothing,
            cast("Any", self.slack),
            MESSAGES,
            _nobody,
            self._wake,
            lambda: self.now,
        )

    def post(self) -> None:
        self._posting.post()

    def refresh(self) -> None:
        self._posting.refresh()

    def go_on(self, until: datetime) -> None:
        """Post whenever something falls due, up to a time."""
        self.post()
        while self.now < self.due <= until:
            self.now = self.due
            self.post()

    def owes(self) -> bool:
        with self.shelves.reading() as shelf:
            return shelf.outbox.next_due() is not None

    def _wake(self, _job: Job, due: datetime) -> None:
        self.due = due


def _nobody(_job: Job) -> None:
    pass


@pytest.fixture
def place(shelves: StoredShelves) -> Iterator[Place]:
    with shelves.writing() as shelf:
        settle(shelf)
    yield Place(shelves)


def paste(place: Place) -> None:
    place.notebook.share(message(PUBLIC, "5.0"), "U1", [PaperLink(paper(1))], NOW)


@pytest.mark.parametrize("reason", WITHHELD)
def test_a_card_that_the_team_does_not_let_in_is_tried_a_few_times_and_then_given_up(
    place: Place, reason: str
) -> None:
    paste(place)
    place.slack.refuses = lambda _rendered: refusal(reason)
    place.go_on(NOW + 30 * DAY)
    assert 3 < place.slack.tried < 10
    assert place.slack.looks < 10
    assert not place.owes()


@pytest.mark.parametrize("reason", WITHHELD[3:5])
def test_a_card_comes_when_its_channel_takes_posts_again_after_a_day(place: Place, reason: str) -> None:
    paste(place)
    place.slack.refuses = lambda _rendered: refusal(reason) if place.now < NOW + DAY else None
    place.go_on(NOW + 3 * DAY)
    assert len(place.slack.stands) == 1


def test_a_long_trouble_before_does_not_count_against_a_card_that_is_not_let_in(place: Place) -> None:
    paste(place)
    reason = {True: "internal_error", False: "restricted_action_thread_locked"}
    place.slack.refuses = lambda _rendered: (
        refusal(reason[place.now < NOW + DAY / 4]) if place.now < NOW + DAY else None
    )
    place.go_on(NOW + 3 * DAY)
    assert len(place.slack.stands) == 1


def test_a_card_that_stands_where_nothing_may_be_changed_is_kept_up_to_date_when_it_may_be(place: Place) -> None:
    paste(place)
    place.post()
    place.slack.refuses = lambda _rendered: refusal("restricted_action_read_only_channel")
    with place.shelves.writing() as shelf:
        tag(shelf, 1, PUBLIC, "Late")
    for _ in range(20):
        place.refresh()
        place.now += DAY
    assert 10 < place.slack.tried <= 21
    place.slack.refuses = lambda _rendered: None
    place.refresh()
    assert "#Late" in place.slack.stands[-1].text


@pytest.mark.parametrize("reason", ["too_many_attachments", "metadata_too_large", "invalid_arguments"])
def test_what_no_repetition_mends_is_said_once(place: Place, reason: str) -> None:
    paste(place)
    place.slack.refuses = lambda _rendered: refusal(reason)
    place.go_on(NOW + DAY)
    assert (place.slack.tried, place.slack.looks, place.owes()) == (1, 0, False)


@pytest.mark.parametrize("reason", ["ratelimited", "rate_limited"])
def test_a_limit_is_one_by_either_word(place: Place, reason: str) -> None:
    trouble = refusal(reason, Retry_After="7")
    assert (trouble.reason, trouble.seconds, trouble.refused) == ("ratelimited", 7, False)
    assert refusal(reason).seconds


def too_long(most: int, reason: str = "msg_blocks_too_long", *details: str) -> Refuses:
    """A Slack that takes less than it says."""
    return lambda rendered: refusal(reason, *details) if rendered.size > most else None


def order_digest(place: Place, papers: int) -> None:
    """A week with so many papers, about each of which somebody has said something."""
    week = Period(NOW - 7 * DAY, NOW)
    with place.shelves.writing() as shelf:
        for number in range(1, papers + 1):
            at = NOW - DAY - number * MINUTE
            store(shelf, paper(number), title=f"Paper {number} " + "of long documents " * 6)
            of = share(shelf, paper(number), PUBLIC, f"{number}.0", at)
            say(shelf, of, PUBLIC, f"{number}.5", "This looks useful for our project, " * 4, f"{number}.0")
        body = written(Subject(Audience(TEAM), Scope.WORKSPACE), week)
        shelf.outbox.owe(Owed(TEAM, "digest:1", PostKind.DIGEST, PUBLIC, body=body), NOW, NOW)


@pytest.mark.parametrize("reason", ["msg_blocks_too_long", "msg_too_long"])
def test_a_digest_that_slack_finds_too_long_tells_of_fewer_papers_and_keeps_its_foot(
    place: Place, reason: str
) -> None:
    order_digest(place, 45)
    place.slack.refuses = too_long(TOGETHER // 2, reason)
    place.post()
    (told,) = place.slack.stands
    shown = str(told.blocks).count("• ")
    words = MESSAGES.wording("en")
    assert 2 < shown < 45
    assert words("digest_rest", rest=45 - shown) in str(told.blocks)
    assert "/note digest off" in str(told.blocks[-1])
    assert place.slack.tried == 2


def answer(place: Place, said: str) -> None:
    rendered = lay_out(said)
    body = json.dumps({"text": rendered.text, "blocks": rendered.blocks})
    with place.shelves.writing() as shelf:
        shelf.outbox.owe(Owed(TEAM, "answer:C1:1.0", PostKind.ANSWER, PUBLIC, body=body), NOW, NOW)


def test_an_answer_that_slack_finds_too_long_is_given_as_far_as_there_is_room(place: Place) -> None:
    answer(place, "\n\n".join(f"Line {number} " + "of many words " * 10 for number in range(45)))
    place.slack.refuses = too_long(TOGETHER // 2)
    place.post()
    (told,) = place.slack.stands
    assert told.text.startswith("Line 0 of")
    assert str(told.blocks[-1]).count("…") == 1
    assert "Line 20 " in str(told.blocks) and "Line 44 " not in str(told.blocks)


def test_a_paragraph_that_slack_counts_as_too_long_is_cut(place: Place) -> None:
    answer(place, "👩\u200d🔬" * 900)
    place.slack.refuses = too_long(2000, "invalid_blocks", "[ERROR] must be less than 3001 characters")
    place.post()
    assert len(place.slack.stands) == 1


@pytest.mark.parametrize("details", [(), ("[ERROR] must be more than 0 characters",)])
def test_what_is_wrong_in_other_ways_is_not_said_in_fewer_words(place: Place, details: tuple[str, ...]) -> None:
    answer(place, "x")
    place.slack.refuses = lambda _rendered: refusal("invalid_blocks", *details)
    place.post()
    assert (place.slack.tried, place.owes()) == (1, False)


def test_what_is_too_long_in_fewer_words_too_is_given_up_and_the_log_says_so(
    place: Place, caplog: pytest.LogCaptureFixture
) -> None:
    answer(place, "x")
    place.slack.refuses = lambda _rendered: refusal("msg_blocks_too_long")
    place.post()
    assert (place.slack.tried, place.owes()) == (2, False)
    assert [one.levelname for one in caplog.records if "msg_blocks_too_long" in one.message][-1] == "WARNING"


def test_a_card_that_grew_too_long_is_kept_up_to_date_in_fewer_words(place: Place) -> None:
    paste(place)
    place.post()
    with place.shelves.writing() as shelf:
        store(shelf, paper(1), title="At last")
        tag(shelf, 1, PUBLIC, "Late")
    place.slack.refuses = lambda _rendered: refusal("msg_too_long") if place.slack.tried == 2 else None
    place.refresh()
    assert "At last" in place.slack.stands[-1].text
    assert [block["type"] for block in place.slack.stands[-1].blocks][-1] == "actions"
