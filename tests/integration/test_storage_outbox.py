"""The outbox: each post once, and posted cards kept up to date."""

from __future__ import annotations

from datetime import datetime

import pytest
from stored import DAY, MINUTE, NOW, PUBLIC, SECRET, TEAM, message, paper, settle, share, store, tag

from papers.backlog import Queue
from papers.note import Channel, ChannelKind
from papers.shelf import Shelf
from papers.work import Owed, Post, PostKind
from storage.shelves import StoredShelves


def answer(key: str) -> Owed:
    return Owed(TEAM, key, PostKind.ANSWER, PUBLIC, "1.0", only_for="U1", body="done", origin="o")


def claim(shelf: Shelf, limit: int = 9, minutes: int = 0) -> tuple[Post, ...]:
    return shelf.outbox.claim(limit, NOW + minutes * MINUTE, MINUTE)


@pytest.fixture
def carded(shelves: StoredShelves) -> tuple[StoredShelves, int]:
    """A note whose card and seen line are posted, as of its newest change."""
    with shelves.writing() as shelf:
        settle(shelf)
        note_id = share(shelf, paper(1), PUBLIC, "1.0")
        for kind in (PostKind.CARD, PostKind.SEEN):
            shelf.outbox.owe(Owed(TEAM, kind.value, kind, PUBLIC, note_id=note_id), NOW, NOW)
        found = shelf.directory.workspace(TEAM)
        assert found
        for post in claim(shelf):
            shelf.outbox.posted(post.id, f"9.{post.id}", found.change, NOW)
    return shelves, note_id


def test_only_answers_that_were_given_or_given_up_are_pruned(carded: tuple[StoredShelves, int]) -> None:
    with carded[0].writing() as shelf:
        for key in ("given", "given up", "owed", "new"):
            shelf.outbox.owe(answer(key), NOW, NOW)
        ids = {post.owed.key: post.id for post in claim(shelf)}
        shelf.outbox.posted(ids["given"], "9.7", 0, NOW)
        shelf.outbox.abandon(ids["given up"], NOW, "channel_not_found")
        shelf.outbox.posted(ids["new"], "9.8", 0, NOW + MINUTE)
        assert shelf.outbox.prune(NOW + MINUTE) == 2
        stand = {key: shelf.outbox.stands(TEAM, key) for key in (*ids, PostKind.CARD.value, PostKind.SEEN.value)}
        assert [key for key, where in stand.items() if where is None] == ["given", "given up"]
        assert stand["owed"] == ""


