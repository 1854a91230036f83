"""One running bot on an SQLite file: the lock that says so, and what a killed one held given back at once."""

from __future__ import annotations

import fcntl
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text, update

from papers.errors import FusenError
from storage import tables
from storage.connections import PROGRAM
from storage.engine import Database
from storage.locks import lock_file, lock_opened


class AlreadyRunning(FusenError):
    """Another Fusen runs on the same SQLite file."""

    en = "Fusen is running already with {file}. Stop the other one first; several at once need PostgreSQL."
    ja = "Fusen はすでに {file} で動いています。先にそちらを止めるか、PostgreSQL を使ってください。"


class OthersAtWork(FusenError):
    """Other processes of Fusen use the PostgreSQL database that is to be replaced."""

    en = "Fusen is running with {where}. Stop all its processes first, then try again."
    ja = "Fusen が {where} を使用しています。すべてのプロセスを止めてから、もう一度試してください。"


RUNNING = ".running"
"""How the name of the file ends that whoever runs on an SQLite file locks."""


@contextmanager
def running(database: Database, pause: float) -> Iterator[None]:
    """Run on this database; on SQLite, alone.

    Alone means that whatever is leased was leased by a process that is gone: it is free at once, and an
    outside service whose turn that process held is free in `pause` seconds. With PostgreSQL others may be
    at work, so leases end in their own time. Raises AlreadyRunning.
    """
    if database.file is None:
        yield
        return
    with _only_one(database.file):
        _give_back(database, pause)
        yield


@contextmanager
def nobody_running(database: Database) -> Iterator[None]:
    """No bot runs on this database, nor can one begin on SQLite. Raises AlreadyRunning and OthersAtWork."""
    if database.file is not None:
        with _only_one(database.file):
            yield
        return
    with database.reading() as connection:
        if connection.scalar(_OTHERS, {"program": PROGRAM}):
            raise OthersAtWork(where=database.where)
    yield


_OTHERS = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
    "AND application_name = :program AND pid <> pg_backend_pid()"
)


@contextmanager
def _only_one(file: Path) -> Iterator[None]:
    with lock_file(file, RUNNING) as lock:
        try:
            lock_opened(lock, fcntl.LOCK_EX | fcntl.LOCK_NB, file)
        except BlockingIOError as error:
            raise AlreadyRunning(file=file) from error
        yield


def _give_back(database: Database, pause: float) -> None:
    with database.writing() as connection:
        for work in tables.metadata.sorted_tables:
            if "leased_until" in work.c:
                connection.execute(update(work).where(work.c.leased_until.is_not(None)).values(leased_until=None))
        # A service that failed keeps the pause that it was given.
        held = (tables.gates.c.failures == 0) & (tables.gates.c.free_at > time.time() + pause)
        connection.execute(update(tables.gates).where(held).values(free_at=time.time() + pause, host=""))
