"""All notes by the calendar: a page for each month, parted where a month is full, and the list of months."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from papers.brief import Brief
from publishing import addresses
from publishing.catalogue import Catalogue
from publishing.content import Gone, Page
from publishing.kinds import Build, Key, OnePage
from publishing.parts import Part, Place, concerned, find, names, neighbours, path

_MONTH = 7  # characters of `2024-03`


@dataclass(frozen=True, slots=True)
class Month:
    """A month in which papers were noted, and how many."""

    name: str
    notes: int


def months(catalogue: Catalogue, most: int | None = None) -> list[Month]:
    """The months in which papers were noted, newest first."""
    found = catalogue.months[::-1]
    return [Month(name, len(catalogue.in_month(name))) for name in found[:most]]


class MonthPages:
    """The pages of months and of their parts. Known by name, such as `2024-03` or `2024-03-07`."""

    in_order = False

    def all(self, build: Build) -> Iterator[Key]:
        """Each month and each of its parts."""
        for month in build.catalogue.months:
            yield (month,)
            yield from ((name,) for name in _parts(names(build.catalogue.in_month(month), month)))

    def concerned(self, build: Build, brief: Brief) -> Iterator[Key]:
        """The one that shows the note."""
        place = build.catalogue.place(brief.note_id)
        month = place.day[:_MONTH]
        yield ([month, *path(build.catalogue.in_month(month), place)][-1],)

    def counted(self, build: Build, brief: Brief) -> Iterator[tuple[Key, Hashable]]:
        """The note's month, those beside it, which link to it, and the parts about the note's place."""
        place = build.catalogue.place(brief.note_id)
        month, known = place.day[:_MONTH], build.catalogue.months
        at = known.index(month)
        about = _parts(concerned(build.catalogue.in_month(month), place))
        yield from (((name,), place) for name in (*known[max(0, at - 1) : at + 2], *about))

    def page(self, build: Build, key: Key) -> Page | Gone:
        """One page: its notes, or the way to smaller parts."""
        (name,) = key
        month, where = name[:_MONTH], addresses.month_page(name)
        places = build.catalogue.in_month(month)
        part = _part(places, name)
        if part is None:
            return Gone(where)
        newer, older = neighbours(places, part) if name != month else _beside(build.catalogue.months, month)
        page = build.render.page(
            build.site, "month.html", where, part=part, count=part.stop - part.start, newer=newer, older=older
        )
        shown = places[part.start : part.stop]
        return page if part.within else page.filled(build.blocks.html(shown[::-1]))


class MonthList(OnePage):
    """The list of all months."""

    def counted(self, build: Build, brief: Brief) -> Iterable[tuple[Key, Hashable]]:
        """The one: it counts the notes of each month."""
        return (((), build.catalogue.place(brief.note_id).day[:_MONTH]),)

    def page(self, build: Build, _key: Key) -> Page | Gone:
        """The months by year, newest first."""
        by_year = [(year, list(some)) for year, some in groupby(months(build.catalogue), lambda one: one.name[:4])]
        return build.render.page(
            build.site, "months.html", addresses.month_list(), years=by_year, count=len(build.catalogue)
        )


def _parts(found: Iterable[str]) -> Iterator[str]:
    """Of the names of parts those that are smaller than a month."""
    return (name for name in found if len(name) > _MONTH)


def _part(places: Sequence[Place], name: str) -> Part | None:
    if not places:
        return None
    return find(places, name) or (Part(name, 0, len(places)) if len(name) == _MONTH else None)


def _beside(known: Sequence[str], month: str) -> tuple[str, str]:
    at = known.index(month)
    return "".join(known[at + 1 : at + 2]), "".join(known[max(0, at - 1) : at])
