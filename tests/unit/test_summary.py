"""Choosing the two sentences of an abstract that say what was done and what came out."""

import gzip
import json
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st
from real_data import REAL_DATA, needs_real_data

from enrichment.plain import fold
from enrichment.sentences import split
from enrichment.summary import refers_back, summarise

BACKGROUND = "Many people read papers every day."
CUE = "We propose a quiet notebook for laboratories."
RESULT = "The notebook improves recall by 12% over a mailing list."
OTHER = "Readers differ in taste."
CODE = "Our code is available at https://example.org/notebook for laboratories."

WORDS = st.sampled_from(
    ["we", "propose", "this", "paper", "graph", "code", "available", "results", "show", "5%", "notebook", "it"]
)
SENTENCES = st.lists(WORDS, min_size=1, max_size=8).map(lambda words: "Thus " + " ".join(words) + ".")
ABSTRACTS = st.lists(SENTENCES, min_size=1, max_size=9).map(" ".join)


def test_what_was_done_and_what_came_out_are_shown() -> None:
    abstract = " ".join([BACKGROUND, OTHER, CUE, RESULT, CODE])
    assert summarise("A quiet notebook", abstract) == f"{CUE} {RESULT}"


def test_the_order_is_the_abstracts_though_the_best_sentence_comes_last() -> None:
    first = "The notebook of a laboratory is quiet."
    assert summarise("A quiet notebook", " ".join([first, OTHER, OTHER, CUE])) == f"{first} {CUE}"


@pytest.mark.parametrize(
    "sentence",
    [
        "We propose a way.",
        "We newly introduce a way.",
        "This paper investigates a way.",
        "THE WORK PRESENTS A WAY.",
        "In this letter a way is walked.",
        "Here, we walk a way.",
        "We therefore walk a way.",
        "We carefully analyse a way.",
        "Our framework is a way.",
        "A way is introduced.",
    ],
)
def test_a_cue_makes_a_sentence_the_chosen_one(sentence: str) -> None:
    assert sentence in summarise("Anything", f"{BACKGROUND} {OTHER} {OTHER} {sentence}")


@pytest.mark.parametrize(
    "sentence",
    [
        "We propose code that is available.",
        "The models of our work will be released.",
        "See our work on GitHub.",
        "This paper was accepted at a venue.",
        "In this paper see https://example.org.",
    ],
)
def test_where_the_code_lies_is_no_summary(sentence: str) -> None:
    abstract = f"Clouds move. {sentence} We describe rain. We consider snow."
    assert summarise("Weather", abstract) == "We describe rain. We consider snow."


GAP = "Notebooks of today forget most of what was read."


@pytest.mark.parametrize(
    "opening",
    [
        "To address this, we propose",
        "To deal with these three problems, we propose",
        "In order to close the above gap, we propose",
        "With this in mind, we propose",
        "Motivated by such a need, we propose",
        "Specifically, we propose",
        "We therefore propose",
        "However, we propose",
        "They are why we propose",
        "(2) We propose",
        "3. We propose",
    ],
)
def test_a_sentence_that_refers_back_brings_the_one_before_it(opening: str) -> None:
    main = f"{opening} a quiet notebook for laboratories."
    abstract = " ".join([BACKGROUND, OTHER, GAP, main, RESULT])
    assert summarise("A quiet notebook", abstract) == f"{GAP} {main}"


@pytest.mark.parametrize(
    ("last", "alone"),
    [
        ("This sharing improves what they find by 12%.", False),
        ("They achieve 12% more than the state of the art.", False),
        ("It achieves 12% more than the state of the art.", True),
        ("These results show that it improves what they find by 12%.", True),
    ],
)
def test_a_sentence_that_speaks_of_one_left_out_is_not_the_second(last: str, alone: bool) -> None:
    main, between = "We propose a quiet notebook for laboratories.", "Members of a group share its pages."
    told = summarise("A quiet notebook", " ".join([BACKGROUND, main, between, last]))
    assert told.endswith(last) == alone and main in told


