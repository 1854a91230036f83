"""Cutting abstracts into sentences: English with TeX, and Japanese."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrichment.plain import fold, scrub
from enrichment.sentences import split

LATIN_PIECES = st.sampled_from(
    [
        "We",
        "show",
        "x. Y",
        "$a. B$",
        "$",
        "et al.",
        "etc.",
        "1.",
        "e.g.",
        "(Fig. 2)",
        "?",
        "!",
        ".",
        ". ",
        "\n",
        "\\",
        "É",
        "iOS",
    ]
)
ALL_PIECES = LATIN_PIECES | st.sampled_from(["表", "。", "（", "）", "「", "」", "？", "！", "．", "\r\n", "5"])


@pytest.mark.parametrize(
    "text, expected",
    [
        ("One here. Two here! Three here? Four.", 4),
        ("It holds. $x$ is small. \\emph{So} what. *Code* is free.", 4),
        ("We ask why. α is small. 𝐱 is bold. 3 remain. {Zr} is last.", 5),
        ("Some use iPhones. iPhones are used. k-NN works. but this stays.", 3),
        ('He said "No way." Then he left. (It is so.) We go on.', 4),
    ],
)
def test_a_full_stop_before_a_beginning_ends_a_sentence(text: str, expected: int) -> None:
    assert len(split(text)) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Let $x_i. Y$ be given and $a! B$ too.",
        "See cf. Fig. 3 and Eq. 4 with approx. 5 in Sec. 2 of Ref. 7.",
        "The work of D. E. Knuth and J.R. Smith, e.g. TeX, i.e. Type, is known.",
        "It costs approx. 5 vs. Ten w.r.t. Time.",
        "As of Phys. Rev. D 12 and arXiv. Org it is so.",
        "Smith et al. (2019) and Jones et al. [3] and Wu et al. 2020 agree.",
        "Read https://example.org/a.B?c=D. or that page, more at https://x.y.",
        "the steps are: 1. First we look",
    ],
)
def test_abbreviations_formulas_addresses_and_numbers_do_not_end_a_sentence(text: str) -> None:
    assert split(text) == [text]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("It is due to Smith et al. We differ.", ["It is due to Smith et al.", "We differ."]),
        ("Cats, dogs etc. We differ.", ["Cats, dogs etc.", "We differ."]),
        ("Samples are i.i.d. We differ.", ["Samples are i.i.d.", "We differ."]),
        ("1. First, look. 2. Second, see.", ["1. First, look.", "2. Second, see."]),
        ("This was in 2019. We differ.", ["This was in 2019.", "We differ."]),
        ("It lies in $B.$ We differ.", ["It lies in $B.$", "We differ."]),
        ("It lies in $X$. We differ.", ["It lies in $X$.", "We differ."]),
        ("It costs $5. We pay $6. They do not.", ["It costs $5.", "We pay $6.", "They do not."]),
        ("See https://x.y/z. We differ.", ["See https://x.y/z.", "We differ."]),
    ],
)
def test_what_may_end_a_sentence(text: str, expected: list[str]) -> None:
    assert split(text) == expected


@pytest.mark.parametrize(
    "text, expected",
    [
        ("手法を示す。結果は良い！なぜ？次へ。", ["手法を示す。", "結果は良い！", "なぜ？", "次へ。"]),
        ("詳細（表1。図2）を見る。終わり。", ["詳細（表1。図2）を見る。", "終わり。"]),
        ("「なぜ？」と問う。終わり。", ["「なぜ？」と問う。", "終わり。"]),
        ("本当？！そう。", ["本当？！", "そう。"]),
        ("値は３．５である．次の文．", ["値は３．５である．", "次の文．"]),
        ("見出し\n本文は続く。", ["見出し", "本文は続く。"]),
    ],
)
def test_japanese_sentences_end_outside_brackets_and_at_line_ends(text: str, expected: list[str]) -> None:
    assert split(text) == expected


def test_line_ends_of_an_english_abstract_are_only_blanks() -> None:
    assert split("We show\nthat it\n  works. It\nis fast.") == ["We show that it works.", "It is fast."]


def test_a_missing_dollar_does_not_swallow_the_sentences_after_it() -> None:
    text = "The set E$ is a variety of flags. We also consider $G$-spaces here. It ends with $x$."
    assert len(split(text)) == 3


@pytest.mark.parametrize("text", ["", " \n ", "\x00\u202e"])
def test_nothing_has_no_sentences(text: str) -> None:
    assert split(text) == []


@given(st.lists(LATIN_PIECES).map(" ".join))
def test_joined_sentences_are_the_folded_text(text: str) -> None:
    assert " ".join(split(text)) == fold(text)


@given(st.lists(ALL_PIECES).map("".join) | st.text())
def test_no_character_is_lost_or_moved(text: str) -> None:
    assert "".join(split(text)).replace(" ", "") == fold(scrub(text)).replace(" ", "")
