"""The inbox: each event once, each thread in order, nothing lost when a worker dies."""

from __future__ import annotations

from datetime import datetime

import pytest
from stored import DAY, MINUTE, NOW, TEAM

from papers.shelf import Shelf
from papers.work import ClaimedEvent, Event
from storage.shelves import StoredShelves


def event(
    name: str, thread: str | None = None, message_key: str | None = None, changes: str | None = None
) -> Event:
    return Event(name, TEAM, f'{{"id": "{name}"}}', message_key, thread, changes)


def claimed(shelf: Shelf, limit: int = 9, minutes: int = 0) -> list[str]:
    return list(claim(shelf, limit, minutes))


def claim(shelf: Shelf, limit: int = 9, minutes: int = 0) -> dict[str, ClaimedEvent]:
    return {one.event.event_id: one for one in shelf.inbox.claim(limit, NOW + minutes * MINUTE, MINUTE)}


def finish(shelf: Shelf, *events: ClaimedEvent, error: str = "", at: datetime = NOW) -> None:
    shelf.inbox.finish(dict.fromkeys(events, error), at)


def put(shelf: Shelf, *events: Event) -> None:
    assert shelf.inbox.put(events, NOW) == len(events)


def test_slack_delivering_an_event_twice_is_one_event(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        assert shelf.inbox.put([event("E1")], NOW) == 1
        assert shelf.inbox.put([event("E1")], NOW) == 0
        assert claimed(shelf) == ["E1"]


def test_one_message_that_comes_as_two_events_is_one_event(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        assert shelf.inbox.put([event("E1", message_key="C1/1.0")], NOW) == 1
        assert shelf.inbox.put([event("E2", message_key="C1/1.0")], NOW) == 0
        assert shelf.inbox.put([event("E3")], NOW) == 1
        assert shelf.inbox.put([event("E4")], NOW) == 1


def test_an_event_comes_back_as_it_was_put(shelves: StoredShelves) -> None:
    given = Event("E1", TEAM, '{"text": "論文 \\u0000"}', "C1/1.0", "C1/1.0")
    with shelves.writing() as shelf:
        put(shelf, given)
        (only,) = shelf.inbox.claim(9, NOW, MINUTE)
    assert (only.event, only.attempts, only.received_at) == (given, 1, NOW)


def test_events_are_claimed_oldest_first_and_once(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        put(shelf, *(event(f"E{number}") for number in range(5)))
        assert claimed(shelf, limit=2) == ["E0", "E1"]
        assert claimed(shelf) == ["E2", "E3", "E4"]
        assert claimed(shelf) == []


def test_events_of_one_thread_are_handled_one_after_the_other(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        put(shelf, event("A1", "A"), event("A2", "A"), event("B1", "B"), event("none"), event("none2"))
        taken = claim(shelf)
        assert list(taken) == ["A1", "B1", "none", "none2"]
        assert claimed(shelf) == []
        finish(shelf, taken["A1"])
        assert claimed(shelf) == ["A2"]


def test_a_failed_event_holds_up_its_thread_until_it_is_done(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        put(shelf, event("A1", "A"), event("A2", "A"))
        shelf.inbox.postpone(claim(shelf)["A1"], NOW + 5 * MINUTE, "try again")
        assert claimed(shelf, minutes=4) == []
        finish(shelf, claim(shelf, minutes=5)["A1"], error="given up")
        assert claimed(shelf, minutes=5) == ["A2"]


def test_a_lease_that_ends_gives_the_event_back_and_counts_the_attempt(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        put(shelf, event("E1"))
    with shelves.writing() as shelf:
        claimed(shelf)
    with shelves.writing() as shelf:
        assert shelf.inbox.claim(9, NOW + MINUTE / 2, MINUTE) == ()
        (again,) = shelf.inbox.claim(9, NOW + MINUTE, MINUTE)
    assert again.attempts == 2


def test_replies_are_handled_once_more_after_their_first_message(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        put(shelf, event("reply1", "A"), event("other", "B"))
        finish(shelf, *claim(shelf).values())
        put(shelf, event("root", "A", "A"))
        root = claim(shelf)["root"]
        assert shelf.inbox.reopen("A", NOW, but=root.id) == 1
        finish(shelf, root)
        (again,) = shelf.inbox.claim(9, NOW, MINUTE)
        assert (again.event.event_id, again.attempts) == ("reply1", 1)


def test_an_event_that_is_reopened_while_it_is_handled_is_handled_once_more(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        put(shelf, event("reply", "A"), event("other", "B"))
        taken = claim(shelf)
        assert shelf.inbox.reopen("A", NOW) == 1
        finish(shelf, taken["reply"], taken["other"])
        again = claim(shelf)
        assert list(again) == ["reply"]
        finish(shelf, again["reply"])
        assert claimed(shelf, minutes=9) == []


def test_an_event_that_another_took_up_after_it_was_reopened_is_theirs(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        put(shelf, event("reply", "A"))
        first = claim(shelf)["reply"]
        shelf.inbox.reopen("A", NOW)
        second = claim(shelf, minutes=1)["reply"]
        finish(shelf, first)
        shelf.inbox.postpone(first, NOW, "")
        assert claimed(shelf, minutes=1) == []
        # The other one was killed.
        third = claim(shelf, minutes=2)["reply"]
        finish(shelf, second)
        shelf.inbox.postpone(second, NOW, "")
        assert claimed(shelf, minutes=2) == []
        finish(shelf, third)
        assert claimed(shelf, minutes=9) == []


def test_the_last_change_of_a_message_is_known_in_whatever_order_changes_came(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        put(shelf, event("second", "A", "C/3.0", "C/1.0"), event("first", "A", "C/2.0", "C/1.0"))
        put(shelf, event("message", "A", "C/1.0"), event("another's", "A", "C/4.0", "C/1.5"))
        last = shelf.inbox.last_change("C/1.0")
        assert last == event("second", "A", "C/3.0", "C/1.0")
        assert shelf.inbox.last_change("C/1.0", since=NOW) == last
        assert shelf.inbox.last_change("C/1.0", since=NOW + MINUTE) is None
        assert shelf.inbox.last_change("C/2.0") is None


@pytest.mark.parametrize("together", [True, False])
def test_a_reaction_to_a_reply_waits_for_what_came_before_in_its_thread(
    shelves: StoredShelves, together: bool
) -> None:
    came = event("root", "A", "A"), event("reply", "A", "B"), event("reaction", "B", "B/eyes")
    with shelves.writing() as shelf:
        for some in [came] if together else [[one] for one in came]:
            put(shelf, *some)
        for name in ("root", "reply", "reaction"):
            taken = claim(shelf)
            assert list(taken) == [name]
            finish(shelf, taken[name])


def test_a_reaction_told_of_before_its_reply_is_handled_once_more_after_it(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        put(shelf, event("reaction", "B", "B/eyes"))
        finish(shelf, claim(shelf)["reaction"])
        put(shelf, event("reply", "A", "B"))
        claimed(shelf)
        assert shelf.inbox.reopen("B", NOW, but=2) == 1
        assert claimed(shelf) == ["reaction"]


def test_pruning_forgets_only_what_was_finished_before(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        put(shelf, event("old"), event("new"), event("open"))
        taken = claim(shelf, limit=2)
        finish(shelf, taken["old"], at=NOW - DAY)
        finish(shelf, taken["new"])
        assert shelf.inbox.prune(NOW) == 1
        assert shelf.inbox.put([event("new")], NOW) == 0
        assert claimed(shelf) == ["open"]
