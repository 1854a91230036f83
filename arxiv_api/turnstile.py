"""Waiting for a turn at the gate, and what is left at the gate when the turn is given back."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from arxiv_api.timing import Timing
from papers.errors import SourceError, SourceLeftAlone, SourceThrottled, SourceUnavailable
from papers.lived import lived
from papers.source import Gate

SHORTEST_NAP = 0.01
LONGEST_NAP = 1.0


class TurnLost(SourceUnavailable):
    """The turn became too old before its request left: the process was frozen. Nothing was sent."""


class Slot:
    """One turn in the hand: for one request. It remembers what is to be left at the gate afterwards."""

    def __init__(self, timing: Timing, taken_at: float, failures: int, now: Callable[[], float]) -> None:
        self.pause = 0.0  # an unused turn is given back at once: the last request lies a gap behind already
        self.failures = failures
        self._timing = timing
        self._taken_at = taken_at
        self._now = now
        self._used = False

    def use(self) -> None:
        """Spend the turn. Raises RuntimeError the second time: one turn is one request."""
        if self._used:
            raise RuntimeError("a turn is for one question")
        self._used = True
        self.pause = self._timing.gap

    def check_fresh(self) -> None:
        """Raise TurnLost if the turn is so old that a request sent now might outlive it."""
        if self._now() - self._taken_at > self._timing.latest_start:
            raise TurnLost("the turn was lost")

    def answered(self) -> None:
        """The source answered: the usual pause, and no failures in a row."""
        self.pause, self.failures = self._timing.gap, 0

    def failed(self, asked_for: float = 0.0) -> float:
        """The source failed once more, or asked for a wait of some seconds. Returns the pause to come."""
        self.failures += 1
        self.pause = self._timing.pause_after(self.failures, asked_for)
        return self.pause


class Turnstile:
    """Lets one holder at a time through the named gate, over all processes.

    `now` is a monotonic clock in seconds. `stop`, once set, ends all waiting.
    """

    def __init__(
        self,
        gate: Gate,
        name: str,
        timing: Timing,
        stop: threading.Event | None = None,
        now: Callable[[], float] = lived,
        sleep: Callable[[float], object] | None = None,
    ) -> None:
        self._gate = gate
        self._name = name
        self._timing = timing
        self._stop = stop or threading.Event()
        self._now = now
        self._sleep = sleep or self._stop.wait

    def wait_seconds(self) -> float:
        """Seconds until the gate is free."""
        return self._gate.state(self._name)[0]

    def in_trouble(self) -> bool:
        """Whether the last request failed."""
        return self._gate.state(self._name)[1] > 0

    @contextmanager
    def turn(self) -> Iterator[Slot]:
        """Wait for a turn and give it back at the end.

        Raises SourceThrottled or SourceUnavailable when the gate is shut for longer than anybody should wait.
        """
        hold, taken_at = self._wait()
        slot = None
        try:
            slot = Slot(self._timing, taken_at, self._gate.state(self._name)[1], self._now)
            yield slot
        finally:
            pause, failures = (slot.pause, slot.failures) if slot else (0.0, 0)
            self._gate.release(self._name, hold, pause, failures)

    def _wait(self) -> tuple[float, float]:
        began = self._now()
        while True:
            if self._stop.is_set():
                raise SourceUnavailable("Fusen is stopping")
            asked_at = self._now()  # before the gate's own clock is read: a turn looks older, never younger
            hold = self._gate.take(self._name, self._timing.worst, self._timing.gap)
            if hold is not None:
                return hold, asked_at
            wait, failures = self._gate.state(self._name)
            if max(wait, self._now() - began) > self._timing.patience:
                raise shut(wait, failures)
            self._sleep(min(max(wait, SHORTEST_NAP), LONGEST_NAP))


def shut(wait: float, failures: int) -> SourceError:
    """The error that tells of a gate shut for `wait` seconds: an outage, or a wait that was asked for."""
    if failures:
        return SourceLeftAlone(f"next try in {wait:.0f} s")
    return SourceThrottled(wait)
