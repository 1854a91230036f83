"""Every published file, read by a real parser of its kind: hostile texts are text in it, and nothing else."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import hostile
import published
import pytest
from hostile import CORPUS, everywhere
from lxml import etree, html
from markdown_it import MarkdownIt
from published import Given, note

from papers.note import Note
from papers.paper import PaperId
from papers.tag_groups import TagOrder
from papers.unseen import fit
from papers.wording import LANGUAGES
from publishing import addresses
from publishing.site import SiteBuilder

LINKS = {"href", "src", "action", "data", "poster", "cite", "longdesc", "background"}
# What no file may hold: controls, lone halves of pairs, what turns the direction of text, what nobody sees.
UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069\ufff9-\uffff\U000e0000-\U000e007f]"
)
# What TeX would do something with: a backslash that does not begin a sign, or a sign without one.
ORDERS = re.compile(
    r"\\(?!text(?:backslash|brace(?:left|right)|ascii(?:tilde|circum))\{\}|[&%$#_])|(?<!\\)[&%$#_]|[~^]"
)
SHOWN = {fit(text) if len(fit(text)) <= 2_000 else f"{fit(text)[:1_999]}…" for text in CORPUS}
PLAIN = "See https://example.org/ and more"
"""Nothing but words and an address, which becomes a link."""


def site_of(texts: tuple[str, ...], order: TagOrder, language: str, address: str) -> dict[str, bytes]:
    notes = [everywhere(number, text, note(number, text)) for number, text in enumerate(texts, start=1)]
    content = published.content(address)
    content = replace(content, title=texts[0], workspace=hostile.workspace(content.workspace))
    builder = SiteBuilder(published.TEMPLATES / "site", published.wording(language))
    pages = list(builder.build(content, Given(notes, order)))
    assert len({page.path for page in pages}) == len(pages)
    return {page.path: page.body for page in pages}


@cache
def site(language: str = "en") -> dict[str, bytes]:
    """In English with a public address, in Japanese without."""
    return site_of(CORPUS, hostile.order(), language, "https://notes.example.org/lab" if language == "en" else "")


@cache
def plain_site(language: str = "en") -> dict[str, bytes]:
    order = TagOrder({"llm": "Models"}, {"old": "llm"}, descriptions={"llm": PLAIN})
    return site_of(
        tuple(f"{PLAIN} {number}" for number in range(len(CORPUS))),
        order,
        language,
        "https://notes.example.org/lab",
    )


def ending(files: dict[str, bytes], *endings: str) -> dict[str, bytes]:
    found = {path: body for path, body in files.items() if path.endswith(endings)}
    assert found
    return found


def shape(element: Any) -> Iterator[tuple[str, ...]]:
    """Each element with the names of its attributes, but for the language, which cannot be told of each text."""
    for one in element.iter():
        assert isinstance(one.tag, str), one  # no comment, no instruction
        yield (one.tag, *sorted(set(one.attrib) - {"lang"}))


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_gets_an_element_an_attribute_or_a_link_from_a_text(language: str) -> None:
    known = {one for body in ending(plain_site(), ".html").values() for one in shape(html.fromstring(body))}
    known |= {("code", "dir"), ("code",)}  # a title as submitted, where it is another; a comment that holds code
    known.add(("blockquote", "dir"))  # a comment that begins as a quote does in Slack
    for path, body in ending(site(language), ".html").items():
        page = html.document_fromstring(body)
        assert set(shape(page)) <= known, path
        for one in page.iter():
            for name, value in one.attrib.items():
                assert not name.startswith("on") and name not in {"style", "srcdoc", "ping", "formaction"}, path
                if name in LINKS:
                    assert urlsplit(value).scheme in {"", "http", "https"}, (path, value)
        scripts = [one.get("src").removeprefix("../../") for one in page.iter("script") if one.get("src")]
        data = [one.get("type") for one in page.iter("script") if not one.get("src")]
        assert data == (["application/ld+json"] if scripts == ["cite.js"] else []), path
        assert scripts in ([], ["search.js"] if path == "search.html" else ["cite.js"]), path
        refresh = [one.get("content") for one in page.iter("meta") if one.get("http-equiv") == "refresh"]
        assert refresh in ([], ["0; url=../tags/llm.html"]), path


def test_a_page_says_a_hostile_text_word_for_word() -> None:
    for number, text in enumerate(CORPUS, start=1):
        said = everywhere(number, text, note(number, text))
        page = html.document_fromstring(site()[addresses.paper_page(said.paper_id)])
        shown = " ".join(fit(text).split())
        words = " ".join(page.find("body").text_content().split())
        # Title, authors, comment, summary, abstract, and more.
        assert words.count(shown) >= 8, text


@pytest.mark.parametrize("language", LANGUAGES)
def test_feeds_and_maps_are_well_formed_and_say_nothing_new(language: str) -> None:
    strict = etree.XMLParser(resolve_entities=False, no_network=True)
    known = {
        one for body in ending(plain_site(), ".xml").values() for one in shape(etree.fromstring(body, strict))
    }
    known.add(
        (
            "{http://www.w3.org/2005/Atom}feed",
            "{http://www.w3.org/XML/1998/namespace}base",
            "{http://www.w3.org/XML/1998/namespace}lang",
        )
    )
    for path, body in ending(site(language), ".xml").items():
        tree = etree.fromstring(body, strict)
        assert set(shape(tree)) <= known, path
        links = [value for one in tree.iter() for name, value in one.attrib.items() if name == "href"]
        links += [one.text or "" for one in tree.iter("{*}loc")]
        assert {urlsplit(link).scheme for link in links} <= {"", "http", "https"}, path
    titles = {one.text for one in etree.fromstring(site()["tags/llm.xml"]).iter("{*}title")}
    assert {" ".join(fit(text).split()) for text in CORPUS if len(text) < 300} <= titles


def fields(value: Any) -> Iterator[tuple[str, Any]]:
    """The members of all objects within."""
    for name, inner in value.items() if isinstance(value, dict) else enumerate(value):
        if isinstance(value, dict):
            yield name, inner
        if isinstance(inner, dict | list):
            yield from fields(inner)


@pytest.mark.parametrize("language", LANGUAGES)
def test_json_holds_the_fields_that_it_always_has(language: str) -> None:
    known = {name for body in ending(plain_site(), ".json").values() for name, _ in fields(json.loads(body))}
    schemes = {"http", "https", ""} if language == "ja" else {"http", "https"}
    titles = set()
    for path, body in ending(site(language), ".json").items():
        told = json.loads(body)
        assert {name for name, _ in fields(told)} <= known, path
        links = [str(value) for name, value in fields(told) if name.endswith("url") and value]
        assert {urlsplit(link).scheme for link in links} <= schemes, path
        titles |= {one["title"] for one in told.get("notes", ())}
        assert all(one["comments"][0]["text"] in SHOWN for one in told.get("notes", ()))
    assert {" ".join(text.split()) for text in SHOWN if len(text) <= 500} <= titles


def test_the_records_of_search_are_one_call_with_data() -> None:
    for path, body in ending(site(), ".js").items():
        if not path.startswith("search/"):  # a script of ours
            continue
        text = body.decode()
        assert text.startswith("fusenShard(") and text.endswith(");\n")
        name, columns = json.loads("[" + text.removeprefix("fusenShard(").removesuffix(");\n") + "]")
        assert name == path.removeprefix("search/").removesuffix(".js")
        assert not re.search("[<\u2028\u2029]", text)
        assert all(page.startswith("papers/") for page in columns["pages"])
        assert all(page.startswith("tags/") for _, _, page, _ in columns["tags"])


def test_markdown_has_our_headings_and_links_and_no_markup_of_others() -> None:
    reader = MarkdownIt("commonmark", {"html": True}).enable("table").enable("strikethrough")

    def flat(text: str) -> Iterator[Any]:
        for token in reader.parse(text):
            yield token
            yield from token.children or ()

    plain = [plain_site()[path].decode() for path in ("tags/llm.md", "llms.txt")]
    known = {token.type for text in plain for token in flat(text)}
    once = {body: path for path, body in ending(site(), ".md", "llms.txt").items()}  # older names have the same
    for body, path in once.items():
        tokens = list(flat(body.decode()))
        assert {token.type for token in tokens} <= known, path
        links = [str(token.attrs["href"]) for token in tokens if token.type == "link_open"]
        assert {urlsplit(link).scheme for link in links} <= {"", "http", "https"}, path
        kinds = Counter(token.type for token in tokens)
        if body == site()["tags/llm.md"]:
            assert kinds["heading_open"] == len(CORPUS) + 1
        # Other programs that make sites of Markdown find no orders in it.
        assert not re.search(r"\{\{|\{%|\{#|\$\{|<%", body.decode()), path
        assert not body.startswith(b"---") and b"\n---" not in body


def test_bibtex_has_one_entry_for_each_note_and_no_orders() -> None:
    for path, body in ending(site(), ".bib").items():
        entries = [line for line in body.decode().splitlines() if line.startswith("@")]
        assert all(re.fullmatch(r"@misc\{[A-Za-z0-9.-]+,", line) for line in entries), path
        depth = 0
        for line in body.decode().splitlines():
            assert depth or line.startswith(("@misc{", "%")) or not line, path
            depth += line.count("{") - line.count("}") if not line.startswith("%") else 0
            assert depth in (0, 1)
        for name, value in re.findall(r"(?m)^  (\w+) = \{(.*)\},$", body.decode()):
            if name in ("url", "doi"):  # taken as they are
                assert not re.search(r"[\\{}\s]", value), (path, value)
            else:
                assert not ORDERS.search(value), (path, value)


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_file_holds_what_turns_or_breaks_other_texts(language: str) -> None:
    for path, body in site(language).items():
        found = UNFIT.search(body.decode("utf-8").replace("\\ud", ""))
        assert found is None or path == addresses.SEARCH_SCRIPT, (path, found)


def test_a_page_that_has_no_address_on_the_web_is_no_link() -> None:
    odd: Note = replace(note(1), paper=replace(note(1).paper, paper_id=PaperId("web", "javascript:alert(1)")))
    files = {page.path: page.body for page in published.site_builder().build(published.content(), Given([odd]))}
    assert not any(b'="javascript:' in body for body in files.values())
    assert b"javascript:alert(1)" in files[addresses.paper_page(odd.paper_id)]
    (told,) = json.loads(files["tags/llm.json"])["notes"]
    assert told["url"] is None
