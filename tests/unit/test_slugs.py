"""One slug for each tag key, fit for files and links."""

from __future__ import annotations

import unicodedata
from urllib.parse import quote, unquote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from papers.paper import PaperId
from papers.tags import fold
from publishing import addresses
from publishing.slugs import slug

KEYS = [
    *["llm", "c", "c++", "c#", "efficiency/speedup", "a/b testing", "in-context learning", "in-contextlearning"],
    *[
        "in context learning",
        "agents.md",
        "test-time training (ttt)",
        "日本語",
        "要約",
        "🚀",
        "🔥",
        "%?#&\"'",
        "..",
        ".",
    ],
    *["con", "con.txt", "nul", "com1", "lpt9", "index", "-rf", "--", "a--b", "_", "__", ".hidden", "end.", "end "],
    *["a" * 200, "a" * 199 + "b", "あ" * 200, "あ" * 199 + "い", "é", "e\u0301x", "straße", "strasse", "ı", "i"],
    *["x.1", "llm.html", "llm.xml", "c--" + "0" * 12, "a\\b", "a\x00b", "\ud800", "न्यू", "ภาษาไทย", "٣", "½"],
]


def as_on_a_lenient_disk(name: str) -> str:
    """How a file system sees a name that ignores case and composition."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


@pytest.mark.parametrize("key", ["llm", "日本語", "in-contextlearning", "gpt_4", "c", "要約", "über", "한국어"])
def test_a_key_that_is_a_fit_name_is_its_own_slug(key: str) -> None:
    assert slug(key) == key


@pytest.mark.parametrize(
    ("key", "beginning"),
    [
        ("c++", "c--"),
        ("efficiency/speedup", "efficiency-speedup--"),
        ("a/b testing", "a-b-testing--"),
        ("agents.md", "agents-md--"),
        ("con", "con--"),
        ("con.txt", "con-txt--"),
        ("index", "index--"),
        ("..", "tag--"),
        ("🚀", "tag--"),
        ("-rf", "rf--"),
        ("a--b", "a-b--"),
    ],
)
def test_another_key_stays_readable_and_gets_a_hash_of_its_own(key: str, beginning: str) -> None:
    made = slug(key)
    assert made.startswith(beginning)
    assert len(made) == len(beginning) + 12


def test_the_slug_of_a_tag_never_changes() -> None:
    assert slug("c++") == "c--cedb1bac7efc"
    assert slug("efficiency/speedup") == "efficiency-speedup--c8c30af2ed38"


def test_no_two_keys_of_the_table_share_a_slug_on_a_lenient_disk() -> None:
    assert len({as_on_a_lenient_disk(slug(key)) for key in KEYS}) == len(KEYS)


@pytest.mark.parametrize("key", KEYS)
def test_every_slug_is_a_safe_file_name(key: str) -> None:
    check_safe(slug(key))


@given(st.text(max_size=220))
@example("\u0345")
@example("ﬁ")
@example("\u212a")
def test_any_text_makes_a_safe_file_name(key: str) -> None:
    check_safe(slug(key))


ANY_KEYS = st.text(max_size=12) | st.text(alphabet="aAäÄ -_/.#+1ßſıİK", max_size=5)
"""Any keys, and such as are like each other."""


@given(ANY_KEYS, ANY_KEYS)
@example("C", "c")
@example("ＬＬＭ", "llm")
@example("é", "e\u0301")
@example("ss", "ß")
@example("K", "\u212a")
@example("a b", "a-b")
@example("a b", "a  b")
def test_different_keys_have_different_slugs_on_a_lenient_disk(one: str, other: str) -> None:
    if one != other:
        assert as_on_a_lenient_disk(slug(one)) != as_on_a_lenient_disk(slug(other))


def test_spellings_that_are_one_tag_have_one_page() -> None:
    assert addresses.tag_page(fold("ＬＬＭ")) == addresses.tag_page(fold("llm")) == "tags/llm.html"


def test_a_part_of_one_tag_is_never_the_page_of_another() -> None:
    assert addresses.tag_page("llm", 1) == "tags/llm.1.html"
    assert addresses.tag_page("llm.1") != addresses.tag_page("llm", 1)
    assert addresses.tag_page("index") != addresses.tag_list()


@pytest.mark.parametrize(
    ("id_", "path"),
    [
        ("2310.13671", "papers/arxiv/2310.13671.html"),
        ("0704.0001", "papers/arxiv/0704.0001.html"),
        ("hep-th/9901001", "papers/arxiv/hep-th.9901001.html"),
        ("cond-mat/0001001", "papers/arxiv/cond-mat.0001001.html"),
    ],
)
def test_the_page_of_a_paper_is_named_like_the_paper(id_: str, path: str) -> None:
    assert addresses.paper_page(PaperId("arxiv", id_)) == path


@pytest.mark.parametrize(
    "id_", ["../../etc/passwd", "..", "hep-th.9901001", "2310.13671/..", "", "２３１０.13671"]
)
def test_a_strange_id_cannot_leave_its_folder_nor_take_the_page_of_another(id_: str) -> None:
    path = addresses.paper_page(PaperId("arxiv", id_))
    folder, _, name = path.rpartition("/")
    assert folder == "papers/arxiv"
    check_safe(name.removesuffix(".html"))


@pytest.mark.parametrize("key", KEYS)
def test_a_link_leads_to_the_file(key: str) -> None:
    path = addresses.tag_page(key)
    link = addresses.href("../", path)
    assert unquote(link) == f"../{path}"
    assert link == quote(link, safe="/%~")


def check_safe(name: str) -> None:
    assert name
    assert len(name.encode("utf-8")) <= 200
    assert not name.startswith((".", "-")) and not name.endswith((".", " ", "-"))
    assert all(sign.isalnum() or sign in "-_" for sign in name), name
    assert unicodedata.normalize("NFKC", name) == name
    assert name not in {"con", "prn", "aux", "nul", "com1", "lpt1", "index"}
