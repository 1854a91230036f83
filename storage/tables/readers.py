"""The tables of who reads what, and of what reactions mean and did."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, ForeignKeyConstraint, Index, Table, UniqueConstraint

from storage.columns import BIG_ID, Moment, Words
from storage.tables.schema import by_whom_and_where, metadata, word

# Who is reading a paper. One row per channel that it was said in, as with tags.
claims = Table(
    "claims",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("note_id", BIG_ID, ForeignKey("notes.id"), nullable=False),
    Column("origin", Words, nullable=False),
    *by_whom_and_where(),
    Column("claimed_at", Moment, nullable=False),
    Column("until", Moment, nullable=False, index=True),
    UniqueConstraint("note_id", "member", "channel"),
    Index(None, "workspace", "channel"),
)

# Who has read a paper: nobody's business but theirs, so no channel.
reads = Table(
    "reads",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("note_id", BIG_ID, ForeignKey("notes.id"), nullable=False),
    Column("origin", Words, nullable=False),
    Column("workspace", Words, nullable=False),
    Column("member", Words, nullable=False),
    Column("read_at", Moment, nullable=False),
    ForeignKeyConstraint(["workspace", "member"], ["members.workspace", "members.id"]),
    UniqueConstraint("note_id", "member"),
    Index(None, "workspace", "member"),
)

# What a workspace says that emoji mean; without a verb, nothing.
emoji = Table(
    "emoji",
    metadata,
    Column("workspace", Words, ForeignKey("workspaces.id"), primary_key=True),
    Column("name", Words, primary_key=True),
    word("verb"),
    word("words"),
)

# Reactions that have done something; without a note, those that are gone, for Slack may tell of them late.
reactions = Table(
    "reactions",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    *by_whom_and_where(),
    Column("ts", Words, nullable=False),
    Column("emoji", Words, nullable=False),
    Column("told_at", Moment, nullable=False),
    Column("note_id", BIG_ID, ForeignKey("notes.id"), index=True),
    word("verb"),
    word("words"),
    Column("done_at", Moment),
    UniqueConstraint("workspace", "channel", "ts", "member", "emoji"),
)

_gone = reactions.c.note_id.is_(None)

Index("ix_reactions_gone", reactions.c.told_at, sqlite_where=_gone, postgresql_where=_gone)
