"""The files by which programs find their way: the JSON feed, the guide for agents, and the site maps."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape

from papers.brief import Brief
from papers.marks import quotable
from papers.unseen import fit
from publishing import addresses
from publishing.blocks import atom_id
from publishing.catalogue import FEED_LENGTH
from publishing.content import Gone, Page
from publishing.data import json_bytes, read
from publishing.kinds import Build, Key, OnePage
from publishing.markdown import link, plain
from publishing.parts import Place
from publishing.tag_files import JSON, MARKDOWN
from publishing.tag_pages import sizes
from publishing.texts import excerpt

_TAGS_FOR_AGENTS = 300
_COMMENTS, _COMMENT, _SUMMARY = 3, 280, 800  # as much of a note as in the Atom feed
_TAGS_MAP = "tags"


class JsonFeed(OnePage):
    """The newest notes as a JSON Feed (https://www.jsonfeed.org/version/1.1/)."""

    def concerned(self, build: Build, brief: Brief) -> Iterable[Key]:
        """The one, where the note is in it."""
        return ((),) if build.catalogue.is_in_feed(brief.note_id, build.catalogue.places) else ()

    def page(self, build: Build, _key: Key) -> Page | Gone:
        """The feed."""
        return json_feed(
            build, addresses.JSON_FEED, addresses.INDEX, build.catalogue.places, title=build.site.title
        )


def json_feed(build: Build, path: str, page_path: str, places: Sequence[Place], *, title: str) -> Page:
    """The JSON Feed at `path` of the newest of these notes.

    Without a public address its links start where it stands.
    """
    root = "" if build.site.address else addresses.root_of(path)
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": fit(title),
        "home_page_url": root + build.site.link(page_path),
        "feed_url": root + build.site.link(path),
        "language": build.render.wording.language,
        "items": [_item(build, read(one), root) for one in build.blocks.data(places[: -FEED_LENGTH - 1 : -1])],
    }
    return Page(path, json_bytes(feed) + b"\n")


def _item(build: Build, note: Mapping[str, Any], root: str) -> dict[str, object]:
    say = build.render.wording
    said = [say("withdrawn")] if note.get("withdrawn") else []
    if note["translation"] and note["translation"]["summary"]:
        translated = excerpt(note["translation"]["summary"], _SUMMARY)
        said.append(f"{say('machine_summary')} ({say('machine_translation')}): {translated}")
    elif note["summary"]:
        said.append(f"{say('machine_summary')}: {excerpt(note['summary']['text'], _SUMMARY)}")
    elif note["waiting"]:
        said.append(say(note["waiting"]))
    for comment in note["comments"][:_COMMENTS]:
        words = excerpt(quotable(comment["text"]), _COMMENT) or say("image_alone")
        said.append(f"{comment['by'] or say('a_member')}: {words}")
    return {
        "id": atom_id(build.content.workspace.id, note["id"]),
        "url": root + note["page_url"],
        **({"external_url": note["url"]} if note["url"] else {}),
        "title": note["title"],
        "content_text": "\n".join(said) or note["title"],
        "date_published": note["noted_at"],
        "date_modified": note["updated_at"],
        "authors": [{"name": name} for name in note.get("authors", [])[:5]],
        "tags": note["tags"][:20],
    }


class ForAgents(OnePage):
    """The guide for agents: what there is and where (https://llmstxt.org/)."""

    def counted(self, _build: Build, brief: Brief) -> Iterable[tuple[Key, Hashable]]:
        """The one: it counts the notes of each tag."""
        return (((), brief.tags),)

    def page(self, build: Build, _key: Key) -> Page | Gone:
        """The guide, the tags with most notes first."""
        say, catalogue = build.render.wording, build.catalogue
        often = sorted(catalogue.keys, key=lambda key: (-len(catalogue.tagged(key)), key))
        notes = say("notes", count=len(catalogue))
        about = say("explanation_counted", explanation=say("explanation"), notes=notes)
        lines = [f"# {plain(build.site.title)}", "", f"> {about}"]
        lines += ["", say("for_agents"), "", f"## {say('tags')}", ""]
        for one in sizes(catalogue, often[:_TAGS_FOR_AGENTS]):
            where = build.site.link(addresses.tag_file(one.tag.key, MARKDOWN))
            as_data = build.site.link(addresses.tag_file(one.tag.key, JSON))
            count = say("notes", count=one.notes)
            lines.append(f"- {link(excerpt(one.tag.name, 80), where)}: {count}; {link('JSON', as_data)}")
        lines += ["", "## Optional", ""]
        for name, path in (
            (say("all_tags"), addresses.tag_list()),
            ("Atom", addresses.FEED),
            ("JSON Feed", addresses.JSON_FEED),
        ):
            lines.append(f"- {link(name, build.site.link(path))}")
        return Page(addresses.FOR_AGENTS, ("\n".join(lines) + "\n").encode("utf-8"))


class SiteMaps:
    """The maps of the site for search engines (https://www.sitemaps.org/protocol.html).

    One map names the others: that of the tags, and one for each month of notes, so that a new note changes a
    small file. Known by the map's name, empty for the first. There are none without a public address, which
    they must name, or where search engines are not wanted.
    """

    in_order = False

    def all(self, build: Build) -> Iterator[Key]:
        """The first, that of the tags, and those of the months."""
        if _mapped(build):
            yield from ((name,) for name in ("", _TAGS_MAP, *build.catalogue.months))

    def concerned(self, _build: Build, _brief: Brief) -> Iterable[Key]:
        """None: they name pages."""
        return ()

    def counted(self, build: Build, brief: Brief) -> Iterator[tuple[Key, Hashable]]:
        """The first, that of the tags, and that of the note's month."""
        if _mapped(build):
            place = build.catalogue.place(brief.note_id)
            month = place.day[:7]
            yield ("",), month
            yield (_TAGS_MAP,), (month, build.catalogue.alone(brief))
            yield (month,), (place, brief.paper_id)

    def page(self, build: Build, key: Key) -> Page | Gone:
        """One of the maps."""
        (name,) = key
        if not name:
            maps = (addresses.sitemap(one) for one in (_TAGS_MAP, *build.catalogue.months))
            return _map(build, addresses.SITEMAP, "sitemapindex", "sitemap", maps)
        path = addresses.sitemap(name)
        if name == _TAGS_MAP:
            return _map(build, path, "urlset", "url", _tag_pages(build))
        papers = [addresses.paper_page(brief.paper_id) for brief in build.catalogue.of_month(name)]
        return _map(build, path, "urlset", "url", papers) if papers else Gone(path)


def _mapped(build: Build) -> bool:
    return bool(build.site.address) and build.site.listed


def _tag_pages(build: Build) -> Iterator[str]:
    yield from (addresses.INDEX, addresses.ATTENTION, addresses.MAP, addresses.tag_list(), addresses.month_list())
    yield from map(addresses.month_page, build.catalogue.months)
    for key in build.catalogue.keys:
        yield addresses.tag_page(key)


def _map(build: Build, path: str, outer: str, inner: str, paths: Iterable[str]) -> Page:
    rows = "".join(f"<{inner}><loc>{escape(build.site.link(one))}</loc></{inner}>\n" for one in paths)
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    text = f'<?xml version="1.0" encoding="UTF-8"?>\n<{outer} xmlns="{space}">\n{rows}</{outer}>\n'
    return Page(path, text.encode("utf-8"))
