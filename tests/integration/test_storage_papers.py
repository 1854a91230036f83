"""Papers on the shelf: wanted, leased, stored, missing."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest
from stored import ANYBODY, DAY, MINUTE, NOW, PUBLIC, TEAM, paper, reading, record, settle, share, store, want

from papers.formulas import Formula
from papers.note import Audience
from papers.paper import Paper
from papers.work import Owed, PostKind
from storage.shelves import StoredShelves

SEEN_HERE = Audience(TEAM, PUBLIC)


def test_a_paper_wanted_twice_is_one_paper_that_is_asked_for_once(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        assert want(shelf, paper(1)) is True
        assert want(shelf, paper(1)) is True
        assert shelf.papers.get(paper(1)) == Paper(paper(1))
        assert shelf.papers.get(paper(2)) is None
        assert shelf.papers.claim(10, NOW, MINUTE) == (paper(1),)


def test_claiming_takes_the_longest_wanted_first_and_each_once(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        for number, waited in ((1, 1), (2, 3), (3, 2)):
            want(shelf, paper(number), NOW - waited * MINUTE)
        assert shelf.papers.claim(2, NOW, MINUTE) == (paper(2), paper(3))
        assert shelf.papers.claim(2, NOW, MINUTE) == (paper(1),)
        assert shelf.papers.waiting(NOW) is False


def test_a_lease_that_ends_gives_the_paper_back(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        want(shelf, paper(1))
        shelf.papers.claim(1, NOW, MINUTE)
        assert shelf.papers.claim(1, NOW + MINUTE / 2, MINUTE) == ()
        assert shelf.papers.waiting(NOW + MINUTE) is True
        assert shelf.papers.claim(1, NOW + MINUTE, MINUTE) == (paper(1),)


def test_what_the_source_said_is_kept_word_for_word(shelves: StoredShelves) -> None:
    said = record(
        paper(1),
        title="$\\alpha$-表 <b>",
        comment="ICML 2026",
        journal_ref="J. 1",
        doi="10.1/2",
        withdrawn=True,
        origin="sample",
    )
    with shelves.writing() as shelf:
        want(shelf, paper(1))
        shelf.papers.claim(1, NOW, MINUTE)
        shelf.papers.store(said, reading(said), NOW)
    with shelves.reading() as shelf:
        assert shelf.papers.get(paper(1)) == Paper(paper(1), said, reading(said), told_at=NOW)
        assert shelf.papers.waiting(NOW + DAY) is False


def test_a_paper_nobody_wanted_can_be_stored(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        store(shelf, paper(1))
        assert shelf.papers.get(paper(1)) is not None
        assert shelf.papers.waiting(NOW + DAY) is False


def test_text_that_a_database_would_refuse_is_stored_without_it(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        store(shelf, paper(1), title="a\0b", abstract="lone \ud83d end", authors=("x\0y",))
        kept = shelf.papers.get(paper(1))
    assert kept and kept.record
    assert (kept.record.title, kept.record.abstract, kept.record.authors) == (
        "a\ufffdb",
        "lone \ufffd end",
        ("x\ufffdy",),
    )


def test_a_naive_time_is_refused(shelves: StoredShelves) -> None:
    with pytest.raises(Exception, match="no time zone"), shelves.writing() as shelf:
        want(shelf, paper(1), datetime(2026, 11, 21))


def test_a_missing_paper_is_asked_for_again_and_found(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        want(shelf, paper(1))
        shelf.papers.claim(1, NOW, MINUTE)
        shelf.papers.mark_missing([paper(1)], NOW, NOW + DAY)
        assert shelf.papers.get(paper(1)) == Paper(paper(1), missing=True)
        assert shelf.papers.claim(1, NOW + DAY - MINUTE, MINUTE) == ()
        assert shelf.papers.claim(1, NOW + DAY, MINUTE) == (paper(1),)
        store(shelf, paper(1), NOW + DAY)
        found = shelf.papers.get(paper(1))
        assert found and found.record and not found.missing


def test_a_source_that_forgets_a_paper_does_not_take_its_record(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        store(shelf, paper(1))
        before = shelf.papers.get(paper(1))
        shelf.papers.mark_missing([paper(1)], NOW, NOW + DAY)
        assert shelf.papers.get(paper(1)) == before


def test_postponed_papers_stay_wanted(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        for number in range(250):
            want(shelf, paper(number))
        leased = shelf.papers.claim(250, NOW, DAY)
        shelf.papers.postpone(leased, NOW + MINUTE)
        assert shelf.papers.waiting(NOW) is False
        assert set(shelf.papers.claim(250, NOW + MINUTE, DAY)) == set(leased)


def test_postponing_a_paper_that_was_answered_meanwhile_does_not_want_it_again(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        want(shelf, paper(1))
        shelf.papers.claim(1, NOW, MINUTE)
        store(shelf, paper(1))
        shelf.papers.postpone([paper(1)], NOW)
        assert shelf.papers.waiting(NOW + DAY) is False


def test_a_paper_is_asked_about_again_when_its_last_word_is_old(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        want(shelf, paper(1))
        store(shelf, paper(1))
        assert shelf.papers.want(paper(1), NOW + MINUTE, NOW) is False
        assert shelf.papers.waiting(NOW + DAY) is False
        assert shelf.papers.want(paper(1), NOW + 2 * DAY, NOW + DAY) is True
        assert shelf.papers.claim(9, NOW + 2 * DAY, MINUTE) == (paper(1),)
        assert shelf.papers.want(paper(1), NOW + 2 * DAY, NOW + DAY) is True


def test_a_missing_paper_that_is_shared_days_later_is_asked_for_at_once(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        want(shelf, paper(1))
        shelf.papers.mark_missing([paper(1)], NOW, NOW + 9 * DAY)
        assert shelf.papers.want(paper(1), NOW + MINUTE, NOW) is False
        assert shelf.papers.want(paper(1), NOW + 2 * DAY, NOW + DAY) is True
        assert shelf.papers.waiting(NOW + 2 * DAY) is True


def test_an_answer_stamps_the_notes_of_all_workspaces_and_makes_their_posts_due(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        mine = share(shelf, paper(1), PUBLIC, "1.0")
        other = shelf.notes.ensure("T2", paper(1), NOW)
        bystander = share(shelf, paper(2), PUBLIC, "2.0")
        for note_id, team in ((mine, TEAM), (other, "T2"), (bystander, TEAM)):
            owed = Owed(team, f"card:{note_id}", PostKind.CARD, PUBLIC, note_id=note_id)
            shelf.outbox.owe(owed, NOW, NOW + DAY)
        before = {one.id: one.change for one in shelf.directory.workspaces()}
        unchanged = shelf.notes.get(bystander, SEEN_HERE)
    with shelves.writing() as shelf:
        store(shelf, paper(1), NOW + MINUTE)
        after = {one.id: one.change for one in shelf.directory.workspaces()}
        assert after == {team: change + 1 for team, change in before.items()}
        stamped = shelf.notes.get(mine, SEEN_HERE)
        assert stamped and stamped.change == after[TEAM] and stamped.paper.record
        assert shelf.notes.get(bystander, SEEN_HERE) == unchanged
        due = shelf.outbox.claim(9, NOW + MINUTE, MINUTE)
        assert {post.owed.note_id for post in due} == {mine, other}


def test_an_answer_does_not_put_off_a_post_that_is_due_earlier(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        note_id = share(shelf, paper(1), PUBLIC, "1.0")
        shelf.outbox.owe(Owed(TEAM, "card", PostKind.CARD, PUBLIC, note_id=note_id), NOW, NOW)
        shelf.papers.mark_missing([paper(1)], NOW + MINUTE, NOW + DAY)
        assert shelf.outbox.next_due() == NOW


def test_the_same_answer_again_changes_no_note(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        note_id = share(shelf, paper(1), PUBLIC, "1.0")
        store(shelf, paper(1), NOW)
        before = shelf.notes.get(note_id, SEEN_HERE)
        store(shelf, paper(1), NOW + DAY)
        assert shelf.notes.get(note_id, SEEN_HERE) == before
        store(shelf, paper(1), NOW + 2 * DAY, version=2)
        after = shelf.notes.get(note_id, SEEN_HERE)
    assert before and after and after.change == before.change + 1


def test_formulas_come_back_as_they_were_kept(shelves: StoredShelves) -> None:
    said = record(paper(1))
    within = (Formula(0, 2, "<math><mi>x</mi></math>"), Formula(3, 4, "<math><mo>≤</mo></math>"))
    kept = replace(reading(said), title_formulas=within[:1], abstract_formulas=within)
    with shelves.writing() as shelf:
        settle(shelf)
        note_id = share(shelf, paper(1), PUBLIC, "1.0")
        shelf.papers.store(said, reading(said), NOW)
        before = shelf.notes.get(note_id, ANYBODY)
        shelf.papers.store(said, kept, NOW + DAY)  # the source says what it said; only its formulas are new
        found = shelf.notes.get(note_id, ANYBODY)
    assert before and found and found.paper.reading == kept
    assert found.change > before.change
