"""The pages of tags: each with its newest notes, all its notes by the calendar, and the list of all tags."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from papers.brief import Brief
from papers.note import Tag
from publishing import addresses
from publishing.catalogue import Catalogue
from publishing.content import Gone, Page
from publishing.kinds import Build, Key
from publishing.parts import FULL, Place, concerned, find, names, neighbours, path, years
from publishing.tag_order import by_group, sections
from publishing.taken_back import in_place_of_tag

NEWEST = 30
"""So many notes stand on the page of a tag whose notes are parted by the calendar."""

_RELATED = 8
_ON_LIST = 250  # the longest names, percent-encoded, still stay below the weight of a page


@dataclass(frozen=True, slots=True)
class TagSize:
    """A tag with the number of notes that carry it."""

    tag: Tag
    notes: int


def sizes(catalogue: Catalogue, keys: Iterable[str]) -> list[TagSize]:
    """These tags with their numbers of notes."""
    return [TagSize(catalogue.tag(key), len(catalogue.tagged(key))) for key in keys]


def is_on_page(catalogue: Catalogue, key: str, brief: Brief) -> bool:
    """Whether a note of this tag stands on the tag's own page."""
    places = catalogue.tagged(key)
    return len(places) < FULL or catalogue.place(brief.note_id) >= places[-NEWEST]


class TagPages:
    """The page of each tag: its newest notes, and the way to all others. Known by the tag's key."""

    in_order = False

    def all(self, build: Build) -> Iterable[Key]:
        """One for each tag."""
        return ((key,) for key in build.catalogue.keys)

    def concerned(self, build: Build, brief: Brief) -> Iterator[Key]:
        """Those of the note's tags that show it."""
        return ((tag.key,) for tag in brief.tags if is_on_page(build.catalogue, tag.key, brief))

    def counted(self, build: Build, brief: Brief) -> Iterator[tuple[Key, Hashable]]:
        """Those of all its tags: they count the notes, also by years, and the tags that stand together."""
        what = build.catalogue.place(brief.note_id), brief.tags
        return (((tag.key,), what) for tag in brief.tags)

    def described(self, _build: Build, tag: str) -> Iterable[Key]:
        """The tag's own."""
        return ((tag,),)

    def page(self, build: Build, key: Key) -> Page | Gone:
        """The page of a tag."""
        (tag,) = key
        where, places = addresses.tag_page(tag), build.catalogue.tagged(tag)
        if not places:
            return in_place_of_tag(build, tag)
        archive = years(places)
        shown = places[-NEWEST:] if archive else places
        related = build.catalogue.related(tag, _RELATED)
        return _page(
            build,
            "tag.html",
            where,
            tag,
            shown,
            part=None,
            count=len(places),
            archive=archive,
            related=related,
            description=build.order.descriptions.get(tag, ""),
            dates=(places[0].at, places[-1].at),
        )


class TagParts:
    """The pages of the parts of each tag. Known by the tag's key and the part's name."""

    in_order = False

    def all(self, build: Build) -> Iterator[Key]:
        """Each part of each tag, oldest first."""
        for key in build.catalogue.keys:
            for name in names(build.catalogue.tagged(key)):
                yield key, name

    def concerned(self, build: Build, brief: Brief) -> Iterator[Key]:
        """Of each of the note's tags the part that shows it."""
        place = build.catalogue.place(brief.note_id)
        for tag in brief.tags:
            for name in path(build.catalogue.tagged(tag.key), place)[-1:]:
                yield tag.key, name

    def counted(self, build: Build, brief: Brief) -> Iterator[tuple[Key, Hashable]]:
        """Of each of its tags the parts about its place."""
        place = build.catalogue.place(brief.note_id)
        for tag in brief.tags:
            for name in concerned(build.catalogue.tagged(tag.key), place):
                yield (tag.key, name), place

    def page(self, build: Build, key: Key) -> Page | Gone:
        """The page of one part: its notes, or the way to smaller parts."""
        tag, name = key
        where, places = addresses.tag_page(tag, name), build.catalogue.tagged(tag)
        part = find(places, name)
        if part is None:
            return Gone(where)
        newer, older = neighbours(places, part)
        shown = places[part.start : part.stop]
        return _page(
            build,
            "tag_part.html",
            where,
            tag,
            shown,
            bare=bool(part.within),
            part=part,
            count=part.stop - part.start,
            newer=newer,
            older=older,
        )


class TagLists:
    """The list of all tags, in as many pages as it takes. Known by the number of the page."""

    in_order = True

    def all(self, build: Build) -> Iterator[Key]:
        """The first one always, the others where there are so many tags."""
        for number in range(1, self._last(build) + 1):
            yield (str(number),)

    def concerned(self, _build: Build, _brief: Brief) -> Iterable[Key]:
        """None: they show no note."""
        return ()

    def counted(self, build: Build, brief: Brief) -> Iterator[tuple[Key, Hashable]]:
        """All: a tag that comes or goes moves the others. And one beyond the last, which may be gone."""
        if brief.tags:
            yield from ((key, brief.tags) for key in (*self.all(build), (str(self._last(build) + 1),)))

    def page(self, build: Build, key: Key) -> Page | Gone:
        """One page of the list."""
        number, last = int(key[0]), self._last(build)
        if number > last:
            return Gone(addresses.tag_list(number))
        listed = by_group(build.catalogue.keys, build.order.groups)
        shown = listed[(number - 1) * _ON_LIST : number * _ON_LIST]
        pages = {other: addresses.tag_list(other) for other in (number - 1, number + 1) if 1 <= other <= last}
        return build.render.page(
            build.site,
            "tags.html",
            addresses.tag_list(number),
            sections=sections(shown),
            shelves={one.tag.key: one for one in sizes(build.catalogue, (one.key for one in shown))},
            grouped=any(one.heading for one in listed),
            count=len(listed),
            before=pages.get(number - 1),
            after=pages.get(number + 1),
        )

    def _last(self, build: Build) -> int:
        return max(1, -(-len(build.catalogue.keys) // _ON_LIST))


def _page(
    build: Build,
    template: str,
    where: str,
    key: str,
    shown: Sequence[Place],
    *,
    bare: bool = False,
    **facts: object,
) -> Page:
    facts = {"tag": build.catalogue.tag(key), "dates": (shown[0].at, shown[-1].at), **facts}
    page = build.render.page(build.site, template, where, **facts)
    return page if bare else page.filled(build.blocks.html(shown[::-1]))
