"""What published notes are like is kept for the pages: up to date whatever happens, of public notes alone."""

from __future__ import annotations

import pytest
from fakes import FakeGate
from related_papers import CLOSED, TEXTS, note
from stored import ANYBODY, DAY, NOW, PUBLIC, SECRET, TEAM, message, paper, say, settle, share, store, tag

from papers.asker import Asker
from papers.kinship import CARRIERS, Kinship
from papers.note import Channel, ChannelKind
from papers.nudges import Job
from papers.relatedness import Kin, RelatedNote
from papers.relating import COMPARED_AT_ONCE, TURN, Relating
from papers.shelf import Shelf
from papers.work import Owed, PostKind
from storage.shelves import StoredShelves


def keep_ready(shelves: StoredShelves) -> int:
    """Run the job until it wants no more. Returns how often it ran."""
    nudges = [Job.RELATE_NOTES]
    runs = 0
    while Job.RELATE_NOTES in nudges:
        nudges.clear()
        Relating(shelves, nudges.append, FakeGate()).keep_ready()
        runs += 1
        assert runs < 50
    return runs


def on_pages(shelf: Shelf) -> dict[int, tuple[Kin, ...]]:
    briefs = shelf.pages.briefs(TEAM)
    kept = shelf.relations.kept([brief.note_id for brief in briefs])
    kinship = Kinship(briefs)
    return {brief.note_id: kinship.of(brief.note_id, kept.get(brief.note_id, {})) for brief in briefs}


def published(shelves: StoredShelves) -> dict[int, tuple[Kin, ...]]:
    """What the pages show of each note, brought up to date first."""
    keep_ready(shelves)
    with shelves.reading() as shelf:
        return on_pages(shelf)


def told(found: RelatedNote) -> tuple[object, ...]:
    return found.note_id, found.score, found.reasons


def members(shelves: StoredShelves) -> dict[int, list[int]]:
    return {
        note_id: [one.brief.note_id for one in found] for note_id, found in published(shelves).items() if found
    }


def change(shelves: StoredShelves) -> int:
    with shelves.reading() as shelf:
        found = shelf.directory.workspace(TEAM)
    assert found
    return found.change


@pytest.fixture
def stored(shelves: StoredShelves) -> StoredShelves:
    with shelves.writing() as shelf:
        settle(shelf)
        for number in range(1, 7):
            note(shelf, number)
    return shelves


def test_the_pages_show_what_a_word_to_fusen_would(stored: StoredShelves) -> None:
    with stored.writing() as shelf:
        for note_id in (1, 2):
            tag(shelf, note_id, PUBLIC, "LLM")
    shown = published(stored)
    nudges: list[Job] = []
    relating = Relating(stored, nudges.append, FakeGate())
    with stored.reading() as shelf:
        notes = shelf.notes.select(ANYBODY)
    for one in notes:
        asked = relating.related(Asker(TEAM, PUBLIC, "U1", "act"), one.id)
        assert [(kin.brief.note_id, kin.score, kin.reasons) for kin in shown[one.id]] == list(map(told, asked))
    assert members(stored) == {1: [2], 2: [1], 3: [4], 4: [3]}


def test_two_tags_that_most_notes_carry_bring_nothing_together_in_slack_as_on_the_pages(
    stored: StoredShelves,
) -> None:
    everywhere = range(7, 7 + CARRIERS)
    with stored.writing() as shelf:
        for number in everywhere:
            note(shelf, number, title=f"Subject{number}", abstract=f"Words{number}.")
        for note_id in (1, 5, *everywhere):
            tag(shelf, note_id, PUBLIC, "LLM")
            tag(shelf, note_id, PUBLIC, "Agents")
        for note_id in (2, 6):
            tag(shelf, note_id, PUBLIC, "Rare")
            tag(shelf, note_id, PUBLIC, "Scarce")
    shown = published(stored)
    relating = Relating(stored, lambda _: None, FakeGate())
    for note_id in (1, 2, 5, 6, 7):
        asked = relating.related(Asker(TEAM, PUBLIC, "U1", "act"), note_id)
        assert [(kin.brief.note_id, kin.score, kin.reasons) for kin in shown[note_id]] == list(map(told, asked))
    assert [kin.brief.note_id for kin in shown[6]] == [2]
    assert not shown[5]


def test_a_new_paper_enters_the_lists_of_those_like_it(stored: StoredShelves) -> None:
    keep_ready(stored)
    with stored.writing() as shelf:
        new = note(shelf, 7, title=TEXTS[0][0], abstract=TEXTS[0][1])
    assert members(stored)[1] == [new, 2]
    assert set(members(stored)[2]) == {1, new}


def test_a_paper_whose_text_changes_leaves_some_lists_and_enters_others(stored: StoredShelves) -> None:
    keep_ready(stored)
    with stored.writing() as shelf:
        store(shelf, paper(2), NOW + DAY, version=2, title="Knots", abstract="Alternating knots and diagrams.")
    assert members(stored) == {2: [5], 5: [2], 3: [4], 4: [3]}


def test_a_withdrawn_note_is_on_no_list_any_more_and_may_come_back(stored: StoredShelves) -> None:
    before = published(stored)
    with stored.writing() as shelf:
        shelf.notes.withdraw(message(PUBLIC, "2.0"), NOW)
    assert members(stored) == {3: [4], 4: [3]}
    with stored.writing() as shelf:
        share(shelf, paper(2), PUBLIC, "2.0")
    assert published(stored) == before


