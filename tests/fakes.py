"""Stand-ins for the ports that tests can look into: a clock that jumps, and gates in memory and in a file."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path


class FakeClock:
    """A clock that stands still until somebody sleeps."""

    def __init__(self, now: float = 1_000_000.0) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds


@dataclass(frozen=True, slots=True)
class GateRow:
    """What a gate knows of one service."""

    free_at: float = 0.0
    failures: int = 0


class FakeGate:
    """A gate in memory, for the threads of one process. `now` is its clock, in Unix seconds."""

    def __init__(self, now: Callable[[], float] = time.time) -> None:
        self._now = now
        self._lock = threading.Lock()
        self.rows: dict[str, GateRow] = {}

    def take(self, name: str, worst: float, gap: float) -> float | None:
        with self._lock:
            row, now = self.rows.get(name, GateRow()), self._now()
            if row.free_at > now:
                return None
            self.rows[name] = replace(row, free_at=now + worst + gap)
            return now + worst + gap

    def extend(self, name: str, hold: float, worst: float) -> float | None:
        with self._lock:
            row = self.rows.get(name, GateRow())
            if row.free_at != hold:
                return None
            self.rows[name] = replace(row, free_at=self._now() + worst)
            return self.rows[name].free_at

    def release(self, name: str, hold: float, pause: float, failures: int) -> None:
        with self._lock:
            if self.rows.get(name, GateRow()).free_at == hold:
                self.rows[name] = GateRow(self._now() + pause, failures)

    def state(self, name: str) -> tuple[float, int]:
        with self._lock:
            row = self.rows.get(name, GateRow())
            return max(0.0, row.free_at - self._now()), row.failures

    def shut(self, name: str, seconds: float, failures: int = 0) -> None:
        """Leave the gate as somebody else would have left it."""
        with self._lock:
            self.rows[name] = GateRow(self._now() + seconds, failures)


class FileGate:
    """A gate in a SQLite file, for several processes."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._writing() as db:
            db.execute("CREATE TABLE IF NOT EXISTS gate(name TEXT PRIMARY KEY, free_at REAL, failures INTEGER)")

    def take(self, name: str, worst: float, gap: float) -> float | None:
        with self._writing() as db:
            now = time.time()
            db.execute("INSERT INTO gate VALUES(?, 0, 0) ON CONFLICT DO NOTHING", (name,))
            hold = now + worst + gap
            taken = db.execute(
                "UPDATE gate SET free_at = ? WHERE name = ? AND free_at <= ?", (hold, name, now)
            ).rowcount
        return hold if taken else None

    def release(self, name: str, hold: float, pause: float, failures: int) -> None:
        with self._writing() as db:
            db.execute(
                "UPDATE gate SET free_at = ?, failures = ? WHERE name = ? AND free_at = ?",
                (time.time() + pause, failures, name, hold),
            )

    def state(self, name: str) -> tuple[float, int]:
        with self._writing() as db:
            row = db.execute("SELECT free_at, failures FROM gate WHERE name = ?", (name,)).fetchone()
        return (max(0.0, row[0] - time.time()), row[1]) if row else (0.0, 0)

    @contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        db = sqlite3.connect(self._path, timeout=30, isolation_level=None)
        try:
            db.execute("BEGIN IMMEDIATE")
            yield db
            db.execute("COMMIT")
        finally:
            db.close()
