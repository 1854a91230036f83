"""Connections: how they are opened and how their transactions begin, on SQLite and on PostgreSQL."""

from __future__ import annotations

import math
import select
import sqlite3
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import URL, Connection, Engine, NullPool, create_engine, event
from sqlalchemy.exc import DisconnectionError

from papers.database_errors import DatabaseEncodes

PROGRAM = "fusen"
"""The name by which PostgreSQL's own lists know our connections."""

BUSY_SECONDS = 30.0
"""How long a connection to SQLite waits for other writers, where nobody is in a hurry."""

_POOL = {"pool_size": 5, "max_overflow": 15}
_UNHEARD_MS = 25_000  # without it, what was sent and not received is sent again for a quarter of an hour
# The server notices a client whose machine or network died after about 25 s and ends its transaction; and that of
# one that lives but sleeps, after a minute in which it asked nothing: others would wait for its locks for ever.
# For a reader only a change of the schema waits, so one that says so may rest longer.
_SERVER_OPTIONS = (
    "-c tcp_keepalives_idle=10 -c tcp_keepalives_interval=5 -c tcp_keepalives_count=3 "
    f"-c tcp_user_timeout={_UNHEARD_MS} -c idle_in_transaction_session_timeout=60000 -c timezone=UTC"
)
_RESTING = "1h"
_CLIENT_KEEPALIVES = {
    "keepalives": 1,
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": _UNHEARD_MS,
}


def open_sqlite(file: Path) -> Engine:
    """The connections to an SQLite database. Nothing is opened yet."""
    engine = create_engine(
        URL.create("sqlite", database=str(file)), connect_args={"timeout": BUSY_SECONDS}, **_POOL
    )
    event.listen(engine, "connect", _set_up_sqlite)
    event.listen(engine, "begin", _begin_sqlite)
    return engine


def open_sqlite_as_it_is(file: Path, patience: float) -> Engine:
    """Connections that only look at an SQLite file, whosever it is, and change nothing of it."""
    # A file in WAL mode that nobody has open would get the files of that mode beside it, unless nothing is locked.
    file = file.resolve()  # beside which SQLite looks for them
    is_open = file.with_name(f"{file.name}-wal").exists()
    where = f"{file.as_uri()}?mode=ro{'' if is_open else '&immutable=1'}"
    engine = create_engine(
        "sqlite://",
        creator=lambda: sqlite3.connect(where, uri=True, timeout=patience, isolation_level=None),
        poolclass=NullPool,
    )
    event.listen(engine, "begin", _begin_sqlite)
    return engine.execution_options(only_reads=True)


def open_postgresql(address: URL, told: Mapping[str, Any], where: str) -> Engine:
    """The connections to a PostgreSQL database; each is `told` this beside the address. Nothing is opened yet.

    To open one raises DatabaseEncodes, of the database called `where`, if that is not in UTF-8.
    """
    engine = create_engine(
        address.set(drivername="postgresql+psycopg").difference_update_query(["options"]),
        connect_args=dict(told),
        **_POOL,
    )
    # Before SQLAlchemy's own first questions: it stumbles over what is not decoded.
    event.listen(engine, "connect", partial(_refuse_encoding, where), insert=True)
    event.listen(engine, "checkout", _refuse_ended)
    event.listen(engine, "checkout", _demand_nothing)
    event.listen(engine, "begin", _begin_postgresql)
    return engine


def told_postgresql(address: URL) -> dict[str, Any]:
    """What each connection to a PostgreSQL database is told beside its address."""
    own = address.query.get("options", ())
    options = " ".join([own] if isinstance(own, str) else own)
    return {
        "connect_timeout": 10,
        "application_name": PROGRAM,
        "options": f"{options} {_SERVER_OPTIONS}",
        **_CLIENT_KEEPALIVES,
    }


def _set_up_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    connection.isolation_level = None  # the driver begins no transactions of its own; `_begin_sqlite` does
    connection.create_function("ln", 1, math.log, deterministic=True)  # SQLite may have been built without it
    for pragma in (
        f"busy_timeout={BUSY_SECONDS * 1000:.0f}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",  # what people want forgotten must not lie about in free pages
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    """Writers take the lock at once: one that begins as a reader fails when it turns out to write."""
    only_reads = connection.get_execution_options().get("only_reads", False)
    if connection.info.get("only_reads") is not only_reads:
        connection.exec_driver_sql(f"PRAGMA query_only={int(only_reads)}")
        connection.info["only_reads"] = only_reads
    seconds = connection.get_execution_options().get("busy_seconds", BUSY_SECONDS)
    if connection.info.get("busy_seconds", BUSY_SECONDS) != seconds:
        connection.exec_driver_sql(f"PRAGMA busy_timeout={seconds * 1000:.0f}")
        connection.info["busy_seconds"] = seconds
    lasting = connection.get_execution_options().get("lasting", True)
    if connection.info.get("lasting", True) is not lasting and not only_reads:
        connection.exec_driver_sql(f"PRAGMA synchronous={'FULL' if lasting else 'NORMAL'}")
        connection.info["lasting"] = lasting
    connection.exec_driver_sql("BEGIN" if only_reads else "BEGIN IMMEDIATE")


def _begin_postgresql(connection: Connection) -> None:
    options = connection.get_execution_options()
    if options.get("resting", False):
        connection.exec_driver_sql(f"SET LOCAL idle_in_transaction_session_timeout = '{_RESTING}'")
    if not options.get("lasting", True):
        connection.exec_driver_sql("SET LOCAL synchronous_commit = off")


def _refuse_encoding(where: str, connection: psycopg.Connection, _record: Any) -> None:
    encoding = connection.info.parameter_status("server_encoding")
    if encoding not in (None, "UTF8"):  # a pooler may not tell
        connection.close()
        raise DatabaseEncodes(where, encoding)


def _refuse_ended(connection: psycopg.Connection, _record: Any, _proxy: Any) -> None:
    """Let the pool open another connection where the server has ended this one, or said anything unasked.

    The kernel knows: to ask the server first would take as long as a short statement does. A connection that the
    network lost without a word fails when it is used; to be asked, it would have to be waited for too.
    https://docs.sqlalchemy.org/en/21/core/pooling.html#custom-legacy-pessimistic-ping
    """
    if not connection.closed:
        heard = select.poll()
        heard.register(connection.fileno(), select.POLLIN)
        if not heard.poll(0):
            return
    raise DisconnectionError


def _demand_nothing(connection: psycopg.Connection, _record: Any, _proxy: Any) -> None:
    """Let the server say whether it can be written to, as it does to a new connection.

    One that has served a reader would begin its transactions as READ WRITE: a server that is read-only by its
    settings obeys, and a hot standby complains of the demand and not of being read-only.
    """
    if connection.read_only is not None:
        connection.read_only = None
