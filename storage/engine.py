"""The database: its address and its transactions, on SQLite and on PostgreSQL."""

from __future__ import annotations

import fcntl
import math
import os
import sqlite3
import threading
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from time import monotonic
from types import MappingProxyType
from typing import Any

from sqlalchemy import URL, Connection, Engine, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from papers.database_errors import (
    DatabaseBusy,
    DatabaseDamaged,
    DatabaseMoved,
    DatabaseReadOnly,
    JournalUnreadable,
    WrongDatabaseAddress,
)
from storage.complaints import is_away, unopened, unusable
from storage.connections import (
    BUSY_SECONDS,
    open_postgresql,
    open_sqlite,
    open_sqlite_as_it_is,
    told_postgresql,
)
from storage.locks import lock_file, lock_opened

HURRIED_SECONDS = 2.0
"""How long a thread in a hurry waits for other writers, all its transactions together."""

_BUSY_STEP = 0.25
_JOURNAL_SECONDS = 2  # writers wait as long


class Database:
    """A database with its connections. `file` is the file of an SQLite database, None for PostgreSQL."""

    def __init__(
        self,
        engine: Engine,
        readers: Engine,
        where: str,
        file: Path | None,
        ours: Mapping[str, Any] = MappingProxyType({}),
    ) -> None:
        """`ours` is what each connection is told beside the address."""
        self.engine = engine
        self._ours = ours
        self.where = where
        self.file = file
        self._itself: tuple[int, int] | None = None
        self._readers = readers
        self._resting = readers.execution_options(resting=True)
        # SQLite has one writer, and waiting for it is unfair: without this lock some threads wait seconds.
        self._one_writer = threading.Lock() if file else None
        self._fleeting = engine.execution_options(lasting=False)
        self._thread = threading.local()

    @contextmanager
    def writing(self, lasting: bool = True) -> Iterator[Connection]:
        """A transaction that may write; committed at the end of the block, rolled back by an exception.

        One that is not `lasting` may be undone where the machine loses its power, for nobody waits until it is on
        the disk; the end of a process takes nothing away, and what is written later undoes nothing before it.

        Raises DatabaseUnreachable, at the beginning, in the block or at its end; RuntimeError inside another
        writing block of the same thread, which would wait for itself.
        """
        if getattr(self._thread, "writes", False):
            raise RuntimeError("a writing transaction inside another one waits for itself")
        self._thread.writes = True
        try:
            until: float | None = getattr(self._thread, "until", None)
            patience = None if until is None else max(until - monotonic(), 0.0)
            engine = self.engine if lasting else self._fleeting
            with self._turn(patience), self._transaction(engine, patience) as connection:
                yield connection
        finally:
            self._thread.writes = False

    @contextmanager
    def hurried(self, seconds: float = HURRIED_SECONDS) -> Iterator[None]:
        """Whoever waits for this thread does not wait for long: neither does it, for other writers of SQLite.

        What it waits for them in the block takes `seconds` in all, or a little more.
        """
        self._thread.until = monotonic() + seconds
        try:
            yield
        finally:
            self._thread.until = None

    @contextmanager
    def reading(self, resting: bool = False) -> Iterator[Connection]:
        """A transaction that cannot write and sees one steady state. Raises DatabaseUnreachable.

        One that is `resting` may ask nothing for up to an hour: PostgreSQL ends others after a minute.
        """
        with self._transaction(self._resting if resting else self._readers) as connection:
            yield connection

    @contextmanager
    def reshaping(self) -> Iterator[Connection]:
        """A writing transaction in which SQLite lets tables be built anew though others refer to them.

        Raises DatabaseUnreachable.
        """
        with self._told_in_words(), self.engine.connect() as connection:
            driver = connection.connection.cursor()
            if self.file:  # has no effect inside a transaction, so it comes before one begins
                driver.execute("PRAGMA foreign_keys=OFF")
            try:
                with connection.begin():
                    yield connection
            finally:
                if self.file:
                    driver.execute("PRAGMA foreign_keys=ON")
                driver.close()

    @contextmanager
    def alone(self) -> Iterator[None]:
        """SQLite: no other process prepares this file meanwhile. PostgreSQL has locks of its own.

        Raises DatabaseUnreachable.
        """
        if self.file is None:
            yield
            return
        with lock_file(self.file, ".lock") as lock:
            lock_opened(lock, fcntl.LOCK_EX, self.file)
            yield

    def empty_journal(self) -> bool:
        """SQLite: leave nothing of what was deleted beside the file. False if somebody was reading: try again.

        What is deleted is overwritten in the file at once (`secure_delete`), but its journal keeps older pages.
        Raises DatabaseUnreachable.
        """
        if self.file is None:
            return True
        with self._turn(), self._told_in_words(), self.engine.connect() as connection:
            driver = connection.connection.cursor()
            try:
                driver.execute(f"PRAGMA busy_timeout={_JOURNAL_SECONDS * 1000}")
                busy = driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            finally:
                driver.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000:.0f}")
                connection.info.pop("busy_seconds", None)
                driver.close()
        return not busy

    def keep_to_its_file(self) -> None:
        """SQLite: from now on all is refused with DatabaseMoved while the file of this moment is not in its place.

        SQLite itself would go on with a file that has no name any more, and all of it is lost with the process.
        """
        if self.file is not None:
            self._itself = _which(self.file)

    def refuse_damaged(self) -> None:
        """Raise DatabaseDamaged if the file of an SQLite database is; takes a second for each gigabyte or more."""
        if self.file is None:
            return
        with self.reading() as connection:
            try:
                complaint = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one())
            except DBAPIError as error:
                raise unusable(self.where, error) from error
        if complaint != "ok":
            raise DatabaseDamaged(self.where, complaint.splitlines()[-1].rstrip("."))

    def driver_arguments(self, application_name: str, search_path: str) -> dict[str, Any]:
        """PostgreSQL: what psycopg's `connect` wants, under another name and with other tables in sight."""
        _, given = self.engine.dialect.create_connect_args(self.engine.url)
        options = f"{self._ours['options']} -c search_path={search_path}"
        return {**given, **self._ours, "application_name": application_name, "options": options}

    def close(self) -> None:
        """Close the connections."""
        self.engine.dispose()

    @contextmanager
    def _turn(self, patience: float | None = None) -> Iterator[None]:
        """SQLite: nobody else in this process writes. Raises DatabaseBusy when `patience`, in seconds, is over."""
        if self._one_writer is None:
            yield
            return
        if not self._one_writer.acquire(timeout=-1 if patience is None else patience):
            raise DatabaseBusy(self.where, "others are writing")
        try:
            yield
        finally:
            self._one_writer.release()

    @contextmanager
    def _transaction(self, engine: Engine, patience: float | None = None) -> Iterator[Connection]:
        if self.file is not None and self._itself and (now := _which(self.file)) != self._itself:
            raise DatabaseMoved(self.where, "another file is there" if now else "no file is there")
        reads = engine in (self._readers, self._resting)
        with self._told_in_words(reads), ExitStack() as opened:
            try:
                connection = opened.enter_context(engine.connect())
                if patience is not None:
                    # In steps, for each other value is told to SQLite anew.
                    steps = math.ceil(patience / _BUSY_STEP) or 1
                    connection.execution_options(busy_seconds=steps * _BUSY_STEP)
                opened.enter_context(connection.begin())
            except DBAPIError as error:
                # Whatever keeps it from beginning is the database's.
                raise unusable(self.where, error) from error
            yield connection

    @contextmanager
    def _told_in_words(self, reads: bool = False) -> Iterator[None]:
        """An error that tells of the database's state becomes DatabaseUnreachable; one of ours stays as it is.

        Whoever said that it only `reads` and writes all the same has made such a one.
        """
        try:
            yield
        except (DBAPIError, sqlite3.Error) as error:
            told = unusable(self.where, error)
            if not is_away(error) or (reads and isinstance(told, DatabaseReadOnly)):
                raise
            raise told from error
        except NoConnectionFree as error:
            raise DatabaseBusy(self.where, "all connections are in use") from error


