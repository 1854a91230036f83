"""Backups: one file made while Fusen runs, which comes back whole in either kind of database."""

from __future__ import annotations

import errno
import gzip
import json
import os
import re
import shutil
import signal
import stat
import sys
import time
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path
from subprocess import PIPE, Popen
from threading import Event, Thread
from typing import Any

import pytest
from command_line import environment
from filled import everything, fill, owed_untried
from rights import open_folder, without_special_rights
from rounds import waits
from sqlalchemy import insert, select, text
from stored import NOW, PUBLIC, TEAM, paper, share

from bot.composition.pages import publishing
from bot.composition.stores import Stored
from bot.composition.stores import back_up as of_settings
from bot.composition.stores import stored as opened
from bot.settings import read
from papers.database_errors import DatabaseReadOnly, JournalUnreadable
from papers.errors import FusenError
from papers.work import PostKind
from storage import restore as restoring
from storage.backup import NothingToBackUp, back_up
from storage.backup_file import (
    BackupThere,
    NotABackup,
    NotesKept,
    NotReplaced,
    UnreadableBackup,
    UnwritableBackup,
)
from storage.engine import Database, connect
from storage.gate import StoredGate
from storage.migrate import OthersTables, migrate
from storage.past_schemas import revision_of
from storage.restore import BackupTooNew, DatabaseNotEmpty, NoRoomToRestore, restore
from storage.running import AlreadyRunning, OthersAtWork, running
from storage.shelves import StoredShelves
from storage.tables import inbox, metadata


def backed_up(database: Database, file: Path) -> int:
    return back_up(database, file, overwrite=False, now=lambda: NOW)


@pytest.fixture
def other(database_url: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Database]:
    """An empty database of the other kind."""
    url = f"sqlite:///{tmp_path}/other.db"
    if database_url.startswith("sqlite"):
        url = str(request.getfixturevalue("postgres_url"))
    database = connect(url)
    yield database
    database.close()


@pytest.fixture
def empty(tmp_path: Path) -> Iterator[Database]:
    database = connect(f"sqlite:///{tmp_path}/empty.db")
    yield database
    database.close()


@pytest.fixture
def backup(tmp_path: Path) -> Path:
    """A backup of a small database."""
    database = connect(f"sqlite:///{tmp_path}/small.db")
    migrate(database)
    fill(database, papers=4)
    backed_up(database, tmp_path / "small.backup")
    database.close()
    return tmp_path / "small.backup"


STANDING_STILL = """
import sys, time
from bot.main import main
from storage.backup_file import Writing

def begin(self, table):
    print("begun", flush=True)
    time.sleep(60)

Writing.begin = begin
sys.exit(main(["backup", "a.backup"]))
"""


def test_a_backup_that_is_told_to_stop_leaves_nothing_behind(backup: Path) -> None:
    folder = backup.parent / "out"
    folder.mkdir()
    url = f"sqlite:///{backup.parent}/small.db"
    with Popen(
        [sys.executable, "-c", STANDING_STILL], cwd=folder, env=environment(DATABASE_URL=url), stdout=PIPE
    ) as it:
        assert it.stdout and it.stdout.readline() == b"begun\n"
        assert len(list(folder.iterdir())) == 1
        it.terminate()
        assert it.wait(60) == 128 + signal.SIGTERM
    assert not list(folder.iterdir())


def test_what_killed_backups_of_the_same_name_have_left_goes_after_a_day(backup: Path) -> None:
    folder = backup.parent / "out"
    old = [
        ".a.backup.0123abcd.part",
        ".a.backup.89abcdef.part",
        ".a.backup.zzzzzzzz.part",
        ".b.backup.0123abcd.part",
    ]
    folder.mkdir()
    for name in (*old, ".a.backup.76543210.part"):
        (folder / name).touch()
    for name in old:
        os.utime(folder / name, (0, 0))
    with closing(connect(f"sqlite:///{backup.parent}/small.db")) as database:
        backed_up(database, folder / "a.backup")
    left = {one.name for one in folder.iterdir()}
    assert left == {"a.backup", ".a.backup.76543210.part", *old[2:]}


def pages(database: Database, folder: Path) -> dict[str, bytes]:
    """Every published file of all workspaces, but for when it was made."""
    chosen = read({"PAGES_FOLDER": str(folder), "PAGES_ADDRESS": "https://notes.example.org/"})
    publishing(Stored(database, StoredShelves(database), StoredGate(database)), chosen)()
    files = (file for file in folder.rglob("*") if file.is_file() and not file.name.startswith("."))
    made_at = re.compile(rb"As of <time[^<]*</time>")
    return {file.relative_to(folder).as_posix(): made_at.sub(b"", file.read_bytes()) for file in files}


