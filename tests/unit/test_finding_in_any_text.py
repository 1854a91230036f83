"""Finding papers in any text at all: it never raises, never invents an id, and takes its fair time."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from versioned_ids import versioned_id

from papers.arxiv_ids import parse_arxiv_id
from papers.finding import find_papers

TODAY = date(2026, 11, 21)


PIECES = [
    "<",
    ">",
    "|",
    "[",
    "]",
    "(",
    ")",
    "](",
    "`",
    "```",
    "https://",
    "arxiv.org/abs/",
    "2310.13671",
    "v2",
    "arXiv:",
]
PIECES += [
    "hep-th/9901001",
    "&amp;",
    "&gt;",
    " ",
    "\n",
    "…",
    "。",
    "é",
    "%",
    "#",
    "?",
    "/",
    "www.google.com/url?q=",
    "..",
]
PIECES += [
    '<a href="',
    "</a>",
    "@",
    "10.48550/arXiv.",
    "https://huggingface.co/papers/",
    "1234.56789",
    "\ud800",
    "\x00",
]
PIECES += [
    "ｈｔｔｐｓ：／／",
    "ａｒｘｉｖ．ｏｒｇ／ａｂｓ／",
    "ａｒＸｉｖ：",
    "２３１０．１３６７１",
    "ｖ２",
    "／",
    "．",
    "１",
    "（",
    "　",
]


@given(st.text(st.characters()) | st.lists(st.sampled_from(PIECES), max_size=25).map("".join), st.booleans())
def test_no_text_raises_and_every_find_is_a_true_id(text: str, addressed: bool) -> None:
    links = find_papers(text, today=TODAY, addressed=addressed)
    assert len({link.paper_id for link in links}) == len(links)
    for link in links:
        assert parse_arxiv_id(versioned_id(link), today=TODAY, naked=True) == link


@given(st.text(alphabet="abc xyz。、（）\n*_~>é", max_size=20), st.text(alphabet=" 。、）」\n*!?", max_size=20))
def test_a_link_is_found_whatever_stands_around_it(before: str, after: str) -> None:
    links = find_papers(f"{before} https://arxiv.org/abs/2310.13671v2{after}", today=TODAY)
    assert [versioned_id(link) for link in links] == ["2310.13671v2"]


HOSTILE = [
    "<",
    "[",
    "](",
    "`",
    "```",
    "(",
    "https://",
    "<https://",
    "<a href=",
    '<a href="x">',
    "arxiv:",
    "arxiv ",
    "a.",
]
HOSTILE += [
    "a-",
    "2310.13671",
    "[2310.13671]",
    "](https://",
    "https://a(https://",
    "https://]",
    "&lt;",
    "%",
    "é",
    "。",
    "1",
]
HOSTILE += [
    "https://www.google.com/url?q=",
    "hep-th/",
    "https://arxiv.org/abs/2310.13671,",
    "<x:",
    "|<",
    "</a>",
    "a",
]
HOSTILE += [
    "ａ",
    "１",
    "－",
    "．",
    "ｈｔｔｐｓ：／／",
    "ａｒｘｉｖ：",
    "ａｒｘｉｖ　",
    "ａ－",
    "ａ．",
    "２３１０．１３６７１",
    "ａｒｘｉｖ．ｏｒｇ／",
]


def seconds(text: str) -> float:
    started = time.process_time()
    find_papers(text, today=TODAY, addressed=True)
    return time.process_time() - started


@pytest.mark.parametrize("piece", HOSTILE)
def test_time_grows_with_the_text_and_not_faster(piece: str) -> None:
    short, long = (piece * (size // len(piece)) for size in (62_500, 1_000_000))
    # Sixteen times the text: about 16 times the time if it is linear, 256 times if it is quadratic.
    assert seconds(long) < 64 * max(min(seconds(short) for _ in range(3)), 0.005)
