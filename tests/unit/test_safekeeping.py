"""Backups from the command line."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from alembic.command import downgrade
from command_line import fusen, refused
from filled import fill

from storage.engine import connect
from storage.migrate import configuration, migrate, newest


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a filled database where the settings expect it."""
    database = connect(f"sqlite:///{tmp_path}/var/fusen.db")
    migrate(database)
    fill(database, papers=4)
    database.close()
    return tmp_path


def test_a_backup_moves_everything_to_a_new_database(folder: Path) -> None:
    told = fusen(folder, "backup", "all.backup")
    assert told.code == 0, told.err
    assert "all.backup" in told.out
    assert "rows" in told.out
    new = {"DATABASE_URL": "sqlite:///moved/fusen.db", "FUSEN_LANGUAGE": "ja"}
    told = fusen(folder, "restore", "all.backup", **new)
    assert told.code == 0, told.err
    assert "復元しました" in told.out
    assert re.search(r"書き込み [1-9]\d*、", fusen(folder, "publish", PAGES_FOLDER="moved/pages", **new).out)
    assert "--replace" in refused(folder, "restore", "all.backup", **new)
    assert fusen(folder, "restore", "--replace", "all.backup", **new).code == 0
    assert "--overwrite" in refused(folder, "backup", "all.backup", **new)
    assert fusen(folder, "backup", "--overwrite", "all.backup", **new).code == 0


def test_the_log_tells_of_a_migration_once_and_of_none_where_a_backup_is_made(folder: Path) -> None:
    new = {"DATABASE_URL": "sqlite:///new.db", "FUSEN_LOG_LEVEL": "info"}
    [line] = fusen(folder, "migrate", **new).err.splitlines()
    assert f"new.db are brought from revision none to {newest()}" in line
    told = fusen(folder, "backup", "all.backup", FUSEN_LOG_LEVEL="info")
    assert (told.code, told.err) == (0, "")


def test_the_log_asks_for_patience_before_a_database_is_brought_up_to_date(folder: Path) -> None:
    database = connect(f"sqlite:///{folder}/var/fusen.db")
    with database.reshaping() as connection:
        downgrade(configuration(connection), "-1")
    database.close()
    first, *more = fusen(folder, "migrate", FUSEN_LOG_LEVEL="info").err.splitlines()
    assert "WARNING" in first
    assert f"to {newest()}: this may take minutes; leave it alone" in first
    assert "are brought" in more[-1]
    assert fusen(folder, "migrate").err == "", "nothing was to be done"


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_restore_says_where_a_part_of_the_database_is_still_in_its_journal(folder: Path, language: str) -> None:
    assert fusen(folder, "backup", "all.backup").code == 0
    file = folder / "var" / "fusen.db"
    with closing(sqlite3.connect(file, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT * FROM notes").fetchone()
        told = fusen(folder, "restore", "--replace", "all.backup", FUSEN_LANGUAGE=language)
    assert (told.code, told.err) == (0, "")
    assert f"{file}-wal" in told.out
    assert "-wal" not in fusen(folder, "restore", "--replace", "all.backup").out


@pytest.mark.parametrize("language", ["en", "ja"])
def test_what_cannot_be_backed_up_or_restored_is_told(folder: Path, language: str) -> None:
    chosen = {"FUSEN_LANGUAGE": language}
    assert "DATABASE_URL" in refused(folder, "backup", "none", DATABASE_URL="sqlite:///elsewhere.db", **chosen)
    assert "nowhere" in refused(folder, "restore", "nowhere", **chosen)
    assert "fusen.db" in refused(folder, "restore", "--replace", "var/fusen.db", **chosen)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_damaged_database_is_refused_and_a_backup_takes_its_place(folder: Path, language: str) -> None:
    chosen = {"FUSEN_LANGUAGE": language}
    assert fusen(folder, "backup", "all.backup").code == 0
    file = folder / "var" / "fusen.db"
    whole = file.read_bytes()
    for damaged in (whole[: len(whole) // 2] + b"\xff" * (len(whole) // 2), b"This is no database. " * 100):
        file.write_bytes(damaged)
        for command in ("run", "migrate"):
            told = fusen(folder, command, PLAYGROUND_PORT="0", **chosen)
            assert (told.code, "fusen restore" in told.err) == (1, True)
    file.rename(folder / "aside")
    assert fusen(folder, "restore", "all.backup").code == 0
    assert fusen(folder, "publish").code == 0
