"""Homes: which are to be shown anew, what they show, and who sees what in them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select
from stored import DAY, DIRECT, MINUTE, NOW, PUBLIC, SECRET, TEAM, paper, say, settle, share, store

from bot.slack import PAGES_OF_HISTORY, SECONDS
from papers.digest_order import DigestOrder, Scope
from papers.home import FirstSteps, Home, HomeWish
from papers.homes import LEASE, LOOKED_AT, READ, READING, UNREAD, WAITING, Homes
from papers.nudges import Job
from papers.periods import WeeklyTime
from storage.engine import Database
from storage.shelves import StoredShelves
from storage.tables import homes as table

MONDAY = WeeklyTime.parse("mon 09:00")


def _nobody(_job: Job) -> None:
    """Nothing runs here."""


@pytest.fixture
def stored(shelves: StoredShelves) -> StoredShelves:
    with shelves.writing() as shelf:
        settle(shelf)
    return shelves


def homes(shelves: StoredShelves) -> Homes:
    return Homes(shelves, _nobody, lambda: NOW, MONDAY)


def home(
    shelves: StoredShelves, member: str = "U1", direct: str = "", conversations: tuple[str, ...] = ()
) -> Home:
    return homes(shelves).of(HomeWish(1, TEAM, member, direct, 1, 1), conversations)


def titles(shelves: StoredShelves, **of: object) -> set[str]:
    """The papers in every part of a Home."""
    shown = home(shelves, **of)  # type: ignore[arg-type]  # they are named as there
    return {note.paper_id.id for part in (shown.reading, shown.unread, shown.read, shown.waiting) for note in part}


def test_a_home_is_shown_once_for_each_time_it_is_looked_at(stored: StoredShelves) -> None:
    one = homes(stored)
    assert one.claim() is None
    one.touched(TEAM, "U1")
    assert one.claim() is None
    one.opened(TEAM, "U1", DIRECT)
    one.opened(TEAM, "U1", DIRECT)
    wish = one.claim()
    assert wish and (wish.member, wish.direct, wish.attempts) == ("U1", DIRECT, 1)
    assert one.claim() is None
    one.shown(wish)
    assert one.claim() is None
    one.touched(TEAM, "U1")
    assert one.claim()


def test_what_is_wished_while_a_home_is_being_shown_is_not_lost(stored: StoredShelves) -> None:
    one = homes(stored)
    one.opened(TEAM, "U1", DIRECT)
    wish = one.claim()
    one.touched(TEAM, "U1")
    assert wish
    one.shown(wish)
    again = one.claim()
    assert again and again.direct == DIRECT
    one.shown(again)
    assert one.claim() is None


def test_a_process_that_dies_gives_the_home_back_and_one_that_waits_is_not_hurried(stored: StoredShelves) -> None:
    one, late = homes(stored), Homes(stored, _nobody, lambda: NOW + LEASE, MONDAY)
    one.opened(TEAM, "U1", DIRECT)
    assert one.claim()
    wish = late.claim()
    assert wish and wish.attempts == 2
    late.postpone(wish, 60)
    late.touched(TEAM, "U1")
    assert late.claim() is None
    assert Homes(stored, _nobody, lambda: NOW + LEASE + MINUTE, MONDAY).claim()


def test_a_home_is_leased_for_longer_than_slack_may_take_to_show_it() -> None:
    the_language, the_view = SECONDS, SECONDS
    assert timedelta(seconds=the_language + PAGES_OF_HISTORY * SECONDS + the_view) < LEASE


def test_a_home_in_an_unknown_workspace_is_nobodys(stored: StoredShelves) -> None:
    homes(stored).opened("T9", "U1", DIRECT)
    assert homes(stored).claim() is None


def test_a_member_sees_what_is_public_and_the_conversations_that_they_are_in(stored: StoredShelves) -> None:
    with stored.writing() as shelf:
        for number, channel in enumerate((PUBLIC, SECRET, DIRECT, "C_OTHER"), start=1):
            share(shelf, paper(number), channel, f"{number}.0")
            store(shelf, paper(number))
            note_id = shelf.notes.ensure(TEAM, paper(number), NOW)
            shelf.readers.claim(note_id, "c", "U1", channel, NOW, NOW + DAY)
    own = [paper(number).id for number in range(5)]
    assert titles(stored) == {own[1]}
    assert titles(stored, direct=DIRECT) == {own[1], own[3]}
    assert titles(stored, direct=DIRECT, conversations=(SECRET,)) == set(own[1:4])
    assert titles(stored, conversations=(SECRET, "C_OTHER")) == {own[1], own[2], own[4]}
    assert titles(stored, member="U2", direct="D_OTHER") == {own[1]}


def test_each_note_stands_where_it_belongs_newest_first(stored: StoredShelves) -> None:
    with stored.writing() as shelf:
        ids = []
        for number in range(1, 6):
            ids.append(share(shelf, paper(number), PUBLIC, f"{number}.0", NOW + number * MINUTE))
            store(shelf, paper(number))
        say(shelf, ids[4], PUBLIC, "5.1", "A whole sentence about it.", "5.0")
        say(shelf, ids[3], PUBLIC, "4.1", "ok", "4.0")
        shelf.readers.mark_read(ids[0], "r", "U1", NOW)
        shelf.readers.claim(ids[1], "c", "U1", PUBLIC, NOW, NOW + DAY)
    shown = home(stored)
    assert [note.id for note in shown.reading] == [ids[1]]
    assert [note.id for note in shown.unread] == [ids[4], ids[3], ids[2]]
    assert [note.id for note in shown.read] == [ids[0]]
    assert [note.id for note in shown.waiting] == [ids[2], ids[1], ids[0]]
    assert [note.id for note in home(stored, member="U2").reading] == []


def test_a_digest_can_come_where_fusen_is(stored: StoredShelves) -> None:
    with stored.writing() as shelf:
        shelf.directory.hear_presence(TEAM, PUBLIC, True, NOW)
        shelf.digests.order(DigestOrder(TEAM, PUBLIC, Scope.WORKSPACE), NOW)
    assert [one.can_come for one in home(stored).digests] == [True]
    with stored.writing() as shelf:
        shelf.directory.hear_presence(TEAM, PUBLIC, False, NOW + MINUTE)
    assert [one.can_come for one in home(stored).digests] == [False]


def test_the_first_steps_are_told_from_what_somebody_has_done(stored: StoredShelves) -> None:
    assert home(stored).steps == FirstSteps()
    with stored.writing() as shelf:
        note_id = share(shelf, paper(1), PUBLIC, "1.0")
        say(shelf, note_id, PUBLIC, "1.1", "Said by Ben.")
    assert home(stored).steps == FirstSteps(shared=True)
    assert home(stored, member="U2").steps == FirstSteps(said=True)
    homes(stored).dismiss(TEAM, "U2")
    homes(stored).opened(TEAM, "U2", DIRECT)
    assert home(stored, member="U2").steps == FirstSteps(said=True, dismissed=True)
    assert home(stored, member="U2").steps.over
    assert not home(stored).steps.over


def test_a_home_shows_a_bounded_number_of_notes(stored: StoredShelves) -> None:
    with stored.writing() as shelf:
        for number in range(1, LOOKED_AT + 40):
            note_id = share(shelf, paper(number), PUBLIC, f"{number}.0")
            store(shelf, paper(number))
            if number < 20:
                shelf.readers.claim(note_id, "c", "U1", PUBLIC, NOW, NOW + DAY)
            elif number < 40:
                shelf.readers.mark_read(note_id, "r", "U1", NOW)
    shown = home(stored)
    assert (len(shown.reading), len(shown.unread)) == (READING, UNREAD)
    assert (len(shown.read), len(shown.waiting)) == (READ, WAITING)


def test_a_forgotten_members_home_is_shown_once_more_and_then_nothing_is_kept_of_it(
    stored: StoredShelves, database: Database
) -> None:
    one = homes(stored)
    one.opened(TEAM, "U1", DIRECT)
    one.dismiss(TEAM, "U1")
    wish = one.claim()
    assert wish
    one.shown(wish)
    with stored.writing() as shelf:
        shelf.oblivion.forget(TEAM, "U1", NOW)
        shelf.oblivion.forget(TEAM, "U2", NOW)
    last = one.claim()
    assert last and (last.member, last.direct) == ("U1", "")
    assert home(stored).steps == FirstSteps()
    assert one.claim() is None
    one.shown(last)
    with database.reading() as connection:
        assert connection.execute(select(table)).all() == []


def test_whoever_looks_again_while_being_forgotten_has_a_home_like_anybody(stored: StoredShelves) -> None:
    one = homes(stored)
    one.opened(TEAM, "U1", DIRECT)
    with stored.writing() as shelf:
        shelf.oblivion.forget(TEAM, "U1", NOW)
    one.opened(TEAM, "U1", DIRECT)
    wish = one.claim()
    assert wish
    one.shown(wish)
    one.touched(TEAM, "U1")
    assert one.claim()
