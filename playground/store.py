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


class StoreUnusable(Exception):
    """The file cannot be opened or made, or is no SQLite database; the text says why."""


class Store:
    """Documents that survive a killed process. Without a path they live in memory only.

    Used from one thread. Every change outside `together` is committed at once; a committed change
    survives `kill -9` (write-ahead log; only a power cut may lose the last moments).
    """

    def __init__(self, path: Path | None) -> None:
        self._depth = 0
        try:
            self._database = _opened(path)
        except (OSError, sqlite3.Error) as error:
            reason = getattr(error, "strerror", None) or str(error)
            if "locked" in reason:
                raise StoreInUse(f"{path} is open in another playground") from error
            raise StoreUnusable(reason) from error

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


def _opened(path: Path | None) -> sqlite3.Connection:
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        # What people type in private is in it; SQLite would let everybody on the machine read it.
        with suppress(FileExistsError):
            os.close(os.open(path.resolve(), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    database = sqlite3.connect(path or ":memory:", isolation_level=None, timeout=1.0)
    try:
        # One playground per file: a second one would answer from an old copy in its memory.
        database.execute("PRAGMA locking_mode = EXCLUSIVE")
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        database.execute(
            "CREATE TABLE IF NOT EXISTS documents ("
            "kind TEXT NOT NULL, key TEXT NOT NULL, body TEXT NOT NULL, PRIMARY KEY (kind, key)) WITHOUT ROWID"
        )
        database.execute("BEGIN EXCLUSIVE")
        database.execute("COMMIT")
    except sqlite3.Error:
        database.close()
        raise
    return database
