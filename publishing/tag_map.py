"""The map of tags: one under the other, those that go together near each other, joined by arcs.

Drawn when the page is made, as SVG that needs no script. A list of names can be read on a phone and gone through
with a keyboard, which a cloud of bubbles cannot; and its order is found in a millisecond, always the same one.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

from papers.brief import Brief
from papers.note import Tag
from publishing import addresses
from publishing.catalogue import Catalogue
from publishing.content import Gone, Page
from publishing.kinds import Build, Key, OnePage
from publishing.texts import excerpt

MOST_TAGS, MOST_PAIRS = 60, 100
"""So many of the biggest tags are shown, and of the pairs among them; each tag's closest one besides."""

WIDTH = 400
_ROW, _TOP, _AXIS, _WIDEST_ARC = 28, 20, 190, 185
_SMALLEST, _LARGEST = 3.0, 10.0  # radius of a tag
_THINNEST, _THICKEST = 1.0, 7.0  # line of a pair
_LABEL = 21  # columns; a Chinese character takes two


@dataclass(frozen=True, slots=True)
class Pair:
    """Two tags, by their keys, and on how many notes they stand together."""

    one: str
    other: str
    notes: int


@dataclass(frozen=True, slots=True)
class Spot:
    """A tag on the map: how it is called there, at which height, how large, and what it goes with, most first."""

    tag: Tag
    label: str
    notes: int
    y: int
    radius: float
    beside: tuple[tuple[Tag, int], ...]


@dataclass(frozen=True, slots=True)
class Arc:
    """The line that joins two tags: its path in SVG and its width; and the tag whose colour it has."""

    path: str
    width: float
    tag: Tag


class TagMap(OnePage):
    """The page with the map. What was drawn last is kept: most changes leave the biggest tags as they are."""

    def __init__(self) -> None:
        self._drawn: tuple[object, Page] | None = None

    def counted(self, _build: Build, brief: Brief) -> Iterable[tuple[Key, Hashable]]:
        """The one: it counts the notes of each tag and each pair."""
        return (((), brief.tags),)

    def page(self, build: Build, _key: Key) -> Page | Gone:
        """The page."""
        sizes = biggest(build.catalogue)
        pairs = closest(build.catalogue, sizes)
        tags = {key: build.catalogue.tag(key) for key in _joined(pairs)}
        counts = (len(build.catalogue.keys), max(sizes.values(), default=0), *(sizes[key] for key in tags))
        shown = (counts, tuple(tags.values()), tuple(pairs))
        if self._drawn is None or self._drawn[0] != shown:
            self._drawn = (shown, _drawn(build, tags, sizes, pairs))
        return self._drawn[1]


def biggest(catalogue: Catalogue) -> dict[str, int]:
    """The tags on most notes, by their keys, with their numbers of notes, the most first."""
    counted = [(-len(catalogue.tagged(key)), key) for key in catalogue.keys]
    return {key: -number for number, key in sorted(counted)[:MOST_TAGS]}


def closest(catalogue: Catalogue, sizes: Mapping[str, int]) -> list[Pair]:
    """The pairs of these tags that stand on most notes together, the most first."""
    found = sorted(
        (
            Pair(one, other, notes)
            for one in sizes
            for other, notes in catalogue.together(one).items()
            if one < other and other in sizes
        ),
        key=lambda pair: (-pair.notes, pair.one, pair.other),
    )
    first: dict[str, Pair] = {}
    for pair in found:
        first.setdefault(pair.one, pair)
        first.setdefault(pair.other, pair)
    chosen = {*found[:MOST_PAIRS], *first.values()}
    return [pair for pair in found if pair in chosen]


def in_rows(sizes: Mapping[str, int], pairs: Sequence[Pair]) -> list[str]:
    """The tags that have pairs, in an order in which those that mostly go together are neighbours.

    Chains are joined at their ends, the closest pairs first, each tag having two neighbours at most. How close
    two tags are is counted against how big they are: else the biggest would be a neighbour of all.
    """

    def far(pair: Pair) -> tuple[float, str, str]:
        return (-pair.notes / sqrt(sizes[pair.one] * sizes[pair.other]), pair.one, pair.other)

    chains = {key: [key] for key in _joined(pairs)}
    for pair in sorted(pairs, key=far):
        one, other = chains[pair.one], chains[pair.other]
        if one is other or pair.one not in (one[0], one[-1]) or pair.other not in (other[0], other[-1]):
            continue
        if one[0] == pair.one:
            one.reverse()
        if other[0] != pair.other:
            other.reverse()
        one += other
        chains.update(dict.fromkeys(other, one))
    rows: dict[str, None] = {}
    for key in sorted(chains, key=lambda key: (-sizes[key], key)):
        rows.update(dict.fromkeys(chains[key]))
    return list(rows)


def _joined(pairs: Iterable[Pair]) -> list[str]:
    return list(dict.fromkeys(key for pair in pairs for key in (pair.one, pair.other)))


def _drawn(build: Build, tags: Mapping[str, Tag], sizes: Mapping[str, int], pairs: Sequence[Pair]) -> Page:
    rows = in_rows(sizes, pairs)
    height = {key: _TOP + number * _ROW for number, key in enumerate(rows)}
    return build.render.page(
        build.site,
        "map.html",
        addresses.MAP,
        spots=[_spot(key, tags, sizes, pairs, height[key]) for key in rows],
        arcs=_arcs(tags, pairs, height),
        axis=_AXIS,
        width=WIDTH,
        height=_TOP + len(rows) * _ROW,
        count=len(build.catalogue.keys),
    )


def _spot(key: str, tags: Mapping[str, Tag], sizes: Mapping[str, int], pairs: Sequence[Pair], y: int) -> Spot:
    most = max(sizes.values())
    radius = _SMALLEST + (_LARGEST - _SMALLEST) * sqrt(sizes[key] / most)
    beside = [
        (pair.other if pair.one == key else pair.one, pair.notes)
        for pair in pairs
        if key in (pair.one, pair.other)
    ]
    named = tuple((tags[other], notes) for other, notes in beside)
    return Spot(tags[key], _label(tags[key].name), sizes[key], y, round(radius, 1), named)


def _arcs(tags: Mapping[str, Tag], pairs: Sequence[Pair], height: Mapping[str, int]) -> list[Arc]:
    """The thickest first, so that thin ones are not hidden."""
    if not pairs:
        return []
    farthest = max(abs(height[pair.one] - height[pair.other]) for pair in pairs)
    return [_arc(tags, pair, height, farthest, pairs[0].notes) for pair in pairs]


def _arc(tags: Mapping[str, Tag], pair: Pair, height: Mapping[str, int], farthest: int, most: int) -> Arc:
    upper, lower = sorted((pair.one, pair.other), key=lambda key: height[key])
    apart = height[lower] - height[upper]
    wide = round(_WIDEST_ARC * sqrt(apart / farthest))
    path = f"M{_AXIS} {height[upper]}A{wide} {apart // 2} 0 0 1 {_AXIS} {height[lower]}"
    return Arc(path, round(_THINNEST + (_THICKEST - _THINNEST) * sqrt(pair.notes / most), 1), tags[upper])


def _label(name: str) -> str:
    """As much of a name as there is room for."""
    line = excerpt(name, 2 * _LABEL)
    columns = 0
    for place, character in enumerate(line):
        columns += 2 if unicodedata.east_asian_width(character) in "WF" else 1
        if columns > _LABEL:
            return line[:place].rstrip() + "…"
    return line
