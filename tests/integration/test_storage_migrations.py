"""Migrations: the tables come to be alike by whatever way, and several processes may start at once."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, insert, select, text, update
from stored import (
    ANYBODY,
    DIRECT,
    MINUTE,
    NOW,
    PUBLIC,
    SECRET,
    TEAM,
    message,
    paper,
    say,
    settle,
    share,
    store,
    tag,
)

from papers.membership import owe_word_of_opening
from papers.note import Channel, ChannelKind
from papers.settled import Setting
from storage.engine import Database, connect
from storage.migrate import (
    DatabaseTooNew,
    NoRoomToMigrate,
    NoTurnToMigrate,
    configuration,
    migrate,
    newest,
    take_migration_lock,
)
from storage.past_schemas import revision_of
from storage.running import AlreadyRunning, running
from storage.shelves import StoredShelves
from storage.tables import backfills, channels, comments, members, metadata, outbox, papers, workspaces

STARTING = """
import sys
from storage.engine import connect
from storage.migrate import migrate
database = connect(sys.argv[1])
print("ready", flush=True)
sys.stdin.readline()
migrate(database)
database.close()
"""


def test_the_migrated_tables_are_the_tables_of_the_program(database: Database) -> None:
    with database.reading() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, metadata) == []


def test_the_comparison_would_notice_a_missing_column(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(text("ALTER TABLE gates DROP COLUMN failures"))
        assert compare_metadata(MigrationContext.configure(connection), metadata)


def test_migrating_twice_changes_nothing(database: Database) -> None:
    migrate(database)
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []


def test_a_channel_without_an_id_goes_with_what_was_asked_of_its_past(database_url: str) -> None:
    database = connect(database_url)
    with database.reshaping() as connection:
        command.upgrade(configuration(connection), "0030")
    with database.writing() as connection:
        connection.execute(insert(workspaces), {"id": TEAM, "since": NOW})
        connection.execute(insert(members), {"workspace": TEAM, "id": "U1"})
        for channel in ("", PUBLIC):
            here = {"workspace": TEAM, "channel": channel}
            connection.execute(insert(channels), {"workspace": TEAM, "id": channel})
            asked = {"member": "U1", "asked_at": NOW, "since": NOW, "due": NOW}
            connection.execute(insert(backfills), here | asked)
            owed = {"key": f"backfill:{channel}", "kind": "progress", "owed_at": NOW, "due": NOW}
            connection.execute(insert(outbox), here | owed)
    migrate(database)
    with database.reading() as connection:
        for named in (channels.c.id, backfills.c.channel, outbox.c.channel):
            assert list(connection.scalars(select(named))) == [PUBLIC]
    database.close()


def test_what_an_older_fusen_stored_is_found_without_its_accents(database_url: str) -> None:
    database = connect(database_url)
    migrate(database)
    with StoredShelves(database).writing() as shelf:
        settle(shelf)
        note_id = share(shelf, paper(1), PUBLIC, "1.0")
        store(shelf, paper(1), authors=("Yoshua García",))
        say(shelf, note_id, PUBLIC, "1.1", "voilà")
    with database.writing() as connection:
        connection.execute(update(papers).values(folded="title\nyoshua garcía"))
        connection.execute(update(comments).values(folded="voilà"))
        command.downgrade(configuration(connection), "0033")
    migrate(database)
    with StoredShelves(database).writing() as shelf:
        assert shelf.notes.index(10) == 1
        for typed in ("garcia", "garcía", "voila", "voilà"):
            assert [one.id for one in shelf.notes.search(ANYBODY, [typed], limit=5)] == [note_id]
    database.close()


def test_what_an_older_fusen_stored_is_found_by_its_comment_and_reference(database_url: str) -> None:
    database = connect(database_url)
    migrate(database)
    with StoredShelves(database).writing() as shelf:
        settle(shelf)
        note_id = share(shelf, paper(1), PUBLIC, "1.0")
        store(shelf, paper(1), comment="NeurIPS 2019", journal_ref="Poincaré Lett. 7")
        share(shelf, paper(2), PUBLIC, "2.0")
        store(shelf, paper(2))
    with database.writing() as connection:
        connection.execute(update(papers).values(folded="on this"))
        command.downgrade(configuration(connection), "0035")
    migrate(database)
    with StoredShelves(database).writing() as shelf:
        assert shelf.notes.index(10) == 2
        for typed in (["neurips", "2019"], ["poincare"], ["on", "lett"]):
            assert [one.id for one in shelf.notes.search(ANYBODY, typed, limit=5)] == [note_id]
    database.close()


def test_the_log_names_each_migration_before_it_runs(database_url: str, caplog: pytest.LogCaptureFixture) -> None:
    database = connect(database_url)
    migrate(database)
    assert not caplog.messages  # an empty database has nothing that takes time
    with database.writing() as connection:
        command.downgrade(configuration(connection), "0034")
    migrate(database)
    database.close()
    said = [one for one in caplog.messages if one.startswith("now")]
    assert said[0].startswith("now revision 0035: Remember which channels were shared")
    assert said[1].startswith("now revision 0036: ")


def test_a_strangers_transaction_ends_a_migration_in_words_and_the_next_one_succeeds(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.migrate.LOCK_SECONDS", 0.2)
    database = connect(postgres_url)
    migrate(database)
    with database.writing() as connection:
        command.downgrade(configuration(connection), "0034")
    with psycopg.connect(postgres_url) as stranger:
        stranger.execute("SELECT count(*) FROM channels")
        with pytest.raises(NoTurnToMigrate, match=r"lock timeout.*nothing in it was changed") as raised:
            migrate(database)
        assert "変更されていません" in raised.value.sentence("ja")
    with database.reading() as connection:
        assert revision_of(connection) == "0034"
    migrate(database)
    with database.reading() as connection:
        assert revision_of(connection) == newest()
    database.close()


def test_another_fusen_that_migrates_is_waited_for_as_long_as_it_takes(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.migrate.LOCK_SECONDS", 0.2)
    database, other = connect(postgres_url), connect(postgres_url)
    with ThreadPoolExecutor(1) as threads:
        with other.writing() as connection:
            take_migration_lock(connection)
            migrating = threads.submit(migrate, database)
            with pytest.raises(TimeoutError):
                migrating.result(timeout=1)
        migrating.result(timeout=60)
    database.close()
    other.close()


def test_a_disk_that_is_too_small_for_a_migration_is_told_with_what_it_takes(tmp_path: Path) -> None:
    database = connect(f"sqlite:///{tmp_path}/fusen.db")
    with database.reshaping() as connection:
        command.upgrade(configuration(connection), "0030")
    with database.engine.connect() as connection:  # which the pool hands out again
        connection.exec_driver_sql("PRAGMA max_page_count=1")  # no more than there are
    with pytest.raises(NoRoomToMigrate, match="as much room as the database takes") as raised:
        migrate(database)
    assert "空き" in raised.value.sentence("ja")
    assert "Slack" not in str(raised.value)
    with database.reading() as connection:
        assert revision_of(connection) == "0030"
    database.close()


def test_four_processes_migrate_an_empty_database_at_once(database_url: str) -> None:
    root = Path(__file__).parents[2]
    started = [sys.executable, "-c", STARTING, database_url]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    starting = [subprocess.Popen(started, cwd=root, text=True, **pipes) for _ in range(4)]
    for process in starting:
        assert process.stdout and process.stdout.readline() == "ready\n"
    for process in starting:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    ends = [process.communicate(timeout=60) for process in starting]
    assert [process.returncode for process in starting] == [0, 0, 0, 0], ends
    database = connect(database_url)
    with database.reading() as connection:
        assert compare_metadata(MigrationContext.configure(connection), metadata) == []
    database.close()


def test_an_sqlite_database_stays_as_the_older_fusen_that_runs_on_it_knows_it(sqlite_url: str) -> None:
    older, newer = connect(sqlite_url), connect(sqlite_url)
    with running(older, 0):
        migrate(newer)  # there is nothing to do, so whatever runs may go on
        with older.reshaping() as connection:
            command.downgrade(configuration(connection), "-1")
            before = revision_of(connection)
        with pytest.raises(AlreadyRunning, match="Stop the other one first"):
            migrate(newer)
        with older.reading() as connection:
            assert revision_of(connection) == before != newest()
    migrate(newer)
    with older.reading() as connection:
        assert revision_of(connection) == newest()
    older.close()
    newer.close()


def test_a_database_of_a_newer_program_is_refused_in_words(database: Database) -> None:
    with database.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseTooNew, match="newer Fusen"):
        migrate(database)


def test_a_reference_to_nothing_is_refused_after_migrating(database: Database) -> None:
    broken = "INSERT INTO tags (workspace, key, name) VALUES ('T0', 'a', 'a')"
    with pytest.raises(Exception, match=r"(?i)foreign key"), database.writing() as connection:
        connection.execute(text(broken))


def test_pages_that_say_taken_back_stay_unless_their_channel_is_known_to_have_been_private(
    database: Database,
) -> None:
    with StoredShelves(database).writing() as shelf:
        settle(shelf)
        public, private = share(shelf, paper(1), PUBLIC, "1.0"), share(shelf, paper(2), SECRET, "2.0")
        share(shelf, paper(3), DIRECT, "3.0")
        shared = Channel("C_SHARED", "shared", ChannelKind.PUBLIC, external=True)
        shelf.directory.store_channel(TEAM, shared, NOW)
        shelf.settings.settle(TEAM, Setting.PUBLISH_EXTERNAL, True, "U1", NOW)
        external, opened = share(shelf, paper(4), shared.id, "4.0"), share(shelf, paper(5), "C_OPENED", "5.0")
        shelf.directory.store_channel(TEAM, Channel("C_OPENED", "opened", ChannelKind.PRIVATE), NOW)
        tag(shelf, opened, "C_OPENED", "Since")
        tag(shelf, external, shared.id, "Theirs")
        for note_id in (public, private):
            tag(shelf, note_id, PUBLIC, "Open")
            tag(shelf, note_id, SECRET, "Hidden")
        shelf.directory.hear_presence(TEAM, "C_OPENED", True, NOW)
        shelf.directory.store_channel(TEAM, Channel("C_OPENED", "opened", ChannelKind.PUBLIC), NOW + MINUTE)
        owe_word_of_opening(shelf, TEAM, "C_OPENED", NOW + MINUTE)
        shelf.notes.withdraw(message("C_OPENED", "5.0"), NOW + 2 * MINUTE)
        for channel, ts in ((PUBLIC, "1.0"), (SECRET, "2.0"), (DIRECT, "3.0"), (shared.id, "4.0")):
            shelf.notes.withdraw(message(channel, ts), NOW)
        shelf.directory.hear_presence(TEAM, SECRET, True, NOW)
        shelf.directory.store_channel(TEAM, Channel(SECRET, "secret", ChannelKind.PUBLIC), NOW + MINUTE)
        owe_word_of_opening(shelf, TEAM, SECRET, NOW + MINUTE)
        kept = shelf.pages.fallen(TEAM)
        stood = [(public, ("open",)), (external, ("theirs",)), (opened, ("since",))]
        assert [(one.note_id, one.tags) for one in kept] == stood
    with database.writing() as connection:
        command.downgrade(configuration(connection), "0030")
    migrate(database)
    with StoredShelves(database).reading() as shelf:
        assert shelf.pages.fallen(TEAM) == kept


def test_learning_what_was_public_reads_no_more_for_each_note_where_a_channel_has_many(database_url: str) -> None:
    count, database = 2_000, connect(database_url)
    moment = str(NOW.replace(tzinfo=None)) + ".000000" if database.file else NOW
    numbers = f"WITH RECURSIVE one(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM one WHERE n < {count})"
    with database.reshaping() as connection:
        command.upgrade(configuration(connection), "0031")
    with database.writing() as connection:
        connection.execute(insert(workspaces), {"id": TEAM, "since": NOW})
        connection.execute(insert(members), {"workspace": TEAM, "id": "U1"})
        connection.execute(
            text(f"INSERT INTO channels (workspace, id, kind) VALUES ('{TEAM}', '{PUBLIC}', 'public')")
        )
        for into in (
            f"papers (id, source, source_id, wanted_at) {numbers} SELECT n, 'arxiv', n, :now FROM one",
            f"notes (id, workspace, paper_id) {numbers} SELECT n, '{TEAM}', n FROM one",
            "shares (note_id, origin, workspace, member, channel, shared_at, withdrawn_at) "
            f"{numbers} SELECT n, n, '{TEAM}', 'U1', '{PUBLIC}', :now, :now FROM one",
            "outbox (workspace, key, kind, channel, owed_at, due) "
            f"{numbers} SELECT '{TEAM}', n, 'card', '{PUBLIC}', :now, :now FROM one",
        ):
            connection.execute(text(f"INSERT INTO {into}"), {"now": moment})
    with database.reshaping() as connection, working(connection) as done:
        command.upgrade(configuration(connection), "0032")
        assert connection.scalar(text("SELECT count(*) FROM shares WHERE was_public")) == count
    assert done() < 200 * count
    database.close()


@contextmanager
def working(connection: Connection) -> Iterator[Callable[[], int]]:
    """Count what the database does: the rows that PostgreSQL reads, the steps of SQLite's programs."""
    if connection.dialect.name == "sqlite":
        driver, each, ticks = connection.connection.driver_connection, 100, []
        assert isinstance(driver, sqlite3.Connection)
        driver.set_progress_handler(lambda: ticks.append(1), each)
        yield lambda: each * len(ticks)
        driver.set_progress_handler(None, each)
    else:
        read = text("SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) FROM pg_stat_xact_user_tables")
        found: list[int] = []
        yield lambda: found[0]
        found.append(int(connection.execute(read).scalar_one()))


def test_the_next_migration_is_written_from_what_changed(tmp_path: Path) -> None:
    root = Path(__file__).parents[2]
    for room in ("papers", "storage"):
        shutil.copytree(root / room, tmp_path / room)
    file = tmp_path / "storage" / "tables" / "work.py"
    seen = 'Column("failures", Integer, nullable=False, server_default="0"),'
    assert seen in file.read_text()
    file.write_text(file.read_text().replace(seen, f'{seen}\n    Column("seen_at", Moment),'))
    started = [sys.executable, "-m", "storage.revise", "Remember when"]
    done = subprocess.run(started, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    newest = max((tmp_path / "storage" / "migrations" / "versions").glob("*.py"))
    written = newest.read_text()
    assert 'add_column(sa.Column("seen_at", sa.DateTime(timezone=True)' in written.replace("'", '"')
    trying = [sys.executable, "-c", f"{STARTING}", f"sqlite:///{tmp_path}/new.db"]
    done = subprocess.run(trying, cwd=tmp_path, capture_output=True, text=True, input="go\n", check=False)
    assert done.returncode == 0, done.stderr