def test_a_backup_has_every_row_and_every_page_in_the_other_kind_of_database_and_back(
    database: Database, other: Database, tmp_path: Path
) -> None:
    fill(database)
    before = everything(database)
    assert all(before.values()), "a table without a row proves nothing"
    rows = sum(map(len, before.values()))
    assert backed_up(database, tmp_path / "first") == rows
    assert restore(other, tmp_path / "first", replace=False) == rows
    assert everything(other) == owed_untried(before)
    published = pages(database, tmp_path / "pages")
    assert len(published) > 20
    assert pages(other, tmp_path / "other pages") == published

    backed_up(other, tmp_path / "second")
    restore(database, tmp_path / "second", replace=True)
    assert everything(database) == owed_untried(before)


def test_new_rows_are_numbered_after_the_restored_ones(other: Database, backup: Path) -> None:
    restore(other, backup, replace=False)
    before = {row[0] for row in everything(other)["notes"]}
    with StoredShelves(other).writing() as shelf:
        assert share(shelf, paper(99), PUBLIC, "99.1") > max(before)


def test_a_backup_made_while_others_write_is_of_one_moment(database: Database, tmp_path: Path) -> None:
    fill(database)
    stop, shelves = Event(), StoredShelves(database)

    def write() -> None:
        number = 100
        while not stop.is_set():
            number += 1
            with shelves.writing() as shelf:
                share(shelf, paper(number), PUBLIC, f"{number}.1")

    writer = Thread(target=write)
    writer.start()
    try:
        counts = [backed_up(database, tmp_path / f"{number}") for number in range(2)]
    finally:
        stop.set()
        writer.join()
    for number, count in enumerate(counts):
        database_again = connect(f"sqlite:///{tmp_path}/again{number}.db")
        # A share whose note or paper came later would be refused here.
        assert restore(database_again, tmp_path / f"{number}", replace=False) == count
        restored = everything(database_again)
        assert len(restored["shares"]) == len(restored["notes"])
        database_again.close()


def test_a_long_table_does_not_come_to_memory(database: Database, other: Database, tmp_path: Path) -> None:
    size, bodies = 30_000, 3_000  # so much that what else is loaded meanwhile weighs little
    row = {"workspace": TEAM, "body": "x" * size, "received_at": NOW, "due": NOW}
    with database.writing() as connection:
        connection.execute(insert(inbox), [row | {"event_id": f"Ev{n}"} for n in range(bodies)])
    tracemalloc.start()
    try:
        backed_up(database, tmp_path / "long")
        restore(other, tmp_path / "long", replace=False)
        assert tracemalloc.get_traced_memory()[1] < size * bodies / 2
    finally:
        tracemalloc.stop()
    assert len(everything(other)["inbox"]) == bodies


def test_a_disk_that_is_too_small_for_a_backup_is_told(tmp_path: Path, backup: Path) -> None:
    tight = connect(f"sqlite:///{tmp_path}/tight.db")
    with tight.engine.connect() as connection:  # which the pool hands out again
        connection.exec_driver_sql("PRAGMA max_page_count=20")
    with pytest.raises(NoRoomToRestore, match="then restore again") as raised:
        restore(tight, backup, replace=False)
    assert "復元" in raised.value.sentence("ja")
    assert "Slack" not in str(raised.value)
    with tight.reading() as connection:
        assert revision_of(connection) is None
    tight.close()


def test_a_database_that_is_not_empty_is_left_alone_unless_told(database: Database, backup: Path) -> None:
    fill(database)
    before = everything(database)
    with pytest.raises(DatabaseNotEmpty, match="--replace"):
        restore(database, backup, replace=False)
    assert everything(database) == before
    restore(database, backup, replace=True)
    assert len(everything(database)["notes"]) == 4


def test_a_migrated_database_without_rows_is_empty(database: Database, backup: Path) -> None:
    assert restore(database, backup, replace=False)


def test_tables_of_another_program_are_never_touched(other: Database, backup: Path) -> None:
    with other.writing() as connection:
        connection.execute(text("CREATE TABLE tags (mine INTEGER)"))
        connection.execute(text("INSERT INTO tags VALUES (1)"))
    with pytest.raises(OthersTables, match="tags"):
        restore(other, backup, replace=True)
    with pytest.raises(OthersTables, match="tags"):
        migrate(other)
    with other.reading() as connection:
        assert connection.scalar(text("SELECT mine FROM tags")) == 1


def test_a_backup_does_not_wait_for_a_program_that_writes(migrated_sqlite: Path, tmp_path: Path) -> None:
    settings = read({"DATABASE_URL": f"sqlite:///{migrated_sqlite}"})
    writer = connect(settings.database_url)
    with writer.writing():
        of_settings(settings, tmp_path / "notes.gz", overwrite=False)
    writer.close()


