"""Backing up: all rows of a database, read in one steady state while others write, into one file."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, LargeBinary, Table, select
from sqlalchemy.exc import DBAPIError

from papers.errors import FusenError
from storage import backup_file
from storage.backup_file import Head, TableBegins, Writing
from storage.complaints import unusable
from storage.engine import Database
from storage.migrate import refuse_newer
from storage.past_schemas import revision_of, tables_at
from storage.tables import INDEXES

ROWS_AT_ONCE = 100

HEAVY_AT_ONCE = 4
"""So many rows of a table that holds bytes: each may have some megabytes."""

_MADE_AGAIN = frozenset(table.name for table in INDEXES)


class NothingToBackUp(FusenError):
    """The database has no tables of Fusen: most likely its address is wrong."""

    en = "The database {where} holds nothing of Fusen, so there is nothing to back up. Check DATABASE_URL."
    ja = (
        "データベース {where} に Fusen のデータがないため、バックアップするものがありません。"
        "DATABASE_URL を確認してください。"
    )


def back_up(database: Database, file: Path, overwrite: bool, now: Callable[[], datetime]) -> int:
    """Write all rows, at the revision they have now, into `file`. Returns how many rows there were.

    Raises NothingToBackUp, DatabaseTooNew, DatabaseUnreachable, BackupThere, NotReplaced, NotesKept and
    UnwritableBackup.
    """
    try:
        with database.reading() as connection:
            return _back_up(connection, database.where, file, overwrite, now)
    except DBAPIError as error:
        raise unusable(database.where, error) from error


def _back_up(connection: Connection, where: str, file: Path, overwrite: bool, now: Callable[[], datetime]) -> int:
    revision = revision_of(connection)
    if revision is None:
        raise NothingToBackUp(where=where)
    refuse_newer(connection, where)
    with backup_file.new(file, overwrite, Head(revision, now()), where) as writing:
        for table in tables_at(revision):
            if table.name not in _MADE_AGAIN:
                _write(connection, table, writing)
    return sum(writing.rows.values())


def _write(connection: Connection, table: Table, writing: Writing) -> None:
    writing.begin(TableBegins(table.name, tuple(table.columns.keys())))
    in_order = select(table).order_by(*table.primary_key)
    # On PostgreSQL a cursor of the server: however long a table is, few rows of it are here.
    for row in connection.execute(in_order, execution_options={"yield_per": rows_at_once(table)}):
        writing.row([_as_json(value) for value in row])


def rows_at_once(table: Table) -> int:
    """How many rows of a table are held in memory together."""
    heavy = any(isinstance(column.type, LargeBinary) for column in table.columns)
    return HEAVY_AT_ONCE if heavy else ROWS_AT_ONCE


def _as_json(value: Any) -> Any:
    if isinstance(value, bytes):
        return b64encode(value).decode("ascii")
    return value.isoformat() if isinstance(value, datetime) else value