@pytest.mark.parametrize(
    "opening",
    [
        "In this paper, we",
        "For this study, we",
        "In this short letter, we",
        "This paper proposes",
        "It is shown: we",
        "2.5 times, we",
        "(2)-groups: we",
    ],
)
def test_what_names_the_paper_itself_does_not_refer_back(opening: str) -> None:
    main = f"{opening} propose a quiet notebook for laboratories."
    assert summarise("A quiet notebook", " ".join([BACKGROUND, GAP, main, RESULT])) == f"{main} {RESULT}"


def test_where_the_sentence_before_refers_back_too_an_earlier_one_tells_what_it_is_about() -> None:
    main = "To address this, we propose a quiet notebook for laboratories."
    abstract = " ".join([BACKGROUND, "However, these are soon forgotten.", main, RESULT])
    assert summarise("A quiet notebook", abstract) == f"{BACKGROUND} {main}"


def test_the_last_of_several_questions_does_not_begin_a_summary() -> None:
    first = "Laboratories forget most of what they read, and three questions are open: (1) What is worth a note?"
    main = "To answer these questions, we propose a quiet notebook for laboratories."
    asked = "(2) Who writes notes? (3) Which obstacles keep readers from a quiet notebook?"
    assert summarise("A quiet notebook", f"{first} {asked} {main} {RESULT}") == f"{first} {main}"


@needs_real_data
def test_hardly_any_summary_of_a_real_paper_begins_by_referring_back() -> None:
    with gzip.open(REAL_DATA / "arxiv_records.jsonl.gz", "rt", encoding="utf-8") as lines:
        records = [json.loads(line) for line in islice(lines, 0, None, 11)]
    dangling = [
        text
        for one in records
        if refers_back(text := summarise(one["title"], one["summary"]))
        and not fold(one["summary"]).startswith(text[:40])
    ]
    assert len(dangling) <= len(records) // 200  # one in twelve when only scores counted


def test_words_shared_with_the_title_count() -> None:
    abstract = "Cats sleep. Dogs bark. Gravity bends starlight strongly. Fish swim."
    assert "Gravity bends" in summarise("Starlight bent by gravity", abstract)


@pytest.mark.parametrize(
    "result",
    [
        "It outperforms all others in snow.",
        "It sets a new state of the art in snow.",
        "Experiments demonstrate less snow.",
        "We newly observe that snow falls.",
        "Snow falls 3.5x more.",
        r"Snow falls by 40\% more.",
    ],
)
def test_a_result_told_later_is_the_second_sentence(result: str) -> None:
    abstract = f"We propose rain. Then wind blows here. {result} Then sun shines here."
    assert summarise("Weather", abstract) == f"We propose rain. {result}"


def test_a_repetition_is_not_the_second_sentence() -> None:
    abstract = f"{CUE} We propose a quiet notebook for laboratories again. We consider snow. Rain falls."
    assert summarise("Weather", abstract) == f"{CUE} We consider snow."


def test_of_equal_sentences_the_earlier_is_chosen() -> None:
    assert summarise("", "Rain falls. Snow melts. Wind blows. Sun shines.") == "Rain falls. Snow melts."


@pytest.mark.parametrize("abstract", ["One sentence only.", "One here. Two here.", "no stop", ""])
def test_two_or_fewer_sentences_come_back_whole(abstract: str) -> None:
    assert summarise("A title", abstract) == abstract


@given(st.text(max_size=40), ABSTRACTS)
def test_the_summary_is_sentences_of_the_abstract_in_its_order(title: str, abstract: str) -> None:
    sentences = split(abstract)
    chosen = split(summarise(title, abstract))
    assert len(chosen) == min(2, len(sentences))
    rest = iter(sentences)
    assert all(sentence in rest for sentence in chosen)


@given(st.text(), st.text(alphabet=st.characters(exclude_categories=["Cc", "Cf", "Cs", "Co", "Cn"])))
def test_any_text_has_a_summary_if_it_says_anything(title: str, abstract: str) -> None:
    assert bool(summarise(title, abstract)) == bool(fold(abstract))
