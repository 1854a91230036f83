"""What people type becomes tags, and different spellings of one tag are one."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.tags import LONGEST, InvalidTag, NoTag, Wish, fold, pair, quoted, tag, tags, wishes


def names(typed: str) -> list[str]:
    return [one.name for one in tags(typed)]


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("LLM", ["LLM"]),
        ("#LLM", ["LLM"]),
        ("＃LLM", ["LLM"]),
        ("# LLM", ["LLM"]),
        ("##LLM", ["LLM"]),
        ("DataGeneration, LLM", ["DataGeneration", "LLM"]),
        ("a,b、c，d", ["a", "b", "c", "d"]),
        ("#a #b", ["a", "b"]),
        ("#a　＃b", ["a", "b"]),
        ("#a #b, c", ["a", "b", "c"]),
        ("graph neural networks", ["graph neural networks"]),
        ("graph   neural\t networks ", ["graph neural networks"]),
        ("大規模 言語モデル、評価", ["大規模 言語モデル", "評価"]),
        ("LLM,, ,LLM,", ["LLM"]),
        ("LLM, llm, ＬＬＭ", ["LLM"]),
        ("b, a, B", ["b", "a"]),
        ("C#", ["C#"]),
        ("LLM。", ["LLM"]),
        ("LLM、評価｡ ", ["LLM", "評価"]),
        ('"LLM。"', ["LLM。"]),
        ("v1.", ["v1."]),
        ("C# and F#", ["C# and F#"]),
        ("A/B Testing", ["A/B Testing"]),
        ("<!channel>", ["<!channel>"]),
        ("ＬＬＭ", ["LLM"]),
        ("ＧＰＴ－４　Ｔｕｒｂｏ、Ｃ＋＋、（ＲＡＧ）", ["GPT-4 Turbo", "C++", "(RAG)"]),
        ("評価（自動）", ["評価（自動）"]),
        ("①、㈱、ﾃｽﾄ、㎞、ﬁne、〜", ["①", "㈱", "ﾃｽﾄ", "㎞", "ﬁne", "〜"]),
        ("é", ["é"]),
        ("👩‍🔬", ["👩🔬"]),
        ("🤖", ["🤖"]),
    ],
)
def test_what_is_typed_becomes_tags_in_order(typed: str, expected: list[str]) -> None:
    assert names(typed) == expected


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "#",
        "＃＃",
        ",",
        "、，,",
        "# #",
        "\u200b",
        "\u200b,\u200d",
        "\u3164",
        "\u2800\u2800",
        "\u0301",
        "\ufe0f",
    ],
)
def test_nothing_to_see_is_no_tag(typed: str) -> None:
    with pytest.raises((InvalidTag, NoTag)) as caught:
        tags(typed)
    assert ("1 to 200 characters" in str(caught.value)) == bool(typed.strip(" ,、，"))


def test_a_tag_has_at_most_two_hundred_characters() -> None:
    assert tag("x" * LONGEST).name == "x" * LONGEST
    with pytest.raises(InvalidTag) as caught:
        tag("x" * (LONGEST + 1))
    assert len(str(caught.value)) < 200
    with pytest.raises(InvalidTag):
        tag("\ufdfa" * LONGEST)  # one sign, eighteen letters when folded


@pytest.mark.parametrize("one", ["a,", "a, #", "ok, " + "x" * 201])
def test_one_wrong_tag_among_others_is_told_and_an_empty_one_is_passed_over(one: str) -> None:
    if one == "a,":
        assert names(one) == ["a"]
    else:
        with pytest.raises(InvalidTag):
            tags(one)


@pytest.mark.parametrize(
    "spellings",
    [
        ("LLM", "llm", "ＬＬＭ", "ｌｌｍ", "#LLM", "L\u200bLM", "\u202eLLM\u202c", "LLM\u3164"),
        ("ﾊﾟﾗﾒｰﾀ", "パラメータ", "ハ\u309aラメータ"),
        ("Straße", "STRASSE"),
        ("café", "cafe\u0301", "CAFÉ"),
        ("graph  nets", "Graph Nets", "graph\u3000nets", "graph\u00a0nets", "graph\nnets"),
        ("①", "1"),
    ],
)
def test_spellings_that_differ_in_width_case_or_hidden_characters_are_one_tag(spellings: tuple[str, ...]) -> None:
    assert len({tag(one).key for one in spellings}) == 1


@pytest.mark.parametrize(("one", "other"), [("か", "が"), ("はし", "ハシ"), ("e", "é"), ("C", "C#"), ("1", "l")])
def test_spellings_that_mean_different_things_are_two_tags(one: str, other: str) -> None:
    assert tag(one).key != tag(other).key


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(max_size=300))
def test_a_tag_is_clean_short_and_reads_as_itself(typed: str) -> None:
    try:
        found = tags(typed)
    except (InvalidTag, NoTag):
        return
    assert len({one.key for one in found}) == len(found)
    for one in found:
        assert 0 < len(one.name) <= LONGEST
        assert 0 < len(one.key) <= LONGEST
        assert one.name == one.name.strip()
        assert not one.name.startswith(("#", "＃"))
        assert not any(unicodedata.category(c) in ("Cc", "Cf", "Cs") for c in one.name)
        assert tag(one.name) == one
        assert fold(one.key) == one.key


@pytest.mark.parametrize(
    "typed",
    [
        '"data-gen"',
        "“data-gen”",
        '#"data-gen"',
        ' "data-gen" ',
        "＂data-gen＂",
        "「data-gen」",
        "『data-gen』",
        "＃「data-gen」 ",
    ],
)
def test_quotation_marks_mean_exactly_this_tag(typed: str) -> None:
    (wish,) = wishes(typed)
    assert wish == Wish(tag("data-gen"), exactly=True)
    assert wishes(quoted(wish.tag)) == (wish,)


@pytest.mark.parametrize(
    "typed",
    [
        'say "x" twice',
        'a "quoted"',
        '"',
        '5"',
        "評価（自動）",
        "「評価」の「自動」",
        "評価「自動」",
        "「評価",
        "「評価』",
        "「」",
    ],
)
def test_other_quotation_marks_are_part_of_the_name(typed: str) -> None:
    assert wishes(typed) == (Wish(tag(typed)),)


@pytest.mark.parametrize("typed", ["LLMs, LLM", "#LLMs、LLM", "LLMs，  LLM", '"LLMs", "LLM"'])
def test_two_tags_are_parted_by_the_first_comma(typed: str) -> None:
    assert pair(typed) == (tag("LLMs"), tag("LLM"))


def test_a_pair_may_be_two_spellings_of_one_tag_and_needs_two_names() -> None:
    assert pair("llm, LLM") == (tag("llm"), tag("LLM"))
    assert pair("llm") is None
    assert pair("llm, LLM, RAG") is None
    with pytest.raises(InvalidTag):
        pair("llm, ")


@pytest.mark.parametrize("typed", ["“評価”。", '"評価"｡ ', "「評価」。", "評価。"])
def test_a_closing_full_stop_is_no_part_of_a_tag_in_quotation_marks_either(typed: str) -> None:
    (wish,) = wishes(typed)
    assert wish == Wish(tag("評価"), exactly=typed != "評価。")
