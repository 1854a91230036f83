"""What a person types, in the form that Slack stores and sends."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from playground.typed_text import rich_text, slack_text

IDS = {("user", "fusen"): "U1", ("channel", "papers"): "C1"}


def find(kind: str, name: str) -> str | None:
    return IDS.get((kind, name))


def typed(text: str) -> str:
    return slack_text(rich_text(text, find, typed=True))


def links(blocks: list[dict[str, Any]]) -> list[str]:
    inner = [e for block in blocks for part in block["elements"] for e in part["elements"]]
    return [e["url"] for e in inner if e["type"] == "link"]


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("plain", "plain"),
        ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
        ("&amp; is typed", "&amp;amp; is typed"),
        ("<@U1> is typed", "&lt;@U1&gt; is typed"),
        ("https://x.org/a?b=1&c=2", "<https://x.org/a?b=1&amp;c=2>"),
        ("(see https://x.org/a_(b)).", "(see <https://x.org/a_(b)>)."),
        ("https://x.org, https://y.org!", "<https://x.org>, <https://y.org>!"),
        ("論文https://x.org/1。次", "論文<https://x.org/1>。次"),
        ("「https://x.org/1」", "「<https://x.org/1>」"),
        ("arxiv.org/abs/1706.03762", "<http://arxiv.org/abs/1706.03762|arxiv.org/abs/1706.03762>"),
        ("main.py and 3.14", "main.py and 3.14"),
        ("mail me@x.org", "mail <mailto:me@x.org|me@x.org>"),
        ("@fusen tag X in #papers", "<@U1> tag X in <#C1>"),
        ("@fusen: hello", "<@U1>: hello"),
        ("@nobody #nowhere C# a@b", "@nobody #nowhere C# a@b"),
        ("@here look", "<!here> look"),
        ("*bold* _it_ ~no~ `x < y`", "*bold* _it_ ~no~ `x &lt; y`"),
        ("2*3*4 snake_case_name", "2*3*4 snake_case_name"),
        ("`https://x.org`", "`https://x.org`"),
        ("> https://x.org\nafter", "&gt; <https://x.org>\nafter"),
        ("```\nhttps://x.org\n```", "```\nhttps://x.org\n```"),
        (":eyes: 10:30:45", ":eyes: 10:30:45"),
    ],
)
def test_typing_becomes_slack_text(text: str, stored: str) -> None:
    assert typed(text) == stored


def test_programs_may_write_slacks_own_forms() -> None:
    text = "<@U1> <https://x.org|label> a &amp; b <#C1> <!here>"
    blocks = rich_text(text, find, typed=False)
    assert slack_text(blocks) == text
    assert links(blocks) == ["https://x.org"]


@given(st.text(alphabet="ab <>&*_~`@#:/.|\n()https://x.org", max_size=200), st.booleans())
def test_no_text_breaks_it(text: str, by_hand: bool) -> None:
    blocks = rich_text(text, find, typed=by_hand)
    assert slack_text(blocks).count("\x00") == 0
    for url in links(blocks):
        assert " " not in url


@given(st.text(max_size=80).filter(lambda t: not set(t) & set("*_~`@#:/.\n>") and t.strip()))
def test_plain_typing_survives_unescaping(text: str) -> None:
    stored = typed(text)
    assert stored.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&") == text


@pytest.mark.parametrize(
    "piece", ["*", "_a", "<https://", "a.", "`", "@", "((", "[[", "a@a.", ">", "http://a.b/("]
)
def test_hostile_typing_costs_no_more_than_its_length(piece: str) -> None:
    def cost(times: int) -> float:
        text = piece * times
        start = time.process_time()
        typed(text)
        return time.process_time() - start

    cost(100)
    small, large = cost(2_000), cost(8_000)
    # Four times the text: quadratic cost would be sixteen times the time.
    assert large < 11 * max(small, 0.02)
