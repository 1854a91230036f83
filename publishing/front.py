"""The first page, the notes with most attention, the page for lost readers, and the files that all pages use."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from papers.brief import Brief
from publishing import addresses
from publishing.content import Gone, Page
from publishing.kinds import Build, Key, OnePage
from publishing.months import months
from publishing.rendering import Site
from publishing.tag_order import by_group, sections
from publishing.tag_pages import TagSize, sizes

_FILES = (addresses.STYLE, addresses.ICON, addresses.SEARCH_SCRIPT, addresses.CITE_SCRIPT)
_LATEST, _MONTHS = 10, 12
_GROUPS, _IN_GROUP, _TAGS = 8, 8, 30
_HOTTEST, _HOT = 5, 50


class FirstPage(OnePage):
    """The first page: of tags, attention, notes and months a few each, and the way to all."""

    in_order = True

    def concerned(self, _build: Build, _brief: Brief) -> Iterable[Key]:
        """It says when the notes were last looked at, so it is another one after each change."""
        return ((),)

    def page(self, build: Build, _key: Key) -> Page | Gone:
        """The first page."""
        catalogue = build.catalogue
        page = build.render.page(
            build.site,
            "index.html",
            addresses.INDEX,
            count=len(catalogue),
            groups=_groups(build),
            tag_count=len(catalogue.keys),
            hottest=catalogue.hottest(_HOTTEST),
            months=months(catalogue, _MONTHS),
            made_at=build.content.made_at,
        )
        return page.filled(build.blocks.html_on_first_page(catalogue.places[: -_LATEST - 1 : -1]))


@dataclass(frozen=True, slots=True)
class _Group:
    """The most used tags of one group; without a heading, those in none."""

    heading: str
    shelves: list[TagSize]


def _groups(build: Build) -> list[_Group]:
    """The groups with most notes, in the order of the list of tags, and the most used tags in none."""
    parts = sections(by_group(build.catalogue.keys, build.order.groups))
    named = [one for one in parts if one.heading]
    most = sorted(named, key=lambda one: -_carried(build, one.keys))[:_GROUPS]
    shown = [one for one in parts if not one.heading or one in most]
    return [_Group(one.heading, _often(build, one.keys, _IN_GROUP if one.heading else _TAGS)) for one in shown]


def _carried(build: Build, keys: Iterable[str]) -> int:
    return sum(len(build.catalogue.tagged(key)) for key in keys)


def _often(build: Build, keys: Iterable[str], most: int) -> list[TagSize]:
    often = sorted(keys, key=lambda key: (-len(build.catalogue.tagged(key)), key))[:most]
    return sizes(build.catalogue, sorted(often))


class AttentionPage(OnePage):
    """The notes that got most attention of late, with what it is made of."""

    def concerned(self, build: Build, brief: Brief) -> Iterable[Key]:
        """The one, where the note is on it."""
        return ((),) if build.catalogue.is_hot(brief.note_id, _HOT) else ()

    def page(self, build: Build, _key: Key) -> Page | Gone:
        """The page."""
        hottest = build.catalogue.hottest(_HOT)
        return build.render.page(build.site, "attention.html", addresses.ATTENTION, hottest=hottest)


class Fixed:
    """What shows no note: the files that pages use, and what a server says where there is no page."""

    in_order = False

    def __init__(self, templates: Path) -> None:
        self._files = {name: (templates / name).read_bytes() for name in _FILES}
        # GitHub Pages would take our Markdown for its own, and what stands between braces for orders.
        self._files[addresses.NO_JEKYLL] = b""

    def all(self, _build: Build) -> Iterable[Key]:
        """All of them."""
        return [(name,) for name in (*self._files, addresses.ROBOTS, addresses.NOT_FOUND)]

    def concerned(self, _build: Build, _brief: Brief) -> Iterable[Key]:
        """None."""
        return ()

    def page(self, build: Build, key: Key) -> Page | Gone:
        """One of the files."""
        (name,) = key
        if name in self._files:
            return Page(name, self._files[name])
        if name == addresses.ROBOTS:
            return Page(name, _robots(build.site).encode("utf-8"))
        # A server shows it at any depth, so here alone the links start at the top of the server.
        root = f"{urlsplit(build.site.address).path}/"
        return build.render.page(build.site, "404.html", addresses.NOT_FOUND, root=root)


def _robots(site: Site) -> str:
    """What search engines may look at (RFC 9309). They read it only where the pages are a host's first ones."""
    if not site.listed:
        return "User-agent: *\nDisallow: /\n"
    found = f"\nSitemap: {site.link(addresses.SITEMAP)}\n" if site.address else ""
    return f"User-agent: *\nAllow: /\n{found}"
