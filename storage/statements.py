"""The few statements that SQLite and PostgreSQL write differently, or that need care with several processes."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    Connection,
    Row,
    Table,
    any_,
    func,
    literal,
    or_,
    select,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite

from storage.columns import WordList, Words


def insert(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ON CONFLICT."""
    return postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)


def make_sure(connection: Connection, table: Table, *rows: dict[str, Any]) -> None:
    """Insert the rows that are not there yet."""
    if rows:
        connection.execute(insert(connection, table).values(list(rows)).on_conflict_do_nothing())


def put_if_new(connection: Connection, table: Table, **row: Any) -> bool:
    """Insert the row if nothing stands in its way. True if it is new."""
    added = insert(connection, table).values(**row).on_conflict_do_nothing()
    return connection.execute(added.returning(*table.primary_key)).first() is not None


def among(connection: Connection, column: ColumnElement[int], ids: Collection[int]) -> ColumnElement[bool]:
    """`column` is one of `ids`, however many: they travel as one parameter, so that no limit is met."""
    if connection.dialect.name == "postgresql":
        return column == any_(literal(list(ids), ARRAY(BigInteger)))
    given = func.json_each(json.dumps(list(ids))).table_valued("value")
    return column.in_(select(given.c.value))


def each(connection: Connection, texts: Collection[str]) -> ColumnElement[str]:
    """A column of these texts to select from, however many: they too travel as one parameter."""
    if connection.dialect.name == "postgresql":
        return func.unnest(literal(list(texts), ARRAY(Words))).table_valued("value").render_derived().c.value
    return func.json_each(literal(tuple(texts), WordList)).table_valued("value").c.value


def contains(connection: Connection, text: ColumnElement[str], part: ColumnElement[str]) -> ColumnElement[bool]:
    """`part` stands in `text`, letter by letter: no pattern, so nothing has to be escaped or kept short."""
    position = func.strpos if connection.dialect.name == "postgresql" else func.instr
    return position(text, part) > 0


def free(work: Table, now: datetime) -> ColumnElement[bool]:
    """The row's time has come and nobody works on it."""
    return (work.c.due <= now) & or_(work.c.leased_until.is_(None), work.c.leased_until <= now)


def claim(
    connection: Connection,
    work: Table,
    wanted: ColumnElement[bool],
    limit: int,
    now: datetime,
    until: datetime,
    *,
    first: ColumnElement[Any],
) -> list[Row[Any]]:
    """Lease up to `limit` free rows that are `wanted`, those with the smallest `first`. Returns them by id.

    One statement. PostgreSQL skips rows that another process is about to lease; the picked ids stand in a
    CTE, because a plain subquery with LIMIT might be run more than once.
    """
    picked = (
        select(work.c.id)
        .where(wanted, free(work, now))
        .order_by(first, work.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=work)
        .cte("picked")
    )
    taken = (
        update(work)
        .where(work.c.id.in_(select(picked.c.id)))
        .values(leased_until=until, attempts=work.c.attempts + 1)
        .returning(work)
    )
    return sorted(connection.execute(taken), key=lambda row: int(row.id))
