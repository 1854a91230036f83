"""Watching noted papers: which are wanted again and in what order, and where news of them is owed."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from stored import (
    DAY,
    DIRECT,
    MINUTE,
    NOW,
    PUBLIC,
    SECRET,
    TEAM,
    at_once,
    message,
    paper,
    reading,
    record,
    settle,
    share,
    store,
    want,
)

from papers.nudges import Job
from papers.paper import PaperId
from papers.shelf import Shelf
from papers.watching import AT_ONCE, WATCHED_EVERY, Watching, keep
from papers.work import Owed, Post, PostKind
from storage.shelves import StoredShelves

LATER = NOW + 8 * DAY


def noted(shelf: Shelf, number: int, at: datetime = NOW, channel: str = PUBLIC) -> int:
    """A note on a paper that was answered at `at`."""
    note_id = share(shelf, paper(number), channel, f"{number}.0", at)
    store(shelf, paper(number), at)
    return note_id


def carded(shelf: Shelf, number: int, at: datetime = NOW, channel: str = PUBLIC, ts: str = "") -> int:
    """The same, shared (once more) and with its card posted."""
    note_id = share(shelf, paper(number), channel, ts or f"{number}.0", at)
    store(shelf, paper(number), at)
    key = f"card:{channel}:{ts}:{note_id}"
    shelf.outbox.owe(Owed(TEAM, key, PostKind.CARD, channel, ts or f"{number}.0", note_id), at, at)
    for post in shelf.outbox.claim(9, at, MINUTE):
        shelf.outbox.posted(post.id, f"9.{post.id}", 0, at)
    return note_id


def hear(shelf: Shelf, number: int, at: datetime = LATER, **facts: object) -> None:
    said = record(paper(number), **facts)
    keep(shelf, said, reading(said, at), at)


def owed(shelf: Shelf, at: datetime = LATER) -> tuple[Post, ...]:
    return shelf.outbox.claim(99, at, timedelta(0))


def watch(shelf: Shelf, at: datetime = LATER, limit: int = 9) -> int:
    return shelf.papers.want_again(at, at - WATCHED_EVERY, at + WATCHED_EVERY, limit)


def claim(shelf: Shelf, at: datetime = LATER, limit: int = 9) -> tuple[PaperId, ...]:
    return shelf.papers.claim(limit, at, MINUTE)


# Which papers are wanted again


def test_only_noted_papers_whose_last_word_is_old_are_wanted_again(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        noted(shelf, 1)
        noted(shelf, 2, LATER - 2 * DAY)
        want(shelf, paper(3))
        store(shelf, paper(3))  # nobody's note
        assert watch(shelf) == 1
        assert watch(shelf) == 0
        assert claim(shelf) == (paper(1),)


def test_those_asked_longest_ago_come_first_and_no_more_than_the_bound(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        for number, days in ((1, 0), (2, -2), (3, -1)):
            noted(shelf, number, NOW + days * DAY)
        assert watch(shelf, limit=2) == 2
        assert set(claim(shelf)) == {paper(2), paper(3)}
        assert watch(shelf, limit=2) == 1
        assert claim(shelf) == (paper(1),)


def test_what_is_pasted_afterwards_is_asked_for_first(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        for number in range(1, 6):
            noted(shelf, number)
        assert watch(shelf) == 5
        moment = LATER + 5 * MINUTE
        assert want(shelf, paper(9), moment) is True
        assert want(shelf, paper(4), moment) is True  # somebody shares a watched one and waits
        assert set(claim(shelf, moment, 2)) == {paper(9), paper(4)}
        assert set(claim(shelf, moment)) == {paper(1), paper(2), paper(3), paper(5)}


def test_a_watched_paper_waits_for_a_week_at_most(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        noted(shelf, 1)
        watch(shelf)
        late = LATER + WATCHED_EVERY + MINUTE
        want(shelf, paper(2), late)
        assert claim(shelf, late, 1) == (paper(1),)


def test_a_leased_paper_is_left_to_who_leased_it(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        noted(shelf, 1)
        watch(shelf)
        assert claim(shelf) == (paper(1),)
        assert watch(shelf) == 0
        assert claim(shelf) == ()
        assert claim(shelf, LATER + MINUTE) == (paper(1),)
        store(shelf, paper(1), LATER + MINUTE)
        assert watch(shelf, LATER + 2 * MINUTE) == 0
        assert shelf.papers.waiting(LATER + DAY) is False


def test_four_at_once_want_each_paper_again_once(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        for number in range(1, 21):
            noted(shelf, number)

    def act() -> int:
        with shelves.writing() as shelf:
            return watch(shelf, limit=99)

    assert sum(int(str(count)) for count in at_once([act] * 4)) == 20


def test_the_job_nudges_only_when_there_is_something_to_ask(shelves: StoredShelves) -> None:
    nudged: list[Job] = []
    with shelves.writing() as shelf:
        settle(shelf)
        noted(shelf, 1)
    assert Watching(shelves, nudged.append, lambda: NOW + DAY)() == 0
    assert nudged == []
    assert Watching(shelves, nudged.append, lambda: LATER)() == 1
    assert nudged == [Job.FETCH_PAPERS]
    assert AT_ONCE == 500


# Where news is owed


def test_a_change_is_owed_once_in_the_thread_of_the_oldest_answered_share(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        share(shelf, paper(1), PUBLIC, "0.5", NOW - MINUTE)  # never answered
        note_id = carded(shelf, 1)
        carded(shelf, 1, NOW + MINUTE, SECRET, "2.0")
        for version in (2, 2, 1, 2):
            hear(shelf, 1, version=version)
        (post,) = owed(shelf)
        assert (post.owed.kind, post.owed.note_id) == (PostKind.NEWS, note_id)
        assert (post.owed.channel, post.owed.thread_ts) == (PUBLIC, "1.0")
        hear(shelf, 1, version=3, doi="10.1/2")
        assert len({one.owed.key for one in owed(shelf)}) == 3


def test_a_withdrawn_share_hears_nothing_and_the_next_one_does(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        carded(shelf, 1)
        carded(shelf, 1, NOW + MINUTE, SECRET, "2.0")
        shelf.notes.withdraw(message(PUBLIC, "1.0"), NOW)
        hear(shelf, 1, version=2)
        assert [(post.owed.channel, post.owed.thread_ts) for post in owed(shelf)] == [(SECRET, "2.0")]


@pytest.mark.parametrize("channel", [SECRET, DIRECT])
def test_what_was_shared_in_private_is_told_there(shelves: StoredShelves, channel: str) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        carded(shelf, 1, channel=channel)
        hear(shelf, 1, version=2)
        assert [post.owed.channel for post in owed(shelf)] == [channel]


def test_the_first_answer_is_no_news_nor_is_one_without_a_card(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        want(shelf, paper(1))
        share(shelf, paper(1), PUBLIC, "1.0")
        hear(shelf, 1, NOW, version=3, withdrawn=True)
        hear(shelf, 1, version=4)
        assert owed(shelf) == ()


def test_a_card_that_people_removed_is_not_followed(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        carded(shelf, 1)
        hear(shelf, 1, version=2)
        (news,) = owed(shelf)
        shelf.outbox.posted(news.id, "9.9", 0, LATER)
        (card,) = shelf.outbox.claim_outdated(9, LATER, MINUTE)
        shelf.outbox.abandon(card.id, LATER, "message_not_found")
        hear(shelf, 1, LATER + DAY, version=3)
        assert owed(shelf, LATER + DAY) == ()


def test_an_added_paper_hears_its_news_under_its_card(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        want(shelf, paper(1))
        note_id = shelf.notes.ensure(TEAM, paper(1), NOW)
        shelf.notes.share(note_id, "command:1", "U1", message(PUBLIC, ""), None, NOW)
        card = Owed(TEAM, "add", PostKind.CARD, PUBLIC, note_id=note_id, origin="command:1")
        shelf.outbox.owe(card, NOW, NOW)
        store(shelf, paper(1))
        (post,) = owed(shelf, NOW)
        shelf.outbox.posted(post.id, "7.0", 99, NOW)
        shelf.notes.place(note_id, "command:1", "7.0")
        hear(shelf, 1, version=2)
        assert [(news.owed.channel, news.owed.thread_ts) for news in owed(shelf)] == [(PUBLIC, "7.0")]


def test_each_workspace_is_told_but_not_one_whose_share_had_the_paper_asked_for(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        carded(shelf, 1)
        for team, at in (("T2", NOW + DAY / 2), ("T3", LATER - MINUTE)):
            note_id = shelf.notes.ensure(team, paper(1), at)
            shelf.notes.share(note_id, "C:5.0", "U9", message("C", "5.0"), None, at)
            shelf.outbox.owe(Owed(team, "card", PostKind.CARD, "C", "5.0", note_id), at, at)
            (post,) = owed(shelf, at)
            shelf.outbox.posted(post.id, "6.0", 99, at)
        hear(shelf, 1, version=2)
        assert [post.owed.workspace for post in owed(shelf)] == [TEAM, "T2"]
        hear(shelf, 1, LATER + DAY, version=3)
        told = [post.owed.workspace for post in owed(shelf, LATER + DAY) if post.owed.key.endswith(":3")]
        assert told == [TEAM, "T2", "T3"]


def test_a_sample_that_becomes_the_real_paper_is_no_news(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        carded(shelf, 1)
        hear(shelf, 1, origin="sample")
        hear(shelf, 1, version=5, doi="10.1/2")
        assert owed(shelf) == ()
