"""Where tags had their pages under older names: pages that lead on, and feeds that go on."""

from __future__ import annotations

from collections.abc import Iterator

from papers.brief import Brief
from publishing import addresses
from publishing.content import Gone, Page
from publishing.feeds import TagFeeds
from publishing.kinds import Build, Key
from publishing.parts import concerned, find, names
from publishing.tag_files import ENDINGS, TagFiles
from publishing.tag_pages import TagPages, TagParts
from publishing.taken_back import in_place_of_tag, leading_on

_PAGE, _FEED = "", "feed"
_WHOLE = (_PAGE, _FEED, *ENDINGS)


class MovedTags:
    """Known by the older key and what stood there: the page, a part, the feed, or a file for programs."""

    in_order = True

    def __init__(self) -> None:
        self._pages, self._parts, self._feeds, self._files = TagPages(), TagParts(), TagFeeds(), TagFiles()

    def all(self, build: Build) -> Iterator[Key]:
        """The page, the parts, the feed and the files of each older key."""
        for key, older in build.older_keys.items():
            for old in older:
                yield from ((old, what) for what in (*_WHOLE, *names(build.catalogue.tagged(key))))

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
                    yield from ((old, what) for what in (*_WHOLE, *about))
            if tag.key in moved:
                parts = names(build.catalogue.tagged(moved[tag.key]))
                yield from ((tag.key, what) for what in (*_WHOLE, *parts))

    def page(self, build: Build, key: Key) -> Page | Gone:
        """A page that leads on; or what cannot send its readers on, so it goes on by itself: feed and files."""
        old, what = key
        path = _path(old, what)
        new = build.order.moved.get(old, "")
        places = build.catalogue.tagged(new)
        if build.catalogue.tagged(old):  # a tag of that name lives there
            return self._living(build, old, what)
        if not places:
            return Gone(path) if what else in_place_of_tag(build, old)
        if what == _FEED or what in ENDINGS:
            same = self._feeds.page(build, (new,)) if what == _FEED else self._files.page(build, (new, "", what))
            return Page(path, same.body) if isinstance(same, Page) else Gone(path)
        if what != _PAGE and find(places, what) is None:
            return Gone(path)
        return leading_on(build, path, new)

    def _living(self, build: Build, key: str, what: str) -> Page | Gone:
        if what == _FEED:
            return self._feeds.page(build, (key,))
        if what in ENDINGS:
            return self._files.page(build, (key, "", what))
        return self._parts.page(build, (key, what)) if what else self._pages.page(build, (key,))


def _path(key: str, what: str) -> str:
    if what == _FEED:
        return addresses.tag_feed(key)
    return addresses.tag_file(key, what) if what in ENDINGS else addresses.tag_page(key, what)
