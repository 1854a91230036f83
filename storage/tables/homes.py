"""The table of the Homes that members have looked at."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, Index, Integer, Table, UniqueConstraint, text

from storage.columns import BIG_ID, Moment, Words
from storage.tables.schema import metadata, word

# Work, like the inbox: a Home is to be shown anew while `shown` is less than `wished`. `direct` is the member's
# conversation with the bot. A Home of which only its emptiness is still to be shown is `leaving`.
homes = Table(
    "homes",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("workspace", Words, ForeignKey("workspaces.id"), nullable=False),
    Column("member", Words, nullable=False),
    word("direct"),
    Column("wished", BigInteger, nullable=False, server_default="1"),
    Column("shown", BigInteger, nullable=False, server_default="0"),
    Column("due", Moment, nullable=False),
    Column("leased_until", Moment),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("dismissed_at", Moment),  # when the member waved the first steps away
    Column("leaving", Boolean, nullable=False, server_default=text("false")),
    UniqueConstraint("workspace", "member"),
)
_wished = text("shown < wished")
Index("ix_homes_wished", homes.c.due, sqlite_where=_wished, postgresql_where=_wished)
