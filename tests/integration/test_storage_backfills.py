"""How far a channel's past is read: one reading at a time, no page counted twice, each told to its end."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from stored import NOW, PUBLIC, TEAM, settle

from papers.backfill import Backfill
from papers.shelf import Shelves

LEASE = timedelta(minutes=5)


def begun(shelves: Shelves, channel: str = PUBLIC) -> Backfill | None:
    with shelves.writing() as shelf:
        settle(shelf)
        return shelf.backfills.start(TEAM, channel, "U1", NOW, NOW - timedelta(days=90))


def test_a_channel_is_read_once_at_a_time_and_again_when_that_is_done(shelves: Shelves) -> None:
    first = begun(shelves)
    assert first
    assert begun(shelves) is None
    assert begun(shelves, "C0OTHER")
    with shelves.writing() as shelf:
        shelf.backfills.finish(first.id, NOW)
    assert begun(shelves)


def test_there_is_no_past_where_there_is_no_channel(shelves: Shelves) -> None:
    with pytest.raises(ValueError, match="no channel"):
        begun(shelves, "")
    with shelves.reading() as shelf:
        assert shelf.backfills.unfinished(TEAM, "") is None


def test_it_is_leased_to_one_worker_and_free_when_the_lease_ends(shelves: Shelves) -> None:
    first = begun(shelves)
    with shelves.writing() as shelf:
        assert shelf.backfills.claim(NOW, LEASE) == first
        assert shelf.backfills.claim(NOW, LEASE) is None
    with shelves.writing() as shelf:
        assert shelf.backfills.claim(NOW + LEASE, LEASE) == first


def test_what_is_read_twice_counts_once_and_the_next_begins_where_it_ended(shelves: Shelves) -> None:
    first = begun(shelves)
    assert first
    with shelves.writing() as shelf:
        shelf.backfills.advance(first, "1700000000.000100", 100, 3, NOW)
        further = shelf.backfills.get(first.id)
        assert further
        # Somebody who fell asleep over it comes late: what they found first is new all the same.
        assert not shelf.backfills.keep(first, NOW + LEASE)
        shelf.backfills.advance(first, "1700000000.000200", 99, 2, NOW)
        shelf.backfills.advance(further, "1600000000.000100", 50, 1, NOW)
        now = shelf.backfills.get(first.id)
    assert now == replace(first, reached="1600000000.000100", messages=150, papers=6)
    assert now.before == "1600000000.000100"


def test_a_lease_is_renewed_until_it_is_stopped(shelves: Shelves) -> None:
    first = begun(shelves)
    assert first
    with shelves.writing() as shelf:
        assert shelf.backfills.claim(NOW, LEASE) == first
        assert shelf.backfills.keep(first, NOW + 2 * LEASE)
        assert shelf.backfills.claim(NOW + LEASE, LEASE) is None
        shelf.backfills.finish(first.id, NOW)
        assert not shelf.backfills.keep(first, NOW + 3 * LEASE)


def test_each_step_and_the_end_are_told_once(shelves: Shelves) -> None:
    first = begun(shelves)
    assert first
    with shelves.writing() as shelf:
        assert shelf.backfills.untold(10) == (first,)
        shelf.backfills.told(first)
        assert shelf.backfills.untold(10) == ()
        shelf.backfills.finish(first.id, NOW, "missing_scope")
        shelf.backfills.told(first)  # told of what was before the end
        (ended,) = shelf.backfills.untold(10)
        assert (ended.finished_at, ended.refusal) == (NOW, "missing_scope")
        shelf.backfills.told(ended)
        assert shelf.backfills.untold(10) == ()
