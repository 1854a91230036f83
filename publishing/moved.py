"""Where tags had their pages under older names: pages that lead on, and feeds that go on."""

from __future__ import annotations

from collections.abc import Iterator

from papers.brief import Brief
from publishing import addresses
from publishing.content import Gone, Page
from publishing.feeds import TagFeeds
from publishing.kinds import Build, Key
from publishing.parts import concerned, find, names
from publishing.tag_order import older_keys
from publishing.tag_pages import TagPages, TagParts

_PAGE, _FEED = "", "feed"


class MovedTags:
    """Known by the older key and what stood there: the tag's page, one of its parts, or its feed."""

    in_order = True

    def __init__(self) -> None:
        self._pages, self._parts, self._feeds = TagPages(), TagParts(), TagFeeds()

    def all(self, build: Build) -> Iterator[Key]:
        """The page, the parts and the feed of each older key."""
        for key, older in older_keys(build.order.moved, set(build.catalogue.keys)).items():
            for old in older:
                yield from ((old, what) for what in (_PAGE, _FEED, *names(build.catalogue.tagged(key))))

    def concerned(self, build: Build, brief: Brief) -> Iterator[Key]:
        """Those that lead to the note's tags, and those in whose place such a tag may stand now."""
        moved = build.order.moved
        if not moved:
            return
        place = build.catalogue.place(brief.note_id)
        for tag in brief.tags:
            about = concerned(build.catalogue.tagged(tag.key), place)
            for old, new in moved.items():
                if new == tag.key:
                    yield from ((old, what) for what in (_PAGE, _FEED, *about))
            if tag.key in moved:
                parts = names(build.catalogue.tagged(moved[tag.key]))
                yield from ((tag.key, what) for what in (_PAGE, _FEED, *parts))

    def page(self, build: Build, key: Key) -> Page | Gone:
        """A page that leads on; or the feed, which cannot send its readers on, so it goes on by itself."""
        old, what = key
        path = addresses.tag_feed(old) if what == _FEED else addresses.tag_page(old, what)
        new = build.order.moved.get(old, "")
        places = build.catalogue.tagged(new)
        if build.catalogue.tagged(old):  # a tag of that name lives there
            return self._living(build, old, what)
        if not places:
            return Gone(path)
        if what == _FEED:
            feed = self._feeds.page(build, (new,))
            return Page(path, feed.body) if isinstance(feed, Page) else Gone(path)
        if what != _PAGE and find(places, what) is None:
            return Gone(path)
        return build.render.page(build.site, "moved.html", path, tag=build.catalogue.tag(new))

    def _living(self, build: Build, key: str, what: str) -> Page | Gone:
        if what == _FEED:
            return self._feeds.page(build, (key,))
        return self._parts.page(build, (key, what)) if what else self._pages.page(build, (key,))
