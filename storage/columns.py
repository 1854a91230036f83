"""Column types that read and write alike on SQLite and PostgreSQL."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ARRAY, BigInteger, DateTime, Dialect, Integer, Text, TypeDecorator
from sqlalchemy.types import TypeEngine

from papers.formulas import Formula

BIG_ID = BigInteger().with_variant(Integer(), "sqlite")  # SQLite numbers rows by itself only in an INTEGER


class Moment(TypeDecorator[datetime]):
    """An aware time, kept in UTC. A naive one is refused, because nobody could say what it means."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """The time as the driver wants it: SQLite keeps no zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"{value!r} has no time zone")
        there = value.astimezone(UTC)
        return there.replace(tzinfo=None) if dialect.name == "sqlite" else there

    def process_result_value(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """The time, aware and in UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Words(TypeDecorator[str]):
    """Text as people send it, without what one of the databases would refuse: NUL and lone surrogates."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: str | None, _dialect: Dialect) -> str | None:
        """The text with U+FFFD in place of what cannot be stored."""
        return None if value is None else _storable(value)


class Formulas(TypeDecorator[tuple[Formula, ...]]):
    """The formulas within a text, as a JSON list of lists."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[Formula, ...] | None, _dialect: Dialect) -> str | None:
        """The list as JSON text."""
        if value is None:
            return None
        return json.dumps([(one.start, one.stop, one.mathml) for one in value], ensure_ascii=False)

    def process_result_value(self, value: str | None, _dialect: Dialect) -> tuple[Formula, ...]:
        """The formulas."""
        if value is None or value == "[]":  # most texts have none
            return ()
        return tuple(Formula(*one) for one in json.loads(value))


class WordList(TypeDecorator[tuple[str, ...]]):
    """Several texts in one column, as a JSON list."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: tuple[str, ...] | None, _dialect: Dialect) -> str | None:
        """The list as JSON text."""
        return None if value is None else json.dumps([_storable(text) for text in value])

    def process_result_value(self, value: str | None, _dialect: Dialect) -> tuple[str, ...] | None:
        """The texts."""
        return None if value is None else tuple(json.loads(value))


class NumberList(TypeDecorator[Collection[int]]):
    """Several numbers as one parameter, never a column: an array on PostgreSQL, a JSON list on SQLite."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """The type of the parameter."""
        kind: TypeEngine[Any] = ARRAY(BigInteger) if dialect.name == "postgresql" else Text()
        return dialect.type_descriptor(kind)

    def process_bind_param(self, value: Collection[int] | None, dialect: Dialect) -> Any:
        """The numbers as the database takes them."""
        numbers = list(value or ())
        return numbers if dialect.name == "postgresql" else json.dumps(numbers)


class RowList(TypeDecorator[Collection[Mapping[str, str | None]]]):
    """Rows of texts by name as one parameter, never a column: a JSON list of objects."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Collection[Mapping[str, str | None]] | None, _dialect: Dialect) -> str:
        """The rows as JSON text."""
        rows = ({name: text and _storable(text) for name, text in row.items()} for row in value or ())
        return json.dumps(list(rows), ensure_ascii=False)


def _storable(text: str) -> str:
    if text.isascii() and "\0" not in text:
        return text
    return text.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
