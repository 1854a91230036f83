"""No link of the published files leads nowhere, also after tags and notes were renamed, merged or taken back."""

from __future__ import annotations

from collections.abc import Iterable

import published
import pytest
from links import dead_links
from lxml import html
from published import Given, many_notes, note

from papers.tag_groups import TagOrder
from publishing.content import Gone, Page
from publishing.site import SiteBuilder

ADDRESSES = ["", "https://notes.example.org/lab"]


def built(stock: Given, address: str = "", language: str = "en") -> dict[str, bytes]:
    pages = list(published.site_builder(language).build(published.content(address), stock))
    assert len({page.path for page in pages}) == len(pages)
    return {page.path: page.body for page in pages}


def rich(count: int = 70) -> Given:
    """Notes of all kinds, some taken back, one of them the last with its tag; tags in groups and renamed."""
    notes = [*many_notes(count), note(900, tags=("LLM", "Alone")), note(901, tags=("C++", "Alone, too"))]
    stock = Given(notes, TagOrder({"c": "Languages"}, {"llms": "llm", "only": "alone", "old": "gone"}))
    for number in (7, 900, 901):
        stock.take_back(number)
    return stock


def amend(standing: dict[str, bytes], pages: Iterable[Page | Gone] | None) -> None:
    assert pages is not None
    for page in pages:
        if isinstance(page, Page):
            standing[page.path] = page.body
        else:
            standing.pop(page.path, None)


@pytest.mark.parametrize("address", ADDRESSES)
def test_every_link_leads_to_something(address: str) -> None:
    files = built(rich(), address)
    assert dead_links(files, address) == []
    # The checker sees what is missing: pages, files for programs and places within a page.
    for lost in ("tags/llm.html", "tags/llm.bib", "style.css", "months/2024-03.html"):
        assert dead_links({path: body for path, body in files.items() if path != lost}, address)
    renamed = {path: body.replace(b'id="comments"', b"") for path, body in files.items()}
    assert {link.partition("#")[2] for _, link in dead_links(renamed, address)} == {"comments"}


@pytest.mark.parametrize("path", ["papers/arxiv/2403.00900.html", "tags/alone.html", "tags/only.html"])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_where_something_was_taken_back_a_page_says_so_and_nothing_more(path: str, language: str) -> None:
    files = built(rich(), "https://notes.example.org/lab", language)
    page = html.document_fromstring(files[path])
    assert published.wording(language)("taken_back_title") in page.find("body").text_content()
    assert [one.get("content") for one in page.iter("meta") if one.get("name") == "robots"] == ["noindex"]
    assert not [
        one for one in page.iter("meta", "link") if (one.get("property") or one.get("rel")) in {"canonical"}
    ]
    assert b"Alone" not in files[path] and b"Step" not in files[path] and b"Aoki" not in files[path]
    # Nothing leads there, and nothing else tells of it.
    assert not [name for name, body in files.items() if path.rpartition("/")[2].encode() in body]
    assert not [name for name, body in files.items() if b"Alone" in body or b"2403.00900" in body]


def test_what_is_shared_again_stands_where_it_stood() -> None:
    stock, content = rich(12), published.content()
    before = {page.path: page.body for page in published.site_builder().build(content, rich(12))}
    builder = SiteBuilder(published.TEMPLATES / "site", published.wording())
    standing = {page.path: page.body for page in builder.build(content, stock)}
    assert standing == before
    for step in (lambda: stock.all.update({900: note(900, tags=("LLM", "Alone"))}), lambda: stock.take_back(900)):
        step()
        # The last note before it is like it: it names it.
        amend(standing, builder.update(content, stock, [900, max(stock.all.keys() - {900})]))
        assert standing == built(stock, content.address)
        assert dead_links(standing, content.address) == []
    assert standing == before
    stock.taken.clear()  # its channel is private now: it shall be as if it had never been
    amend(standing, builder.update(content, stock, [7, 900, 901]))
    assert standing == built(stock, content.address)
    assert "tags/alone.html" not in standing and "papers/arxiv/2403.00900.html" not in standing