def test_a_post_owed_twice_is_one_post(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        assert shelf.outbox.owe(answer("a"), NOW, NOW) is True
        assert shelf.outbox.owe(answer("a"), NOW, NOW) is False
        (post,) = claim(shelf)
        assert (post.owed, post.attempts, post.owed_at, post.ts, post.shown) == (answer("a"), 1, NOW, None, 0)
        shelf.outbox.posted(post.id, "9.0", 0, NOW)
        assert shelf.outbox.owe(answer("a"), NOW, NOW) is False
        assert claim(shelf, minutes=99) == ()


def test_posts_are_claimed_oldest_first_when_they_are_due(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        for key, minutes in (("a", 5), ("b", 0), ("c", 0)):
            shelf.outbox.owe(answer(key), NOW, NOW + minutes * MINUTE)
        assert [one.owed.key for one in claim(shelf, limit=1)] == ["b"]
        assert [one.owed.key for one in claim(shelf)] == ["c"]
        assert [one.owed.key for one in claim(shelf, minutes=5)] == ["a", "b", "c"]


def test_channels_that_had_their_turn_come_after_others(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        for number, channel in enumerate((PUBLIC, PUBLIC, SECRET)):
            shelf.outbox.owe(Owed(TEAM, f"{channel}{number}", PostKind.ANSWER, channel), NOW, NOW)
        turns = ((), (PUBLIC,), (PUBLIC, SECRET), (PUBLIC, SECRET))
        taken = [shelf.outbox.claim(1, NOW, MINUTE, behind) for behind in turns]
        assert [[one.owed.channel for one in posts] for posts in taken] == [[PUBLIC], [SECRET], [PUBLIC], []]


def test_the_next_due_time_looks_through_leases_and_past_what_is_done(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        assert shelf.outbox.next_due() is None
        shelf.outbox.owe(answer("a"), NOW, NOW)
        shelf.outbox.owe(answer("b"), NOW, NOW + DAY)
        assert shelf.outbox.next_due() == NOW
        (post,) = claim(shelf)
        assert shelf.outbox.next_due() == NOW + MINUTE
        shelf.outbox.posted(post.id, "9.0", 0, NOW)
        assert shelf.outbox.next_due() == NOW + DAY
        shelf.outbox.abandon(2, NOW, "channel_not_found")
        assert shelf.outbox.next_due() is None


def test_a_post_whose_worker_died_is_claimed_again_as_a_second_attempt(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        shelf.outbox.owe(answer("a"), NOW, NOW)
        claim(shelf)
        assert shelf.outbox.claim(9, NOW + MINUTE / 2, MINUTE) == ()
        assert [one.attempts for one in claim(shelf, minutes=1)] == [2]


def test_a_postponed_post_waits_and_an_abandoned_one_is_over(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        shelf.outbox.owe(answer("a"), NOW, NOW)
        (post,) = claim(shelf)
        shelf.outbox.postpone(post.id, NOW + 5 * MINUTE, "ratelimited")
        assert claim(shelf, minutes=4) == ()
        assert [one.attempts for one in claim(shelf, minutes=5)] == [2]
        shelf.outbox.postpone(post.id, NOW + 6 * MINUTE, "ratelimited", counted=False)
        assert [one.attempts for one in claim(shelf, minutes=6)] == [2]
        shelf.outbox.abandon(post.id, NOW, "channel_not_found")
        assert claim(shelf, minutes=99) == ()
        assert shelf.outbox.owe(answer("a"), NOW, NOW) is False


def test_a_card_is_out_of_date_when_its_note_changes_and_a_seen_line_never(
    carded: tuple[StoredShelves, int],
) -> None:
    shelves, note_id = carded
    with shelves.writing() as shelf:
        assert shelf.outbox.claim_outdated(9, NOW, MINUTE) == ()
        tag(shelf, note_id, PUBLIC, "llm")
        (card,) = shelf.outbox.claim_outdated(9, NOW, MINUTE)
        assert (card.owed.kind, card.ts, card.attempts) == (PostKind.CARD, f"9.{card.id}", 1)
        assert shelf.outbox.claim_outdated(9, NOW, MINUTE) == ()
        found = shelf.directory.workspace(TEAM)
        assert found and card.shown < found.change
        shelf.outbox.posted(card.id, str(card.ts), found.change, NOW)
        assert shelf.outbox.claim_outdated(9, NOW + DAY, MINUTE) == ()


def test_a_change_while_the_card_is_being_posted_is_not_lost(carded: tuple[StoredShelves, int]) -> None:
    shelves, note_id = carded
    with shelves.writing() as shelf:
        tag(shelf, note_id, PUBLIC, "a")
        (card,) = shelf.outbox.claim_outdated(9, NOW, MINUTE)
        rendered = shelf.directory.workspace(TEAM)
        tag(shelf, note_id, PUBLIC, "b")
        assert rendered
        shelf.outbox.posted(card.id, str(card.ts), rendered.change, NOW)
        assert [one.id for one in shelf.outbox.claim_outdated(9, NOW, MINUTE)] == [card.id]


def test_details_that_arrive_after_the_card_make_it_out_of_date(carded: tuple[StoredShelves, int]) -> None:
    shelves, _ = carded
    with shelves.writing() as shelf:
        store(shelf, paper(1))
        assert len(shelf.outbox.claim_outdated(9, NOW, MINUTE)) == 1


def test_a_postponed_or_abandoned_card_is_left_alone(carded: tuple[StoredShelves, int]) -> None:
    shelves, note_id = carded
    with shelves.writing() as shelf:
        tag(shelf, note_id, PUBLIC, "a")
        (card,) = shelf.outbox.claim_outdated(9, NOW, MINUTE)
        shelf.outbox.postpone(card.id, NOW + 5 * MINUTE, "ratelimited")
        assert shelf.outbox.claim_outdated(9, NOW + 4 * MINUTE, MINUTE) == ()
        assert len(shelf.outbox.claim_outdated(9, NOW + 5 * MINUTE, MINUTE)) == 1
        assert claim(shelf, minutes=99) == ()
        shelf.outbox.abandon(card.id, NOW, "message_not_found")
        assert shelf.outbox.claim_outdated(9, NOW + DAY, MINUTE) == ()


def test_a_card_that_was_taken_away_is_owed_again_with_its_share_and_looked_for_first(
    carded: tuple[StoredShelves, int],
) -> None:
    shelves, note_id = carded
    card = Owed(TEAM, PostKind.CARD.value, PostKind.CARD, PUBLIC, note_id=note_id)
    with shelves.writing() as shelf:
        assert shelf.outbox.owe(card, NOW, NOW) is False
        shelf.outbox.take_away(1, NOW, "its share was taken back")
        assert claim(shelf, minutes=99) == ()
        assert shelf.outbox.take_up_cards(TEAM, PUBLIC) == 0
        assert shelf.outbox.shows(message(PUBLIC, "9.1")) is None
        assert shelf.outbox.owe(card, NOW + MINUTE, NOW + MINUTE) is True
        (post,) = claim(shelf, minutes=1)
        assert (post.id, post.attempts, post.ts, post.owed_at) == (1, 2, None, NOW)


def test_what_is_owed_once_more_waits_since_then(shelves: StoredShelves) -> None:
    def waits(at: datetime) -> tuple[int, datetime | None]:
        found = {one.queue: one for one in shelf.backlogs.waiting(at)}
        return found[Queue.POSTS].count, found[Queue.POSTS].oldest

    later, soon = NOW + 300 * DAY, NOW + 300 * DAY + MINUTE
    with shelves.writing() as shelf:
        settle(shelf)
        note_id = share(shelf, paper(1), PUBLIC, "1.0")
        card = Owed(TEAM, "card", PostKind.CARD, PUBLIC, "1.0", note_id)
        shelf.outbox.owe(card, NOW, NOW)
        shelf.outbox.abandon(1, NOW, "not_in_channel")
        assert shelf.outbox.owe(card, later, soon) is True
        assert waits(later) == (0, None)
        assert waits(soon) == (1, soon)
        (post,) = shelf.outbox.claim(9, soon, MINUTE)
        shelf.outbox.postpone(post.id, soon + DAY, "ratelimited")
        assert waits(soon + MINUTE) == (1, soon)
        shelf.outbox.abandon(1, soon, "not_in_channel")
        again = later + 9 * DAY
        assert shelf.outbox.owe_cards_again(TEAM, PUBLIC, later, again, 9) == 1
        assert waits(soon + MINUTE) == (0, None)
        assert waits(again) == (1, again)
        (post,) = shelf.outbox.claim(9, again, MINUTE)
        assert post.owed_at == NOW  # from then on it may stand in Slack


def test_an_answer_that_was_given_up_is_never_owed_again(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        shelf.outbox.owe(answer("a"), NOW, NOW)
        shelf.outbox.abandon(1, NOW, "an ephemeral answer is given once")
        assert shelf.outbox.owe(answer("a"), NOW, NOW) is False
        assert claim(shelf, minutes=99) == ()


def test_cards_that_were_given_up_are_kept_up_to_date_again_when_the_bot_is_back(
    carded: tuple[StoredShelves, int],
) -> None:
    shelves, note_id = carded
    with shelves.writing() as shelf:
        tag(shelf, note_id, PUBLIC, "LLM")
        (card,) = shelf.outbox.claim_outdated(9, NOW, MINUTE)
        shelf.outbox.abandon(card.id, NOW, "not_in_channel")
        shelf.outbox.owe(answer("never posted"), NOW, NOW)
        (unposted,) = claim(shelf)
        shelf.outbox.abandon(unposted.id, NOW, "not_in_channel")
        assert shelf.outbox.take_up_cards(TEAM, "C_OTHER") == 0
        assert shelf.outbox.take_up_cards(TEAM, PUBLIC) == 1
        assert [one.id for one in shelf.outbox.claim_outdated(9, NOW, MINUTE)] == [card.id]
        assert claim(shelf) == ()


def test_cards_that_never_stood_are_owed_again_if_their_share_stands_the_newest_of_them(
    shelves: StoredShelves,
) -> None:
    def owe(shelf: Shelf, number: int, days_ago: int = 0, channel: str = PUBLIC, origin: str = "") -> None:
        note_id, at = share(shelf, paper(number), channel, f"{number}.0"), NOW - days_ago * DAY
        thread = None if origin else f"{number}.0"
        key = f"card:{number}"
        shelf.outbox.owe(Owed(TEAM, key, PostKind.CARD, channel, thread, note_id, origin=origin), at, at)

    def again(shelf: Shelf, most: int = 9) -> int:
        return shelf.outbox.owe_cards_again(TEAM, PUBLIC, NOW - 5 * DAY, NOW + MINUTE, most)

    with shelves.writing() as shelf:
        settle(shelf)
        for number in (1, 2, 3):
            owe(shelf, number)
        owe(shelf, 4, days_ago=6)
        owe(shelf, 5, channel=SECRET)
        owe(shelf, 6, origin=f"{PUBLIC}:6.0")
        owe(shelf, 7, origin="undone since")
        shelf.outbox.owe(answer("a"), NOW, NOW)
        for post in claim(shelf):
            shelf.outbox.abandon(post.id, NOW, "not_in_channel")
        shelf.notes.withdraw(message(PUBLIC, "2.0"), NOW)
        assert again(shelf, most=2) == 2
        assert claim(shelf) == ()
        assert [(one.owed.key, one.attempts) for one in claim(shelf, minutes=1)] == [("card:3", 2), ("card:6", 2)]
        assert again(shelf) == 1
        assert [one.owed.key for one in claim(shelf, minutes=1)] == ["card:1"]
        assert again(shelf) == 0


def test_a_period_is_claimed_by_the_first_caller_only(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        assert shelf.outbox.claim_period(TEAM, "2026-W47", NOW) is True
        assert shelf.outbox.claim_period(TEAM, "2026-W47", NOW) is False
        assert shelf.outbox.claim_period("T2", "2026-W47", NOW) is True
        assert shelf.outbox.claim_period(TEAM, "2026-W48", NOW) is True


def test_a_claim_is_kept_until_somebody_else_has_it(carded: tuple[StoredShelves, int]) -> None:
    shelves, note_id = carded
    with shelves.writing() as shelf:
        shelf.outbox.owe(answer("a"), NOW, NOW)
        (first,) = claim(shelf)
        assert shelf.outbox.keep(first, NOW + 3 * MINUTE)
        assert claim(shelf, minutes=2) == ()
        (second,) = claim(shelf, minutes=3)
        assert not shelf.outbox.keep(first, NOW + 9 * MINUTE)
        shelf.outbox.posted(second.id, "", 0, NOW)
        assert not shelf.outbox.keep(second, NOW + 9 * MINUTE)
        tag(shelf, note_id, PUBLIC, "LLM")
        (card,) = shelf.outbox.claim_outdated(9, NOW, MINUTE)
        assert shelf.outbox.keep(card, NOW + MINUTE)
        assert shelf.outbox.claim_outdated(9, NOW, MINUTE) == ()


def test_the_word_that_a_channel_is_public_is_owed_again_once_it_was_taken_away_or_given_up(
    shelves: StoredShelves,
) -> None:
    word = Owed(TEAM, "opened", PostKind.OPENED, PUBLIC)
    with shelves.writing() as shelf:
        settle(shelf)
        shelf.outbox.owe(word, NOW, NOW)
        (post,) = claim(shelf)
        shelf.outbox.posted(post.id, "9.1", 0, NOW)
        assert shelf.outbox.owe(word, NOW, NOW) is False
        for give_up in (shelf.outbox.take_away, shelf.outbox.abandon):
            give_up(post.id, NOW, "nothing to say any more")
            assert shelf.outbox.owe(word, NOW, NOW) is True
            ((again, attempts, ts),) = ((one.id, one.attempts, one.ts) for one in claim(shelf))
            assert (again, attempts, ts) == (post.id, 2, None)
            shelf.outbox.posted(post.id, "9.2", 0, NOW)


def test_what_is_being_posted_while_its_channel_becomes_private_is_looked_at_again(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        shelf.outbox.owe(Owed(TEAM, "opened", PostKind.OPENED, PUBLIC), NOW, NOW)
        (post,) = claim(shelf)
        assert shelf.directory.hear_private(TEAM, PUBLIC, NOW)
        shelf.outbox.posted(post.id, "9.1", 0, NOW)
        assert [one.id for one in shelf.outbox.claim_outdated(9, NOW, MINUTE)] == [post.id]


def test_what_is_said_anew_while_its_channel_changes_once_more_is_looked_at_again(
    shelves: StoredShelves,
) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        shelf.outbox.owe(Owed(TEAM, "welcome", PostKind.WELCOME, PUBLIC), NOW, NOW)
        (post,) = claim(shelf)
        shelf.outbox.posted(post.id, "9.1", 0, NOW)
        assert shelf.directory.hear_private(TEAM, PUBLIC, NOW)
        (private,) = shelf.outbox.claim_outdated(9, NOW, MINUTE)
        shelf.directory.store_channel(TEAM, Channel(PUBLIC, "c_public", ChannelKind.PUBLIC), NOW)
        shelf.outbox.posted(post.id, "9.1", 0, NOW, private.shown)
        (public,) = shelf.outbox.claim_outdated(9, NOW, MINUTE)
        shelf.outbox.posted(post.id, "9.1", 0, NOW, public.shown)
        assert shelf.outbox.claim_outdated(9, NOW, MINUTE) == ()
