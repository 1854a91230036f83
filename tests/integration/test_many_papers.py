"""A message with very many papers: some are shared, the others are told of, and nothing that stood is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

import pytest
from stored import MINUTE, NOW, PUBLIC, SECRET, message, paper, settle
from written import LANGUAGES, MESSAGES, workspace

from bot.blocks import Rendered
from bot.posting import Posting
from papers.backfills import Backfills
from papers.lookup import Lookup
from papers.note import Message
from papers.notebook import Notebook
from papers.nudges import Job
from papers.paper import PaperLink
from papers.sharing import MOST_SHARED
from papers.shelf import Shelf
from papers.work import Owed, Post, PostKind
from storage.shelves import StoredShelves

SAID = message(PUBLIC, "5.0")
MORE = 7
LINKS = [PaperLink(paper(number)) for number in range(1, MOST_SHARED + MORE + 1)]


@pytest.fixture
def notebook(shelves: StoredShelves) -> Notebook:
    with shelves.writing() as shelf:
        settle(shelf)
    return Notebook(shelves, _nobody, lambda: NOW, lambda: timedelta(0))


def _nobody(_job: Job) -> None:
    pass


def test_of_very_many_papers_the_first_are_shared_and_one_line_tells_of_the_rest(
    shelves: StoredShelves, notebook: Notebook
) -> None:
    assert len(notebook.share(SAID, "U1", LINKS, NOW)) == MOST_SHARED
    notebook.share(SAID, "U1", LINKS, NOW)  # Slack delivers twice
    with shelves.writing() as shelf:
        posts = owed(shelf)
        assert len(shared(shelf, SAID)) == len(posts) - 1 == MOST_SHARED
    (told,) = (post.owed for post in posts if post.owed.kind is PostKind.SURPLUS)
    assert (told.thread_ts, told.channel, told.body) == (SAID.ts, PUBLIC, str(MORE))


def test_a_message_with_as_many_papers_as_are_taken_is_told_of_none(
    shelves: StoredShelves, notebook: Notebook
) -> None:
    notebook.share(SAID, "U1", LINKS[:MOST_SHARED], NOW)
    with shelves.writing() as shelf:
        assert {post.owed.kind for post in owed(shelf)} == {PostKind.CARD}


def test_an_edit_that_adds_papers_in_front_keeps_what_the_message_shares(
    shelves: StoredShelves, notebook: Notebook
) -> None:
    stood, more = LINKS[MORE:], LINKS[:MORE]
    notebook.share(SAID, "U1", stood, NOW)
    with shelves.reading() as shelf:
        before = shared(shelf, SAID)
    notebook.share(SAID, "U1", [*more, *stood], NOW)
    with shelves.reading() as shelf:
        assert shared(shelf, SAID) == before
    notebook.share(SAID, "U1", [*more, *stood[MORE:]], NOW)  # what is taken out makes room
    with shelves.reading() as shelf:
        assert len(shared(shelf, SAID)) == MOST_SHARED


def test_a_message_of_the_past_is_read_in_the_same_way(shelves: StoredShelves, notebook: Notebook) -> None:
    backfills = Backfills(shelves, _nobody, lambda: NOW, "/note")
    assert backfills.recall(SAID, "U1", LINKS, NOW - MINUTE) == MOST_SHARED
    assert backfills.recall(SAID, "U1", LINKS, NOW - MINUTE) == 0
    with shelves.writing() as shelf:
        assert [post.owed.kind for post in owed(shelf)] == [PostKind.SURPLUS]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_line_says_how_many_were_not_saved_and_what_to_do(language: str) -> None:
    told = MESSAGES.surplus(MORE, workspace(language)).text
    assert str(MOST_SHARED) in told and str(MORE) in told
    assert {"en": "another message", "ja": "別のメッセージ"}[language] in told


def test_many_cards_of_one_channel_hold_up_no_other_channel(shelves: StoredShelves, notebook: Notebook) -> None:
    notebook.share(SAID, "U1", LINKS[:MOST_SHARED], NOW)
    for number in (1, 2):
        notebook.share(message(SECRET, f"{number}.0"), "U2", [PaperLink(paper(900 + number))], NOW)
    slack = Slack()
    nothing: Any = None
    Posting(
        shelves,
        Lookup(shelves),
        notebook,
        nothing,
        nothing,
        cast("Any", slack),
        MESSAGES,
        _nobody,
        lambda _job, _at: None,
        lambda: NOW,
    ).post()
    assert slack.channels[:5] == [PUBLIC, SECRET, PUBLIC, SECRET, PUBLIC]
    assert sorted(slack.channels) == sorted([PUBLIC] * MOST_SHARED + [SECRET] * 2)
    assert slack.threads[:5:2] == ["5.0"] * 3


class Slack:
    """Takes every post."""

    def __init__(self) -> None:
        self.channels: list[str] = []
        self.threads: list[str | None] = []

    def post(self, owed: Owed, _rendered: Rendered) -> str:
        self.channels.append(owed.channel)
        self.threads.append(owed.thread_ts)
        return f"99.{len(self.channels):06}"


def owed(shelf: Shelf) -> tuple[Post, ...]:
    return shelf.outbox.claim(99, NOW + MINUTE, MINUTE)


def shared(shelf: Shelf, said: Message) -> set[int]:
    return set(shelf.notes.shared_by(said))
