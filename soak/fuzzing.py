"""Fuzzing: every door is given what nobody should send, and a ledger says what became of it."""

from __future__ import annotations

import time
import traceback
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

SLOW_SECONDS = 1.0
"""No input may take longer."""

ROUND = 1_000
"""How many inputs meet the same database."""

_SHOWN = 400  # characters of an example


class Surprise(Exception):
    """A door answered as it never should."""


@dataclass(frozen=True, slots=True)
class Door:
    """A door: what comes to it, and the way in. `enter` says whether the input was refused properly.

    It raises for whatever is wrong. `share` is the part of the inputs asked for that it is given, where each
    costs much; `seconds` is how long one may take.
    """

    name: str
    make: Callable[[Random], Any]
    enter: Callable[[Any], bool]
    share: float = 1.0
    seconds: float = SLOW_SECONDS


@dataclass(slots=True)
class Tally:
    """What became of the inputs at one door."""

    name: str
    seconds: float
    inputs: int = 0
    refused: int = 0
    slowest: float = 0.0
    slowest_input: str = ""
    surprises: dict[str, tuple[int, str]] = field(default_factory=dict)
    """By what was raised where: how often, and the shortest example."""

    @property
    def well(self) -> bool:
        """Whether nothing was unexpected and nothing took too long."""
        return not self.surprises and self.slowest <= self.seconds

    def surprised(self, error: BaseException, example: Any) -> None:
        """Count an unexpected error."""
        what, shown = _what(error), repr(example)
        count, shortest = self.surprises.get(what, (0, shown))
        self.surprises[what] = (count + 1, min(shown, shortest, key=len))


Opening = Callable[[Path], AbstractContextManager[Door]]
"""Builds what is behind a door, in an empty folder, and takes it down again."""


def fuzz(openings: Mapping[str, Opening], folder: Path, inputs: int, seed: int) -> Iterator[Tally]:
    """Give each door its inputs, and yield what became of them.

    Every so often what is behind the door is made anew: else a single note would have thousands of comments.
    """
    for name, opening in openings.items():
        tally = Tally(name, SLOW_SECONDS)
        left = range(inputs)
        while left:
            inside = folder / f"{name}-{left[0]}"
            inside.mkdir(parents=True)
            with opening(inside) as door:
                tally.name, tally.seconds = door.name, door.seconds
                left = range(left[0], max(1, int(inputs * door.share)))
                for number in left[:ROUND]:
                    knock(door, door.make(Random(f"{seed} {name} {number}")), tally)
            left = left[ROUND:]
        yield tally


def knock(door: Door, given: Any, tally: Tally) -> None:
    """Give a door one input. One that took too long is given again: the machine may have been busy elsewhere."""
    tally.inputs += 1
    began = time.perf_counter()
    try:
        tally.refused += door.enter(given)
    except Exception as error:  # noqa: BLE001 - this is what is looked for
        tally.surprised(error, given)
    took = time.perf_counter() - began
    if took > door.seconds:
        took = min(took, _again(door, given))
    if took > tally.slowest:
        tally.slowest, tally.slowest_input = took, repr(given)[:_SHOWN]


def report(tallies: list[Tally], title: str) -> str:
    """The ledger as it is printed."""
    wide = max(len(one.name) for one in tallies) + 2
    rows = [title, f"{'':{wide}}{'inputs':>9}{'refused':>9}{'unexpected':>12}{'slowest':>12}"]
    for one in tallies:
        number = sum(count for count, _ in one.surprises.values())
        rows.append(f"{one.name:{wide}}{one.inputs:9,}{one.refused:9,}{number:12,}{one.slowest * 1000:9,.0f} ms")
        rows += [
            f"    {count} times {what}: {example[:_SHOWN]}" for what, (count, example) in one.surprises.items()
        ]
        if one.slowest > one.seconds:
            rows.append(f"    too slow: {one.slowest_input}")
    rows.append("Nothing unexpected." if all(one.well for one in tallies) else "UNEXPECTED.")
    return "\n".join(rows)


def _again(door: Door, given: Any) -> float:
    began = time.perf_counter()
    with suppress(Exception):  # counted before
        door.enter(given)
    return time.perf_counter() - began


def _what(error: BaseException) -> str:
    """What was raised, and the innermost line of it."""
    if isinstance(error, Surprise):
        return f"{error}"[:_SHOWN]
    last = traceback.extract_tb(error.__traceback__)[-1]
    return f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno} ({str(error)[:80]!r})"
