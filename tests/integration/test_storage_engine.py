"""Opening databases: addresses, what is wrong with them in words, and what a transaction promises."""

from __future__ import annotations

import os
import select
import shutil
import socket
import sqlite3
import stat
import threading
import time
from collections.abc import Collection
from contextlib import closing
from pathlib import Path

import psycopg
import pytest
from filled import everything
from rights import open_folder, without_special_rights
from sqlalchemy import make_url, text
from sqlalchemy.exc import DBAPIError
from stored import ANYBODY, DAY, NOW, PUBLIC, TEAM, message, paper, reading, record, settle, share, want

from bot.pages import Publishing
from papers.database_errors import (
    DatabaseBusy,
    DatabaseEncodes,
    DatabaseForbids,
    DatabaseFull,
    DatabaseMoved,
    DatabaseReadOnly,
    DatabaseUnreachable,
)
from papers.images import Attached
from papers.note import Workspace
from papers.settled import Setting
from papers.shelf import Shelf
from papers.stock import Stock
from papers.work import Event, Owed, PostKind
from playground import Playground
from storage import connections
from storage.engine import Database, connect
from storage.examination import examine
from storage.migrate import migrate, newest
from storage.nudging import prepare
from storage.running import running
from storage.shelves import StoredShelves
from storage.statements import _claiming


def test_the_folder_and_file_of_an_sqlite_database_are_made(tmp_path: Path) -> None:
    file = tmp_path / "new" / "deep" / "50% 論文.db"
    database = connect(f"sqlite:///{file}")
    migrate(database)
    database.close()
    assert file.exists()


def test_only_its_owner_can_read_an_sqlite_database_unless_somebody_chose_otherwise(tmp_path: Path) -> None:
    before = os.umask(0o022)
    try:
        database = connect(f"sqlite:///{tmp_path}/fusen.db")
        migrate(database)
        parts = [tmp_path / f"fusen.db{suffix}" for suffix in ("", "-wal", "-shm")]
        assert [stat.S_IMODE(part.stat().st_mode) for part in parts] == [0o600] * 3
        database.close()
        parts[0].chmod(0o640)
        connect(f"sqlite:///{tmp_path}/fusen.db").close()
        assert stat.S_IMODE(parts[0].stat().st_mode) == 0o640
        with Playground(data=tmp_path / "playground.db"):
            assert stat.S_IMODE((tmp_path / "playground.db").stat().st_mode) == 0o600
    finally:
        os.umask(before)


def test_sqlite_is_set_up_to_lose_nothing(tmp_path: Path) -> None:
    database = connect(f"sqlite:///{tmp_path}/fusen.db")
    with database.reading() as connection:
        settings = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar()
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        ]
    database.close()
    assert settings == ["wal", 2, 1, 30_000]


def test_what_may_be_done_again_alone_does_not_wait_for_the_disk(database: Database) -> None:
    asked = "PRAGMA synchronous" if database.file else "SHOW synchronous_commit"
    found = []
    for lasting in (True, False, True):
        with database.writing(lasting) as connection:
            found.append(str(connection.exec_driver_sql(asked).scalar()))
    assert found == (["2", "1", "2"] if database.file else ["on", "off", "on"])


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_each_spelling_of_a_postgresql_address_is_understood(postgres_url: str, scheme: str) -> None:
    database = connect(make_url(postgres_url).set(drivername=scheme).render_as_string(hide_password=False))
    with database.reading() as connection:
        assert connection.scalar(text("SHOW timezone")) == "UTC"
        assert connection.scalar(text("SHOW tcp_keepalives_idle")) is not None
        assert connection.scalar(text("SHOW transaction_isolation")) == "repeatable read"
    database.close()


def test_of_several_servers_the_one_that_is_there_is_used_and_all_are_named(postgres_url: str) -> None:
    url = make_url(postgres_url)
    several = {"host": ["127.0.0.1:9", f"{url.host}:{url.port}"], "target_session_attrs": "read-write"}
    one = url.set(host="", port=None).update_query_dict(several)
    database = connect(one.render_as_string(hide_password=False))
    with database.reading() as connection:
        assert connection.scalar(text("SELECT 1"))
    assert database.where == f"127.0.0.1:9,{url.host}:{url.port}/{url.database}"
    database.close()


