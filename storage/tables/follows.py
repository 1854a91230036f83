"""The tables of what is followed, and of what followers were told."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Table, UniqueConstraint, text

from storage.columns import BIG_ID, Moment, Words
from storage.tables.schema import metadata

# `follower` is a member, or a channel. `by` is who set it up, empty once they are forgotten.
follows = Table(
    "follows",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("workspace", Words, ForeignKey("workspaces.id"), nullable=False),
    Column("follower", Words, nullable=False),
    Column("is_channel", Boolean, nullable=False),
    Column("kind", Words, nullable=False),
    Column("target", Words, nullable=False),
    Column("name", Words, nullable=False),
    Column("weekly", Boolean, nullable=False),
    Column("by", Words, nullable=False),
    Column("since", Moment, nullable=False),
    UniqueConstraint("workspace", "follower", "kind", "target"),
    Index(None, "workspace", "kind", "target"),
)

# Of which notes followers were told, or will be when their week has ended (`waits`).
tellings = Table(
    "tellings",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("workspace", Words, ForeignKey("workspaces.id"), nullable=False),
    Column("follower", Words, nullable=False),
    Column("is_channel", Boolean, nullable=False),
    Column("note_id", BIG_ID, ForeignKey("notes.id"), nullable=False, index=True),
    Column("found_at", Moment, nullable=False),
    Column("waits", Boolean, nullable=False),
    UniqueConstraint("workspace", "follower", "note_id"),
)
_waiting = text("waits")
Index(
    "ix_tellings_waiting",
    tellings.c.workspace,
    tellings.c.found_at,
    sqlite_where=_waiting,
    postgresql_where=_waiting,
)