def connect(url: str, patience: float = BUSY_SECONDS, reads: bool = False) -> Database:
    """Open the database at `sqlite:///file` or `postgresql://user:password@host/name` (also `postgres://`).

    The folder and file of an SQLite database are made if they are not there, the file for its owner alone; other
    writers are waited for as many seconds as `patience` says, or not at all by whoever only `reads`; these can
    also have a file on a disk that takes nothing.
    Raises DatabaseUnreachable, or its kind WrongDatabaseAddress.
    """
    address = _address(url)
    match address.get_backend_name():
        case "sqlite":
            database = _sqlite(address)
        case "postgresql" | "postgres":
            database = _postgresql(address)
        case _:
            raise WrongDatabaseAddress
    # The first opening of a file switches it to WAL, which fails if two processes do it at once.
    try:
        with database.alone(), database.hurried(patience), database.reading() if reads else database.writing():
            pass
    except DatabaseReadOnly:
        if not reads or database.file is None:
            raise
        database.close()
        return _sqlite_as_it_is(database.file)
    database.keep_to_its_file()
    return database


def sqlite_file(url: str) -> Path | None:
    """The file that the address names, there or not; None for PostgreSQL. Raises WrongDatabaseAddress."""
    address = _address(url)
    return _file(address) if address.get_backend_name() == "sqlite" else None