@pytest.mark.parametrize("channel", CLOSED)
def test_what_is_in_closed_channels_changes_nothing_on_the_pages(stored: StoredShelves, channel: str) -> None:
    before = published(stored)
    with stored.writing() as shelf:
        hidden = note(shelf, 7, channel, title=TEXTS[0][0], abstract=TEXTS[0][1], authors=("Author 1",))
        for note_id in (1, 3, hidden):
            tag(shelf, note_id, channel, "hush, still")
            say(shelf, note_id, channel, f"{note_id}.9", "whispered distillation")
    # Papers that are noted already are compared once more, and nothing else comes of it.
    assert published(stored) == before
    with stored.reading() as shelf:
        assert hidden not in shelf.relations.kept([hidden])


def test_a_channel_made_private_takes_its_notes_off_the_pages_lists(stored: StoredShelves) -> None:
    with stored.writing() as shelf:
        shelf.directory.store_channel(TEAM, Channel("C_NEW", "new", ChannelKind.PUBLIC), NOW)
        extra = note(shelf, 7, "C_NEW", title=TEXTS[4][0], abstract=TEXTS[4][1])
    assert members(stored)[5] == [extra]
    with stored.writing() as shelf:
        shelf.directory.store_channel(TEAM, Channel("C_NEW", "new", ChannelKind.PRIVATE), NOW)
    # Even before the job has run, the pages know only notes that anybody may see.
    with stored.reading() as shelf:
        assert on_pages(shelf)[5] == ()
    assert 5 not in members(stored)
    with stored.reading() as shelf:
        assert extra not in shelf.relations.kept([extra])


def test_where_nothing_changed_nothing_is_compared_and_no_page_is_made_again(stored: StoredShelves) -> None:
    keep_ready(stored)
    before = change(stored)
    nudges: list[Job] = []
    with stored.writing() as shelf:
        tag(shelf, 1, PUBLIC, "LLM")
    after_tag = change(stored)
    Relating(stored, nudges.append, FakeGate()).keep_ready()
    assert after_tag == before + 1
    assert (change(stored), nudges) == (after_tag, [])


def test_many_notes_are_compared_some_at_a_time_and_each_time_told_once(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        for number in range(1, 2 * COMPARED_AT_ONCE + 2):
            note(shelf, number)
    before = change(shelves)
    assert keep_ready(shelves) == 3
    assert change(shelves) == before + 3
    with shelves.reading() as shelf:
        assert shelf.relations.outdated(TEAM, 1) == ()


def test_what_is_like_nothing_else_is_no_change_of_any_page(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        note(shelf, 1)
    before = change(shelves)
    keep_ready(shelves)
    assert change(shelves) == before


def test_a_tag_given_while_many_notes_are_compared_comes_to_its_card(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        note_id, *_ = (note(shelf, number) for number in range(1, 2 * COMPARED_AT_ONCE))
        shelf.outbox.owe(Owed(TEAM, "card", PostKind.CARD, PUBLIC, thread_ts="1.0", note_id=note_id), NOW, NOW)
    nudges: list[Job] = []
    Relating(shelves, nudges.append, FakeGate()).keep_ready()
    assert nudges == [Job.RELATE_NOTES]  # there are more
    with shelves.writing() as shelf:
        (post,) = shelf.outbox.claim(9, NOW, DAY)
        shown = shelf.notes.get(note_id, ANYBODY)
        assert shown
        shelf.outbox.posted(post.id, "9.0", shown.change, NOW, post.shown)
        tag(shelf, note_id, PUBLIC, "LLM")
        (refreshed,) = shelf.outbox.claim_outdated(9, NOW + DAY, DAY)
    assert refreshed.id == post.id


def test_a_note_that_changes_while_it_is_compared_is_compared_again(stored: StoredShelves) -> None:
    with stored.reading() as shelf:
        (found,) = shelf.relations.outdated(TEAM, 1)
    with stored.writing() as shelf:
        tag(shelf, found.note_id, PUBLIC, "LLM")
        shelf.relations.keep(TEAM, found, {}, 99)
        assert found.note_id in {one.note_id for one in shelf.relations.outdated(TEAM, 10)}


def test_a_private_share_of_a_published_note_leaves_its_list_alone(stored: StoredShelves) -> None:
    keep_ready(stored)
    with stored.writing() as shelf:
        share(shelf, paper(1), SECRET, "9.0")
        share(shelf, paper(5), SECRET, "9.0")
        assert shelf.relations.outdated(TEAM, 10) == ()
    assert members(stored) == {1: [2], 2: [1], 3: [4], 4: [3]}


def test_while_one_process_compares_notes_no_other_compares_the_same(stored: StoredShelves) -> None:
    gate, nudges = FakeGate(), list[Job]()
    at_it = gate.take(TURN, 60.0, 0.0)
    assert at_it is not None
    other = Relating(stored, nudges.append, gate)
    other.keep_ready()
    with stored.reading() as shelf:
        assert len(shelf.relations.outdated(TEAM, 9)) == 6
    gate.release(TURN, at_it, 0.0, 0)
    other.keep_ready()
    with stored.reading() as shelf:
        assert not shelf.relations.outdated(TEAM, 9)
    assert nudges == [Job.PUBLISH_PAGES]
