"""The present as all who use one database tell it: by PostgreSQL's clock, with SQLite by the host's."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime

from sqlalchemy import Double, cast, extract, func, select
from sqlalchemy.exc import DBAPIError

from papers.database_errors import DatabaseUnreachable
from storage.engine import Database

ASKED_EVERY = 60.0
"""After so many seconds the database is asked again what time it is: clocks drift by less than that matters."""

JUMP = 0.5
"""A host's clock that went on by so many seconds more or less than it should was set, or the host slept."""

CLOCK = select(cast(extract("epoch", func.clock_timestamp()), Double))
"""PostgreSQL's clock in Unix seconds; not that of the transaction, which stands still."""


@dataclass(frozen=True, slots=True)
class _Comparison:
    """What was found when the database was asked: how far its clock is ahead of the host's."""

    ahead: float
    wall: float
    steady: float


class Present:
    """Tells the time in UTC. Hosts whose clocks differ would else end each other's leases, or weeks, too early.

    Between two questions to PostgreSQL the host's clock goes on, corrected by what was found; when it was set
    or the host slept meanwhile, the question is asked at once. While there is no answer the last one holds.
    """

    def __init__(
        self,
        database: Database,
        wall: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._database = database
        self._wall = wall
        self._steady = steady
        self._asking = threading.Lock()
        self._found: _Comparison | None = None

    def __call__(self) -> datetime:
        """The present."""
        found = None if self._database.file else self._compared()
        return datetime.fromtimestamp(self._wall() + (found.ahead if found else 0.0), UTC)

    def _compared(self) -> _Comparison | None:
        found = self._found
        if found is not None:
            went, should = self._wall() - found.wall, self._steady() - found.steady
            if abs(went - should) < JUMP and should < ASKED_EVERY:
                return found
        if not self._asking.acquire(blocking=found is None):
            return found  # somebody asks already
        try:
            self._found = self._ask() or found
        finally:
            self._asking.release()
        return self._found

    def _ask(self) -> _Comparison | None:
        try:
            with self._database.reading() as connection:
                before = self._wall()
                told = connection.execute(CLOCK).scalar_one()
                wall, steady = self._wall(), self._steady()
        except (DatabaseUnreachable, DBAPIError):
            return None
        return _Comparison(told - (before + wall) / 2, wall, steady)
