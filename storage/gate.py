"""The gate: one row per outside service, or work of one process at a time: pace, mutex and crash lease in one."""

from __future__ import annotations

import time

from sqlalchemy import ColumnElement, Connection, case, select, update

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


class StoredGate:
    """The port `Gate`. Its clock is PostgreSQL's own, or with SQLite that of the host."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def take(self, name: str, worst: float, gap: float) -> float | None:
        """Take the turn if the gate is free: now free again at `now + worst + gap`.

        Returns the hold, the very value written, to be given to `release`; None if the gate is not free.
        """
        with self._database.writing() as connection:
            make_sure(connection, gates, {"name": name, "free_at": 0.0})
            now = _now(connection)
            hold = now + worst + gap
            # PostgreSQL tests the condition again on the row that it had to wait for.
            taken = connection.execute(
                update(gates)
                .where(gates.c.name == name, (gates.c.free_at <= now) | _shut_in_the_future(now))
                .values(free_at=hold)
            )
            return hold if taken.rowcount == 1 else None

    def extend(self, name: str, hold: float, worst: float) -> float | None:
        """Keep the turn for `worst` seconds from now. Returns the new hold; None if the turn was lost."""
        with self._database.writing() as connection:
            later = _now(connection) + worst
            mine = (gates.c.name == name) & (gates.c.free_at == hold)
            kept = connection.execute(update(gates).where(mine).values(free_at=later))
            return later if kept.rowcount == 1 else None

    def release(self, name: str, hold: float, pause: float, failures: int) -> None:
        """Give the turn back: free again in `pause` seconds. Does nothing if the hold was lost."""
        with self._database.writing() as connection:
            connection.execute(
                update(gates)
                .where(gates.c.name == name, gates.c.free_at == hold)
                .values(free_at=_now(connection) + pause, failures=failures)
            )

    def state(self, name: str) -> tuple[float, int]:
        """Seconds until the gate is free (0 if it is) and the number of failures in a row."""
        with self._database.reading() as connection:
            now = _now(connection)
            shut = select(gates).where(gates.c.name == name, ~_shut_in_the_future(now))
            row = connection.execute(shut).first()
            return (0.0, 0) if row is None else (max(0.0, row.free_at - now), row.failures)


def _shut_in_the_future(now: float) -> ColumnElement[bool]:
    longest = case((gates.c.failures == 0, LONGEST), else_=LONGEST_AFTER_A_FAILURE)
    return gates.c.free_at > now + longest


def _now(connection: Connection) -> float:
    """Unix seconds. Asked inside the transaction: on SQLite after the writer's lock was had."""
    if connection.dialect.name != "postgresql":
        return time.time()
    now: float = connection.execute(CLOCK).scalar_one()
    return now
