"""The intake: events that come at the same time are stored together, and each caller hears of its own."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

import pytest
from house import until
from stored import MINUTE, NOW, TEAM

from bot.intake import Intake
from papers.database_errors import DatabaseUnreachable
from papers.shelf import Shelf
from papers.work import Event
from storage.shelves import StoredShelves


@dataclass
class Slow:
    """Shelves of which the first transaction begins when it is let go; `away` says that the database is."""

    shelves: StoredShelves
    let_go: threading.Event = field(default_factory=threading.Event)
    begun: int = 0
    away: bool = False

    @contextmanager
    def writing(self, lasting: bool = True) -> Iterator[Shelf]:
        self.begun += 1
        assert self.let_go.wait(30)
        if self.away:
            raise DatabaseUnreachable("here", "it is away")
        with self.shelves.writing(lasting) as shelf:
            yield shelf

    def reading(self) -> object:
        return self.shelves.reading()


def event(name: str, message_key: str | None = None) -> Event:
    return Event(name, TEAM, f'{{"id": "{name}"}}', message_key, "C1/1.0")


def put_together(shelves: Slow, first: Event, others: Sequence[Event]) -> list[Future[bool]]:
    """One event, and those that come, in this order, while it is being stored."""
    intake = Intake(shelves, lambda: NOW)
    with ThreadPoolExecutor(len(others) + 1) as callers:
        told = [callers.submit(intake.put, first)]
        until(lambda: shelves.begun)
        for number, one in enumerate(others, start=1):
            told.append(callers.submit(intake.put, one))
            until(lambda number=number: len(intake._waiting) == number)
        shelves.let_go.set()
    return told


def claimed(shelves: StoredShelves) -> list[str]:
    names = []
    with shelves.writing() as shelf:
        while one := shelf.inbox.claim(1, NOW, MINUTE):
            names.append(one[0].event.event_id)
            shelf.inbox.finish({one[0]: ""}, NOW)
    return names


def test_events_that_come_while_one_is_stored_are_stored_together_in_their_order(shelves: StoredShelves) -> None:
    slow = Slow(shelves)
    told = put_together(slow, event("E0"), [event(f"E{number}") for number in range(1, 7)])
    assert [one.result() for one in told] == [True] * 7
    assert slow.begun == 2
    assert claimed(shelves) == [f"E{number}" for number in range(7)]


def test_of_one_message_that_comes_three_times_at_once_one_is_new(shelves: StoredShelves) -> None:
    same = [event("E1", "C1/1.0"), event("E1", "C1/1.0"), event("E2", "C1/1.0")]
    told = put_together(Slow(shelves), event("E0"), same)
    assert [one.result() for one in told] == [True, True, False, False]
    assert claimed(shelves) == ["E0", "E1"]


def test_an_event_that_cannot_be_stored_keeps_no_other_one_out(shelves: StoredShelves) -> None:
    impossible = replace(event("E2"), body=None)  # type: ignore[arg-type]
    told = put_together(Slow(shelves), event("E0"), [event("E1"), impossible, event("E3")])
    assert [isinstance(one.exception(), Exception) for one in told] == [False, False, True, False]
    assert claimed(shelves) == ["E0", "E1", "E3"]


def test_all_who_wait_hear_that_the_database_is_away_and_nobody_waits_for_ever(shelves: StoredShelves) -> None:
    slow = Slow(shelves, away=True)
    told = put_together(slow, event("E0"), [event("E1"), event("E2")])
    assert [type(one.exception()) for one in told] == [DatabaseUnreachable] * 3
    slow.away = False
    again = Intake(slow, lambda: NOW)
    assert again.put(event("E1")) is True
    assert claimed(shelves) == ["E1"]


def test_after_a_failure_the_same_intake_goes_on(shelves: StoredShelves) -> None:
    slow = Slow(shelves, away=True)
    slow.let_go.set()
    intake = Intake(slow, lambda: NOW)
    with pytest.raises(DatabaseUnreachable):
        intake.put(event("E1"))
    slow.away = False
    assert intake.put(event("E1")) is True
