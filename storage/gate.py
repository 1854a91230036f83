"""The gate: one row per outside service that is rate limit, mutex and crash lease in one."""

from __future__ import annotations

import time

from sqlalchemy import Connection, Double, cast, extract, func, select, update

from storage.engine import Database
from storage.statements import make_sure
from storage.tables import gates


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
                update(gates).where(gates.c.name == name, gates.c.free_at <= now).values(free_at=hold)
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
            row = connection.execute(select(gates).where(gates.c.name == name)).first()
            return (0.0, 0) if row is None else (max(0.0, row.free_at - _now(connection)), row.failures)


def _now(connection: Connection) -> float:
    """Unix seconds. Asked inside the transaction: on SQLite after the writer's lock was had."""
    if connection.dialect.name != "postgresql":
        return time.time()
    seconds = extract("epoch", func.clock_timestamp())
    now: float = connection.execute(select(cast(seconds, Double))).scalar_one()
    return now
