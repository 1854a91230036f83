"""What is made of a page's own words: the vocabularies that real sites use, and those who misuse them."""

from __future__ import annotations

import encodings
from datetime import UTC, datetime
from encodings.aliases import aliases
from pkgutil import iter_modules

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.page_urls import page_at
from papers.paper import Dated, PaperId, Record
from web_pages.metadata import read_page
from web_pages.records import record_of, twins_of

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
BLOG = PaperId("web", "https://blog.example/posts/a-post")

ACL = """<!doctype html><html><head><meta charset=utf-8><title>On Scale - ACL Anthology</title>
<meta content="On Scale &amp; {Sleep}" name=citation_title><meta content="Alexis Conneau" name=citation_author>
<meta content="Ruiz, José de la" name=citation_author><meta content="2020/7" name=citation_publication_date>
<meta content="Proceedings of the 58th Annual Meeting" name=citation_conference_title>
<meta content="https://aclanthology.org/2020.acl-main.747.pdf" name=citation_pdf_url>
<meta content="10.18653/v1/2020.acl-main.747" name=citation_doi>
<meta property=og:title content="On Scale"><meta property=og:description content="Alexis Conneau, José. ACL 2020.">
</head><body><a href="https://arxiv.org/abs/1911.02116">arXiv</a></body></html>"""

OPENREVIEW = """<title>A Fine Method | OpenReview</title><meta name="citation_title" content="A Fine Method"/>
<meta name="citation_author" content="Ada Lovelace"/><meta name="citation_online_date" content="2023/09/22"/>
<meta name="citation_pdf_url" content="https://openreview.net/pdf?id=xQUe1pOKPam"/>
<meta name="citation_abstract" content="We study fine methods."/>
<meta property="og:site_name" content="OpenReview"/>"""

BLOGGED = """<html><head><title>The Reasonable Effectiveness | Some Blog</title>
<meta name="description" content="Musings."><meta property="og:site_name" content="Some Blog">
<script type="application/ld+json">{"@context":"https://schema.org","@graph":[
{"@type":"WebSite","name":"Some Blog"},
{"@type":"BlogPosting","headline":"The Reasonable Effectiveness","author":[{"@type":"Person","name":"A. Karp"},
{"@type":"Person","name":"B. Two"}],"datePublished":"2015-05-21T23:00:00+09:00","description":"How it works."}]}
</script></head><body><svg><title>Menu</title></svg><p>By John Doe</p></body></html>"""

GITHUB = """<title>GitHub - fugumt/fusen: Shared paper notes · GitHub</title>
<meta property="og:site_name" content="GitHub">
<meta property="og:title" content="GitHub - fugumt/fusen: Shared paper notes">
<meta property="og:description" content="Shared paper notes. Contribute.">
<a href="https://arxiv.org/abs/1911.02116">x</a>"""

DUBLIN = """<meta name="DC.Title" content="An archived thesis"><meta name="DC.creator" content="Müller, Änne">
<meta name="DC.creator" content="Sato Hanako"><meta name="DC.date" content="1999"><meta name="DC.description"
content="On archives."><meta name="DC.identifier" content="doi:10.1234/xyz"><title>Archive</title>"""


def record(html: str | bytes, page: PaperId = BLOG, kind: str = "text/html") -> Record:
    return record_of(page, read_page(html if isinstance(html, bytes) else html.encode(), kind), NOW)


def twins(html: str, page: PaperId = BLOG) -> list[str]:
    return [twin.id for twin in twins_of(page, read_page(html.encode(), "text/html"))]


def test_highwire_tags_of_an_anthology() -> None:
    page = PaperId("acl", "2020.acl-main.747")
    told = record(ACL, page)
    assert told.title == "On Scale & {Sleep}"
    assert told.authors == ("Alexis Conneau", "José de la Ruiz")
    assert (told.date, told.year, told.dated) == ("2020-07", "2020", Dated.MONTH)
    assert told.journal_ref == "Proceedings of the 58th Annual Meeting"
    assert told.doi == "10.18653/v1/2020.acl-main.747"
    assert told.abstract == ""  # what stands there is the reference
    assert twins(ACL, page) == ["1911.02116"]


def test_highwire_tags_with_an_abstract() -> None:
    told = record(OPENREVIEW, PaperId("openreview", "xQUe1pOKPam"))
    assert (told.title, told.abstract, told.date) == ("A Fine Method", "We study fine methods.", "2023-09-22")


