"""Fixtures for tests in all folders: databases of both kinds, each test with one of its own."""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import postgres_server
import pytest
from sqlalchemy import Engine, event, make_url
from sqlalchemy.dialects.postgresql.psycopg import PGDialect_psycopg
from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite
from sqlalchemy.util import LRUCache

from storage.engine import Database, connect
from storage.migrate import migrate
from storage.shelves import StoredShelves

LONGEST = "test_real_pace.py"


MEMORY_DISK = Path("/dev/shm")
ROOM = 4 << 30
"""Bytes: twice what the databases and folders of all tests together take."""


def pytest_configure() -> None:
    """Let databases and folders stand on the disk in memory, where there is one with room: nothing waits there."""
    if "TMPDIR" not in os.environ and MEMORY_DISK.is_dir() and shutil.disk_usage(MEMORY_DISK).free > ROOM:
        os.environ["TMPDIR"] = str(MEMORY_DISK)
        tempfile.tempdir = None  # it may have been looked for before
    _compile_once()


def _compile_once() -> None:
    """Let all engines of a process share what SQLAlchemy has compiled: a third of all work is otherwise that.

    Each test has an engine of its own; a statement is compiled for a dialect, of which each engine has its own.
    """
    for dialect in (SQLiteDialect_pysqlite, PGDialect_psycopg):
        dialect.__eq__ = lambda one, other: type(one) is type(other)
        dialect.__hash__ = lambda one: hash(type(one))
    compiled = LRUCache[object, object](1_000)
    event.listen(Engine, "engine_connect", lambda made: made.execution_options(compiled_cache=compiled))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say once for each reason how many tests were skipped and what would let them run."""
    skipped = terminalreporter.stats.get("skipped", ())
    reasons = Counter(str(report.longrepr[2]).removeprefix("Skipped: ") for report in skipped)
    for reason, count in sorted(reasons.items()):
        terminalreporter.write_line(f"SKIPPED {count} tests: {reason}")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let the file that takes longest begin first, while other files run beside it."""
    items.sort(key=lambda item: item.path.name != LONGEST)


def pytest_collection_finish() -> None:
    """What is loaded by now stays: to look through it for garbage takes a twentieth of the tests' time."""
    gc.collect()
    gc.freeze()


@pytest.fixture(scope="session")
def postgres() -> Iterator[str | None]:
    """The URL of the PostgreSQL server, or None."""
    with postgres_server.server() as url:
        yield url


@pytest.fixture(scope="session")
def migrated_postgres(postgres: str | None) -> Iterator[str]:
    """The name of a PostgreSQL database with our tables, to be copied: to migrate each anew takes a second."""
    assert postgres is not None
    with postgres_server.fresh_database(postgres) as url:
        _migrate(url)
        yield str(make_url(url).database)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An SQLite file with our tables, to be copied: to migrate each anew takes half a second."""
    file = tmp_path_factory.mktemp("migrated") / "fusen.db"
    _migrate(f"sqlite:///{file}")
    return file


def _migrate(url: str) -> None:
    made = connect(url)
    migrate(made)
    made.close()


@pytest.fixture
def postgres_url(request: pytest.FixtureRequest, postgres: str | None) -> Iterator[str]:
    """The URL of a new PostgreSQL database, empty unless the test wants a `database` with tables.

    The test is skipped if there is no server.
    """
    if postgres is None:
        pytest.skip(postgres_server.HOW_TO_GET_IT)
    wants_tables = "database" in request.fixturenames
    template = request.getfixturevalue("migrated_postgres") if wants_tables else "template0"
    with postgres_server.fresh_database(postgres, template) as url:
        yield url


@pytest.fixture
def sqlite_url(tmp_path: Path, migrated_sqlite: Path) -> str:
    """The URL of a new SQLite database with our tables."""
    shutil.copyfile(migrated_sqlite, tmp_path / "fusen.db")
    return f"sqlite:///{tmp_path}/fusen.db"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a new database, empty unless the test wants a `database` too; it runs once for each kind."""
    if request.param == "postgresql":
        return str(request.getfixturevalue("postgres_url"))
    if "database" in request.fixturenames:
        return str(request.getfixturevalue("sqlite_url"))
    return f"sqlite:///{tmp_path}/fusen.db"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A new database with its tables."""
    made = connect(database_url)
    yield made
    made.close()


@pytest.fixture
def shelves(database: Database) -> StoredShelves:
    """The shelves in a new database."""
    return StoredShelves(database)
