"""What makes two notes related, how much, and the words for it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from written import note, paper, share

from papers.attention import Attention
from papers.brief import Brief, brief_of
from papers.kinship import CARRIERS, Kinship
from papers.note import Channel, Message, Share, Tag
from papers.relatedness import WEAK, Kept, Kin, Likeness, Usage, related
from papers.tags import tag
from storage.phrases import Spoken
from storage.terms import terms

NOBODY = Usage(100, {})


def alone(number: int, **changes: object):  # type: ignore[no-untyped-def]  # a note as `note` makes it
    """A note that shares nothing with any other."""
    facts: dict[str, object] = {"paper": paper(number, authors=(f"Author {number}",)), "shares": ()}
    return note(number, **(facts | changes))


def in_thread(number: int, ts: str, thread: str | None = None, channel: str = "C1") -> Share:
    return replace(share(number=number), channel=Channel(channel), message=Message("T1", channel, ts, thread))


def test_notes_with_nothing_in_common_are_not_related() -> None:
    assert related(alone(1), [alone(2), alone(3)], {2: Likeness(0.0), 3: Likeness(WEAK - 0.01)}, NOBODY) == ()


def test_the_texts_share_is_the_score_and_the_strongest_comes_first() -> None:
    likenesses = {2: Likeness(0.2), 3: Likeness(0.41), 4: Likeness(0.2)}
    found = related(alone(1), [alone(4), alone(3), alone(2)], likenesses, NOBODY)
    assert [(one.note_id, one.percent) for one in found] == [(3, 41), (2, 20), (4, 20)]


def test_only_so_many_are_given_as_are_asked_for_and_never_the_note_itself() -> None:
    likenesses = {number: Likeness(0.5) for number in range(1, 9)}
    found = related(alone(1), [alone(number) for number in range(1, 9)], likenesses, NOBODY, limit=3)
    assert [one.note_id for one in found] == [2, 3, 4]


def test_a_shared_author_relates_notes_and_is_named_as_the_asked_paper_writes_it() -> None:
    ours, theirs = ("Ada Lovelace", "Ｂｅｎ Aoki", "Ada Lovelace"), ("ben aoki", "Someone Else")
    found = related(alone(1, paper=paper(1, authors=ours)), [alone(2, paper=paper(2, authors=theirs))], {}, NOBODY)
    assert [(one.reasons.authors, one.percent) for one in found] == [(("Ｂｅｎ Aoki",), 15)]


def test_a_collaboration_of_a_thousand_counts_as_three_authors() -> None:
    names = tuple(f"Author {number}" for number in range(1000))
    found = related(alone(1, paper=paper(1, authors=names)), [alone(2, paper=paper(2, authors=names))], {}, NOBODY)
    assert found[0].score == pytest.approx(1 - 0.85**3, abs=1e-4)


def test_a_rare_tag_lifts_more_than_one_that_every_note_carries() -> None:
    ours = alone(1, tags=(tag("Common"), tag("Rare")))
    usage = Usage(100, {"common": 100, "rare": 2})
    likenesses = {2: Likeness(0.3), 3: Likeness(0.3)}
    found = related(ours, [alone(2, tags=(tag("common"),)), alone(3, tags=(tag("rare"),))], likenesses, usage)
    assert [one.note_id for one in found] == [3, 2]
    assert found[0].reasons.tags == (Tag("Rare", "rare"),)
    assert found[1].score == 0.3


def test_tags_are_told_rarest_first() -> None:
    tags = (tag("everywhere"), tag("b-rare"), tag("a-rare"))
    usage = Usage(10, {"everywhere": 10, "b-rare": 2, "a-rare": 2})
    found = related(alone(1, tags=tags), [alone(2, tags=tags)], {2: Likeness(0.5)}, usage)
    assert [one.name for one in found[0].reasons.tags] == ["a-rare", "b-rare", "everywhere"]


def test_papers_shared_in_one_thread_are_related_and_those_in_like_threads_of_two_channels_are_not() -> None:
    ours = alone(1, shares=(in_thread(1, "1.0"),))
    reply, elsewhere = in_thread(2, "1.5", "1.0"), in_thread(3, "1.5", "1.0", channel="C2")
    found = related(ours, [alone(2, shares=(reply,)), alone(3, shares=(elsewhere,))], {}, NOBODY)
    assert [(one.note_id, one.reasons.thread) for one in found] == [(2, True)]


def test_papers_added_by_command_whose_cards_are_not_posted_share_no_thread() -> None:
    waiting = in_thread(1, "")
    assert related(alone(1, shares=(waiting,)), [alone(2, shares=(waiting,))], {}, NOBODY) == ()


def test_what_is_in_common_never_makes_more_than_all() -> None:
    tags, authors = (tag("Rare"),), ("A", "B", "C")
    ours, theirs = (
        alone(number, tags=tags, paper=paper(number, authors=authors), shares=(in_thread(number, "1.0"),))
        for number in (1, 2)
    )
    assert related(ours, [theirs], {2: Likeness(1.2)}, Usage(50, {"rare": 2}))[0].percent == 100


def test_among_many_notes_each_finds_those_near_it_by_text_author_thread_or_two_tags() -> None:
    notes = [
        alone(1, tags=(tag("a"), tag("b"), tag("c"))),
        alone(2),
        alone(3, paper=paper(3, authors=("Author 1",))),
        alone(4, tags=(tag("a"), tag("b"), tag("c"))),
        alone(5, tags=(tag("a"),)),
        alone(6, shares=(in_thread(6, "1.0"),)),
        alone(7, shares=(in_thread(7, "2.0", "1.0"),)),
        *(alone(number) for number in range(8, 30)),
    ]
    kinship = Kinship(map(brief_of, notes))
    found = kinship.of(1, {2: Kept(0.5, ("distillation",)), 99: Kept(0.9, ("hidden",))})
    assert [one.brief.note_id for one in found] == [2, 4, 3]
    assert found[0].reasons.words == ("distillation",)
    assert [one.brief.note_id for one in kinship.of(6, {})] == [7]
    assert kinship.of(2, {}) == kinship.of(5, {}) == ()


def test_a_comment_changes_no_list_of_others_and_another_title_does() -> None:
    one, other = (brief_of(alone(number, paper=paper(number, authors=("Aki",)))) for number in (1, 2))
    kinship = Kinship([one, other])
    discussed = replace(one, attention=Attention(comments=3))
    assert kinship.change(1, discussed) == set()
    assert kinship.of(2, {})[0].brief == discussed
    assert kinship.change(1, replace(one, title="Another")) == {2}
    assert kinship.change(1, None) == {2} and kinship.of(2, {}) == ()


def test_of_many_papers_by_one_author_only_the_newest_concern_the_lists_of_others() -> None:
    last = CARRIERS + 20
    briefs = {n: brief_of(alone(n, paper=paper(n, authors=("Aki", f"Author {n}")))) for n in range(1, last + 1)}
    kinship = Kinship(briefs.values())

    def lists() -> dict[int, tuple[Kin, ...]]:
        return {number: kinship.of(number, {}) for number in range(30, 40)}

    def concerns_others(number: int, now: Brief | None) -> bool:
        before = lists()
        concerned = kinship.change(number, now)
        changed = {one for one, list_now in lists().items() if list_now != before[one]}
        assert changed <= concerned
        return bool(concerned)

    assert concerns_others(last, replace(briefs[last], title="Another"))
    assert not concerns_others(3, replace(briefs[3], title="Another"))
    assert not concerns_others(5, None)
    assert not concerns_others(5, briefs[5])
    assert concerns_others(last - 1, None)
    assert concerns_others(last - 1, briefs[last - 1])


def test_terms_are_stems_without_common_words_and_numbers_those_of_the_title_counted_twice() -> None:
    found = terms("Distilling LLMs", "We distill 100 LLMs for the distillation of GPT-4.")
    assert found == {"distil": 4, "llm": 3, "gpt": 1}


@pytest.mark.parametrize("plural, single", [("LLMs", "LLM"), ("networks", "network"), ("ＧＰＵ", "gpu")])
def test_forms_of_one_word_are_one_term(plural: str, single: str) -> None:
    assert terms(plural, "").keys() == terms(single, "").keys()


def test_japanese_runs_of_one_script_are_terms() -> None:
    assert set(terms("大規模言語モデルの評価", "")) == {"大規模言語", "モデル", "評価"}


def test_a_text_of_any_length_has_a_bounded_number_of_terms() -> None:
    assert terms("", " ".join(f"word{number}" for number in range(50_000))).total() == 2_000


def shared(ours: str, theirs: str, most: int = 9) -> tuple[str, ...]:
    common = terms("", ours).keys() & terms("", theirs).keys()
    weights = {one: 1.0 / number for number, one in enumerate(sorted(common), start=1)}
    return Spoken("", ours).shared(Spoken("", theirs), weights, most)


def test_a_phrase_that_stands_in_both_is_told_whole_as_the_asked_paper_writes_it() -> None:
    assert shared("We study in-context learning.", "In-context learning is hard.") == ("in-context learning",)
    assert shared("Chain-of-Thought works", "a chain of thought") == ("Chain-of-Thought",)
    assert shared("large language models of LLMs", "LLM: a large language model") == (
        "large language models",
        "LLMs",
    )


def test_words_that_stand_together_in_one_paper_only_are_told_apart() -> None:
    assert set(shared("context learning", "learning of context")) == {"context", "learning"}
    assert set(shared("first graph. Kernel second", "graph kernel")) == {"graph", "Kernel"}


@pytest.mark.parametrize(
    ("ours", "theirs", "told"),
    [
        ("Harmonic analysis", "Image harmonization", ()),
        ("harmonic maps", "harmonization maps", ("maps",)),
        ("harmonics", "harmonic", ("harmonics",)),
        ("models trained", "train a modelling", ("models", "trained")),
        ("libraries", "library", ("libraries",)),
        ("tuning", "tuned", ("tuning",)),
        ("批判 モデル", "モデル", ("モデル",)),
    ],
)
def test_a_word_is_told_only_if_both_have_it_in_a_plain_form(
    ours: str, theirs: str, told: tuple[str, ...]
) -> None:
    assert set(shared(ours, theirs)) == set(told)


def test_words_are_told_weightiest_first_and_only_so_many() -> None:
    assert shared("apple; banana; cherry; date", "date; cherry; banana; apple", most=2) == ("apple", "banana")
