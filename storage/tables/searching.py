"""The tables by which notes are searched: made from the others, and left out of backups."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, LargeBinary, Table

from storage.columns import BIG_ID, Words
from storage.tables.schema import metadata

# What a note is indexed under, so that a change touches only what differs. A note nobody shares has no place.
note_places = Table(
    "note_places",
    metadata,
    Column("note_id", BIG_ID, ForeignKey("notes.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("workspace", Words, ForeignKey("workspaces.id"), nullable=False, index=True),
    Column("place", BigInteger),
    Column("terms", LargeBinary, nullable=False),
)

# Which notes have a term, the newest last: `storage.search_index` says how a place names its note.
note_terms = Table(
    "note_terms",
    metadata,
    Column("term", BigInteger, primary_key=True, autoincrement=False),
    Column("place", BigInteger, primary_key=True, autoincrement=False),
    Column("times", BigInteger, nullable=False),
    sqlite_with_rowid=False,
)

INDEXES = (note_terms, note_places)
"""Whatever is in these tables is made again from the others."""
