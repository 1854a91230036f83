"""What becomes of a post that Slack refuses: given up, tried again now and then, or said in fewer words."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any, cast

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse
from stored import DAY, NOW, PUBLIC, message, paper, settle, tag
from written import MESSAGES

from bot.blocks import Rendered
from bot.posting import Posting
from bot.slack_trouble import SlackTrouble, trouble_of
from papers.digests import Digests
from papers.lookup import Lookup
from papers.notebook import Notebook
from papers.nudges import Job
from papers.paper import PaperLink
from papers.periods import WeeklyTime
from papers.work import Owed
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


class Slack:
    """Refuses what `refuses` says, and takes all else."""

    def __init__(self) -> None:
        self.refuses: Callable[[Rendered], SlackTrouble | None] = lambda _rendered: None
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