def test_json_ld_of_a_blog_goes_before_what_the_page_only_looks_like() -> None:
    told = record(BLOGGED)
    assert told.title == "The Reasonable Effectiveness"
    assert told.authors == ("A. Karp", "B. Two")
    assert (told.abstract, told.date, told.origin) == ("How it works.", "2015-05-21", "page")


def test_open_graph_of_a_repository() -> None:
    told = record(GITHUB, PaperId("github", "fugumt/fusen"))
    assert (told.title, told.abstract) == ("fugumt/fusen: Shared paper notes", "Shared paper notes. Contribute.")
    assert (told.authors, told.date, told.dated) == ((), "", Dated.NEVER)
    assert twins(GITHUB, PaperId("github", "fugumt/fusen")) == []  # a link in a text is no claim


def test_dublin_core_of_an_archive() -> None:
    told = record(DUBLIN)
    assert told.authors == ("Änne Müller", "Sato Hanako")
    assert (told.title, told.abstract, told.date, told.doi) == (
        "An archived thesis",
        "On archives.",
        "1999",
        "10.1234/xyz",
    )


@pytest.mark.parametrize(
    ("html", "title"),
    [
        ("<title>\n  A\u200b plain\n page </title>", "A plain page"),
        ("<title>Safe \u202egnp.exe\u202c \u2066it\u2069\U000e0041\U000e0042</title>", "Safe gnp.exe it"),
        ("<title>می\u200cخواهم 👩\u200d🔬 ❤\ufe0f</title>", "می\u200cخواهم 👩\u200d🔬 ❤\ufe0f"),
        ("<title>\u200c \u200d</title>", "a post (blog.example)"),
        ("<title>A &lt;b&gt;bold&lt;/b&gt; page &amp;amp; more</title>", "A <b>bold</b> page &amp; more"),
        ('<title>x</title><meta property="og:title" content="">', "x"),
        ('<meta name="twitter:title" content="Tweeted"><title>Page</title>', "Tweeted"),
        ('<title>Post - Blog - News</title><meta property="og:site_name" content="Blog - News">', "Post"),
        ('<title>Blog</title><meta property="og:site_name" content="Blog">', "Blog"),
        ("<svg><title>Icon</title></svg><title>Real</title>", "Real"),
        ("", "a post (blog.example)"),
        ("<title></title><body>no", "a post (blog.example)"),
        ("<title>" + "long " * 400, "long " * 99 + "long…"),
        ('<script type="application/ld+json">{broken</script><title>Still</title>', "Still"),
        ('<script type="application/ld+json">' + "[" * 100_000 + "</script><title>Still</title>", "Still"),
        ('<script type="application/ld+json">[1,"x",null,{"@type":["Article"],"headline":"L"}]</script>', "L"),
    ],
)
def test_titles(html: str, title: str) -> None:
    assert record(html).title == title


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("<title>日本語の記事</title>".encode("shift_jis"), "text/html; charset=Shift_JIS"),
        ('<meta charset="euc-jp"><title>日本語の記事</title>'.encode("euc_jp"), "text/html"),
        ("<title>日本語の記事</title>".encode("utf-16"), "text/html"),
        ("<title>日本語の記事</title>".encode("utf-8-sig"), "text/html; charset=iso-8859-1"),
        ("<title>日本語の記事</title>".encode(), "text/html; charset=nonsense"),
    ],
)
def test_charsets(body: bytes, kind: str) -> None:
    assert record(body, kind=kind).title == "日本語の記事"


def test_whatever_charset_a_page_names_it_is_read() -> None:
    for name in sorted({module.name for module in iter_modules(encodings.__path__)} | set(aliases)):
        read_page(b"<title>x</title>" + bytes(range(256)), f"text/html; charset={name}")
        read_page(f"<meta charset={name}>".encode() + bytes(range(256)), "text/html")


@pytest.mark.parametrize(
    "name", ["hex", "base64", "zip", "rot13", "idna", "undefined", "punycode", "unicode_escape"]
)
def test_what_is_no_charset_of_the_web_is_taken_for_utf_8(name: str) -> None:
    title = r"<title>日本語\x41-99b</title>"
    for html, kind in ((title, f"text/html; charset={name}"), (f"<meta charset={name}>{title}", "text/html")):
        assert record(html, kind=kind).title == r"日本語\x41-99b"