@contextmanager
def on_a_read_only_disk(made: Path, *beside: str) -> Iterator[Path]:
    """A database with some notes, and empty files beside it, as they stand on a disk that has become read-only."""
    opened = Path.open

    def refused(file: Path, *how: Any) -> Any:
        if file.name.startswith("fusen.db"):
            raise OSError(errno.EROFS, os.strerror(errno.EROFS), str(file))
        return opened(file, *how)

    with open_folder() as folder:
        file = folder / "fusen.db"
        shutil.copyfile(made, file)
        database = connect(f"sqlite:///{file}")
        fill(database, 4)
        database.close()
        for name in beside:
            (folder / name).touch()
        for one in folder.iterdir():
            one.chmod(0o444)
        folder.chmod(0o555)
        with without_special_rights(), pytest.MonkeyPatch.context() as patch:
            patch.setattr(Path, "open", refused)
            yield file
        folder.chmod(0o755)


def test_what_stands_on_a_disk_that_became_read_only_can_be_backed_up(migrated_sqlite: Path) -> None:
    with on_a_read_only_disk(migrated_sqlite) as file, open_folder() as elsewhere:
        settings = read({"DATABASE_URL": f"sqlite:///{file}"})
        assert of_settings(settings, elsewhere / "notes.gz", overwrite=False) > 50
        with pytest.raises(DatabaseReadOnly, match="Read-only file system"):
            connect(settings.database_url)


def test_a_journal_that_cannot_be_read_there_is_not_left_out_of_a_backup(migrated_sqlite: Path) -> None:
    with on_a_read_only_disk(migrated_sqlite, "fusen.db-wal") as file, open_folder() as elsewhere:
        link = elsewhere / "fusen.db"
        link.symlink_to(file)
        for name in (file, link):
            settings = read({"DATABASE_URL": f"sqlite:///{name}"})
            with pytest.raises(JournalUnreadable, match=f"{file}-wal") as refused:
                of_settings(settings, elsewhere / "notes.gz", overwrite=False)
            assert f"{file}-wal" in refused.value.sentence("ja")
        assert list(elsewhere.iterdir()) == [link]


def test_nothing_is_restored_under_a_running_fusen(database: Database, backup: Path, database_url: str) -> None:
    another = connect(database_url)
    with running(another, 0), pytest.raises((AlreadyRunning, OthersAtWork), match="running"):
        restore(database, backup, replace=True)
    another.close()
    restore(database, backup, replace=True)


