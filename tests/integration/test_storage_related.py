"""Related notes: the same on both databases, and nothing that the audience may not see has any part in them."""

from __future__ import annotations

import pytest
from fakes import FakeGate
from related_papers import CLOSED, TEXTS, note
from sqlalchemy import select, text, update
from stored import ANYBODY, DAY, NOW, PUBLIC, SECRET, TEAM, paper, settle, share, store, tag

from papers.asker import Asker
from papers.errors import UnknownPaper
from papers.note import Audience, Channel, ChannelKind
from papers.nudges import Job
from papers.relatedness import RelatedNote
from papers.relating import Relating, related_to
from papers.shelf import Shelf
from storage import tables
from storage.engine import Database
from storage.shelves import StoredShelves


def nobody(_job: Job) -> None:
    """Takes no nudge."""


def found(shelf: Shelf, note_id: int, audience: Audience = ANYBODY) -> tuple[RelatedNote, ...]:
    """What an audience is told, be it anybody."""
    return related_to(shelf, note_id, audience)


@pytest.fixture
def stored(shelves: StoredShelves) -> StoredShelves:
    with shelves.writing() as shelf:
        settle(shelf)
        for number in range(1, 7):
            note(shelf, number)
    return shelves


def test_papers_that_speak_of_the_same_are_related_with_their_words(stored: StoredShelves) -> None:
    with stored.reading() as shelf:
        (one,) = found(shelf, 1)
        assert (one.note_id, one.paper.paper_id) == (2, paper(2))
        assert set(one.reasons.words) == {"Knowledge distillation", "large language models", "small"}
        assert [one.note_id for one in found(shelf, 3)] == [4]
        assert found(shelf, 5) == ()


def test_papers_whose_words_have_only_a_stem_in_common_are_not_related(stored: StoredShelves) -> None:
    with stored.writing() as shelf:
        note(shelf, 7, title="Harmonic", abstract="Riemann.")
        other = note(shelf, 8, title="Harmonization", abstract="Foreground.")
        assert found(shelf, 7) == found(shelf, other) == ()
    Relating(stored, nobody, FakeGate()).keep_ready()
    with stored.reading() as shelf:
        assert shelf.relations.kept([7, other]) == {}
        assert found(shelf, 7) == ()


def test_both_databases_give_the_same_scores(stored: StoredShelves) -> None:
    with stored.reading() as shelf:
        assert [(one.note_id, one.percent) for number in range(1, 7) for one in found(shelf, number)] == [
            (2, 81),
            (1, 72),
            (4, 58),
            (3, 79),
        ]


def test_a_new_text_takes_the_place_of_the_old_one(stored: StoredShelves) -> None:
    with stored.writing() as shelf:
        store(shelf, paper(2), NOW + DAY, version=2, title="Knots", abstract="Alternating knots and diagrams.")
        assert found(shelf, 1) == ()
        assert [one.note_id for one in found(shelf, 2)] == [5]


def test_authors_threads_and_two_tags_relate_what_has_no_word_in_common(stored: StoredShelves) -> None:
    with stored.writing() as shelf:
        by_author = note(shelf, 7, title="Zebra", abstract="Stripes.", authors=("Author 6", "Ben"))
        share(shelf, paper(6), PUBLIC, "9.0")
        share(shelf, paper(5), PUBLIC, "9.0")
        for note_id in (6, 4):
            tag(shelf, note_id, PUBLIC, "one, two, three")
        reasons = {one.note_id: one.reasons for one in found(shelf, 6)}
    assert reasons[by_author].authors == ("Author 6",)
    assert reasons[5].thread
    assert {one.name for one in reasons[4].tags} == {"one", "two", "three"}
    assert set(reasons) == {by_author, 5, 4}


