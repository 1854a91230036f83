"""The ports to where papers come from: a source that is asked politely, and the gate that sets its pace."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Protocol

from papers.paper import PaperId, Reading, Record


@dataclass(frozen=True, slots=True)
class Answer:
    """What a source said to one question about several papers: those it knows and those it does not.

    Papers of which it said nothing usable (a broken entry, a list cut short) are in neither: they stay wanted.
    """

    found: tuple[Record, ...]
    missing: tuple[PaperId, ...]


class Turn(Protocol):
    """The right to ask one question now. Nobody else asks meanwhile, in this process or another."""

    def ask(self, paper_ids: Sequence[PaperId]) -> Answer:
        """Ask for the newest version of up to `Source.batch_size` papers in one request.

        Raises SourceThrottled, SourceUnavailable or SourceRefused; none of them says that a paper is unknown.
        """
        ...


class Source(Protocol):
    """Where papers come from."""

    batch_size: int

    def turn(self) -> AbstractContextManager[Turn]:
        """Wait for a turn. Leaving the block gives it back and starts the pause before the next one."""
        ...

    def wait_seconds(self) -> float:
        """How long a turn asked for now would have to wait, in seconds, if the one who holds it dies."""
        ...

    def in_trouble(self) -> bool:
        """Whether the source failed to answer when it was last asked, so that nobody should wait for it."""
        ...


@dataclass(frozen=True, slots=True)
class ReadPage:
    """What came of reading a web page: its record, None if its site says that there is no such page.

    The record's id is the page's own, which may be another than was asked for: the page had moved, or names
    the address by which it wants to be known. `twins` are other papers that the page says it is a copy of.
    """

    record: Record | None
    twins: tuple[PaperId, ...] = ()


class PageSource(Protocol):
    """The web, one page at a time."""

    def read(self, paper_id: PaperId) -> ReadPage:
        """Read the page of a paper, within a bounded time.

        Raises SourceThrottled (with the seconds to wait) where its site was asked a moment ago or wants to be
        left alone, and SourceUnavailable where it did not answer; neither says that there is no such page.
        """
        ...


class Gate(Protocol):
    """One row per outside service that is rate limit, mutex and crash lease in one, for all processes.

    The row says when the gate is free. A turn is taken by pushing that time beyond the longest possible
    request, so a holder that dies frees the gate by itself. Times are Unix seconds of one clock, the gate's.
    Work that one process alone should do takes its turn in the same way.
    """

    def take(self, name: str, worst: float, gap: float) -> float | None:
        """Take the turn if the gate is free: now free again at `now + worst + gap`.

        Returns the hold, the very value written, to be given to `release`; None if the gate is not free.
        """
        ...

    def extend(self, name: str, hold: float, worst: float) -> float | None:
        """Keep the turn for `worst` seconds from now. Returns the new hold; None if the turn was lost."""
        ...

    def release(self, name: str, hold: float, pause: float, failures: int) -> None:
        """Give the turn back: free again in `pause` seconds. Does nothing if the hold was lost.

        `failures` is stored for the next holder: how many requests in a row have failed (the breaker's count).
        """
        ...

    def state(self, name: str) -> tuple[float, int]:
        """Seconds until the gate is free (0 if it is) and the number of failures in a row."""
        ...


class Enrichment(Protocol):
    """Everything that a machine makes about a paper when its record arrives."""

    def named(self, record: Record) -> Record:
        """The record with what is left of TeX in its authors' names, comment and reference made readable.

        Never raises.
        """
        ...

    def read(self, record: Record) -> Reading:
        """Make a record fit to read. Never raises, whatever the record holds."""
        ...
