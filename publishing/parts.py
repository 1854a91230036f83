"""How a tag's notes are parted by the calendar: into years, months, days, and runs of one day."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

FULL = 60
"""A period with so many notes is parted further. One block of a note weighs at most 4.9 kB, a page 300 kB."""

RUN = 50
"""How many notes of one day stand together on one page, counted from the oldest."""

_LEVELS = (4, 7, 10)  # how much of `2024-03-07` names a year, a month, a day


class Place(NamedTuple):
    """Where a note stands in time: its day in the workspace's zone, the moment, and its id as the last word."""

    day: str
    at: datetime
    note_id: int


@dataclass(frozen=True, slots=True)
class Part:
    """The notes of one period, `start` up to, not including, `stop`, counted from the tag's oldest.

    `name` is `2024`, `2024-03`, `2024-03-07`, or `2024-03-07.2` for the second run of that day. A part with
    too many notes for one page leads to smaller ones, which `within` names with their numbers of notes.
    """

    name: str
    start: int
    stop: int
    within: tuple[tuple[str, int], ...] = ()


def years(places: Sequence[Place]) -> tuple[tuple[str, int], ...]:
    """The names of the years, oldest first, with their numbers of notes; none if the tag has one page only."""
    return tuple(_within(places, "", 0, len(places))) if len(places) >= FULL else ()


def find(places: Sequence[Place], name: str) -> Part | None:
    """The part of that name among a tag's notes (oldest first), or None if there is no such part."""
    period, _, run = name.partition(".")
    shorter = [period[:level] for level in _LEVELS if level < len(period)]
    if len(places) < FULL or any(_size(places, above) < FULL for above in shorter):
        return None
    start, stop = _span(places, period)
    if run:
        first = start + (int(run) - 1) * RUN
        parted = len(period) == _LEVELS[-1] and stop - start >= FULL
        return Part(name, first, min(first + RUN, stop)) if parted and first < stop else None
    if start == stop:
        return None
    return Part(name, start, stop, tuple(_within(places, period, start, stop)) if stop - start >= FULL else ())


def names(places: Sequence[Place], period: str = "") -> Iterator[str]:
    """The names of all parts within a period, or of all there are."""
    start, stop = _span(places, period)
    if stop - start < FULL:
        return
    for name, _ in _within(places, period, start, stop):
        yield name
        if "." not in name:
            yield from names(places, name)


def path(places: Sequence[Place], place: Place) -> tuple[str, ...]:
    """The names of the parts that lead to a note of the tag, the one that shows it being the last."""
    found: list[str] = []
    if len(places) < FULL:
        return ()
    for level in _LEVELS:
        found.append(place.day[:level])
        if _size(places, found[-1]) < FULL:
            return tuple(found)
    run = (bisect_left(places, place) - _span(places, place.day)[0]) // RUN + 1
    return (*found, f"{place.day}.{run}")


def concerned(places: Sequence[Place], place: Place) -> set[str]:
    """The names of the parts that another note at this place, or one less, would change.

    Those that lead to it. Where it is this very note that makes a period too full for one page, all within
    that period; where a day has runs, all of them. And those beside, which link to parts, where there is another
    part because of it.
    """
    found = set(path(places, place))
    for period in ("", *(place.day[:level] for level in _LEVELS)):
        start, stop = _span(places, period)
        size = stop - start
        in_runs = size >= FULL and len(period) == _LEVELS[-1]
        if size in (1, FULL) or in_runs:
            for beside in _beside(places, start, stop):
                found.update(path(places, places[beside]))
        if size < FULL:
            break
        if size == FULL or in_runs:
            found.update(names(places, period))
    return found


def neighbours(places: Sequence[Place], part: Part) -> tuple[str, str]:
    """The names of the parts with the notes just newer and just older; empty where there are none."""
    newer = path(places, places[part.stop])[-1] if part.stop < len(places) else ""
    older = path(places, places[part.start - 1])[-1] if part.start else ""
    return newer, older


def _beside(places: Sequence[Place], start: int, stop: int) -> Iterator[int]:
    if len(places) < FULL:
        return
    if start > 0:
        yield start - 1
    if stop < len(places):
        yield stop


def _within(places: Sequence[Place], period: str, start: int, stop: int) -> Iterator[tuple[str, int]]:
    level = next((level for level in _LEVELS if level > len(period)), 0)
    if not level:
        for number, first in enumerate(range(start, stop, RUN), start=1):
            yield f"{period}.{number}", min(RUN, stop - first)
        return
    while start < stop:
        name = places[start].day[:level]
        following = _end(places, name)
        yield name, following - start
        start = following


def _size(places: Sequence[Place], period: str) -> int:
    start, stop = _span(places, period)
    return stop - start


def _span(places: Sequence[Place], period: str) -> tuple[int, int]:
    if not period:
        return 0, len(places)
    return bisect_left(places, (period,)), _end(places, period)


def _end(places: Sequence[Place], period: str) -> int:
    return bisect_left(places, (f"{period}~",))
