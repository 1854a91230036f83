"""Restoring: the rows of a backup into a database of either kind, all or none, and on to today's tables."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Any

from alembic import command
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    Double,
    LargeBinary,
    Table,
    Text,
    cast,
    func,
    insert,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import REGCLASS
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError

from papers.database_errors import DatabaseFull
from papers.errors import FusenError
from storage import backup_file, tables
from storage.backup import rows_at_once
from storage.backup_file import Reading
from storage.columns import Moment
from storage.complaints import reason_of, unusable
from storage.engine import Database
from storage.migrate import configuration, knows, refuse_newer, refuse_others, take_migration_lock
from storage.past_schemas import VERSION_TABLE, revision_of, tables_at
from storage.running import nobody_running


class BackupTooNew(FusenError):
    """The backup was made by a newer Fusen."""

    en = "{file} was made by a newer Fusen (revision {revision}). Update Fusen, then restore it."
    ja = "{file} は新しい版の Fusen で作成されています (リビジョン {revision})。Fusen を更新してください。"


class DatabaseNotEmpty(FusenError):
    """There are notes already where the backup should go."""

    en = (
        "The database {where} is not empty. Restore into a new one, or let everything in it be deleted and "
        "replaced with --replace."
    )
    ja = (
        "データベース {where} は空ではありません。新しいデータベースに復元するか、"
        "--replace で中身をすべて削除して置き換えてください。"
    )


class NoRoomToRestore(DatabaseFull):
    """The disk became full while a backup was restored."""

    en = (
        "The disk of the database {where} has too little room for the backup ({reason}); nothing in the database "
        "was changed. Make room on it, then restore again."
    )
    ja = (
        "データベース {where} のディスクの空きが足りず、復元できませんでした ({reason})。"
        "データは変更されていません。"
        "空き容量を増やしてから、もう一度復元してください。"
    )


def restore(database: Database, file: Path, replace: bool) -> int:
    """Put a backup's rows into an empty database, or with `replace` into any of ours, and migrate it.

    All in one transaction: an error leaves the database as it was. Returns how many rows there were.
    Raises NotABackup, UnreadableBackup, BackupTooNew, DatabaseNotEmpty, OthersTables, DatabaseTooNew,
    AlreadyRunning, OthersAtWork, NoRoomToRestore and DatabaseUnreachable.
    """
    try:
        return _restore(database, file, replace)
    except DatabaseFull as error:
        raise NoRoomToRestore(database.where, str(error.facts["reason"])) from error


def _restore(database: Database, file: Path, replace: bool) -> int:
    with backup_file.opened(file) as backup:
        revision = backup.head.revision
        if not knows(revision):
            raise BackupTooNew(file=file, revision=revision)
        try:
            with nobody_running(database), database.alone(), database.reshaping() as connection:
                take_migration_lock(connection)
                _make_room(connection, database.where, replace)
                command.upgrade(configuration(connection), revision)
                rows = _fill(connection, backup, revision)
                command.upgrade(configuration(connection), "head")
                _look_before_posting(connection)
        except (IntegrityError, DataError) as error:
            raise backup.wrong(
                f"its rows do not fit: {reason_of(error)}", f"行が合いません: {reason_of(error)}"
            ) from error
        except DBAPIError as error:
            raise unusable(database.where, error) from error
    return rows


def _make_room(connection: Connection, where: str, replace: bool) -> None:
    refuse_newer(connection, where)
    revision = revision_of(connection)
    if revision is None:
        refuse_others(connection, where)
        return
    there = tables_at(revision)
    if not replace and any(connection.execute(select(table).limit(1)).first() for table in there):
        raise DatabaseNotEmpty(where=where)
    for table in reversed(there):
        table.drop(connection)
    connection.execute(text(f"DROP TABLE {VERSION_TABLE}"))


def _fill(connection: Connection, backup: Reading, revision: str) -> int:
    known = {table.name: table for table in tables_at(revision)}
    count = 0
    for begins, rows in groupby(backup.rows(), key=itemgetter(0)):
        table = known.get(begins.name)
        if table is None or set(begins.columns) != set(table.columns.keys()):
            raise backup.wrong(
                f"its table {begins.name} is not that of its revision",
                f"表 {begins.name} がそのリビジョンのものではありません",
            )
        columns = [table.c[name] for name in begins.columns]
        while some := [_as_row(columns, values, backup) for _, values in islice(rows, rows_at_once(table))]:
            connection.execute(insert(table), some)
            count += len(some)
    for table in known.values():
        _count_on(connection, table)
    _check_references(connection, backup)
    return count


def _as_row(columns: Sequence[Column[Any]], values: Sequence[Any], backup: Reading) -> dict[str, Any]:
    if len(values) != len(columns):
        raise backup.wrong("a row is not as long as its table is wide", "行の長さが表の列数と合いません")
    try:
        return {
            column.name: None if value is None else _FROM_JSON[type(column.type)](value)
            for column, value in zip(columns, values, strict=True)
        }
    except (TypeError, ValueError) as error:
        raise backup.wrong("a value is not of its column's kind", "値の種類が列と合いません") from error


def _whole(value: Any) -> int:
    if type(value) is not int or not -(2**63) <= value < 2**63:
        raise TypeError(value)
    return value


def _number(value: Any) -> float:
    if type(value) not in (int, float):
        raise TypeError(value)
    return float(value)


def _truth(value: Any) -> bool:
    if type(value) is not bool:
        raise TypeError(value)
    return value


def _words(value: Any) -> str:
    if type(value) is not str or "\0" in value:
        raise TypeError(value)
    value.encode()  # a lone surrogate is a ValueError
    return value


def _bytes(value: Any) -> bytes:
    return b64decode(_words(value), validate=True)


_FROM_JSON: Mapping[type, Callable[[Any], object]] = {
    Moment: datetime.fromisoformat,
    Boolean: _truth,
    Double: _number,
    BigInteger: _whole,
    Text: _words,
    LargeBinary: _bytes,
}


def _count_on(connection: Connection, table: Table) -> None:
    """Let PostgreSQL number new rows after those that are there; SQLite does so by itself."""
    if (
        connection.dialect.name != "postgresql"
        or "id" not in table.c
        or not isinstance(table.c.id.type, BigInteger)
    ):
        return
    last = connection.scalar(select(func.max(table.c.id)))
    if last is not None:
        counter = func.pg_get_serial_sequence(table.name, "id")
        connection.execute(select(func.setval(cast(counter, REGCLASS), last)))


def _check_references(connection: Connection, backup: Reading) -> None:
    """SQLite does not look at references while tables may be built anew; PostgreSQL has looked."""
    if connection.dialect.name == "sqlite" and connection.execute(text("PRAGMA foreign_key_check")).first():
        raise backup.wrong("its rows refer to rows that are missing", "存在しない行を参照しています")


def _look_before_posting(connection: Connection) -> None:
    """What is owed may have been posted after the backup was made: let it be looked for first.

    So it is from the second attempt on (`bot.posting`). What one member alone can see cannot be found again.
    """
    owed = tables.outbox
    untried = (owed.c.posted_at.is_(None), owed.c.abandoned_at.is_(None), owed.c.only_for == "")
    connection.execute(update(owed).where(*untried, owed.c.attempts == 0).values(attempts=1))
