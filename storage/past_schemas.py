"""The tables as they were at any revision: learned by migrating an empty database that far, in memory."""

from __future__ import annotations

from typing import Any

from alembic import command
from alembic.runtime.migration import MigrationContext
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Connection,
    DateTime,
    Double,
    Float,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    create_engine,
)
from sqlalchemy.types import TypeEngine

from storage.columns import Moment
from storage.migrate import configuration, knows

VERSION_TABLE = "alembic_version"


def revision_of(connection: Connection) -> str | None:
    """The revision of a database; None if no migration has ever run there.

    Another program's may have several: then the first that is not known here.
    """
    heads = MigrationContext.configure(connection).get_current_heads()
    return next((one for one in heads if not knows(one)), heads[0] if heads else None)


def tables_at(revision: str) -> tuple[Table, ...]:
    """The tables at a revision, those that others refer to first, without constraints but with all columns.

    Raises Alembic's CommandError if this program does not know the revision.
    """
    engine = create_engine("sqlite://")
    try:
        with engine.begin() as connection:
            command.upgrade(configuration(connection), revision)
            there = MetaData()
            there.reflect(connection)
    finally:
        engine.dispose()
    plain = MetaData()
    return tuple(_plain(table, plain) for table in there.sorted_tables if table.name != VERSION_TABLE)


def _plain(table: Table, metadata: MetaData) -> Table:
    columns = [Column(one.name, _kind(one.type), primary_key=one.primary_key) for one in table.columns]
    return Table(table.name, metadata, *columns)


def _kind(found: TypeEngine[Any]) -> TypeEngine[Any]:
    """The type that reads and writes such a column alike on both databases."""
    if isinstance(found, DateTime):
        return Moment()
    if isinstance(found, Boolean):
        return Boolean()
    if isinstance(found, Float | Double):
        return Double()
    if isinstance(found, LargeBinary):
        return LargeBinary()
    return BigInteger() if isinstance(found, Integer) else Text()
