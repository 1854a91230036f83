"""Upgrades: what a released Fusen stored is there, to the last value, after today's program has migrated it."""

from __future__ import annotations

import gzip
import json
import tomllib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from command_line import ROOT
from sqlalchemy import select

from bot.composition.pages import publishing
from bot.composition.stores import Stored
from bot.settings import read
from storage.engine import Database, connect
from storage.gate import StoredGate
from storage.migrate import newest
from storage.past_schemas import revision_of, tables_at
from storage.restore import restore
from storage.shelves import StoredShelves

RELEASES = sorted((ROOT / "tests" / "releases").glob("*.jsonl"))

MEANT: frozenset[tuple[str, str]] = frozenset(
    {("outbox", "attempts"), ("channels", "learned_at"), ("papers", "folded"), ("comments", "folded")}
)
"""Values that change on purpose, as (table, column): by restoring, or by a migration that says why."""


@pytest.fixture
def empty(database_url: str) -> Iterator[Database]:
    database = connect(database_url)
    yield database
    database.close()


def stored_rows(dump: Path) -> dict[str, list[dict[str, Any]]]:
    """The rows of a dump by table, each by column."""
    rows: dict[str, list[dict[str, Any]]] = {}
    columns: list[str] = []
    table = ""
    for line in map(json.loads, dump.read_text(encoding="utf-8").splitlines()):
        if isinstance(line, list):
            rows[table].append(dict(zip(columns, line, strict=True)))
        elif "table" in line:
            table, columns = line["table"], line["columns"]
            rows[table] = []
    return rows


def in_order(rows: list[dict[str, Any]], columns: list[str]) -> list[str]:
    """Rows as texts that can be compared; databases sort words in different ways."""
    return sorted(json.dumps([row[name] for name in columns]) for row in rows)


def found_rows(database: Database) -> dict[str, list[dict[str, Any]]]:
    with database.reading() as connection:
        assert revision_of(connection) == newest()
        return {
            table.name: [
                {
                    name: value.isoformat() if isinstance(value, datetime) else value
                    for name, value in row._mapping.items()
                }
                for row in connection.execute(select(table))
            ]
            for table in tables_at(newest())
        }


@pytest.mark.parametrize("dump", RELEASES, ids=lambda dump: str(dump.stem))
def test_a_database_of_a_released_fusen_comes_with_all_its_data(
    dump: Path, empty: Database, tmp_path: Path
) -> None:
    packed = tmp_path / "backup"
    packed.write_bytes(gzip.compress(dump.read_bytes()))
    before = stored_rows(dump)
    assert restore(empty, packed, replace=False) == sum(map(len, before.values())) > 50
    after = found_rows(empty)
    for table, rows in before.items():
        kept = [name for name in rows[0] if (table, name) not in MEANT]
        assert in_order(after[table], kept) == in_order(rows, kept)
    pages = read({"PAGES_FOLDER": str(tmp_path / "pages")})
    publishing(Stored(empty, StoredShelves(empty), StoredGate(empty)), pages)()
    assert "2310.00001" in (tmp_path / "pages" / "index.html").read_text(encoding="utf-8")


def test_each_release_has_its_dump() -> None:
    version = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    assert [dump for dump in RELEASES if dump.name.startswith(f"{version}-")]