def test_a_start_while_everything_is_replaced_waits_and_sees_what_was_restored(
    postgres_url: str, backup: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = read({"DATABASE_URL": postgres_url, "PAGES_FOLDER": str(tmp_path / "pages")})
    database = connect(postgres_url)
    restore(database, backup, replace=False)
    publishing(Stored(database, StoredShelves(database), StoredGate(database)), settings)()

    def start() -> None:
        with opened(settings):
            pass

    def until_it_waits(_: object) -> None:
        starting.append(threads.submit(start))
        while not starting[0].done() and not waits(database):
            time.sleep(0.01)

    starting: list[Future[None]] = []
    monkeypatch.setattr(restoring, "_look_before_posting", until_it_waits)
    with ThreadPoolExecutor() as threads:
        restore(database, backup, replace=True)
        starting[0].result()
    database.close()


def test_nothing_of_fusen_is_nothing_to_back_up(empty: Database, tmp_path: Path) -> None:
    with pytest.raises(NothingToBackUp, match="DATABASE_URL"):
        backed_up(empty, tmp_path / "none")
    assert not (tmp_path / "none").exists()


def test_only_its_owner_can_read_a_backup_and_only_a_backup_is_overwritten(
    database: Database, tmp_path: Path
) -> None:
    fill(database, 4)
    file = tmp_path / "nightly"
    backed_up(database, file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    with pytest.raises(BackupThere, match="--overwrite"):
        backed_up(database, file)
    assert back_up(database, file, overwrite=True, now=lambda: NOW)
    precious = tmp_path / "precious"
    precious.write_text("mine")
    with pytest.raises(NotReplaced, match="precious is no backup") as refused:
        back_up(database, precious, overwrite=True, now=lambda: NOW)
    assert "--overwrite" not in str(refused.value) + refused.value.sentence("ja")
    assert precious.read_text() == "mine"


def test_a_backup_with_notes_is_not_replaced_by_one_without(
    database: Database, backup: Path, tmp_path: Path
) -> None:
    before = backup.read_bytes()
    for whole in (before, before[: len(before) // 2]):
        backup.write_bytes(whole)
        with pytest.raises(NotesKept, match="DATABASE_URL") as refused:
            back_up(database, backup, overwrite=True, now=lambda: NOW)
        assert "DATABASE_URL" in refused.value.sentence("ja")
        assert backup.read_bytes() == whole
    assert not list(tmp_path.rglob("*.part"))
    none = tmp_path / "none"
    backed_up(database, none)
    assert not back_up(database, none, overwrite=True, now=lambda: NOW), "there was nothing to lose"
    fill(database, 4)
    assert back_up(database, backup, overwrite=True, now=lambda: NOW)


def test_a_backup_that_cannot_be_written_leaves_nothing(database: Database, tmp_path: Path) -> None:
    with pytest.raises(UnwritableBackup, match="No such file"):
        backed_up(database, tmp_path / "missing" / "file")
    assert not list(tmp_path.rglob("*.part"))


def spoilt(backup: Path, lines: list[bytes]) -> Path:
    backup.write_bytes(gzip.compress(b"".join(lines)))
    return backup


def test_a_spoilt_backup_changes_nothing(empty: Database, backup: Path) -> None:
    whole = backup.read_bytes()
    lines = gzip.decompress(whole).splitlines(keepends=True)
    row = next(n for n, line in enumerate(lines) if line.startswith(b"["))

    def refused(file: Path, reason: str) -> None:
        with pytest.raises(NotABackup, match=reason) as told:
            restore(empty, file, replace=False)
        assert not re.search("[a-z]{2,} [a-z]{2,}", told.value.sentence("ja"))

    refused(spoilt(backup, lines[:-1]), "too early")
    refused(spoilt(backup, [*lines[:row], *lines[row + 1 :]]), "missing|refer")
    refused(spoilt(backup, [*lines[:row], b"[1]\n", *lines[row + 1 :]]), "as long as")
    refused(spoilt(backup, [*lines[:row], b"{}\n", *lines[row + 1 :]]), "neither")
    refused(spoilt(backup, [*lines[:row], lines[row].replace(b'"', b"[", 1), *lines[row + 1 :]]), "damaged")
    wrong_kind = json.dumps([{} for _ in json.loads(lines[row])]).encode() + b"\n"
    refused(spoilt(backup, [*lines[:row], wrong_kind, *lines[row + 1 :]]), "kind")
    refused(spoilt(backup, [b"{}\n", *lines[1:]]), "begin")
    refused(spoilt(backup, [lines[0].replace(b'"version":1', b'"version":2'), *lines[1:]]), "newer")
    for at in range(0, len(whole), max(1, len(whole) // 7)):
        backup.write_bytes(whole[:at])
        refused(backup, "damaged|early")
    backup.write_bytes(b"SQLite format 3\0")
    refused(backup, "not compressed")
    with empty.reading() as connection:
        assert connection.scalar(text("SELECT count(*) FROM sqlite_master")) == 0
    backup.write_bytes(whole)
    assert restore(empty, backup, replace=False)


def test_rows_that_refer_to_nothing_are_refused(other: Database, backup: Path) -> None:
    lines = gzip.decompress(backup.read_bytes()).splitlines(keepends=True)
    head = next(n for n, line in enumerate(lines) if b'"table":"notes"' in line)
    columns = json.loads(lines[head])["columns"]
    row = json.loads(lines[head + 1])
    row[columns.index("paper_id")] = 4711
    with pytest.raises(NotABackup, match=r"do not fit|refer"):
        restore(
            other,
            spoilt(backup, [*lines[: head + 1], json.dumps(row).encode() + b"\n", *lines[head + 2 :]]),
            False,
        )


def test_a_newer_backup_and_a_missing_one_are_told_in_words(empty: Database, backup: Path) -> None:
    with pytest.raises(UnreadableBackup, match="No such file"):
        restore(empty, backup.with_name("none"), replace=False)
    lines = gzip.decompress(backup.read_bytes()).splitlines(keepends=True)
    head = json.loads(lines[0]) | {"revision": "9999"}
    with pytest.raises(BackupTooNew, match="Update Fusen") as refusal:
        restore(empty, spoilt(backup, [json.dumps(head).encode() + b"\n", *lines[1:]]), replace=False)
    error: FusenError = refusal.value
    assert "9999" in error.sentence("ja")


def test_what_is_owed_is_looked_for_before_it_is_posted_again(empty: Database, backup: Path) -> None:
    restore(empty, backup, replace=False)
    with StoredShelves(empty).writing() as shelf:
        claimed = shelf.outbox.claim(10, NOW, timedelta(minutes=1))
    attempts = {post.owed.kind: post.attempts for post in claimed}
    # The second attempt is the first that looks; what one member alone sees can never be found.
    assert attempts == {PostKind.CARD: 2, PostKind.ANSWER: 1}


def test_the_filled_database_has_a_row_in_every_table(database: Database) -> None:
    fill(database)
    with database.reading() as connection:
        assert [
            table.name for table in metadata.sorted_tables if not connection.execute(select(table)).first()
        ] == []