def _address(url: str) -> URL:
    """The parsed address. Raises WrongDatabaseAddress, never with what was parsed: it may be a password."""
    try:
        address = make_url(url)
    except (ArgumentError, ValueError):
        raise WrongDatabaseAddress from None
    if address.get_backend_name() == "sqlite":
        return address
    # A password with an @ of its own ends there; the rest of it would be printed as the host or the database.
    if url.count("@") > 1 or "@" in f"{address.host}{address.database}":
        raise WrongDatabaseAddress
    return address


def _file(address: URL) -> Path:
    name = address.database
    if address.host or not name or name == ":memory:" or name.startswith("file:"):
        raise WrongDatabaseAddress
    return Path(name).absolute()


def _which(file: Path) -> tuple[int, int] | None:
    """By what its file system knows a file, wherever it is moved to; None if nothing can be seen there."""
    try:
        seen = file.stat()
    except OSError:
        return None
    return seen.st_dev, seen.st_ino


def _sqlite(address: URL) -> Database:
    file = _file(address)
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        # SQLite would let everybody on the machine read it; its journal gets the same mode.
        with suppress(FileExistsError):
            os.close(os.open(file.resolve(), os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))
    except OSError as error:
        raise unopened(file, error) from error
    engine = open_sqlite(file)
    return Database(engine, engine.execution_options(only_reads=True), str(file), file)


def _sqlite_as_it_is(file: Path) -> Database:
    itself = file.resolve()
    journal, index = (itself.with_name(f"{itself.name}-{end}") for end in ("wal", "shm"))
    if journal.exists() and not index.exists():  # which SQLite would have to make
        raise JournalUnreadable(str(itself), f"{index.name} is missing")
    engine = open_sqlite_as_it_is(file, BUSY_SECONDS)
    return Database(engine, engine, str(file), file)


def _postgresql(address: URL) -> Database:
    told = told_postgresql(address)
    where = f"{_hosts(address)}/{address.database or ''}"
    engine = open_postgresql(address, told, where)
    readers = engine.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
    return Database(engine, readers, where, None, told)


def _hosts(address: URL) -> str:
    """The servers that are asked, in their order; several, or a socket, stand after the question mark."""
    if address.host:
        return f"{address.host}:{address.port}" if address.port else address.host
    named = address.query.get("host", "localhost")
    return named if isinstance(named, str) else ",".join(named)
