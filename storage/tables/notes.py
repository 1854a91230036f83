"""The tables of notes, and of what people said of papers and did."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    Index,
    Integer,
    Table,
    UniqueConstraint,
    text,
)

from storage.columns import BIG_ID, Moment, WordList, Words
from storage.tables.schema import by_whom_and_where, metadata, word

notes = Table(
    "notes",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("workspace", Words, ForeignKey("workspaces.id"), nullable=False),
    Column("paper_id", BIG_ID, ForeignKey("papers.id"), nullable=False, index=True),
    Column("change", BigInteger, nullable=False, server_default="0"),
    # The workspace's change count when the published note was last compared with the others; null: not yet, or
    # its text has changed; -1: a note like it has changed.
    Column("compared", BigInteger),
    UniqueConstraint("workspace", "paper_id"),
    Index(None, "workspace", "change", "id"),
)

# What each published note's text is most like, kept for the pages, which show all notes at once.
likenesses = Table(
    "likenesses",
    metadata,
    Column("note_id", BIG_ID, ForeignKey("notes.id", ondelete="CASCADE"), primary_key=True),
    Column("other_id", BIG_ID, ForeignKey("notes.id", ondelete="CASCADE"), primary_key=True, index=True),
    Column("share", Double, nullable=False),
    Column("words", WordList, nullable=False),
)

shares = Table(
    "shares",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("note_id", BIG_ID, ForeignKey("notes.id"), nullable=False),
    Column("origin", Words, nullable=False),
    *by_whom_and_where(),
    word("ts"),  # empty until the card of an added paper is posted
    Column("thread_ts", Words),
    Column("version", Integer),
    Column("shared_at", Moment, nullable=False),
    Column("withdrawn_at", Moment),
    Column("was_public", Boolean, nullable=False, server_default=text("false")),  # when it was withdrawn
    UniqueConstraint("note_id", "origin"),
    Index(None, "workspace", "channel", "ts"),
    Index(None, "workspace", "channel", "thread_ts"),
    Index(None, "workspace", "channel", "shared_at"),
    Index(None, "workspace", "shared_at", "note_id"),
)

comments = Table(
    "comments",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("note_id", BIG_ID, ForeignKey("notes.id"), nullable=False),
    Column("origin", Words, nullable=False),
    *by_whom_and_where(),
    Column("ts", Words),  # null for a comment that no message made
    Column("thread_ts", Words),
    Column("text", Words, nullable=False),
    Column("folded", Words, nullable=False),
    Column("written_at", Moment, nullable=False),
    Column("edited", Boolean, nullable=False, server_default=text("false")),
    UniqueConstraint("note_id", "origin"),
    Index(None, "workspace", "channel", "ts"),
)

# What can still be undone; `facts` is JSON. A channel is none for what was done where there is none.
acts = Table(
    "acts",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("workspace", Words, nullable=False),
    Column("channel", Words, nullable=False),
    Column("member", Words, nullable=False),
    Column("deed", Words, nullable=False),
    Column("note_id", BIG_ID, ForeignKey("notes.id"), nullable=True, index=True),
    Column("origin", Words, nullable=False),
    Column("facts", Words, nullable=False),
    Column("done_at", Moment, nullable=False, index=True),
    Index(None, "workspace", "channel", "member"),
)
