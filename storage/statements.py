"""The few statements that SQLite and PostgreSQL write differently, or that need care with several processes."""

from __future__ import annotations

import json
from collections.abc import Collection
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import (
    ARRAY,
    JSON,
    BigInteger,
    ColumnElement,
    Connection,
    Integer,
    Row,
    Table,
    Text,
    any_,
    bindparam,
    cast,
    column,
    func,
    literal,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.sql.base import ReadOnlyColumnCollection
from sqlalchemy.sql.dml import ReturningInsert, ReturningUpdate

from storage.columns import NumberList, RowList, WordList, Words


def insert(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows ON CONFLICT."""
    return insert_into(connection.dialect.name, table)


def insert_into(dialect: str, table: Table) -> postgresql.Insert | sqlite.Insert:
    """The same for a dialect: to be written once and kept."""
    return postgresql.insert(table) if dialect == "postgresql" else sqlite.insert(table)


def take_turn(connection: Connection, name: str) -> None:
    """Let nobody else have the turn of this name until the transaction ends. SQLite has only one writer anyway.

    To be taken before any row is held.
    """
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


def make_sure(connection: Connection, table: Table, *rows: dict[str, Any]) -> None:
    """Insert the rows that are not there yet."""
    if rows:
        connection.execute(insert(connection, table).values(list(rows)).on_conflict_do_nothing())


def put_if_new(connection: Connection, table: Table, **row: Any) -> bool:
    """Insert the row if nothing stands in its way. True if it is new."""
    return connection.execute(_putting_if_new(connection.dialect.name, table), row).first() is not None


@cache
def _putting_if_new(dialect: str, table: Table) -> ReturningInsert[Any]:
    return insert_into(dialect, table).on_conflict_do_nothing().returning(*table.primary_key)


def among(connection: Connection, column: ColumnElement[int], ids: Collection[int]) -> ColumnElement[bool]:
    """`column` is one of `ids`, however many: they travel as one parameter, so that no limit is met."""
    if connection.dialect.name == "postgresql":
        return column == any_(literal(list(ids), ARRAY(BigInteger)))
    return column.in_(select(each_number(connection, ids)))


def among_given(dialect: str, column: ColumnElement[int], name: str) -> ColumnElement[bool]:
    """`column` is one of the numbers given under `name` when the statement runs: so it can be kept."""
    given = bindparam(name, type_=NumberList)
    if dialect == "postgresql":
        return column == any_(given)
    return column.in_(select(func.json_each(given).table_valued("value").c.value))


def each(connection: Connection, texts: Collection[str]) -> ColumnElement[str]:
    """A column of these texts to select from, however many: they too travel as one parameter."""
    if connection.dialect.name == "postgresql":
        return func.unnest(literal(list(texts), ARRAY(Words))).table_valued("value").render_derived().c.value
    return func.json_each(literal(tuple(texts), WordList)).table_valued("value").c.value


def each_number(connection: Connection, numbers: Collection[int]) -> ColumnElement[int]:
    """A column of these numbers to select from, however many."""
    if connection.dialect.name == "postgresql":
        return (
            func.unnest(literal(list(numbers), ARRAY(BigInteger))).table_valued("value").render_derived().c.value
        )
    return func.json_each(json.dumps(list(numbers))).table_valued("value").c.value


def each_row(connection: Connection, rows: Collection[tuple[int, ...]], wide: int) -> list[ColumnElement[int]]:
    """As many columns of these rows of numbers to select from as the rows are wide, however many there are."""
    if connection.dialect.name == "postgresql":
        given = (literal([row[at] for row in rows], ARRAY(BigInteger)) for at in range(wide))
        columns = (column(f"value_{at}", BigInteger) for at in range(wide))
        return list(func.unnest(*given).table_valued(*columns).render_derived().c)
    row = func.json_each(json.dumps(list(rows))).table_valued("value").c.value
    return [func.json_extract(row, f"$[{at}]") for at in range(wide)]


def rows_given(dialect: str, name: str, *columns: str) -> ReadOnlyColumnCollection[str, Any]:
    """Columns of the rows of texts given under `name` when the statement runs, however many: in one parameter."""
    given = bindparam(name, type_=RowList)
    if dialect == "postgresql":
        rows = func.json_to_recordset(cast(given, JSON)).table_valued(*(column(one, Text) for one in columns))
        return rows.render_derived(with_types=True).c
    row = func.json_each(given).table_valued("value").c.value
    parts = (func.json_extract(row, f"$.{one}", type_=Text).label(one) for one in columns)
    return select(*parts).subquery().c


def contains(connection: Connection, text: ColumnElement[str], part: ColumnElement[str]) -> ColumnElement[bool]:
    """`part` stands in `text`, letter by letter: no pattern, so nothing has to be escaped or kept short."""
    position = func.strpos if connection.dialect.name == "postgresql" else func.instr
    return position(text, part) > 0


def accented(connection: Connection, text: ColumnElement[str]) -> ColumnElement[bool]:
    """There may be Latin letters with accents in a folded text: what has none is surely told."""
    letters = "[\u00df-\u024f\u0300-\u036f\u1e00-\u1eff]"
    if connection.dialect.name == "postgresql":
        return text.regexp_match(letters)
    return text.op("GLOB")(f"*{letters}*")


def free(work: Table, now: datetime) -> ColumnElement[bool]:
    """The row's time has come and nobody works on it."""
    return _free(work, literal(now, work.c.due.type))


def _free(work: Table, now: ColumnElement[datetime]) -> ColumnElement[bool]:
    return (work.c.due <= now) & or_(work.c.leased_until.is_(None), work.c.leased_until <= now)


def served(rows: Table, serving: str) -> ColumnElement[bool]:
    """The row is of the workspace that is served; any is where none is named."""
    return _of(rows, literal(serving)) if serving else true()


def _of(rows: Table, workspace: ColumnElement[str]) -> ColumnElement[bool]:
    # Written so that no index of the workspace serves: by one, SQLite reads what ever was rather than what waits.
    return rows.c.workspace.concat("") == workspace


def claim(
    connection: Connection,
    work: Table,
    wanted: ColumnElement[bool],
    limit: int,
    now: datetime,
    until: datetime,
    *,
    first: ColumnElement[Any],
    serving: str = "",
    **named: Any,
) -> list[Row[Any]]:
    """Lease up to `limit` free rows that are `wanted`, those with the smallest `first`. Returns them by id.

    Where a workspace is served, only its rows. `named` is what the conditions leave to be given.

    One statement. PostgreSQL skips rows that another process is about to lease; the picked ids stand in a
    CTE, because a plain subquery with LIMIT might be run more than once.
    """
    given: dict[str, Any] = {"claim_most": limit, "claim_now": now, "claim_until": until, **named}
    if serving:
        given["claim_workspace"] = serving
    claiming = _claiming(work, wanted, first, bool(serving))
    return sorted(connection.execute(claiming, given), key=lambda row: int(row.id))


# Of conditions that are made once, the statement is: to write it takes longer than to run it.
@lru_cache(maxsize=64)
def _claiming(
    work: Table, wanted: ColumnElement[bool], first: ColumnElement[Any], serving: bool
) -> ReturningUpdate[Any]:
    ours = (_of(work, bindparam("claim_workspace")),) if serving else ()
    picked = (
        select(work.c.id)
        .where(wanted, *ours, _free(work, bindparam("claim_now", type_=work.c.due.type)))
        .order_by(first, work.c.id)
        .limit(bindparam("claim_most", type_=Integer))
        .with_for_update(skip_locked=True, of=work)
        .cte("picked")
    )
    return (
        update(work)
        .where(work.c.id.in_(select(picked.c.id)))
        .values(leased_until=bindparam("claim_until"), attempts=work.c.attempts + 1)
        .returning(work)
    )
