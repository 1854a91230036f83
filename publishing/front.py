"""The first page, the page for lost readers, and the files that all pages use."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from urllib.parse import urlsplit

from papers.brief import Brief
from publishing import addresses
from publishing.content import Gone, Page
from publishing.kinds import Build, Key
from publishing.rendering import Site
from publishing.tag_pages import sizes

_LATEST = 30  # notes on the first page
_TAGS = 80
_FILES = (addresses.STYLE, addresses.ICON, addresses.SEARCH_SCRIPT)


class FirstPage:
    """The first page: the most used tags and the newest notes."""

    in_order = False

    def all(self, _build: Build) -> Iterable[Key]:
        """The one."""
        return ((),)

    def concerned(self, _build: Build, _brief: Brief) -> Iterable[Key]:
        """It says when the notes were last looked at, so it is another one after each change."""
        return ((),)

    def page(self, build: Build, _key: Key) -> Page | Gone:
        """The first page."""
        catalogue = build.catalogue
        keys = catalogue.keys
        often = sorted(keys, key=lambda key: (-len(catalogue.tagged(key)), key))[:_TAGS]
        page = build.render.page(
            build.site,
            "index.html",
            addresses.INDEX,
            count=len(catalogue),
            shelves=sizes(catalogue, sorted(often)),
            tag_count=len(keys),
            made_at=build.content.made_at,
        )
        return page.filled(build.blocks.html_on_first_page(catalogue.places[: -_LATEST - 1 : -1]))


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
