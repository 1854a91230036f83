"""The digest holds each note once, in the order in which people want to read it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from written import BEN, NOW, PUBLIC, note, share

from papers import tags
from papers.agenda import agenda
from papers.digest import compose, contributors, human_sentence, open_questions
from papers.note import Comment, Member, Note
from papers.periods import Period

WEEK = Period(NOW - timedelta(days=7), NOW)


def tagged(number: int, *names: str, comments: int = 0, shares: int = 1, days_ago: int = 0) -> Note:
    of = note(
        number,
        tags=tuple(tags.tag(name) for name in names),
        shares=tuple(share(number=n) for n in range(shares)),
        comments=(Comment(BEN, PUBLIC, "x", NOW),) * comments,
    )
    return replace(of, noted_at=NOW - timedelta(days=days_ago))


def groups(*notes: Note) -> list[tuple[str, list[int]]]:
    digest = compose(WEEK, notes)
    return [(group.tag.name if group.tag else "", [one.id for one in group.notes]) for group in digest.groups]


def test_no_notes_make_no_groups() -> None:
    assert compose(WEEK, []).notes == ()


def test_a_note_stands_under_the_tag_that_most_of_the_notes_carry() -> None:
    assert groups(tagged(1, "rare", "LLM"), tagged(2, "LLM"), tagged(3, "llm", "rare")) == [("LLM", [3, 2, 1])]


def test_of_two_tags_as_common_the_first_by_name_is_taken() -> None:
    assert groups(tagged(1, "b", "a")) == [("a", [1])]


def test_a_digest_of_a_tag_is_one_group_under_that_tag() -> None:
    beta = tags.tag("Beta")
    notes = [tagged(1, "Alpha", "Beta"), tagged(2, "Beta", comments=1), tagged(3, "Alpha", "Beta")]
    (group,) = compose(WEEK, notes, beta).groups
    assert (group.tag, [one.id for one in group.notes]) == (beta, [2, 3, 1])
    assert compose(WEEK, [], beta).groups == ()


def test_larger_groups_come_first_and_the_untagged_last() -> None:
    notes = [*(tagged(n) for n in range(1, 4)), tagged(4, "b"), tagged(5, "a"), tagged(6, "c"), tagged(7, "c")]
    assert [name for name, _ in groups(*notes)] == ["c", "a", "b", ""]


def test_in_a_group_what_is_discussed_comes_first_then_what_is_shared_most_then_the_newest() -> None:
    notes = [
        tagged(1, "x", days_ago=3),
        tagged(2, "x", days_ago=1),
        tagged(3, "x", shares=4, days_ago=5),
        tagged(4, "x", comments=1, days_ago=6),
        tagged(5, "x", comments=9, days_ago=6),
    ]
    assert groups(*notes) == [("x", [5, 4, 3, 2, 1])]


def test_spellings_of_one_tag_are_one_group() -> None:
    assert [ids for _, ids in groups(tagged(1, "LLM"), tagged(2, "ｌｌｍ"))] == [[2, 1]]


NOTES = st.lists(
    st.builds(
        lambda number, names, comments, shares, days: tagged(
            number, *names, comments=comments, shares=shares, days_ago=days
        ),
        st.integers(1, 10_000),
        st.lists(st.sampled_from("abcde"), unique=True),
        st.integers(0, 3),
        st.integers(1, 3),
        st.integers(0, 6),
    ),
    unique_by=lambda one: one.id,
    max_size=30,
)


@given(notes=NOTES, seed=st.randoms())
def test_each_note_stands_in_it_once_in_whatever_order_they_come(notes: list[Note], seed: object) -> None:
    digest = compose(WEEK, notes)
    assert sorted(one.id for one in digest.notes) == sorted(one.id for one in notes)
    seed.shuffle(notes)  # type: ignore[attr-defined]  # a Random
    assert compose(WEEK, notes) == digest
    for group in digest.groups:
        assert all((group.tag in one.tags) if group.tag else not one.tags for one in group.notes)
    assert all(group.tag for group in digest.groups[:-1])


AIKO = Member("U2", "Aiko")


def talk(number: int, *said: tuple[Member, str]) -> Note:
    written = (Comment(who, PUBLIC, text, NOW + timedelta(minutes=at)) for at, (who, text) in enumerate(said))
    return note(number, comments=tuple(written))


@pytest.mark.parametrize(
    "text",
    [
        "Does it hold for small models?",
        "小さいモデルでも成り立つ？",
        "小さいモデルでも成り立ちますか",
        "Why (really)? See https://example.org/a",
        "これはどういう意味でしょうか。",
    ],
)
def test_a_question_is_open_until_somebody_else_speaks(text: str) -> None:
    of = talk(1, (BEN, text), (BEN, "I mean those below 1B."))
    assert [question.comment.text for question in open_questions(of)] == [text]
    answered = talk(1, (BEN, text), (AIKO, "It does, see table 3."))
    assert open_questions(answered) == ()


@pytest.mark.parametrize("text", ["See https://example.org/?q=1", "Interesting.", "確かにそうです", "a?b:c"])
def test_what_asks_nothing_is_no_question(text: str) -> None:
    assert open_questions(talk(1, (BEN, text))) == ()


def test_the_human_sentence_says_something_and_asks_nothing_where_there_is_one() -> None:
    of = talk(1, (BEN, "wow"), (BEN, "Is this the same as LoRA?"), (AIKO, "A cheaper way to tune adapters."))
    sentence = human_sentence(of)
    assert sentence
    assert sentence.text == "A cheaper way to tune adapters."
    assert human_sentence(talk(1, (BEN, "+1"))) is None
    asked = human_sentence(talk(1, (BEN, "Is this the same as LoRA?")))
    assert asked


def test_what_somebody_struck_is_no_human_sentence() -> None:
    of = talk(1, (BEN, "~This is wrong from the start~ yes"), (AIKO, "A cheaper way to tune adapters."))
    sentence = human_sentence(of)
    assert sentence and sentence.member == AIKO


def test_who_shared_and_who_else_commented_are_credited_once() -> None:
    sharers, commenters = contributors(talk(1, (AIKO, "a"), (BEN, "b"), (AIKO, "c")))
    assert (sharers, commenters) == ((BEN,), (AIKO,))


def test_the_agenda_holds_what_is_discussed_and_not_what_was_only_shared() -> None:
    quiet, asked, discussed = note(1), talk(2, (BEN, "Why?")), talk(3, (BEN, "a b c d"), (AIKO, "e f g h"))
    chosen = agenda([quiet, discussed, asked])
    assert [item.note.id for item in chosen.items] == [2, 3]
    assert [question.comment.text for question in chosen.items[0].questions] == ["Why?"]
    assert agenda([quiet]).items == ()
    assert agenda([talk(n, (BEN, "some words")) for n in range(1, 20)]).more == 11


def test_a_note_with_a_short_word_or_an_image_is_not_counted_as_one_without_a_word() -> None:
    said = [Comment(Member("U2", "Aki"), PUBLIC, text, NOW) for text in ("面白い", "+1", "")]
    digest = compose(WEEK, [note(1), *(note(number, comments=(one,)) for number, one in enumerate(said, 2))])
    assert digest.wordless == 1
