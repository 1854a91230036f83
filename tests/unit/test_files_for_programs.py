"""The files for programs: JSON, BibTeX and Markdown of tags, the JSON feed, the guide for agents, site maps."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import published
import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token
from published import START, Given, many_notes, note, pending

from papers.note import Note
from papers.tag_groups import TagOrder

ADDRESS = "https://notes.example.org/lab"
ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
_LINK = re.compile(r"\[((?:[^\\\[\]]|\\.)*)\]\(<([^<>]*)>\)")


def built(
    notes: Iterable[Note], address: str = ADDRESS, language: str = "en", listed: bool = True
) -> dict[str, str]:
    content = replace(published.content(address), listed=listed)
    pages = list(published.site_builder(language).build(content, Given(notes)))
    assert len({page.path for page in pages}) == len(pages)
    return {page.path: page.body.decode("utf-8") for page in pages}


def of_tag(site: dict[str, str], name: str = "llm") -> dict[str, Any]:
    found: dict[str, Any] = json.loads(site[f"tags/{name}.json"])
    return found


def test_a_tag_tells_programs_all_that_its_page_shows() -> None:
    found = of_tag(built([note(7, comments=2)]))
    (told,) = found.pop("notes")
    assert found == {
        "version": 1,
        "tag": "LLM",
        "description": None,
        "page_url": f"{ADDRESS}/tags/llm.html",
        "notes_total": 1,
        "parts": [],
        "newer": None,
        "older": None,
    }
    assert told.pop("bibtex").startswith("@misc{Wang-2024-2403.00007,")
    comments = told.pop("comments")
    assert [one["by"] for one in comments] == ["Aoki", "Aoki"]
    assert comments[0]["text"] == "Comment 0\nSee https://example.org/a_(b)."
    assert told == {
        "id": "arxiv:2403.00007",
        "title": "Synthesis Step 7",
        "authors": ["Ruida Wang", "Wangchunshu Zhou"],
        "authors_total": 2,
        "venue": "EMNLP'24",
        "published": "2024-03-01",
        "withdrawn": False,
        "waiting": None,
        "url": "https://arxiv.org/abs/2403.00007",
        "pdf_url": "https://arxiv.org/pdf/2403.00007",
        "page_url": f"{ADDRESS}/papers/arxiv/2403.00007.html",
        "noted_at": "2024-03-08T15:30:00Z",
        "updated_at": "2024-03-08T15:30:00Z",
        "tags": ["LLM"],
        "tags_total": 1,
        "translation": None,
        "licence": "http://creativecommons.org/licenses/by-sa/4.0/",
        "summary": {
            "text": "We propose a thing.",
            "made_by": "sentences of the abstract",
            "made_from": "abstract",
            "made_at": "2024-03-01T15:30:00Z",
        },
        "comments_total": 2,
        "shares_total": 1,
    }


def test_an_entry_is_newer_once_its_record_or_its_translation_has_come() -> None:
    later = START + timedelta(days=40)
    waits = pending(1)
    told = replace(note(1), paper=replace(note(1).paper, told_at=later))
    translated = published.translated(1)
    assert translated.translation
    translated = replace(translated, translation=replace(translated.translation, made_at=later))
    for one, when in ((waits, waits.noted_at), (told, later), (translated, later)):
        stamp = when.strftime("%Y-%m-%dT%H:%M:%SZ")
        site = built([one])
        assert ElementTree.fromstring(site["feed.xml"]).findtext(f"{ATOM}entry/{ATOM}updated") == stamp
        assert json.loads(site["feed.json"])["items"][0]["date_modified"] == stamp


def test_what_feeds_say_of_a_paper_whose_details_follow_is_that_they_do() -> None:
    for one, english in (
        (pending(1), "its details follow"),
        (pending(1, missing=True), "does not know this paper"),
    ):
        site = built([replace(one, comments=())])
        (item,) = json.loads(site["feed.json"])["items"]
        atom = ElementTree.fromstring(site["feed.xml"]).findtext(f"{ATOM}entry/{ATOM}content") or ""
        assert item["content_text"] == atom.strip() and english in atom


@pytest.mark.parametrize("address", ["", ADDRESS])
def test_whoever_follows_the_parts_of_a_tag_finds_each_note_once(address: str) -> None:
    site = built(many_notes(250), address)
    start = of_tag(site)
    assert len(start["notes"]) == 30
    found: list[str] = []
    waiting = [part["url"] for part in start["parts"]]
    while waiting:
        part = json.loads(site[unquote(waiting.pop().removeprefix(f"{address}/"))])
        assert part["notes"] or part["parts"]
        found += [one["id"] for one in part["notes"]]
        waiting += [one["url"] for one in part["parts"]]
    assert len(found) == len(set(found)) == start["notes_total"] == 253


def test_whoever_goes_on_from_part_to_part_meets_each_note_once_both_ways() -> None:
    site = built(many_notes(250), "")
    ways = {}
    for way, start in (("older", "tags/llm.2024-11.json"), ("newer", "tags/llm.2024-03.json")):
        part, found = start, list[str]()
        while part:
            told = json.loads(site[part])
            ids = [one["id"] for one in told["notes"]]
            found += ids if way == "older" else ids[::-1]
            part = told[way]
        ways[way] = found
    assert ways["older"] == [f"arxiv:2403.{number:05d}" for number in range(253, 0, -1)]
    assert ways["newer"] == ways["older"][::-1]


def test_markdown_of_a_tag_reads_as_its_page_does() -> None:
    site = built([note(7, comments=1), pending(8)], address="")
    assert site["tags/llm.md"].split("\n") == [
        "# LLM",
        "",
        "> 2 notes, newest first.",
        "",
        "",
        "## arxiv:2403.00008",
        "",
        "- Paper: [arxiv:2403.00008](<https://arxiv.org/abs/2403.00008>)",
        "- Note: [arxiv:2403.00008](<../papers/arxiv/2403.00008.html>)",
        "- Noted: 2024-03-10",
        "- Tags: LLM",
        "- Aoki, 2024-03-10: Comment 0 See https://example.org/a\\_(b).",
        "",
        "## Synthesis Step 7, Ruida Wang+, EMNLP'24",
        "",
        "- Paper: [arxiv:2403.00007](<https://arxiv.org/abs/2403.00007>)",
        "- Note: [arxiv:2403.00007](<../papers/arxiv/2403.00007.html>)",
        "- Noted: 2024-03-09",
        "- Licence: CC BY-SA 4.0",
        "- Tags: LLM",
        "- Machine-made summary: We propose a thing.",
        "- Aoki, 2024-03-09: Comment 0 See https://example.org/a\\_(b).",
        "",
    ]


@pytest.mark.parametrize("said", ["- a list", "+ x", "1. one", "12) twelve", "---", "- - -", "+1", "# x"])
def test_markdown_begins_no_list_where_a_description_or_a_name_looks_like_one(said: str) -> None:
    one = note(7)
    named = tuple(replace(comment, member=replace(comment.member, name=said)) for comment in one.comments)
    content, order = published.content(), TagOrder(descriptions={"llm": said})
    pages = published.site_builder().build(content, Given([replace(one, comments=named)], order))
    (text,) = [page.body.decode() for page in pages if page.path == "tags/llm.md"]
    tokens = MarkdownIt("commonmark").parse(text)
    assert [token.type for token in tokens[3:6]] == ["paragraph_open", "inline", "paragraph_close"]
    assert shown(tokens[4]) == said
    assert shown(tokens[-4]).startswith(f"{said}, 2024-03-09: Comment 0")
    assert [token.type for token in tokens].count("bullet_list_open") == 1


def shown(inline: Token) -> str:
    """What a reader sees of a line of Markdown."""
    return "".join(token.content or " " for token in inline.children or ())


@pytest.mark.parametrize("address", ["", ADDRESS])
def test_every_link_for_programs_leads_to_a_file(address: str) -> None:
    wanting = tuple(replace(one, member=replace(one.member, feed="f00d")) for one in note(200).shares)
    site = built([*many_notes(130), replace(note(200), shares=wanting)], address)
    assert "people/f00d.json" in site
    checked = 0
    for path, text in site.items():
        if not path.endswith((".md", "llms.txt", ".json")):
            continue
        links = re.findall(r'"(?:url|page_url|newer|older|feed_url|home_page_url)":"([^"]+)"', text)
        links += [target for _, target in _LINK.findall(text)]
        for link in links:
            if link.startswith("https://arxiv.org/"):
                continue
            # Links in Markdown and in feeds start where these stand; those in other files with the first page.
            stands = path.endswith(".md") or path.startswith("people/")
            start = posixpath.dirname(path) if stands and not link.startswith("https:") else ""
            own = unquote(link.removeprefix(f"{address}/") if address else link)
            assert posixpath.normpath(posixpath.join(start, own)) in site, (path, link)
            checked += 1
    assert checked > 500


def test_the_json_feed_has_what_its_standard_asks_for() -> None:
    feed = json.loads(built(many_notes(70))["feed.json"])
    assert feed["version"] == "https://jsonfeed.org/version/1.1"
    assert feed["title"] == "Lab notes" and feed["feed_url"] == f"{ADDRESS}/feed.json"
    ids = [item["id"] for item in feed["items"]]
    assert len(set(ids)) == len(ids) == 50
    atom = re.findall(r"<id>(urn:[^<]*)</id>", built(many_notes(70))["feed.xml"])[1:]
    assert ids == atom
    assert all(item["url"].startswith(ADDRESS) and item["content_text"] for item in feed["items"])


def test_feeds_tell_when_a_note_was_taken_and_when_what_it_shows_last_changed() -> None:
    def dated(number: int, noted: int, commented: int, updated: int) -> Note:
        """A note of a paper of the first of March whose newest version is another: days of 2024-03."""
        one = note(number)
        record = one.paper.record
        assert record
        day = START.replace(day=1)
        at = {name: day.replace(day=n) for name, n in {"n": noted, "c": commented, "u": updated}.items()}
        return replace(
            one,
            noted_at=at["n"],
            paper=replace(one.paper, record=replace(record, published=day, updated=at["u"])),
            shares=tuple(replace(share, shared_at=at["n"]) for share in one.shares),
            comments=tuple(replace(comment, written_at=at["c"]) for comment in one.comments),
        )

    site = built([dated(1, noted=5, commented=9, updated=3), dated(2, noted=6, commented=7, updated=8)])
    dates = [("2024-03-06T15:30:00Z", "2024-03-08T15:30:00Z"), ("2024-03-05T15:30:00Z", "2024-03-09T15:30:00Z")]
    items = json.loads(site["feed.json"])["items"]
    assert [(item["date_published"], item["date_modified"]) for item in items] == dates
    assert [(one["noted_at"], one["updated_at"]) for one in of_tag(site)["notes"]] == dates
    for path in ("feed.xml", "tags/llm.xml"):
        feed = ElementTree.fromstring(site[path])
        entries = feed.findall(f"{ATOM}entry")
        assert [(one.findtext(f"{ATOM}published"), one.findtext(f"{ATOM}updated")) for one in entries] == dates
        assert feed.findtext(f"{ATOM}updated") == "2024-03-09T15:30:00Z"


def test_a_site_map_is_well_formed_whatever_the_address_holds() -> None:
    site = built([note(1)], "https://notes.example.org/a&b")
    maps = [path for path in site if path.startswith("sitemap")]
    named = [one.text or "" for path in maps for one in ElementTree.fromstring(site[path]).iter(f"{MAP}loc")]
    assert named and all(one.startswith("https://notes.example.org/a&b/") for one in named)


def test_site_maps_name_every_page_of_a_paper_and_of_a_tag_once() -> None:
    site = built(many_notes(90))
    first = ElementTree.fromstring(site["sitemap.xml"])
    maps = [one.text or "" for one in first.iter(f"{MAP}loc")]
    assert {one.removeprefix(f"{ADDRESS}/") for one in maps} == {
        path for path in site if path.startswith("sitemap.") and path != "sitemap.xml"
    }
    named = [
        unquote((one.text or "").removeprefix(f"{ADDRESS}/"))
        for path in maps
        for one in ElementTree.fromstring(site[path.removeprefix(f"{ADDRESS}/")]).iter(f"{MAP}loc")
    ]
    assert len(named) == len(set(named))
    papers = {path for path in site if path.startswith("papers/") and path.endswith(".html")}
    assert set(named) == papers | {
        *("index.html", "attention.html", "map.html", "tags/index.html", "months/index.html")
    } | {path for path in site if re.fullmatch(r"(?:tags/(?!index\.)[^.]+|months/\d{4}-\d\d)\.html", path)}


def test_search_engines_are_told_where_the_maps_are_or_that_they_are_not_wanted() -> None:
    assert f"Sitemap: {ADDRESS}/sitemap.xml" in built([note(1)])["robots.txt"]
    nowhere = built([note(1)], "")
    assert "Sitemap" not in nowhere["robots.txt"] and not any("sitemap" in path for path in nowhere)
    unlisted = built([note(1)], listed=False)
    assert unlisted["robots.txt"] == "User-agent: *\nDisallow: /\n"
    assert not any("sitemap" in path for path in unlisted)
    refused = '<meta name="robots" content="noindex'
    assert all(refused in text for path, text in unlisted.items() if path.endswith(".html"))
    assert refused not in built([note(1)])["index.html"]


def test_a_shared_link_to_a_page_shows_what_it_is_about() -> None:
    paper = built([note(7)])["papers/arxiv/2403.00007.html"]
    assert '<meta property="og:title" content="Synthesis Step 7 · Lab notes">' in paper
    assert '<meta property="og:description" content="We propose a thing.">' in paper
    assert f'<meta property="og:url" content="{ADDRESS}/papers/arxiv/2403.00007.html">' in paper
    assert '<meta property="og:type" content="article">' in paper
    assert '<meta property="og:description" content="LLM: 1 note">' in built([note(7)])["tags/llm.html"]
