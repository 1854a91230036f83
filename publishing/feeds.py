"""The Atom feeds of all notes and of each tag, and what every Atom feed is made of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from papers.brief import Brief
from publishing import addresses
from publishing.blocks import atom_id
from publishing.catalogue import FEED_LENGTH
from publishing.content import Gone, Page
from publishing.kinds import Build, Key, OnePage
from publishing.parts import Place

_NEVER = "1970-01-01T00:00:00Z"  # the date of a feed without entries: it must have one, and a steady one


class Feed(OnePage):
    """The feed of all notes."""

    def concerned(self, build: Build, brief: Brief) -> Iterable[Key]:
        """The one, where the note is in it."""
        return ((),) if build.catalogue.is_in_feed(brief.note_id, build.catalogue.places) else ()

    def page(self, build: Build, _key: Key) -> Page | Gone:
        """The newest notes of all."""
        return atom_feed(
            build, addresses.FEED, addresses.INDEX, build.catalogue.places, title=build.site.title, what="all"
        )


class TagFeeds:
    """The feed of each tag."""

    in_order = False

    def all(self, build: Build) -> Iterable[Key]:
        """One for each tag."""
        return ((key,) for key in build.catalogue.keys)

    def concerned(self, build: Build, brief: Brief) -> Iterator[Key]:
        """Those of the note's tags that it is in."""
        for tag in brief.tags:
            if build.catalogue.is_in_feed(brief.note_id, build.catalogue.tagged(tag.key)):
                yield (tag.key,)

    def page(self, build: Build, key: Key) -> Page | Gone:
        """The newest notes of a tag."""
        (tag,) = key
        path, tagged = addresses.tag_feed(tag), build.catalogue.tagged(tag)
        if not tagged:
            return Gone(path)
        title = build.render.wording("feed_title", about=build.catalogue.tag(tag).name, title=build.site.title)
        return atom_feed(build, path, addresses.tag_page(tag), tagged, title=title, what=f"tag {tag}")


def atom_feed(build: Build, path: str, page_path: str, places: Sequence[Place], *, title: str, what: str) -> Page:
    """The feed at `path` of the newest of these notes; `what` tells for good which feed it is."""
    newest = build.blocks.entries(places[: -FEED_LENGTH - 1 : -1])
    page = build.render.page(
        build.site,
        "feed.xml",
        path,
        title=title,
        page_path=page_path,
        id=atom_id(build.content.workspace.id, what),
        updated=max((entry.updated for entry in newest), default=_NEVER),
    )
    return page.filled(b"".join(entry.xml for entry in newest))
