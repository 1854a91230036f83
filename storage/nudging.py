"""Nudges between the processes on one PostgreSQL: Procrastinate carries them, in a schema of its own.

What lies there is worth nothing: a nudge may be lost, and the tables say what is to be done. So the schema is
no part of a backup, and is made anew whenever the package wants another shape.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from hashlib import blake2b
from typing import LiteralString

from procrastinate import App, PsycopgConnector
from procrastinate.schema import SchemaManager
from procrastinate.types import JSONValue
from sqlalchemy import Connection, Text, func, select
from sqlalchemy.schema import CreateSchema, DropSchema

from papers.database_errors import DatabaseForbids
from papers.nudges import Job, Nudge
from storage.connections import PROGRAM
from storage.engine import Database
from storage.migrate import take_migration_lock

log = logging.getLogger(__name__)

SCHEMA = "fusen_nudges"
NUDGE = "nudge"

PAUSE_SECONDS = 0.3
"""Between two tellings of a process; what is nudged meanwhile is told together."""

LOOK_SECONDS = 5.0
"""How often the queue is looked into unasked: for half a minute Procrastinate may not notice that nobody calls."""

AGAIN_SECONDS = 5.0
"""After how long what broke off begins anew: PostgreSQL may be stopped, or not let us in."""

STOP_SECONDS = 2.0

_OURS = f"{PROGRAM} nudges "
_LISTENING: LiteralString = (
    "SELECT DISTINCT application_name AS name FROM pg_stat_activity "
    "WHERE datname = current_database() AND application_name LIKE %(ours)s"
)
_FORGET: LiteralString = (
    "DELETE FROM procrastinate_jobs WHERE queue_name NOT IN (SELECT application_name FROM pg_stat_activity "
    "WHERE datname = current_database() AND application_name IS NOT NULL)"
)
"""What was told to a process that was then killed: the sweeps have seen to it."""

_KNOWN = frozenset(Job)
_SHAPE = blake2b(SchemaManager.get_schema().encode(), digest_size=8).hexdigest()


def prepare(database: Database) -> bool:
    """Make the queue's schema unless it is there in today's shape; safe when several processes start at once.

    Returns False where the role may make no schema: then the sweeps of each process find what others have done.
    Raises DatabaseUnreachable.
    """
    try:
        with database.writing() as connection:
            take_migration_lock(connection)
            if _shape(connection) != _SHAPE:
                _make_anew(connection)
    except DatabaseForbids as error:
        log.warning("no nudges between processes: %s", error.facts["reason"])
        return False
    return True


def _shape(connection: Connection) -> str | None:
    about = func.obj_description(func.to_regnamespace(SCHEMA), "pg_namespace", type_=Text)
    return connection.execute(select(about)).scalar_one()


def _make_anew(connection: Connection) -> None:
    connection.execute(DropSchema(SCHEMA, cascade=True, if_exists=True))
    connection.execute(CreateSchema(SCHEMA))
    driver = connection.connection.cursor()  # SQLAlchemy would take per cent signs for parameters
    driver.execute(f"SET LOCAL search_path TO {SCHEMA}")
    driver.execute(SchemaManager.get_schema())
    driver.execute(f"COMMENT ON SCHEMA {SCHEMA} IS '{_SHAPE}'")


class NudgeQueue:
    """The port `Carrier`: each process has a queue of its own, and what is sent goes into those of the others.

    Works in a thread of its own, with two connections, whose name in PostgreSQL's list of them says whose queue
    is listened to. While PostgreSQL is away nothing is told.
    """

    def __init__(self, database: Database, again: float = AGAIN_SECONDS) -> None:
        self._again = again
        self._name = f"{_OURS}{secrets.token_hex(4)}"
        self._way = database.driver_arguments(application_name=self._name, search_path=SCHEMA)
        self._waiting: set[Job] = set()
        self._lock = threading.Lock()
        self._broken = False
        self._stopped = threading.Event()
        self._take: Nudge = lambda _: None
        self._thread = threading.Thread(target=self._keep_on, name="nudges", daemon=True)
        self._wake: Callable[[], None] = _nothing
        self._end: Callable[[], None] = _nothing

    def start(self, take: Nudge) -> None:
        """Hand on to `take` from now on what is heard."""
        self._take = take
        self._thread.start()

    def send(self, job: Job) -> None:
        """Tell of a nudge soon; returns at once."""
        with self._lock:
            self._waiting.add(job)
            if len(self._waiting) == 1:
                self._wake()

    def stop(self) -> None:
        """Tell and hear nothing more; returns when all is closed, or after `STOP_SECONDS`."""
        self._stopped.set()
        with self._lock:
            self._end()
        if self._thread.is_alive():
            self._thread.join(STOP_SECONDS)

    def _keep_on(self) -> None:
        while not self._stopped.is_set():
            try:
                asyncio.run(self._carry())
            except asyncio.CancelledError:
                return
            except Exception as error:  # noqa: BLE001 # whatever it was: the sweeps go on, and so must this
                if not self._broken:
                    log.warning("no nudges between processes for now (%s)", type(error).__name__)
                self._broken = True
            finally:
                with self._lock:
                    self._wake = self._end = _nothing
            self._stopped.wait(self._again)

    async def _carry(self) -> None:
        loop, wanted, this = asyncio.get_running_loop(), asyncio.Event(), asyncio.current_task()
        with self._lock:
            if self._stopped.is_set():
                return
            self._wake = partial(_call, loop, wanted.set)
            self._end = partial(_call, loop, this.cancel if this else wanted.set)
        # A nudge that was being heard when PostgreSQL stopped; asyncio would log its traceback as an error.
        loop.set_exception_handler(lambda _, what: log.info("a nudge was lost: %s", type(what.get("exception"))))
        app = App(connector=PsycopgConnector(min_size=1, max_size=1, kwargs=self._way))

        @app.task(name=NUDGE)
        async def hear(jobs: list[str]) -> None:
            for job in jobs:
                if job in _KNOWN:  # another process may be of a newer Fusen
                    self._take(Job(job))

        try:
            await app.open_async()
            await app.connector.execute_query_async(_FORGET)
            if self._broken:
                log.warning("nudges travel between processes again")
                self._broken = False
            async with asyncio.TaskGroup() as together:
                together.create_task(self._listen(app))
                together.create_task(self._tell(app, wanted))
        finally:
            # Not `async with`: a pool that is left while it is being opened never ends.
            await app.close_async()

    async def _listen(self, app: App) -> None:
        await app.run_worker_async(
            queues=[self._name],
            concurrency=1,
            fetch_job_polling_interval=LOOK_SECONDS,
            delete_jobs="always",
            install_signal_handlers=False,
        )
        raise ConnectionError  # it returns when it cannot listen any more

    async def _tell(self, app: App, wanted: asyncio.Event) -> None:
        while True:
            with self._lock:
                jobs: list[JSONValue] = [job.value for job in self._waiting]
                self._waiting.clear()
                wanted.clear()
            if jobs:
                for row in await app.connector.execute_query_all_async(_LISTENING, ours=f"{_OURS}%"):
                    if row["name"] != self._name:
                        await app.configure_task(NUDGE, queue=row["name"]).defer_async(jobs=jobs)
                await asyncio.sleep(PAUSE_SECONDS)
            await wanted.wait()


def _nothing() -> None:
    """Nobody is there to be told."""


def _call(loop: asyncio.AbstractEventLoop, what: Callable[[], object]) -> None:
    with suppress(RuntimeError):  # the loop was closed this moment
        loop.call_soon_threadsafe(what)
