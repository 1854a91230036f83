"""Migrations: bring a database's tables to the state this program needs, at every start."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import Script, ScriptDirectory
from sqlalchemy import Connection, func, inspect, select, text

from papers.database_errors import DatabaseBusy, DatabaseFull
from papers.errors import FusenError
from storage.engine import Database
from storage.running import nobody_running
from storage.tables import metadata

log = logging.getLogger(__name__)

LOCK_SECONDS = 30.0
"""So long a stranger's transaction is waited for that uses a table; whoever reads it waits behind us."""

_FOLDER = Path(__file__).parent / "migrations"
_LOCK = 0x46757365  # "Fuse": the number by which PostgreSQL knows our migration lock


class DatabaseTooNew(FusenError):
    """The database was migrated by a newer Fusen; this one would not understand its tables."""

    en = "The database {where} was made by a newer Fusen (revision {revision}). Update Fusen, then start again."
    ja = (
        "データベース {where} は新しい版の Fusen で作成されています (リビジョン {revision})。"
        "Fusen を更新して、もう一度起動してください。"
    )


class OthersTables(FusenError):
    """The database holds tables that bear our names and are not ours."""

    en = "The database {where} holds another program's tables ({names}). Give Fusen a database of its own."
    ja = (
        "データベース {where} に別のプログラムのテーブル ({names}) があります。"
        "Fusen 専用のデータベースを用意してください。"
    )


class NoRoomToMigrate(DatabaseFull):
    """The disk became full while the tables were changed, which takes as much room again."""

    en = (
        "The disk of the database {where} has too little room to bring it up to date ({reason}); nothing in it "
        "was changed. Make as much room as the database takes now, then start again."
    )
    ja = (
        "データベース {where} の更新に必要なディスクの空きが足りません ({reason})。データは変更されていません。"
        "今のデータベースと同じ大きさの空きを用意してから、もう一度起動してください。"
    )


class NoTurnToMigrate(DatabaseBusy):
    """Others kept the database too busy: a stranger's transaction held a table that was to be changed, say."""

    en = (
        "The database {where} could not be brought up to date, for it is busy ({reason}); nothing in it was "
        "changed. If another program uses it, end that program or its transaction; then start again."
    )
    ja = (
        "データベース {where} は使用中のため、更新できませんでした ({reason})。データは変更されていません。"
        "ほかのプログラムが使っている場合は、そのプログラムかトランザクションを終了してから、"
        "もう一度起動してください。"
    )


def migrate(database: Database) -> None:
    """Apply the migrations that are missing, all or none; safe when several processes start at once.

    Not under an older bot that runs on an SQLite file: it would go on storing as its own revision has it, and
    nothing would bring that up to date. Raises DatabaseTooNew, OthersTables, AlreadyRunning, NoRoomToMigrate,
    NoTurnToMigrate and DatabaseUnreachable.
    """
    try:
        _migrate(database)
    except DatabaseFull as error:
        raise NoRoomToMigrate(database.where, str(error.facts["reason"])) from error
    except DatabaseBusy as error:
        raise NoTurnToMigrate(database.where, str(error.facts["reason"])) from error


def _migrate(database: Database) -> None:
    with database.alone(), ExitStack() as until_committed, database.reshaping() as connection:
        take_migration_lock(connection)
        if database.file is None:  # only now: for another Fusen that migrates one waits as long as it takes
            connection.execute(text(f"SET LOCAL lock_timeout = {LOCK_SECONDS * 1000:.0f}"))
        refuse_newer(connection, database.where)
        before = MigrationContext.configure(connection).get_current_revision()
        if before is None:
            refuse_others(connection, database.where)
        elif before != newest():
            if database.file is not None:
                until_committed.enter_context(nobody_running(database))
            log.warning(
                "bringing %s from revision %s to %s: this may take minutes; leave it alone",
                database.where,
                before,
                newest(),
            )
            for step in _missing(before):
                log.warning("now revision %s: %s", step.revision, step.doc)
                command.upgrade(configuration(connection), step.revision)
        command.upgrade(configuration(connection), "head")
    if before != newest():
        log.info("the tables of %s are brought from revision %s to %s", database.where, before or "none", newest())


def _missing(before: str) -> list[Script]:
    """The migrations that bring a database forward from a revision, the oldest first."""
    return list(ScriptDirectory(str(_FOLDER)).iterate_revisions("head", before))[::-1]


def take_migration_lock(connection: Connection) -> None:
    """PostgreSQL: nobody else migrates until this transaction ends. For SQLite there is `Database.alone`."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(_LOCK)))


def configuration(connection: Connection) -> Config:
    """Alembic's settings for a connection, without a file of settings."""
    config = Config(attributes={"connection": connection})
    config.set_main_option("script_location", str(_FOLDER).replace("%", "%%"))
    return config


def knows(revision: str) -> bool:
    """Whether this program has the migration."""
    scripts = ScriptDirectory(str(_FOLDER))
    return revision in {script.revision for script in scripts.walk_revisions()}


def newest() -> str:
    """The revision that this program's tables have."""
    return str(ScriptDirectory(str(_FOLDER)).get_current_head())


def refuse_newer(connection: Connection, where: str) -> None:
    """Raise DatabaseTooNew if a newer program has migrated the database."""
    for revision in MigrationContext.configure(connection).get_current_heads():
        if not knows(revision):
            raise DatabaseTooNew(where=where, revision=revision)


def refuse_others(connection: Connection, where: str) -> None:
    """Raise OthersTables if tables with names of ours are there, where no migration of ours has run."""
    if names := ours_among(inspect(connection).get_table_names()):
        raise OthersTables(where=where, names=names)


def ours_among(tables: Iterable[str]) -> str:
    """Those of the names that tables of ours bear."""
    return ", ".join(sorted(set(tables) & set(metadata.tables)))
