"""A database with something in every table, and everything that stands in a database."""

from __future__ import annotations

import gzip
import sys
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Boolean, Column, Connection, Double, Integer, LargeBinary, Table, insert, select
from stored import (
    DIRECT,
    MINUTE,
    NOW,
    PUBLIC,
    SECRET,
    TEAM,
    paper,
    say,
    settle,
    share,
    store,
    tag,
)

from papers.work import Owed, PostKind
from storage.backup import back_up
from storage.columns import Moment, WordList
from storage.engine import Database, connect
from storage.migrate import migrate, newest
from storage.shelves import StoredShelves
from storage.tables import INDEXES, metadata, outbox

ODD = "ｗｉｄｅ 日本語 é 🚀 \u2028 \\ \" ' {0} %s\t\n end"
MICROSECOND = timedelta(microseconds=1)


def fill(database: Database, papers: int = 12) -> None:
    """Notes as a team makes them, public and private; then a row in every table that is still empty."""
    shelves = StoredShelves(database)
    with shelves.writing() as shelf:
        settle(shelf)
        for number in range(1, papers + 1):
            at = NOW - number * MINUTE + MICROSECOND
            channel = (PUBLIC, PUBLIC, SECRET, DIRECT)[number % 4]
            note_id = share(shelf, paper(number), channel, f"{number}.000{number}", at)
            tag(shelf, note_id, channel, f"LLM Tag{number % 3}")
            say(shelf, note_id, channel, f"{number}.5", f"{ODD} {number} in {channel}", f"{number}.000{number}")
        for number in range(1, papers):
            store(shelf, paper(number), NOW, title=f"{ODD} {number}")
        shelf.outbox.owe(Owed(TEAM, "late", PostKind.CARD, PUBLIC, "1.0001", note_id), NOW, NOW)
        shelf.outbox.owe(Owed(TEAM, "told", PostKind.ANSWER, PUBLIC, None, None, "U1", ODD), NOW, NOW)
    with database.writing() as connection:
        for table in metadata.sorted_tables:
            if connection.execute(select(table).limit(1)).first() is None:
                connection.execute(insert(table).values(_row(connection, table)))


def _row(connection: Connection, table: Table) -> dict[str, Any]:
    """A row that refers to rows that are there."""
    row: dict[str, Any] = {}
    for constraint in table.foreign_key_constraints:
        there = connection.execute(select(constraint.referred_table).limit(1)).mappings().one()
        for element in constraint.elements:
            row[element.parent.name] = there[element.column.name]
    for column in table.columns:
        if column.name not in row and not (column.primary_key and isinstance(column.type, Integer)):
            row[column.name] = _value(column)
    return row


def _value(column: Column[Any]) -> Any:
    if isinstance(column.type, Moment):
        return NOW + MICROSECOND
    if isinstance(column.type, WordList):
        return ("one", ODD)
    if (column.table.name, column.name) == ("images", "name"):  # a published file is called so
        return f"{'ab' * 16}.png"
    if isinstance(column.type, LargeBinary):
        return bytes(range(256))
    if isinstance(column.type, Boolean):
        return True
    if isinstance(column.type, Double):
        return 0.1 + 0.2
    return 7 if isinstance(column.type, Integer) else f"{column.name} {ODD}"


def everything(database: Database) -> dict[str, list[tuple[Any, ...]]]:
    """All rows of all tables, in an order of their own: databases sort words in different ways.

    Not the search index, which is made again from them.
    """
    with database.reading() as connection:
        return {
            table.name: sorted((tuple(row) for row in connection.execute(select(table))), key=repr)
            for table in metadata.sorted_tables
            if table not in INDEXES
        }


def owed_untried(rows: dict[str, list[tuple[Any, ...]]]) -> dict[str, list[tuple[Any, ...]]]:
    """The same rows, but as a restored backup counts attempts at what is owed: let it be looked for first."""
    columns = outbox.columns.keys()
    at = {name: columns.index(name) for name in ("posted_at", "abandoned_at", "only_for", "attempts")}

    def counted(row: tuple[Any, ...]) -> tuple[Any, ...]:
        untried = row[at["posted_at"]] is None and row[at["abandoned_at"]] is None and not row[at["only_for"]]
        attempts = max(1, row[at["attempts"]]) if untried else row[at["attempts"]]
        return (*row[: at["attempts"]], attempts, *row[at["attempts"] + 1 :])

    return {**rows, "outbox": sorted(map(counted, rows["outbox"]), key=repr)}


def main(name: str) -> None:
    """Write a dump of a filled database, as `tests/releases/README.md` tells."""
    with TemporaryDirectory() as folder:
        database = connect(f"sqlite:///{folder}/fusen.db")
        migrate(database)
        fill(database, papers=8)
        back_up(database, Path(folder) / "backup", overwrite=False, now=lambda: NOW)
        database.close()
        Path(f"{name}-{newest()}.jsonl").write_bytes(gzip.decompress((Path(folder) / "backup").read_bytes()))


if __name__ == "__main__":
    main(sys.argv[1])
