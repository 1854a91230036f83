"""Where events are stored before Slack is answered: those that come at the same time in one transaction."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from queue import SimpleQueue

from papers.database_errors import DatabaseUnreachable
from papers.shelf import Shelves
from papers.work import Event

GATHERING = 0.003
"""Seconds to wait for more where several have just been written together: a transaction costs as much as five."""


@dataclass(frozen=True, slots=True)
class _Arrival:
    """An event, and what its caller is told: whether it was new, what went wrong, or None: write for all."""

    event: Event
    told: SimpleQueue[bool | Exception | None] = field(default_factory=SimpleQueue)


class _SomeRepeated(Exception):
    """Of events that were written together not all were new."""


class Intake:
    """Stores events for good. To make a transaction last takes longer than to write another event into it.

    Whoever comes while nobody writes does so at once; those who come meanwhile wait together, and one of them
    then writes for all. In a crowd that one waits a moment for those whose answers are just on their way.
    """

    def __init__(self, shelves: Shelves, now: Callable[[], datetime]) -> None:
        self._shelves = shelves
        self._now = now
        self._lock = threading.Lock()
        self._waiting: list[_Arrival] = []
        self._led = False
        self._crowded_until = 0.0

    def put(self, event: Event) -> bool:
        """Return when the event is stored for good: False if it was there before.

        Raises DatabaseUnreachable, and whatever keeps this one event from being stored.
        """
        mine = _Arrival(event)
        with self._lock:
            self._waiting.append(mine)
            leads = not self._led
            self._led = True
        if leads or (told := mine.told.get()) is None:
            self._lead()
            told = mine.told.get()
        if isinstance(told, Exception):
            raise told
        return told is True

    def _lead(self) -> None:
        if (rest := self._crowded_until - time.monotonic()) > 0:
            threading.Event().wait(rest)
        with self._lock:
            together, self._waiting = self._waiting, []
        try:
            self._store(together)
        finally:
            with self._lock:
                self._crowded_until = time.monotonic() + GATHERING if len(together) > 1 else 0.0
                self._led = bool(self._waiting)
                if self._led:
                    self._waiting[0].told.put(None)

    def _store(self, together: Sequence[_Arrival]) -> None:
        try:
            new = self._written(together)
        except Exception as trouble:  # noqa: BLE001 # whatever it is, each who waits must hear of it
            if len(together) == 1 or isinstance(trouble, DatabaseUnreachable):
                for arrival in together:
                    arrival.told.put(trouble)
                return
            # One that cannot be stored keeps no other one out; and one that was there before is told apart.
            for arrival in together:
                self._store([arrival])
            return
        for arrival in together:
            arrival.told.put(new)

    def _written(self, together: Sequence[_Arrival]) -> bool:
        """Whether they are new, all of them. Raises _SomeRepeated, and then nothing is written."""
        with self._shelves.writing() as shelf:
            new = shelf.inbox.put([arrival.event for arrival in together], self._now())
            if 1 < len(together) != new:
                raise _SomeRepeated
        return new > 0
