"""The table of images that people posted as comments or beside one: fetched, or still to be fetched."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, LargeBinary, Table, UniqueConstraint, text

from storage.columns import BIG_ID, Moment, Words
from storage.tables.schema import metadata, word

images = Table(
    "images",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("comment_id", BIG_ID, ForeignKey("comments.id", ondelete="CASCADE"), nullable=False),
    Column("place", Integer, nullable=False),  # among the images of its comment
    Column("file", Words, nullable=False, index=True),  # Slack's id of it
    Column("url", Words, nullable=False),
    word("title"),
    Column("due", Moment),  # null: nothing to do
    Column("leased_until", Moment),
    Column("attempts", Integer, nullable=False, server_default="0"),
    # What was made of it; the name is empty while nothing was.
    word("name"),
    Column("width", Integer),
    Column("height", Integer),
    Column("body", LargeBinary),
    UniqueConstraint("comment_id", "file"),
    Index(None, "name"),
)

_wanted = images.c.due.is_not(None)

Index("ix_images_due", images.c.due, sqlite_where=_wanted, postgresql_where=_wanted)

_kept = text("name <> ''")

Index("ix_images_kept", images.c.comment_id, sqlite_where=_kept, postgresql_where=_kept)
