"""Rows in bulk: the same for SQLite and PostgreSQL, many thousands a second."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import chain, islice
from typing import Any

from sqlalchemy import Connection, Table, text

from storage import tables
from storage.engine import Database

_AT_ONCE = 20_000


class Filling:
    """A database that is being filled, in one transaction."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, table: Table, rows: Iterable[dict[str, Any]]) -> int:
        """Insert rows, all with the same columns. Returns how many."""
        rows = iter(rows)
        first = next(rows, None)
        if first is None:
            return 0
        names, done = list(first), 0
        values = _values(self._connection, table, names, chain([first], rows))
        while some := list(islice(values, _AT_ONCE)):
            self._write(table, names, some)
            done += len(some)
        return done

    def put_plain(self, table: Table, names: list[str], rows: Sequence[tuple[int, ...]]) -> None:
        """Insert rows of numbers, which need no translation."""
        self._write(table, names, rows)

    def number_on(self) -> None:
        """Let PostgreSQL number new rows behind those that were given numbers; SQLite does by itself."""
        if self._connection.dialect.name != "postgresql":
            return
        for table in tables.metadata.sorted_tables:
            if "id" in table.columns and table.columns["id"].autoincrement is not False:
                name = f"pg_get_serial_sequence('{table.name}', 'id')"
                top = f"(SELECT coalesce(max(id), 0) + 1 FROM {table.name})"
                if self._connection.scalar(text(f"SELECT {name}")):
                    self._connection.execute(text(f"SELECT setval({name}, {top}, false)"))

    def _write(self, table: Table, names: list[str], rows: Sequence[tuple[Any, ...]]) -> None:
        driver = self._connection.connection.cursor()
        columns = ", ".join(f'"{name}"' for name in names)
        if self._connection.dialect.name == "postgresql":
            with driver.copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as copy:
                for row in rows:
                    copy.write_row(row)
        else:
            marks = ", ".join("?" * len(names))
            driver.executemany(f'INSERT INTO "{table.name}" ({columns}) VALUES ({marks})', rows)
        driver.close()


def _values(
    connection: Connection, table: Table, names: list[str], rows: Iterable[dict[str, Any]]
) -> Iterator[tuple[Any, ...]]:
    """The rows as the driver wants them."""

    def plain(value: Any) -> Any:
        return value

    dialect = connection.dialect
    ways: list[Callable[[Any], Any]] = [
        table.columns[name].type.dialect_impl(dialect).bind_processor(dialect) or plain for name in names
    ]
    for row in rows:
        yield tuple(way(row[name]) for way, name in zip(ways, names, strict=True))


@contextmanager
def filling(database: Database) -> Iterator[Filling]:
    """Fill a database. SQLite does not wait for the disk meanwhile."""
    with database.engine.connect() as connection:
        if database.file:
            driver = connection.connection.cursor()  # beside the transaction that a statement would begin
            for pragma in ("synchronous=OFF", "foreign_keys=OFF", "cache_size=-1000000", "secure_delete=OFF"):
                driver.execute(f"PRAGMA {pragma}")
            driver.close()
        with connection.begin():
            yield Filling(connection)
    # The next connection has its settings anew.
    database.engine.dispose()