def test_options_in_a_postgresql_address_are_kept(postgres_url: str) -> None:
    database = connect(postgres_url + "?options=-c%20statement_timeout%3D4321")
    with database.reading() as connection:
        assert connection.scalar(text("SHOW statement_timeout")) == "4321ms"
        assert connection.scalar(text("SHOW timezone")) == "UTC"
    database.close()


@pytest.mark.parametrize(
    "url",
    [
        "",
        "fusen",
        "sqlite://",
        "sqlite:///:memory:",
        "mysql://u:s3cret@localhost/fusen",
        "postgresql://u:s3cret@localhost:port/fusen",
        "postgresql://u:p@s3cret@localhost/fusen",
        "postgresql://u:p@s3cret:x@localhost/fusen",
        "postgresql://u:p@ss/s3cret@localhost/fusen",
        "postgresql://u:p@ss?s3cret=1@localhost/fusen",
        "postgresql://u:p@ss:5432/s3cret@localhost/fusen",
        "postgresql://u/x:s3cret@localhost/fusen",
        "postgresql://u:s3cret@/fusen?host=/nowhere",
        "postgresql://u:s3cret@localhost:1/fusen",
        "sqlite://fusen.db",
        "sqlite://var/fusen.db",
        "postgresql+nothing://u:s3cret@localhost/fusen",
    ],
)
def test_a_wrong_address_is_named_without_its_password(url: str) -> None:
    with pytest.raises(DatabaseUnreachable) as raised:
        connect(url)
    for sentence in (str(raised.value), raised.value.sentence("ja")):
        assert "DATABASE_URL" in sentence
        assert "s3cret" not in sentence


def test_the_path_of_an_sqlite_file_may_hold_what_parts_other_addresses(tmp_path: Path) -> None:
    file = tmp_path / "me@lab" / "a@b.db"
    connect(f"sqlite:///{file}").close()
    assert file.exists()


def test_a_server_that_is_not_there_is_named() -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        port = nobody.getsockname()[1]
        with pytest.raises(DatabaseUnreachable, match=f"127.0.0.1:{port}/fusen"):
            connect(f"postgresql://u:p@127.0.0.1:{port}/fusen")


def test_a_folder_in_place_of_the_file_is_told(tmp_path: Path) -> None:
    (tmp_path / "fusen.db").mkdir()
    with pytest.raises(DatabaseUnreachable, match="cannot be used"):
        connect(f"sqlite:///{tmp_path}/fusen.db")


