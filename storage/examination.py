"""How a database is, for whoever looks after it: whether it is there, whole and of this program's revision."""

from __future__ import annotations

import fcntl
import tempfile
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy import Connection, func, inspect, select, text
from sqlalchemy.exc import DBAPIError

from papers.backlog import Backlog
from papers.database_errors import DatabaseDamaged, DatabaseForbids, DatabaseReadOnly
from storage.backlogs import StoredBacklogs
from storage.complaints import unopened, unusable
from storage.connections import open_sqlite_as_it_is
from storage.directory import StoredDirectory
from storage.engine import Database, connect, sqlite_file
from storage.locks import lock_opened
from storage.migrate import knows, newest, ours_among
from storage.past_schemas import revision_of
from storage.running import RUNNING

PATIENCE = 2.0
"""For so many seconds another program that writes to an SQLite file is waited for."""


@dataclass(frozen=True, slots=True)
class Examined:
    """What was found. `where` names the database without user and password.

    `revision` is None where no migration has run; `others` says that another program's tables are there then, and
    `clashing` names those that bear names of ours. `damage` is SQLite's first complaint; `clock` the server's
    time, None on SQLite; `backlogs`, `workspaces` and `left` (the workspaces that took Fusen away, and
    when) are empty while the revision is not this program's.
    """

    where: str
    file: Path | None
    revision: str | None = None
    newest: str = ""
    too_new: bool = False
    others: bool = False
    clashing: str = ""
    damage: str = ""
    clock: datetime | None = None
    backlogs: tuple[Backlog, ...] = ()
    workspaces: tuple[str, ...] = ()
    left: Mapping[str, datetime] = field(default_factory=dict)


def examine(url: str, now: datetime) -> Examined:
    """Look at a database without changing it; one that is not there yet is not made.

    Raises DatabaseUnreachable, or one of its kinds but DatabaseDamaged.
    """
    file = sqlite_file(url)
    if file is not None:
        _refuse_closed(file)
    if file is not None and not file.exists():
        return Examined(str(file), file, newest=newest())
    try:
        if file is not None and (found := _strange(file, now)):
            return found
        database = connect(url, PATIENCE)
        try:
            database.refuse_damaged()
            _refuse_read_only(database)
            with database.reading() as connection:
                return _examine(connection, database.where, file, now)
        except DBAPIError as error:
            raise unusable(database.where, error) from error
        finally:
            database.close()
    except DatabaseDamaged as damaged:
        return Examined(str(file), file, newest=newest(), damage=str(damaged.facts["reason"]))


def _refuse_closed(file: Path) -> None:
    """Raise DatabaseUnreachable where the start could not make the file, or not open or lock the one beside it."""
    try:
        if not file.exists():
            with tempfile.TemporaryFile(dir=next(one for one in file.parents if one.exists())) as trial:
                lock_opened(trial, fcntl.LOCK_EX, file)
    except OSError as error:
        raise unopened(file, error) from error
    lock = file.with_name(file.name + RUNNING)
    try:
        with suppress(FileNotFoundError), lock.open("r+b"):
            pass
    except OSError as error:
        raise unopened(lock, error) from error


def _strange(file: Path, now: datetime) -> Examined | None:
    """What is found in a file that is none of this program's; None of one that is, which may be opened for use.

    To open it for use changes how it is written, also for whoever else uses it.
    """
    engine = open_sqlite_as_it_is(file, PATIENCE)
    try:
        with engine.connect() as connection:
            revision = revision_of(connection)
            if revision is None or not knows(revision):
                return _examine(connection, str(file), file, now)
    except DBAPIError as error:
        raise unusable(str(file), error) from error
    return None


def _refuse_read_only(database: Database) -> None:
    """Both kinds let a transaction begin that cannot write. Raises DatabaseReadOnly."""
    with database.writing() as connection:
        if database.file is not None:
            connection.execute(text("UPDATE alembic_version SET version_num = version_num"))
            connection.rollback()
        elif connection.execute(text("SHOW transaction_read_only")).scalar_one() == "on":
            raise DatabaseReadOnly(database.where, "transaction_read_only is on")


_MAY_CREATE = select(func.has_schema_privilege(func.current_schema(), "CREATE"))


def _examine(connection: Connection, where: str, file: Path | None, now: datetime) -> Examined:
    clock = None
    if file is None:
        clock = connection.execute(select(func.clock_timestamp())).scalar_one().astimezone(UTC)
    revision = revision_of(connection)
    current = revision == newest()
    if file is None and revision is None and not connection.scalar(_MAY_CREATE):
        raise DatabaseForbids(where, "no right to create tables")
    others = inspect(connection).get_table_names() if revision is None else []
    return Examined(
        where=where,
        file=file,
        revision=revision,
        newest=newest(),
        too_new=revision is not None and not knows(revision),
        others=bool(others),
        clashing=ours_among(others),
        clock=clock,
        backlogs=StoredBacklogs(connection).waiting(now) if current else (),
        workspaces=tuple(one.id for one in StoredDirectory(connection).workspaces()) if current else (),
        left=StoredDirectory(connection).left() if current else {},
    )
