"""The one SQLite file that a workspace lives in: JSON documents by kind and key."""

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playground.records import Json


class StoreInUse(Exception):
    """Another playground has the file open."""


class Store:
    """Documents that survive a killed process. Without a path they live in memory only.

    Used from one thread. Every change outside `together` is committed at once; a committed change
    survives `kill -9` (write-ahead log; only a power cut may lose the last moments).
    """

    def __init__(self, path: Path | None) -> None:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            # What people type in private is in it; SQLite would let everybody on the machine read it.
            with suppress(FileExistsError):
                os.close(os.open(path.resolve(), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
        self._depth = 0
        self._database = sqlite3.connect(path or ":memory:", isolation_level=None, timeout=1.0)
        try:
            # One playground per file: a second one would answer from an old copy in its memory.
            self._database.execute("PRAGMA locking_mode = EXCLUSIVE")
            self._database.execute("PRAGMA journal_mode = WAL")
            self._database.execute("PRAGMA synchronous = NORMAL")
            self._database.execute(
                "CREATE TABLE IF NOT EXISTS documents ("
                "kind TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID"
            )
            self._database.execute("BEGIN EXCLUSIVE")
            self._database.execute("COMMIT")
        except sqlite3.OperationalError as error:
            self._database.close()
            if "locked" in str(error):
                raise StoreInUse(f"{path} is open in another playground") from error
            raise

    def put(self, kind: str, key: str, body: Json) -> None:
        """Write one document."""
        self._database.execute(
            "INSERT INTO documents (kind, key, body) VALUES (?, ?, ?) "
            "ON CONFLICT (kind, key) DO UPDATE SET body = excluded.body",
            (kind, key, json.dumps(body, ensure_ascii=False)),
        )

    def get(self, kind: str, key: str) -> Json | None:
        """Return one document, or None."""
        row = self._database.execute(
            "SELECT body FROM documents WHERE kind = ? AND key = ?", (kind, key)
        ).fetchone()
        return None if row is None else dict(json.loads(row[0]))

    def drop(self, kind: str, key: str) -> None:
        """Forget one document; a missing one is no error."""
        self._database.execute("DELETE FROM documents WHERE kind = ? AND key = ?", (kind, key))

    def read(self, kind: str) -> Iterator[tuple[str, Json]]:
        """Return all documents of a kind in the order of their keys."""
        rows = self._database.execute("SELECT key, body FROM documents WHERE kind = ? ORDER BY key", (kind,))
        return ((key, json.loads(body)) for key, body in rows.fetchall())

    @contextmanager
    def together(self) -> Iterator[None]:
        """Commit all changes inside as one. They are kept on errors too, as memory keeps them."""
        self._depth += 1
        if self._depth == 1:
            self._database.execute("BEGIN")
        try:
            yield
        finally:
            self._depth -= 1
            if self._depth == 0:
                self._database.execute("COMMIT")

    def close(self) -> None:
        """Close the file."""
        self._database.close()
