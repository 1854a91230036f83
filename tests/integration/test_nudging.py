"""Nudges between processes: what one tells the others hear at once, also after PostgreSQL has cut them off."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from playground_driving import until
from sqlalchemy import text

from bot.clock import SWEEP_SECONDS, Clock
from papers.nudges import Job, Nudge
from storage.engine import Database
from storage.nudging import SCHEMA, NudgeQueue, prepare

ROOT = Path(__file__).parents[2]
RARE = Job.PRUNE
"""A job that is swept once an hour: whatever runs it within a test is a nudge."""

HEARING = """
import sys
from bot.clock import Clock
from papers.nudges import Job
from storage.engine import connect
from storage.nudging import NudgeQueue
database = connect(sys.argv[1])
clock = Clock(carrier=NudgeQueue(database))
clock.start({Job(sys.argv[2]): lambda: print("ran", flush=True)})
sys.stdin.readline()
clock.stop()
database.close()
"""


class Carried:
    """A carrier that keeps what it is told."""

    def __init__(self) -> None:
        self.told: list[Job] = []

    def start(self, take: Nudge) -> None: ...

    def send(self, job: Job) -> None:
        self.told.append(job)

    def stop(self) -> None: ...


@pytest.fixture
def queued(database: Database, postgres_url: str) -> Database:
    """A PostgreSQL database with our tables and the queue's."""
    assert prepare(database)
    return database


@pytest.fixture
def database_url(postgres_url: str) -> str:
    return postgres_url


@contextmanager
def ticking(database: Database, run: Callable[[], object] | None = None) -> Iterator[Clock]:
    """A clock with that one job; without it, one that must leave it to others."""
    clock = Clock(carrier=NudgeQueue(database, again=0.1))
    clock.start({RARE: run} if run else {})
    try:
        yield clock
    finally:
        clock.stop()


def ask(database: Database, statement: str) -> int:
    with database.writing() as connection:
        return int(connection.execute(text(statement)).scalar_one())


HEARERS = (
    "SELECT count(DISTINCT application_name) FROM pg_stat_activity "
    "WHERE datname = current_database() AND application_name LIKE '% nudges %'"
)


def cut(database: Database) -> None:
    """End all connections of the queue, and see them end."""
    there = "FROM pg_stat_activity WHERE application_name LIKE '% nudges %' AND backend_start < '{}'"
    with database.reading() as connection:
        before = there.format(connection.execute(text("SELECT clock_timestamp()")).scalar_one())
    # One that is just being opened has its name only a moment later.
    until(lambda: ask(database, f"SELECT count(pg_terminate_backend(pid)) {before}") == 0)


def test_a_nudge_in_one_process_runs_the_job_in_another_at_once(queued: Database, postgres_url: str) -> None:
    assert SWEEP_SECONDS[RARE] > 1000
    command = [sys.executable, "-c", HEARING, postgres_url, RARE.value]
    with ExitStack() as closing:
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE}
        hearing = [
            closing.enter_context(subprocess.Popen(command, cwd=ROOT, text=True, **pipes)) for _ in range(2)
        ]
        clock = closing.enter_context(ticking(queued))
        for process in hearing:
            closing.callback(process.kill)
            assert process.stdout
            assert process.stdout.readline() == "ran\n"  # as every job does at the start
        until(lambda: ask(queued, HEARERS) == 3)
        clock.nudge(RARE)
        for process in hearing:
            assert process.stdout
            assert process.stdout.readline() == "ran\n"
        hearing[0].kill()
        said, _ = hearing[1].communicate("stop\n", timeout=60)
        assert (said, hearing[1].returncode) == ("", 0)
    with ticking(queued):  # what the killed one may not have finished hearing is cleared away
        until(lambda: ask(queued, f"SELECT count(*) FROM {SCHEMA}.procrastinate_jobs") == 0)


def test_nudges_travel_again_after_postgresql_has_cut_all_connections(queued: Database) -> None:
    heard = threading.Semaphore(0)
    with ticking(queued) as telling, ticking(queued, heard.release):
        assert heard.acquire(timeout=60)
        for _ in range(2):
            until(lambda: ask(queued, HEARERS) == 2)
            # Who opens its connection again may be seen by the one that it still has.
            until(lambda: telling.nudge(RARE) or heard.acquire(timeout=1))
            cut(queued)
            while heard.acquire(blocking=False):
                pass
    assert "nudges" not in [thread.name for thread in threading.enumerate()]


def test_only_what_cannot_begin_here_is_told() -> None:
    begun, go_on, carried = threading.Semaphore(0), threading.Event(), Carried()

    def take_long() -> None:
        begun.release()
        go_on.wait(60)

    clock = Clock(carrier=carried)
    clock.start({RARE: take_long})  # which runs it, as every job at the start
    assert begun.acquire(timeout=60)
    assert carried.told == []
    clock.nudge(RARE)
    clock.nudge(Job.SEND_PAGES)
    assert carried.told == [RARE, Job.SEND_PAGES]
    go_on.set()
    assert begun.acquire(timeout=60)  # here too it runs once more
    clock.stop()


def test_where_nothing_can_be_told_the_job_runs_here_all_the_same(queued: Database) -> None:
    with queued.writing() as connection:
        connection.execute(text(f"DROP SCHEMA {SCHEMA} CASCADE"))
    ran = threading.Semaphore(0)
    with ticking(queued, ran.release) as clock:
        assert ran.acquire(timeout=60)
        clock.nudge(RARE)
        assert ran.acquire(timeout=60)


def test_a_queue_of_another_shape_is_made_anew_and_one_of_today_is_kept(queued: Database) -> None:
    ask(queued, f"INSERT INTO {SCHEMA}.procrastinate_workers DEFAULT VALUES RETURNING 1")
    assert prepare(queued)
    assert ask(queued, f"SELECT count(*) FROM {SCHEMA}.procrastinate_workers") == 1
    with queued.writing() as connection:
        connection.execute(text(f"COMMENT ON SCHEMA {SCHEMA} IS 'of long ago'"))
    assert prepare(queued)
    assert ask(queued, f"SELECT count(*) FROM {SCHEMA}.procrastinate_workers") == 0


def test_sqlite_needs_no_queue() -> None:
    code = "import bot.main, sys; sys.exit('procrastinate' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=False).returncode == 0


def test_every_job_runs_unasked() -> None:
    assert set(SWEEP_SECONDS) == set(Job)