def test_a_file_in_place_of_the_folder_is_told(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("x")
    with pytest.raises(DatabaseUnreachable, match="cannot be used"):
        connect(f"sqlite:///{tmp_path}/var/fusen.db")


def test_a_file_that_is_no_database_is_told(tmp_path: Path) -> None:
    (tmp_path / "fusen.db").write_text("These are my notes. " * 99)
    with pytest.raises(DatabaseUnreachable, match="not a database"):
        connect(f"sqlite:///{tmp_path}/fusen.db")


def test_a_reader_sees_one_steady_state_while_others_write(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        share(shelf, paper(1), PUBLIC, "1.0")
    with shelves.reading() as reader:
        before = reader.notes.select(ANYBODY)
        with shelves.writing() as shelf:
            share(shelf, paper(2), PUBLIC, "2.0")
            share(shelf, paper(1), PUBLIC, "3.0")
        assert reader.notes.select(ANYBODY) == before
    with shelves.reading() as reader:
        assert len(reader.notes.select(ANYBODY)) == 2


def test_a_reader_cannot_write_and_leaves_no_trace_of_that(shelves: StoredShelves) -> None:
    with pytest.raises(DBAPIError), shelves.reading() as shelf:
        want(shelf, paper(1))
    for _ in range(3):
        with shelves.writing() as shelf:
            want(shelf, paper(1))
    with shelves.reading() as shelf:
        assert shelf.papers.get(paper(1))


def test_a_writing_block_inside_another_is_refused_not_waited_for(shelves: StoredShelves) -> None:
    with shelves.writing(), pytest.raises(RuntimeError, match="waits for itself"), shelves.writing():
        pass
    with shelves.writing() as shelf:
        assert want(shelf, paper(1))


def test_a_writer_waits_for_another_and_then_sees_what_it_did(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        note_id = share(shelf, paper(1), PUBLIC, "1.0")

    def tag_too() -> None:
        with shelves.writing() as other:
            other.notes.comment(note_id, "second", "U2", PUBLIC, None, "second", NOW)

    thread = threading.Thread(target=tag_too)
    with shelves.writing() as shelf:
        shelf.notes.comment(note_id, "first", "U1", PUBLIC, None, "first", NOW)
        thread.start()
    thread.join()
    with shelves.reading() as shelf:
        note = shelf.notes.get(note_id, ANYBODY)
    assert note and [one.text for one in note.comments] == ["first", "second"]


def test_a_database_that_goes_away_is_told_in_words(tmp_path: Path) -> None:
    file = tmp_path / "fusen.db"
    database = connect(f"sqlite:///{file}")
    migrate(database)
    database.close()
    file.unlink()
    file.mkdir()
    with pytest.raises(DatabaseUnreachable), StoredShelves(database).reading():
        pass


@pytest.mark.parametrize("replaced", [False, True])
def test_a_database_whose_file_is_moved_or_replaced_takes_nothing_until_it_is_back(
    tmp_path: Path, replaced: bool
) -> None:
    file, elsewhere = tmp_path / "fusen.db", tmp_path / "moved.db"
    database = connect(f"sqlite:///{file}")
    migrate(database)
    shelves = StoredShelves(database)
    file.rename(elsewhere)
    if replaced:
        shutil.copyfile(elsewhere, file)
    for way in (shelves.reading, shelves.writing):
        with pytest.raises(DatabaseMoved, match="another file" if replaced else "no file") as raised, way():
            pass
        assert "移動" in raised.value.sentence("ja")
    elsewhere.rename(file)
    with shelves.writing() as shelf:
        assert want(shelf, paper(1))
    database.close()
    with closing(sqlite3.connect(file)) as other:
        assert other.execute("SELECT count(*) FROM papers").fetchone() == (1,)


def test_a_postgresql_connection_that_is_cut_is_told_in_words_and_the_next_one_works(postgres_url: str) -> None:
    database = connect(postgres_url)
    with pytest.raises(DatabaseUnreachable, match="terminating connection"), database.writing() as connection:
        connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))
        connection.execute(text("SELECT 1"))
    with database.writing() as connection:
        assert connection.scalar(text("SELECT 1")) == 1
    database.close()


def test_a_resting_postgresql_connection_that_the_server_ended_is_not_used_again(postgres_url: str) -> None:
    database, other = connect(postgres_url), connect(postgres_url)
    with database.writing() as connection:
        resting = connection.scalar(text("SELECT pg_backend_pid()"))
    with other.writing() as connection:
        ended = text("SELECT pg_terminate_backend(:pid, 10000)")  # waited for, in milliseconds
        assert connection.scalar(ended, {"pid": resting})
    for way in (database.reading, database.writing):
        with way() as connection:
            assert connection.scalar(text("SELECT pg_backend_pid()")) != resting
    database.close()
    other.close()


def test_pages_are_built_however_long_nothing_is_asked_meanwhile(
    postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    patient = connect(postgres_url)
    migrate(patient)
    monkeypatch.setattr(connections, "_SERVER_OPTIONS", connections._SERVER_OPTIONS.replace("=60000", "=300"))
    impatient, built = connect(postgres_url), []

    def build(_: Workspace, stock: Stock, changed: Collection[int] | None) -> str:
        with pytest.raises(DatabaseUnreachable), impatient.reading() as other:
            assert other.scalar(text("SELECT 1"))
            assert select.select([other.connection.dbapi_connection], [], [], 60)[0]  # the server ends it
            other.scalar(text("SELECT 1"))
        built.append((changed, len(list(stock.briefs()))))
        return "written"

    publishing = Publishing(StoredShelves(impatient), build)
    for number in (1, 2):
        with StoredShelves(patient).writing() as shelf:
            settle(shelf)
            note_id = share(shelf, paper(number), PUBLIC, f"{number}.0")
        publishing.publish(Workspace(TEAM))
    assert built == [(None, 1), ((note_id,), 2)]
    with impatient.reading() as reader:
        assert reader.scalar(text("SHOW idle_in_transaction_session_timeout")) == "300ms"
    impatient.close()
    patient.close()


def test_a_full_disk_is_told_in_words_and_forgotten_when_there_is_room(tmp_path: Path) -> None:
    database = connect(f"sqlite:///{tmp_path}/fusen.db")
    migrate(database)
    with pytest.raises(DatabaseFull) as raised, database.writing() as connection:
        connection.execute(text("PRAGMA max_page_count=1"))  # no more than there are
        connection.execute(text("CREATE TABLE large AS SELECT randomblob(1000000) AS bytes"))
    assert "full" in str(raised.value)
    assert "空き" in raised.value.sentence("ja")
    with database.writing() as connection:
        connection.execute(text("PRAGMA max_page_count=1000000"))
        connection.execute(text("CREATE TABLE large AS SELECT randomblob(1000000) AS bytes"))
    database.close()


@pytest.mark.parametrize("encoding", ["SQL_ASCII", "LATIN1"])
def test_a_database_that_lacks_letters_is_told_in_words_and_stays_empty(
    postgres_url: str, postgres: str, encoding: str
) -> None:
    name = f"fusen_{encoding.lower()}"
    with psycopg.connect(postgres, autocommit=True) as server:
        server.execute(f"CREATE DATABASE {name} ENCODING '{encoding}' LOCALE 'C' TEMPLATE template0")
        url = make_url(postgres_url).set(database=name).render_as_string(hide_password=False)
        try:
            for look in (lambda: connect(url), lambda: examine(url, NOW)):
                with pytest.raises(DatabaseEncodes, match=f"{encoding}.*ENCODING 'UTF8' TEMPLATE") as raised:
                    look()
                assert "文字コード" in raised.value.sentence("ja")
        finally:
            server.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_a_role_that_may_make_no_tables_is_told_in_words(postgres_url: str, postgres: str) -> None:
    role = f"guest_{make_url(postgres_url).database}"
    with psycopg.connect(postgres, autocommit=True) as server:
        server.execute(f"CREATE ROLE {role} LOGIN")
        try:
            url = make_url(postgres_url).set(username=role).render_as_string(hide_password=False)
            database = connect(url)
            for act in (lambda: migrate(database), lambda: examine(url, NOW)):
                with pytest.raises(DatabaseForbids, match="CREATE DATABASE fusen OWNER fusen") as raised:
                    act()
                assert "権限" in raised.value.sentence("ja")
            assert not prepare(database)
            database.close()
        finally:
            server.execute(f"DROP ROLE {role}")


def test_a_server_that_has_become_read_only_is_told_in_words_and_forgotten_when_it_is_not(
    postgres_url: str,
) -> None:
    for state, found in (("on", True), ("off", False)):
        database = connect(postgres_url)
        with database.writing() as connection:
            connection.execute(text("SET TRANSACTION READ WRITE"))
            name = connection.engine.url.database
            connection.execute(text(f'ALTER DATABASE "{name}" SET default_transaction_read_only={state}'))
        database.close()
        if found:
            for act in (migrate, prepare, lambda _: examine(postgres_url, NOW)):
                with pytest.raises(DatabaseReadOnly, match="read-only") as raised:
                    act(database)
                assert "読み取り専用" in raised.value.sentence("ja")
        else:
            migrate(database)
            assert not examine(postgres_url, NOW).others
        database.close()


def test_a_read_only_server_is_told_in_words_by_a_connection_that_has_served_a_reader_too(
    postgres_url: str,
) -> None:
    address = make_url(postgres_url).update_query_dict({"options": "-c default_transaction_read_only=on"})
    database = connect(address.render_as_string(hide_password=False))
    for _ in range(2):
        with database.reading() as connection:
            connection.execute(text("SELECT 1"))
        with pytest.raises(DatabaseReadOnly, match="read-only"), database.writing() as connection:
            connection.execute(text("CREATE TABLE more (n INTEGER)"))
    database.close()


def test_an_sqlite_file_that_may_not_be_written_is_told_in_words_also_before_the_start() -> None:
    with open_folder() as folder:
        url = f"sqlite:///{folder}/fusen.db"
        database = connect(url)
        migrate(database)
        database.close()
        for file in folder.iterdir():
            file.chmod(0o444 if file.name == "fusen.db" else 0o666)
        with without_special_rights():
            with pytest.raises(DatabaseReadOnly, match="write the file"):
                examine(url, NOW)
            database = connect(url)
            with pytest.raises(DatabaseReadOnly, match="readonly"), running(database, 0):
                pass
            database.close()


def test_looking_at_a_database_changes_nothing_in_it(database: Database, database_url: str) -> None:
    database.close()
    before = everything(database)
    assert examine(database_url, NOW).revision == newest()
    assert everything(database) == before


def test_whoever_is_in_a_hurry_is_told_of_another_program_that_writes(tmp_path: Path) -> None:
    database = connect(f"sqlite:///{tmp_path}/fusen.db")
    with closing(sqlite3.connect(tmp_path / "fusen.db", isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(DatabaseBusy) as raised, database.hurried(0.1), database.writing():
            pass
    assert "busy" in str(raised.value)
    assert "使用中" in raised.value.sentence("ja")
    with database.writing() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 30_000
    database.close()


def test_whoever_is_in_a_hurry_has_one_patience_for_all_that_it_writes(tmp_path: Path) -> None:
    database = connect(f"sqlite:///{tmp_path}/fusen.db")
    with database.hurried(600), database.writing() as connection:
        assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 600_000
    with database.hurried(0.05):
        time.sleep(0.1)
        with database.writing() as connection:
            assert connection.exec_driver_sql("PRAGMA busy_timeout").scalar() == 250
    database.close()


def test_whoever_is_in_a_hurry_does_not_queue_behind_a_slow_writer(tmp_path: Path) -> None:
    database = connect(f"sqlite:///{tmp_path}/fusen.db")
    refused: list[DatabaseBusy] = []

    def hurry() -> None:
        with pytest.raises(DatabaseBusy) as raised, database.hurried(0.1), database.writing():
            pass
        refused.append(raised.value)

    thread = threading.Thread(target=hurry)
    with database.writing():
        thread.start()
        thread.join()
    assert refused
    database.close()


def claims(shelf: Shelf) -> list[object]:
    """Claim one of each kind of work."""
    inbox, outbox, papers, backfills = shelf.inbox, shelf.outbox, shelf.papers, shelf.backfills
    listed = (inbox.claim(1, NOW, DAY), outbox.claim(1, NOW, DAY), papers.claim(1, NOW, DAY))
    one = (backfills.claim(NOW, DAY), shelf.homes.claim(NOW, DAY), shelf.images.claim(NOW, DAY))
    return [*listed, *one, shelf.histories.claim(NOW, DAY), shelf.translations.claim(NOW, DAY)]


def test_whatever_a_killed_process_held_is_free_at_once_when_sqlite_is_used_again(tmp_path: Path) -> None:
    database = connect(f"sqlite:///{tmp_path}/fusen.db")
    migrate(database)
    shelves = StoredShelves(database)
    with shelves.writing() as shelf:
        settle(shelf)
        shelf.settings.settle(TEAM, Setting.TEAM_LANGUAGE, "ja", "U1", NOW)
        note_id = share(shelf, paper(1), PUBLIC, "1.0")
        said = record(paper(1))
        shelf.papers.store(said, reading(said), NOW)
        want(shelf, paper(2))
        shelf.inbox.put([Event("E1", TEAM, "{}")], NOW)
        shelf.outbox.owe(Owed(TEAM, "1", PostKind.CARD, PUBLIC, note_id=note_id), NOW, NOW)
        shelf.backfills.start(TEAM, PUBLIC, "U1", NOW, NOW - DAY)
        shelf.homes.opened(TEAM, "U1", "D1", NOW)
        image = Attached("F1", "https://files.slack.com/F1", "image/png")
        shelf.notes.comment(note_id, "2.0", "U1", PUBLIC, message(PUBLIC, "2.0", "1.0"), "", NOW, [image])
        shelf.translations.want(TEAM, 0, NOW, 9)
        assert all(claims(shelf))
    with shelves.writing() as shelf:
        assert not any(claims(shelf))
    with running(database, 3), shelves.writing() as shelf:
        assert all(claims(shelf))
    database.close()


def test_the_statement_of_each_claim_is_written_once(shelves: StoredShelves) -> None:
    for _ in range(3):
        written = _claiming.cache_info().misses
        with shelves.writing() as shelf:
            claims(shelf)
    assert _claiming.cache_info().misses == written
