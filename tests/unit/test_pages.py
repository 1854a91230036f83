"""The published pages as values: what stands on them, and that foreign text stays text."""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import timedelta
from html.parser import HTMLParser
from urllib.parse import quote, unquote, urlsplit
from xml.etree import ElementTree

import published
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from published import START, Given, many_notes, note, pending

from papers.note import Member, Note
from papers.tag_groups import TagOrder
from papers.wording import LANGUAGES
from publishing import addresses
from publishing.site import SiteBuilder

ATOM = "{http://www.w3.org/2005/Atom}"
VOID = {"meta", "link", "br", "img", "input", "hr"}


class Reader(HTMLParser):
    """Reads a page strictly: every element closed in its turn; keeps elements, attributes and text."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.feed(page)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.texts.append(data)

    @property
    def text(self) -> str:
        return " ".join("".join(self.texts).split())

    def values(self, tag: str, attribute: str) -> list[str]:
        return [found.get(attribute) or "" for name, found in self.elements if name == tag]


def built(
    notes: Iterable[Note], language: str = "en", address: str = "https://notes.example.org/lab"
) -> dict[str, str]:
    pages = list(published.site_builder(language).build(published.content(address), Given(notes)))
    return {page.path: page.body.decode("utf-8") for page in pages}


def html_pages(site: dict[str, str]) -> dict[str, Reader]:
    return {path: Reader(text) for path, text in site.items() if path.endswith(".html")}


def script_of(path: str) -> str:
    """The one script that a page has, if it has any: the page of a paper copies its citation."""
    return {"search.html": "search.js", "papers/arxiv/2403.00001.html": "../../cite.js"}.get(path, "")


def feeds(site: dict[str, str]) -> dict[str, ElementTree.Element]:
    """The Atom feeds."""
    told = {path: text for path, text in site.items() if path.endswith(".xml") and not path.startswith("sitemap")}
    return {path: ElementTree.fromstring(text) for path, text in told.items()}


@given(st.text())
@settings(max_examples=60, deadline=None)
def test_any_text_makes_valid_pages_and_feeds(text: str) -> None:
    site = built([note(1, text)])
    html_pages(site)
    assert len(feeds(site)) == 2


def test_pages_link_to_no_other_host_than_the_papers_and_slack_by_themselves() -> None:
    for path, page in html_pages(built([note(1, comments=0)], address="")).items():
        hosts = {urlsplit(link).hostname for link in page.values("a", "href") + page.values("link", "href")}
        assert hosts <= {None, "arxiv.org", "doi.org", "creativecommons.org", "lab.slack.com"}, path


def test_the_page_for_lost_readers_works_at_any_depth() -> None:
    assert html_pages(built([note(1)]))["404.html"].values("link", "href")[0] == "/lab/style.css"
    assert html_pages(built([note(1)], address=""))["404.html"].values("link", "href")[0] == "/style.css"


def test_every_page_forbids_foreign_scripts_and_hosts() -> None:
    for path, page in html_pages(built([note(1), pending(4)])).items():
        policies = [found for name, found in page.elements if name == "meta" and found.get("http-equiv")]
        assert [policy["http-equiv"] for policy in policies] == ["Content-Security-Policy"], path
        policy = str(policies[0]["content"])
        assert policy.startswith("default-src 'none'; style-src 'self';")
        assert policy.partition("script-src")[2] == (" 'self'" if script_of(path) else "")
        assert "unsafe" not in policy


def canonical(page: Reader) -> list[str]:
    return [found["href"] or "" for _, found in page.elements if found.get("rel") == "canonical"]


def robots(page: Reader) -> list[str]:
    return [found["content"] or "" for _, found in page.elements if found.get("name") == "robots"]


@pytest.mark.parametrize("address", ["", "https://notes.example.org/lab"])
def test_every_page_names_its_own_address_if_it_is_known_and_no_other(address: str) -> None:
    pages = html_pages(built(many_notes(70), address=address))
    assert pages.pop("404.html")  # it stands for every address that leads nowhere
    for path, page in pages.items():
        shared = [found["content"] for _, found in page.elements if found.get("property") == "og:url"]
        assert canonical(page) == shared == ([f"{address}/{quote(path)}"] if address else []), path
        assert robots(page) == [], path


def test_the_same_content_gives_the_same_bytes_in_any_order() -> None:
    notes = many_notes(60)
    assert built(notes) == built(notes[::-1])
    assert list(built(notes)) == list(built(notes[::-1]))


def test_every_page_is_made_once() -> None:
    pages = [page.path for page in published.site_builder().build(published.content(), Given(many_notes(90)))]
    assert len(set(pages)) == len(pages) > 180


def test_a_later_build_of_the_same_notes_changes_the_first_page_alone() -> None:
    builder, content, stock = published.site_builder(), published.content(), Given(many_notes(40))
    later = replace(content, made_at=content.made_at + timedelta(days=1))
    before = {page.path: page.body for page in builder.build(content, stock)}
    after = {page.path: page.body for page in builder.build(later, stock)}
    assert {path for path in after if after[path] != before[path]} == {"index.html"}


def test_a_builder_used_again_gives_what_a_new_one_gives() -> None:
    used = SiteBuilder(published.TEMPLATES / "site", published.wording())
    edited = note(3, "edited", ("NLP",))
    for notes in ([note(1), note(3)], [note(1), edited, note(4)], [edited], [note(3)]):
        for address in ("", "https://a.example"):
            content, stock = published.content(address), Given(notes)
            fresh = SiteBuilder(published.TEMPLATES / "site", published.wording())
            assert list(used.build(content, stock)) == list(fresh.build(content, stock))


def test_a_tag_page_shows_its_notes_newest_first() -> None:
    page = html_pages(built([note(n) for n in range(1, 6)]))["tags/llm.html"]
    links = [link for link in page.values("a", "href") if "2403" in link and "#" not in link]
    assert links == [f"../papers/arxiv/2403.{n:05d}.html" for n in range(5, 0, -1)]


def test_a_tag_of_one_day_names_the_day_once() -> None:
    one, other = note(1), note(2)
    pages = built([one, replace(other, noted_at=one.noted_at + timedelta(hours=1))])
    assert "2024-03-03–" not in Reader(pages["tags/llm.html"]).text
    assert "2024-03-03–2024-03-04" in Reader(built([one, other])["tags/llm.html"]).text


def test_japanese_pages_join_sentences_and_names_as_japanese_does() -> None:
    pages = built(many_notes(25), "ja")
    assert "Slack で共有された論文と、そのノートです。28 件" in pages["index.html"]
    assert "> Slack で共有された論文と、そのノートです。28 件\n" in pages["llms.txt"]
    for path, body in pages.items():
        if path.endswith((".html", ".md", ".txt")):
            assert not re.search("。 |件\\.", body), path
            assert "</q>, " not in body and "</bdi>, <bdi>C" not in body, path


def test_notes_of_one_moment_stand_in_the_order_of_their_ids() -> None:
    same = [replace(note(n), noted_at=START) for n in (3, 1, 2)]
    assert re.findall(r"Synthesis Step (\d)<", built(same)["tags/llm.html"]) == ["3", "2", "1"]


def test_the_title_line_has_the_form_that_people_know() -> None:
    text = html_pages(built([note(7)]))["tags/llm.html"].text
    assert (
        "2024-03-09 · one-liner Synthesis Step 7, Ruida Wang+, EMNLP'24 LLM" in text
    )  # 15:30 UTC is the next day in Tokyo


def test_a_machine_made_summary_says_so_and_by_what() -> None:
    site = html_pages(built([note(7)]))
    assert "Machine-made summary We propose a thing." in site["tags/llm.html"].text
    assert (
        "Machine-made Method: sentences of the abstract. Made from: the abstract. Date: 2024-03-01 (UTC)."
        in site["papers/arxiv/2403.00007.html"].text
    )


def test_the_page_of_a_paper_has_the_team_first_and_every_fact() -> None:
    one = note(7)
    record = one.paper.record
    assert record
    record = replace(record, updated=START + timedelta(days=3))
    text = html_pages(built([replace(one, paper=replace(one.paper, record=record))]))[
        "papers/arxiv/2403.00007.html"
    ].text
    facts = [
        "arXiv:2403.00007",
        "Synthesis Step 7",
        "Title as submitted: Synthesis $Step$ 7",
        "Ruida Wang, Wangchunshu Zhou",
        "LLM",
        "Aoki shared it in #papers, 2024-03-09 00:30 (v1) Open in Slack",
        "Comment 0 See https://example.org/a_(b).",
        "We propose a thing. It works.",
        "State of this entry Complete",
        "Details as of 2024-03-02 00:30 (Asia/Tokyo)",
        "First submitted 2024-03-01 (UTC)",
        "This version v2, 2024-03-04 (UTC)",
        "v2, 2024-03-01 (UTC), 1024 kB v1, 2024-03-01 (UTC), 812 kB",
        "CC BY-SA 4.0: may be shared and changed, with attribution and under the same licence",
        "cs.CL, cs.LG",
        "Accepted at EMNLP 2024",
        "10.1000/182",
        "@misc{Wang-2024-2403.00007,",
    ]
    place = 0
    for fact in facts:
        assert fact in text[place:]
        place = text.index(fact, place) + len(fact)


def test_the_page_of_a_paper_links_related_notes_and_says_why() -> None:
    first, second, alone = note(1), note(2), note(3, tags=())
    record = alone.paper.record
    assert record
    alone = replace(alone, paper=replace(alone.paper, record=replace(record, authors=("Nobody Else",))))
    pages = html_pages(built([first, second, alone]))
    page = pages["papers/arxiv/2403.00001.html"]
    assert "../../papers/arxiv/2403.00002.html" in page.values("a", "href")
    # 0.3 of the text, two authors, and a tag that two of three notes carry.
    said = "Synthesis Step 2, 2024 53% Shares the tag LLM Shares the authors Ruida Wang, Wangchunshu Zhou"
    assert f"Related notes {said} Both mention Synthesis Step 1 Machine-made" in page.text
    assert page.text.count("The percentage says") == 1
    assert "Related notes" not in pages["papers/arxiv/2403.00003.html"].text


def test_a_related_paper_that_is_withdrawn_is_said_to_be() -> None:
    page = html_pages(built([note(1), published.withdrawn(2)]))["papers/arxiv/2403.00001.html"]
    assert "Synthesis Step 2, 2024 Withdrawn" in page.text


def test_a_message_is_linked_only_where_the_workspace_address_is_known() -> None:
    known = html_pages(built([note(1)]))["papers/arxiv/2403.00001.html"].values("a", "href")
    assert "https://lab.slack.com/archives/C01PAPERS/p1700000001000100" in known
    assert any("thread_ts=1700000001.000100" in link for link in known)
    content, stock = published.content(), Given([note(1)])
    nowhere = replace(content, workspace=replace(content.workspace, url=""))
    assert not any(b"archives" in page.body for page in published.site_builder().build(nowhere, stock))


def test_a_person_without_a_name_is_a_member_and_no_slack_id_is_shown() -> None:
    nameless = note(1)
    nameless = replace(
        nameless,
        shares=tuple(replace(share, member=Member("U01AOKI")) for share in nameless.shares),
        comments=tuple(replace(comment, member=Member("U01AOKI")) for comment in nameless.comments),
    )
    site = built([nameless])
    assert "A member shared it" in html_pages(site)["papers/arxiv/2403.00001.html"].text
    assert not any("U01AOKI" in text or "T01LAB" in text for text in site.values())


def test_a_paper_whose_details_follow_has_a_useful_page_already() -> None:
    site = built([pending(1), pending(2, missing=True)])
    waiting = html_pages(site)["papers/arxiv/2403.00001.html"]
    assert "details follow" in waiting.text and "Comment 0" in waiting.text
    assert "https://arxiv.org/abs/2403.00001" in waiting.values("a", "href")
    assert "does not know this paper" in html_pages(site)["papers/arxiv/2403.00002.html"].text
    assert not any(path.endswith(".bib") for path in site if path.startswith("papers/"))


def test_a_long_list_of_authors_is_folded_and_complete() -> None:
    last = max(many_notes(1), key=lambda one: one.id)
    page = html_pages(built([last]))[f"papers/arxiv/{last.paper_id.id}.html"]
    assert "details" in [name for name, _ in page.elements]
    assert "and 2813 more authors" in page.text
    assert "Author 2833" in page.text
    assert "Withdrawn" in page.text


def test_a_site_without_notes_says_what_to_do() -> None:
    for language in LANGUAGES:
        site = built([], language)
        assert "arXiv" in html_pages(site)["index.html"].text
        assert published.wording(language)("empty_text") in html_pages(site)["index.html"].text
        assert set(built([], language, address="")) == {
            *("index.html", "404.html", "style.css", "icon.svg"),
            *("tags/index.html", "months/index.html", "attention.html", "map.html"),
            *("feed.xml", "feed.json", "llms.txt", "robots.txt", ".nojekyll"),
            *("search.html", "search.js", "cite.js"),
        }


def test_a_note_stays_where_it_stands_whatever_comes_after() -> None:
    before, after = built(note(n) for n in range(1, 131)), built(note(n) for n in range(1, 190))
    parted = [path for path in before if re.fullmatch(r"tags/llm\.\d{4}-\d\d\.html", path)]
    assert parted == [f"tags/llm.2024-0{month}.html" for month in range(3, 8)]
    assert [before[path] == after[path] for path in parted] == [True, True, True, True, False]
    shown = re.findall(r"Synthesis Step (\d+)<", before["tags/llm.2024-04.html"])
    assert shown == [str(n) for n in range(59, 29, -1)]


def test_the_page_of_a_tag_leads_to_all_its_notes() -> None:
    site = built(note(n) for n in range(1, 131))
    pages = html_pages(site)
    assert re.findall(r"Synthesis Step (\d+)<", site["tags/llm.html"]) == [str(n) for n in range(130, 100, -1)]
    assert "2024 130" in pages["tags/llm.html"].text
    assert "llm.2024.html" in [posixpath.basename(link) for link in pages["tags/llm.html"].values("a", "href")]
    months = [link for link in pages["tags/llm.2024.html"].values("a", "href") if "2024-" in link]
    assert months == [f"../tags/llm.2024-0{month}.html" for month in range(7, 2, -1)]
    there = "".join(site[path] for path in site if re.fullmatch(r"tags/llm\.2024-\d\d\.html", path))
    assert sorted(map(int, re.findall(r"Synthesis Step (\d+)<", there))) == list(range(1, 131))


def test_no_list_is_heavier_than_300_kilobytes_whatever_the_notes_hold() -> None:
    heavy = [
        note(n, f"{n} " + "\"'<&あ" * 400, tuple(f"{'長い' * 95}{tag}" for tag in range(20)), comments=8)
        for n in range(1, 35)
    ]
    names = [
        replace(note(n), tags=note(n, tags=tuple(f"{'&' * 150}{n}-{t}" for t in range(5))).tags)
        for n in range(35, 135)
    ]
    site = built([*heavy, *names])
    lists = {
        path: len(text.encode()) for path, text in site.items() if path.endswith(".html") and "/arxiv/" not in path
    }
    assert max(lists.values()) < 300_000, max(lists, key=lambda path: lists[path])


def test_a_note_that_cannot_be_rendered_is_reported_and_left_out(caplog: pytest.LogCaptureFixture) -> None:
    broken = note(2)
    record = broken.paper.record
    assert record is not None
    odd = replace(record, authors=(None,))  # type: ignore[arg-type]  # what a damaged row might hold
    site = built([note(1), replace(broken, paper=replace(broken.paper, record=odd)), note(3)])
    assert re.findall(r"Synthesis Step (\d)<", site["tags/llm.html"]) == ["3", "1"]
    assert "papers/arxiv/2403.00002.html" not in site
    assert "note 2 (arxiv:2403.00002) cannot be rendered" in caplog.text
    assert published.site_builder("en").left_out == 1
    built([note(1), note(2)])
    assert published.site_builder("en").left_out == 0


@pytest.mark.parametrize("address", ["", "https://notes.example.org/lab"])
def test_feeds_have_what_atom_asks_for(address: str) -> None:
    site = built(many_notes(70), address=address)
    assert "tags/llm.xml" in site and "feed.xml" in site
    for path, feed in feeds(site).items():
        entries = feed.findall(f"{ATOM}entry")
        assert len(entries) <= 50
        ids = [element.findtext(f"{ATOM}id") or "" for element in (feed, *entries)]
        assert len(set(ids)) == len(ids) and all(one.startswith("urn:uuid:") for one in ids)
        assert feed.findtext(f"{ATOM}author/{ATOM}name")
        for element in (feed, *entries):
            assert element.findtext(f"{ATOM}title")
            assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", element.findtext(f"{ATOM}updated") or "")
        base = feed.get("{http://www.w3.org/XML/1998/namespace}base", "")
        for entry in entries:
            link = next(found for found in entry.iter(f"{ATOM}link") if found.get("rel") == "alternate")
            target = unquote(link.get("href", ""))
            if address:
                assert target.removeprefix(f"{address}/") in site
            else:
                assert posixpath.normpath(posixpath.join(posixpath.dirname(path), base, target)) in site


@pytest.mark.parametrize(("language", "word"), [("en", "Withdrawn"), ("ja", "取り下げ")])
def test_what_feeds_say_of_a_withdrawn_paper_begins_with_that(language: str, word: str) -> None:
    site = built([published.withdrawn(1), note(2)], language)
    entries = feeds(site)["feed.xml"].findall(f"{ATOM}entry")
    atom = [one.findtext(f"{ATOM}content") or "" for one in entries]
    told = [one["content_text"] for one in json.loads(site["feed.json"])["items"]]
    for new, old in (atom, told):
        assert old.splitlines()[0].startswith(word) and len(old.splitlines()) > 1
        assert word not in new


def test_feed_ids_stay_when_the_pages_move() -> None:
    here, there = built([note(1)], address="https://a.example"), built([note(1)], address="")
    ids = [[one.text for one in feeds(site)["feed.xml"].iter(f"{ATOM}id")] for site in (here, there)]
    assert ids[0] == ids[1]


def test_who_wants_it_has_a_page_and_feeds_and_nobody_else_has() -> None:
    wanting, other = replace(published.AOKI, name="A <b>oki", feed="f00d"), Member("U02", "Bea")
    shared = [replace(note(n), shares=(replace(note(n).shares[0], member=wanting),)) for n in (1, 2)]
    others = [replace(note(3), shares=(replace(note(3).shares[0], member=other),), readers=())]
    said = replace(others[0], comments=(replace(note(3).comments[0], member=wanting, text="Well said"),))
    for last, numbers in ((others[0], "21"), (said, "321")):
        site = built([*shared, last])
        pages = html_pages(site)
        assert {path for path in site if path.startswith("people/")} == {
            f"people/f00d.{end}" for end in ("html", "xml", "json")
        }
        page = pages["people/f00d.html"]
        assert "A <b>oki" in page.text
        assert "".join(re.findall(r"Synthesis Step (\d)<", site["people/f00d.html"])) == numbers
        assert {"f00d.xml", "f00d.json"} <= {posixpath.basename(link) for link in page.values("a", "href")}
        entries = feeds(site)["people/f00d.xml"].findall(f"{ATOM}entry")
        assert len(entries) == len(numbers)
        items = json.loads(site["people/f00d.json"])["items"]
        assert [one["id"] for one in items] == [one.findtext(f"{ATOM}id") for one in entries]
    assert "../../people/f00d.html" in pages["papers/arxiv/2403.00001.html"].values("a", "href")
    assert "people/f00d.html" in pages["index.html"].values("a", "href")
    assert not [path for path in built([note(1)]) if path.startswith("people/")]


# Tags that were renamed, merged, grouped


def ordered(notes: Iterable[Note], order: TagOrder, address: str = "") -> dict[str, str]:
    pages = list(published.site_builder().build(published.content(address), Given(notes, order)))
    assert len({page.path for page in pages}) == len(pages)
    return {page.path: page.body.decode("utf-8") for page in pages}


@pytest.mark.parametrize("old", ["llms", "large language model", "a/b", "objective-c++", "大規模"])
@pytest.mark.parametrize("address", ["", "https://notes.example.org/lab"])
def test_an_older_address_of_a_tag_leads_to_it_without_scripts(old: str, address: str) -> None:
    site = ordered(many_notes(70), TagOrder(moved={old: "llm"}), address)
    # Page, feed, year and three months; beside each but the feed three files for programs.
    assert len([path for path in site if path.startswith("tags/llm.")]) == 6 + 5 * 3
    for part in ("", "2024", "2024-03"):
        page = html_pages(site)[addresses.tag_page(old, part)]
        (refresh,) = [found["content"] for name, found in page.elements if found.get("http-equiv") == "refresh"]
        assert refresh == "0; url=../tags/llm.html"
        assert "../tags/llm.html" in page.values("a", "href")
        assert canonical(page) == ([f"{address}/tags/llm.html"] if address else [])
        assert robots(page) == ["noindex"]
    assert site[addresses.tag_feed(old)] == site["tags/llm.xml"]
    for ending in ("json", "bib", "md"):
        assert site[addresses.tag_file(old, ending)] == site[f"tags/llm.{ending}"]
    assert all(addresses.tag_page(old) not in text for text in site.values())


def test_an_older_address_never_stands_in_the_way_of_a_tag_and_never_leads_nowhere() -> None:
    notes = [note(1, tags=("LLM",)), note(2, tags=("LLMs",))]
    moved = {"llms": "llm", "secret": "hidden", "llm": "llms"}
    assert ordered(notes, TagOrder(moved=moved)) == ordered(notes, TagOrder())


def test_the_list_of_tags_stands_in_groups_where_there_are_any() -> None:
    notes = [note(1, tags=("RAG", "LLM", "Survey", "<b>"))]
    groups = {"rag": "<i>Methods</i>", "<b>": "<i>Methods</i>", "llm": "Models", "gone": "Empty"}
    listed = html_pages(ordered(notes, TagOrder(groups)))["tags/index.html"]
    assert listed.text.index("<i>Methods</i> <b> 1 RAG 1") < listed.text.index("Models LLM 1")
    assert listed.text.index("Models LLM 1") < listed.text.index("Other tags Survey 1")
    assert "Empty" not in listed.text
    assert "Other tags" not in html_pages(ordered(notes, TagOrder()))["tags/index.html"].text


def test_the_page_and_the_files_of_a_tag_say_what_it_is_about() -> None:
    about = {"llm": "Large <b>models</b>; see https://example.org/", "gone": "A tag that no paper carries"}
    site = ordered(many_notes(64), TagOrder(moved={"llms": "llm"}, descriptions=about))
    page = html_pages(site)["tags/llm.html"]
    assert page.text.count("Large <b>models</b>; see https://example.org/") == 1
    assert "https://example.org/" in page.values("a", "href")
    assert any("https://example.org/ · 67 notes" in text for text in page.values("meta", "content"))
    assert json.loads(site["tags/llm.json"])["description"] == about["llm"]
    assert json.loads(site["tags/llm.2024.json"])["description"] is None
    assert "Large \\<b\\>models" in site["tags/llm.md"] and "models" not in site["tags/c.html"]
    assert not any(about["gone"] in text for text in site.values())


def test_a_list_of_many_grouped_tags_goes_on_under_its_heading() -> None:
    notes = [note(n, tags=tuple(f"tag{n}x{t}" for t in range(50))) for n in range(1, 8)]
    groups = {tag.key: f"{'長' * 59}{number % 9}" for number, one in enumerate(notes) for tag in one.tags}
    site = ordered(notes, TagOrder(groups))
    found = [
        (path, link)
        for path, page in html_pages(site).items()
        if path.startswith("tags/index.")
        for link in page.values("a", "href")
        if "tags/tag" in link
    ]
    assert len(found) == len({link for _, link in found}) == 350
    assert len({path for path, _ in found}) == 2
