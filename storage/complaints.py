"""What a database's complaint tells: that it is away, busy, full, closed to us or damaged, or nothing of that."""

from __future__ import annotations

import errno
import sqlite3
from collections.abc import Mapping
from pathlib import Path

from sqlalchemy.exc import DBAPIError

from papers.database_errors import (
    DatabaseBusy,
    DatabaseDamaged,
    DatabaseForbids,
    DatabaseFull,
    DatabaseReadOnly,
    DatabaseUnreachable,
)


def unopened(file: Path, error: OSError) -> DatabaseUnreachable:
    """What is told where a file of the database, or its folder, cannot be made or opened."""
    kind = _FILE_KINDS.get(error.errno or 0, DatabaseUnreachable)
    return kind(str(file), str(error.strerror))


def unusable(where: str, error: DBAPIError | sqlite3.Error) -> DatabaseUnreachable:
    """What is told of a driver's error: the database cannot be used, is busy, full, or its file is damaged."""
    return (_kind(error) or DatabaseUnreachable)(where, reason_of(error))


def is_away(error: DBAPIError | sqlite3.Error) -> bool:
    """Whether an error tells of the database's state, and not of what was asked of it."""
    return _kind(error) is not None


def reason_of(error: DBAPIError | sqlite3.Error) -> str:
    """The driver's first line without its punctuation; drivers do not repeat passwords."""
    return str(_drivers(error)).strip().splitlines()[0].rstrip(".")


_FILE_KINDS: Mapping[int, type[DatabaseUnreachable]] = {
    errno.ENOSPC: DatabaseFull,
    errno.EDQUOT: DatabaseFull,
    errno.EROFS: DatabaseReadOnly,
}
# https://www.sqlite.org/rescode.html
_SQLITE_KINDS: Mapping[int, type[DatabaseUnreachable]] = {
    sqlite3.SQLITE_CORRUPT: DatabaseDamaged,
    sqlite3.SQLITE_NOTADB: DatabaseDamaged,
    sqlite3.SQLITE_FULL: DatabaseFull,
    sqlite3.SQLITE_READONLY: DatabaseReadOnly,
    sqlite3.SQLITE_BUSY: DatabaseBusy,
    sqlite3.SQLITE_LOCKED: DatabaseBusy,
    sqlite3.SQLITE_IOERR: DatabaseUnreachable,
    sqlite3.SQLITE_CANTOPEN: DatabaseUnreachable,
}
# By their beginnings, the longest first: https://www.postgresql.org/docs/current/errcodes-appendix.html
_POSTGRESQL_KINDS: Mapping[str, type[DatabaseUnreachable]] = {
    "42501": DatabaseForbids,
    "3F000": DatabaseForbids,  # no schema that the role may even look into
    "53100": DatabaseFull,
    "40001": DatabaseBusy,  # two transactions in each other's way; the one that is repeated is through
    "40P01": DatabaseBusy,
    "55P03": DatabaseBusy,
    "25006": DatabaseReadOnly,
    "25P03": DatabaseBusy,  # a transaction of a host that slept, say, was ended meanwhile
    "57014": DatabaseBusy,  # it took longer than the server allows
    "53": DatabaseBusy,
    "08": DatabaseUnreachable,
    "57P": DatabaseUnreachable,
    "58": DatabaseUnreachable,
}


def _kind(error: DBAPIError | sqlite3.Error) -> type[DatabaseUnreachable] | None:
    """What an error tells of the database's state; None if nothing."""
    theirs = _drivers(error)
    if code := getattr(theirs, "sqlite_errorcode", 0):
        return _SQLITE_KINDS.get(code & 0xFF)
    if state := getattr(theirs, "sqlstate", None):
        return next((kind for begins, kind in _POSTGRESQL_KINDS.items() if state.startswith(begins)), None)
    return DatabaseUnreachable if getattr(error, "connection_invalidated", False) else None


def _drivers(error: DBAPIError | sqlite3.Error) -> BaseException | None:
    return error.orig if isinstance(error, DBAPIError) else error
