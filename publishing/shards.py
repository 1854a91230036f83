"""How the records of search are parted into files: by the calendar, and a full month into runs.

A note that comes, changes or goes concerns one file, wherever in time it stands: counting all notes from the
oldest would move those after it. The parts are as large as they may be, since each costs a request.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from publishing.parts import Place

FULL = 500
"""A period with more notes is parted further; so many notes make a run of one month, counted from its oldest."""

_SMALLER = {12: 6, 6: 3, 3: 1}  # months


class Shard(NamedTuple):
    """The notes from `start` up to, not including, `stop`, counted from the oldest.

    `name` is `2024`, `2024.01-06`, `2024.01-03`, `2024.02-02`, or `2024.02-02.2` for the second run of February.
    """

    name: str
    start: int
    stop: int


def shards(places: Sequence[Place]) -> Iterator[Shard]:
    """All parts of these notes (oldest first), oldest first."""
    start = 0
    while start < len(places):
        for shard in _within(places, places[start].day[:4], 1, 12):
            yield shard
            start = shard.stop


def find(places: Sequence[Place], name: str) -> Shard | None:
    """The part of that name, or None if there is no such part."""
    return next((shard for shard in _within(places, name[:4], 1, 12) if shard.name == name), None)


def concerned(places: Sequence[Place], place: Place) -> Iterator[str]:
    """The names of the parts that would be others without the note at this place, which is one of `places`."""
    year, month = place.day[:4], int(place.day[5:7])
    for months in (12, 6, 3, 1):
        first = (month - 1) // months * months + 1
        start, stop = _span(places, year, first, months)
        if stop - start <= FULL + 1:
            yield _name(year, first, months)
        if stop - start <= FULL:
            return
        if stop - start == FULL + 1:  # without it there would be one part
            yield from (shard.name for shard in _within(places, year, first, months))
            return
    yield from (shard.name for shard in _within(places, year, month, 1) if places[shard.stop - 1] >= place)


def _within(places: Sequence[Place], year: str, first: int, months: int) -> Iterator[Shard]:
    start, stop = _span(places, year, first, months)
    name = _name(year, first, months)
    if stop - start <= FULL:
        if start < stop:
            yield Shard(name, start, stop)
    elif months == 1:
        for number, begin in enumerate(range(start, stop, FULL), start=1):
            yield Shard(f"{name}.{number}", begin, min(begin + FULL, stop))
    else:
        for begin in range(first, first + months, _SMALLER[months]):
            yield from _within(places, year, begin, _SMALLER[months])


def _name(year: str, first: int, months: int) -> str:
    return year if months == 12 else f"{year}.{first:02}-{first + months - 1:02}"


def _span(places: Sequence[Place], year: str, first: int, months: int) -> tuple[int, int]:
    # No month is called 13, but it follows the twelfth.
    return bisect_left(places, (f"{year}-{first:02}",)), bisect_left(places, (f"{year}-{first + months:02}",))
