"""The tables of tags."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, UniqueConstraint, text

from storage.columns import BIG_ID, Moment, Words
from storage.tables.schema import by_whom_and_where, metadata

tags = Table(
    "tags",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("workspace", Words, ForeignKey("workspaces.id"), nullable=False),
    Column("key", Words, nullable=False),
    Column("name", Words, nullable=False),
    # How often it was set, in all channels: in which order to look for the tags of an audience.
    Column("uses", Integer, nullable=False, server_default="0"),
    # A tag that became one with another stays, without uses: what remembers its id finds the other by it.
    Column("merged_into", BIG_ID, index=True),
    UniqueConstraint("workspace", "key"),
    Index(None, "workspace", "uses"),
)

# Other names of tags. A key may lead to several, of which those who type it see one. `published` says that the
# name once stood on the published pages; a name that never did, or that was given in private, is not told there.
# Here and below the channel is empty where something was said in none: that is for everybody.
tag_aliases = Table(
    "tag_aliases",
    metadata,
    Column("workspace", Words, ForeignKey("workspaces.id"), primary_key=True),
    Column("key", Words, primary_key=True),
    Column("tag_id", BIG_ID, ForeignKey("tags.id"), primary_key=True, index=True),
    Column("name", Words, nullable=False),
    Column("channel", Words, nullable=False),
    Column("published", Boolean, nullable=False, server_default=text("false")),
)

# Pairs of keys (the smaller first) that somebody has said are two tags: nobody is asked again.
tag_refusals = Table(
    "tag_refusals",
    metadata,
    Column("workspace", Words, ForeignKey("workspaces.id"), primary_key=True),
    Column("key", Words, primary_key=True),
    Column("other", Words, primary_key=True),
)

# The group that a tag was put into, once per channel: a name that was given in private is not told outside.
tag_groupings = Table(
    "tag_groupings",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("tag_id", BIG_ID, ForeignKey("tags.id"), nullable=False),
    Column("name", Words, nullable=False),
    Column("channel", Words, nullable=False),
    UniqueConstraint("tag_id", "channel"),
)

# What a tag is about, said once per channel: what was said in private is not told outside.
tag_descriptions = Table(
    "tag_descriptions",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("tag_id", BIG_ID, ForeignKey("tags.id"), nullable=False),
    Column("text", Words, nullable=False),
    Column("channel", Words, nullable=False),
    UniqueConstraint("tag_id", "channel"),
)

# One row per channel that a tag was set in: what was set in a private one must not be seen outside.
note_tags = Table(
    "note_tags",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("note_id", BIG_ID, ForeignKey("notes.id"), nullable=False),
    Column("tag_id", BIG_ID, ForeignKey("tags.id"), nullable=False, index=True),
    *by_whom_and_where(),
    Column("tagged_at", Moment, nullable=False),
    # Anybody could see it when a share of its note was withdrawn that anybody could see.
    Column("was_public", Boolean, nullable=False, server_default=text("false")),
    UniqueConstraint("note_id", "tag_id", "channel"),
    Index(None, "workspace", "channel"),
    Index(None, "workspace", "tag_id", "note_id", "channel"),
)
