"""The gate: one row per outside service, or work of one process at a time: pace, mutex and crash lease in one."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, select, update

from papers.lived import lived
from storage.engine import Database
from storage.present import CLOCK
from storage.statements import make_sure
from storage.tables import gates

LONGEST = 900.0
"""No turn is held for so many seconds, nor is any pause so long where nothing failed.

A gate that is shut for longer was shut by a clock that has been set back since.
"""

LONGEST_AFTER_A_FAILURE = 86_400.0 + LONGEST
"""The same where something failed: no service that asks for a pause is obeyed for longer than a day."""


def _this_host() -> str:
    """This machine since it was started, as Linux names it; elsewhere this process."""
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text("ascii").strip()
    except OSError:
        return uuid4().hex


HOST = _this_host()


class StoredGate:
    """The port `Gate`. Its clock is PostgreSQL's own, or with SQLite that of the host.

    A clock that is put forward would open gates whose turn is still held, or whose pause is not over. So a row
    tells how far that clock was ahead of the seconds that its writer's `host` had lived: whoever runs on the same
    host goes by these, others by the clock.
    """

    def __init__(self, database: Database, host: str = HOST, lived: Callable[[], float] = lived) -> None:
        self._database = database
        self._host = host
        self._lived = lived

    def take(self, name: str, worst: float, gap: float) -> float | None:
        """Take the turn if the gate is free: now free again at `now + worst + gap`.

        Returns the hold, the very value written, to be given to `release`; None if the gate is not free.
        """
        with self._database.writing() as connection:
            make_sure(connection, gates, {"name": name, "free_at": 0.0})
            # Locked on PostgreSQL: who had to wait for another's turn sees what that one has written.
            row = connection.execute(select(gates).where(gates.c.name == name).with_for_update()).one()
            now = _now(connection)
            if self._told_by(row, now)[0] > 0:
                return None
            hold = now + worst + gap
            connection.execute(update(gates).where(gates.c.name == name).values(self._written(now, hold)))
            return hold

    def extend(self, name: str, hold: float, worst: float) -> float | None:
        """Keep the turn for `worst` seconds from now. Returns the new hold; None if the turn was lost."""
        with self._database.writing() as connection:
            now = _now(connection)
            later = now + worst
            mine = (gates.c.name == name) & (gates.c.free_at == hold)
            kept = connection.execute(update(gates).where(mine).values(self._written(now, later)))
            return later if kept.rowcount == 1 else None

    def release(self, name: str, hold: float, pause: float, failures: int) -> None:
        """Give the turn back: free again in `pause` seconds. Does nothing if the hold was lost."""
        with self._database.writing() as connection:
            now = _now(connection)
            mine = (gates.c.name == name) & (gates.c.free_at == hold)
            left = {**self._written(now, now + pause), "failures": failures}
            connection.execute(update(gates).where(mine).values(left))

    def state(self, name: str) -> tuple[float, int]:
        """Seconds until the gate is free (0 if it is) and the number of failures in a row."""
        with self._database.reading() as connection:
            row = connection.execute(select(gates).where(gates.c.name == name)).first()
            return (0.0, 0) if row is None else self._told_by(row, _now(connection))

    def _written(self, now: float, free_at: float) -> dict[str, Any]:
        return {"free_at": free_at, "host": self._host, "ahead": now - self._lived()}

    def _told_by(self, row: Row[Any], now: float) -> tuple[float, int]:
        if row.host == self._host:
            now = self._lived() + row.ahead
        left = max(0.0, row.free_at - now)
        longest = LONGEST_AFTER_A_FAILURE if row.failures else LONGEST
        return (left, row.failures) if left <= longest else (0.0, 0)


def _now(connection: Connection) -> float:
    """Unix seconds. Asked inside the transaction: on SQLite after the writer's lock was had."""
    if connection.dialect.name != "postgresql":
        return time.time()
    now: float = connection.execute(CLOCK).scalar_one()
    return now
