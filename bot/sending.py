"""The job that sends the published pages to other places too: a bucket, a branch."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from bot.pages import Publishing
from papers.errors import FusenError
from papers.source import Gate
from papers.targets import SendingStopped, Sent, Target, TargetBusy

log = logging.getLogger(__name__)

LEASE_SECONDS = 600.0
"""A process that dies while it sends holds a place for so long; no one request takes longer."""

RENEWED_AFTER = 60.0
FIRST_PAUSE, LONGEST_PAUSE = 10.0, 900.0
"""After a failure it is tried again in so many seconds, after each further one in twice as many."""


@dataclass(slots=True)
class _State:
    """Of one place: the publication that it has, and since when it has lacked a newer one."""

    has: int | None = None
    since: float | None = None


class Sending:
    """Brings every place up to date, one process at a time for each.

    What was sent is remembered by the place itself, which is compared with the folder: so it does no harm to send
    again, and what was broken off is completed. After the turn is had and before the folder is looked at, the
    pages are brought up to date: so nobody sends older pages over newer ones. A place that fails is left alone
    for a while by all processes, and keeps no other waiting. Once `stopped` is set, a sending breaks off.
    """

    def __init__(
        self,
        targets: Sequence[Target],
        publishing: Publishing,
        gate: Gate,
        stopped: threading.Event,
        count: Callable[[str, Sent], object] = lambda _name, _sent: None,
    ) -> None:
        self._targets = targets
        self._publishing = publishing
        self._gate = gate
        self._stopped = stopped
        self._count = count
        self._states = {target.name: _State() for target in targets}

    def __call__(self) -> None:
        """Send to each place what it lacks, if its time has come. Raises the first FusenError of all."""
        troubles = [trouble for target in self._targets if (trouble := self._bring(target))]
        if troubles:
            raise troubles[0]

    def now(self, patience: float = 0.0) -> list[tuple[Target, Sent]]:
        """Send what stands in the folder to every place. Raises a FusenError.

        TargetBusy if the turn was not to be had within `patience` seconds, SendingStopped once it is `stopped`.
        """
        return [(target, self._send(target, patience)) for target in self._targets]

    def late(self) -> dict[str, float]:
        """For how many seconds each place has lacked something that is published here."""
        now = time.monotonic()
        return {name: 0.0 if state.since is None else now - state.since for name, state in self._states.items()}

    def _bring(self, target: Target) -> FusenError | None:
        state = self._states[target.name]
        if state.has is not None and state.has == self._publishing.count:
            return None
        if state.since is None:
            state.since = time.monotonic()
        try:
            with self._turn(target, 0.0) as alive:
                self._publishing()
                having = self._publishing.count
                self._sent(target, target.send(alive))
        except (TargetBusy, SendingStopped):
            return None  # its turn is somebody's, it is left alone for a while, or Fusen stops
        except FusenError as trouble:
            return trouble
        state.has, state.since = having, None
        return None

    def _send(self, target: Target, patience: float) -> Sent:
        with self._turn(target, patience) as alive:
            return self._sent(target, target.send(alive))

    def _sent(self, target: Target, sent: Sent) -> Sent:
        self._count(target.name, sent)
        if sent != Sent():
            log.info("pages sent to the %s: %d files put, %d removed", target.name, sent.put, sent.removed)
        return sent

    @contextmanager
    def _turn(self, target: Target, patience: float) -> Iterator[Callable[[], None]]:
        """Have the place to oneself; gives what is to be called again and again to keep it."""
        name = f"pages:{target.name}"
        hold = self._take(name, patience)
        if hold is None:
            raise TargetBusy(where=target.where)
        _, failures = self._gate.state(name)
        turn = _Turn(self._gate, name, target.where, hold, self._stopped)
        try:
            yield turn.keep
        except (SendingStopped, TargetBusy):
            self._gate.release(name, turn.hold, FIRST_PAUSE, failures)
            raise
        except BaseException:
            pause = min(FIRST_PAUSE * 2.0 ** min(failures, 10), LONGEST_PAUSE)
            self._gate.release(name, turn.hold, pause, failures + 1)
            raise
        self._gate.release(name, turn.hold, target.pause, 0)

    def _take(self, name: str, patience: float) -> float | None:
        until = time.monotonic() + patience
        while True:
            seconds, _ = self._gate.state(name)
            hold = self._gate.take(name, LEASE_SECONDS, 0.0) if seconds == 0 else None
            if hold is not None or time.monotonic() >= until:
                return hold
            self._stopped.wait(min(max(seconds, 0.05), 1.0))


class _Turn:
    """A turn that is renewed while its holder is alive."""

    def __init__(self, gate: Gate, name: str, where: str, hold: float, stopped: threading.Event) -> None:
        self.hold = hold
        self._gate = gate
        self._name = name
        self._where = where
        self._stopped = stopped
        self._renewed = time.monotonic()

    def keep(self) -> None:
        """Renew the turn if it is time. Raises SendingStopped, and TargetBusy if the turn was lost."""
        if self._stopped.is_set():
            raise SendingStopped(where=self._where)
        if time.monotonic() - self._renewed < RENEWED_AFTER:
            return
        hold = self._gate.extend(self._name, self.hold, LEASE_SECONDS)
        if hold is None:
            raise TargetBusy(where=self._where)
        self.hold, self._renewed = hold, time.monotonic()