@pytest.mark.parametrize(
    ("given", "date"),
    [
        ("2020-02-30", "2020"),
        ("2020-13-01", "2020"),
        ("2020/07/05", "2020-07-05"),
        ("2020.7", "2020-07"),
        ("2020-07-05T10:00:00Z", "2020-07-05"),
        ("July 2020", ""),
        ("2999-01-01", ""),
        ("20200705", ""),
        ("0000", ""),
    ],
)
def test_a_date_is_told_as_far_as_it_is_known(given: str, date: str) -> None:
    assert record(f'<meta name="citation_date" content="{given}">').date == date


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<meta name="citation_arxiv_id" content="1911.02116v2">', ["1911.02116"]),
        ('<meta name="citation_arxiv_id" content="arXiv:hep-th/9901001">', ["hep-th/9901001"]),
        ('<meta name="citation_pdf_url" content="https://arxiv.org/pdf/1911.02116">', ["1911.02116"]),
        ('<link rel="canonical" href="https://arxiv.org/abs/1911.02116">', ["1911.02116"]),
        (
            '<script type="application/ld+json">{"@type":"Article","sameAs":["https://arxiv.org/abs/1911.02116"]}</script>',
            ["1911.02116"],
        ),
        ('<meta name="citation_reference" content="citation_arxiv_id=1911.02116">', []),
        ('<a href="https://arxiv.org/abs/1911.02116">cited</a>', []),
        (
            '<meta name="dc.relation" content="https://arxiv.org/abs/1911.02116">'
            '<meta name="dc.relation" content="https://arxiv.org/abs/2310.13671">',
            [],
        ),
    ],
)
def test_only_the_same_work_is_a_twin(html: str, found: list[str]) -> None:
    assert twins(html) == found


def test_a_page_of_proceedings_that_links_to_two_papers_has_no_twin() -> None:
    both = '<a href="https://arxiv.org/abs/1911.02116">a</a><a href="https://arxiv.org/abs/2310.13671">b</a>'
    assert twins(both, PaperId("pmlr", "v139/x21c")) == []


@given(st.binary(max_size=400))
def test_no_bytes_break_the_reading_of_a_page(body: bytes) -> None:
    record(body)


HOSTILE = {
    "deep": "<div>" * 400_000,
    "attributes": "<meta " + " ".join(f"a{n}=1" for n in range(200_000)) + ">",
    "tags": '<meta name=a content="b">' * 80_000,
    "links": "<a href=x>" * 200_000,
    "comments": "<!--" * 500_000,
    "declarations": "<!" * 900_000,
    "cdata": "<![CDATA[" * 200_000,
    "brackets": "<" * 1_900_000,
    "open quote": "<meta content='" + "<" * 1_900_000,
    "open title": "<title>" + "</titl" * 300_000,
    "entities": "&" * 1_900_000,
}


@pytest.mark.timeout(60)
@pytest.mark.parametrize("kind", HOSTILE)
def test_a_hostile_page_costs_no_more_than_its_length(kind: str) -> None:
    # Parsers that build trees take minutes for some of these, and would meet the tests' time-out.
    assert record(f"<title>Still</title>{HOSTILE[kind]}").title == "Still"


def test_pages_keep_what_pages_say_of_themselves_within_bounds() -> None:
    told = record('<meta name="description" content="' + "x" * 19_000 + '"><title>t</title>')
    assert len(told.abstract) <= 8000


def test_known_sites_without_a_title_are_named_by_their_id() -> None:
    page = page_at("https://openreview.net/forum?id=xQUe1pOKPam")
    assert page is not None
    assert record("<p>nothing", page).title == "OpenReview xQUe1pOKPam"


@pytest.mark.parametrize(
    "given", ["山田, 太郎", "山田,太郎", "山田，太郎", "山田 太郎", "김, 철수", "Lovelace, Ada", "スミス, ジョン"]
)
def test_names_are_as_they_are_spoken(given: str) -> None:
    page = (
        f'<title>x</title><meta name="citation_title" content="x"><meta name="citation_author" content="{given}">'
    )
    spoken = {"김, 철수": "김 철수", "Lovelace, Ada": "Ada Lovelace", "スミス, ジョン": "ジョン スミス"}
    assert record(page).authors == (spoken.get(given, "山田 太郎"),)