@pytest.mark.parametrize("channel", CLOSED)
def test_a_note_of_a_closed_channel_is_related_to_nothing_outside_and_weighs_nothing(
    stored: StoredShelves, channel: str
) -> None:
    with stored.reading() as shelf:
        before = {number: found(shelf, number) for number in range(1, 7)}
    with stored.writing() as shelf:
        hidden = [
            note(shelf, 7, channel, title=TEXTS[0][0], abstract=TEXTS[0][1], authors=("Author 1",)),
            note(
                shelf, 8, channel, title="Language", abstract="Large models of knowledge.", authors=("Author 1",)
            ),
        ]
        tag(shelf, hidden[0], channel, "hush, still")
        tag(shelf, 1, channel, "hush, still")
        share(shelf, paper(1), channel, "70.0")
        share(shelf, paper(5), channel, "70.0")
    with stored.reading() as shelf:
        for audience in (ANYBODY, Audience(TEAM, PUBLIC)):
            assert {number: found(shelf, number, audience) for number in range(1, 7)} == before
        inside = {one.note_id: one.reasons for one in found(shelf, 1, Audience(TEAM, channel))}
    assert [one.key for one in inside[hidden[0]].tags] == ["hush", "still"]
    assert inside[hidden[0]].authors == ("Author 1",)
    assert inside[5].thread


def test_a_closed_channels_tag_is_no_reason_between_two_public_notes(stored: StoredShelves) -> None:
    with stored.writing() as shelf:
        for note_id in (1, 2, 3):
            tag(shelf, note_id, SECRET, "hush, still, quiet, soft, low")
    with stored.reading() as shelf:
        assert [(one.note_id, one.reasons.tags) for one in found(shelf, 1)] == [(2, ())]
        inside = found(shelf, 1, Audience(TEAM, SECRET))
    assert [one.note_id for one in inside] == [2, 3]
    assert len(inside[0].reasons.tags) == 5
    assert inside[0].score > found_score(stored, 1)


def found_score(shelves: StoredShelves, note_id: int) -> float:
    with shelves.reading() as shelf:
        return found(shelf, note_id)[0].score


def test_a_channel_made_private_takes_its_notes_out_of_all_lists(stored: StoredShelves) -> None:
    with stored.writing() as shelf:
        shelf.directory.store_channel(TEAM, Channel("C_NEW", "new", ChannelKind.PUBLIC), NOW)
        extra = note(shelf, 7, "C_NEW", title=TEXTS[4][0], abstract=TEXTS[4][1])
        assert [one.note_id for one in found(shelf, 5)] == [extra]
        shelf.directory.store_channel(TEAM, Channel("C_NEW", "new", ChannelKind.PRIVATE), NOW)
        assert found(shelf, 5) == ()
        assert [one.note_id for one in found(shelf, 5, Audience(TEAM, "C_NEW"))] == [extra]


def test_who_does_not_see_a_note_is_not_told_what_it_is_related_to(stored: StoredShelves) -> None:
    with stored.writing() as shelf:
        hidden = note(shelf, 7, SECRET)
    relating = Relating(stored, nobody, FakeGate())
    with pytest.raises(UnknownPaper):
        relating.related(Asker(TEAM, PUBLIC, "U1", "act"), hidden)
    assert [one.note_id for one in relating.related(Asker(TEAM, SECRET, "U1", "act"), hidden)] == [1, 2]


def test_papers_stored_before_are_read_in_once_by_whoever_comes_first(database: Database) -> None:
    shelves = StoredShelves(database)
    with shelves.writing() as shelf:
        settle(shelf)
        for number in range(1, 7):
            note(shelf, number)
        share(shelf, paper(7), PUBLIC, "7.0")  # its source has not answered yet
        expected = found(shelf, 1)
    with database.writing() as connection:
        connection.execute(text("DELETE FROM paper_terms"))
        connection.execute(text("DELETE FROM paper_authors"))
        connection.execute(update(tables.papers).values(words=None))
    with shelves.reading() as shelf:
        assert found(shelf, 1) == ()
    Relating(shelves, nobody, FakeGate()).keep_ready()
    with shelves.reading() as shelf:
        assert found(shelf, 1) == expected


def test_the_same_answer_of_the_source_leaves_the_terms_as_they_are(database: Database) -> None:
    shelves = StoredShelves(database)
    terms = select(tables.paper_terms).order_by(tables.paper_terms.c.term)
    with shelves.writing() as shelf:
        settle(shelf)
        note(shelf, 1)
    with database.reading() as connection:
        before = connection.execute(terms).all()
    with shelves.writing() as shelf:
        store(shelf, paper(1), NOW + DAY, title=TEXTS[0][0], abstract=TEXTS[0][1], authors=("Author 1",))
    with database.reading() as connection:
        assert connection.execute(terms).all() == before
