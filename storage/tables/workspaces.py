"""The tables of workspaces, their channels and their people."""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, ForeignKey, ForeignKeyConstraint, Index, Integer, Table, text

from storage.columns import Moment, Words
from storage.tables.schema import metadata, word

workspaces = Table(
    "workspaces",
    metadata,
    Column("id", Words, primary_key=True),
    word("name"),
    word("url"),
    Column("language", Words, nullable=False, server_default="en"),
    Column("zone", Words, nullable=False, server_default="UTC"),
    Column("change", BigInteger, nullable=False, server_default="0"),
    Column("since", Moment, nullable=False),
    # Up to which note, by (change, id), it has been seen for which followers it is.
    Column("told_change", BigInteger, nullable=False, server_default="0"),
    Column("told_note", BigInteger, nullable=False, server_default="0"),
    Column("left_at", Moment),  # when it took Fusen away
    Column("shows_names", Boolean, nullable=False, server_default=text("true")),
    Column("quiet_days", Integer, nullable=False, server_default="0"),
    Column("quiet_here", Boolean, nullable=False, server_default=text("false")),
    Column("publishes_external", Boolean, nullable=False, server_default=text("false")),
)

channels = Table(
    "channels",
    metadata,
    Column("workspace", Words, ForeignKey("workspaces.id"), primary_key=True),
    Column("id", Words, primary_key=True),
    word("name"),
    Column("kind", Words, nullable=False, server_default="unknown"),
    Column("external", Boolean, nullable=False, server_default=text("false")),  # shared with another organisation
    Column("was_external", Boolean, nullable=False, server_default=text("false")),  # until it was disconnected
    Column("learned_at", Moment),  # null: Slack has not been asked yet
    Column("asked_at", Moment),  # since when Slack owes the answer that is to be believed; null: it owes none
    Column("joined_at", Moment),  # when the bot was last known to be in it
    Column("left_at", Moment),  # when it was last known to be there no longer
    Index(None, "workspace", "learned_at"),
)

members = Table(
    "members",
    metadata,
    Column("workspace", Words, ForeignKey("workspaces.id"), primary_key=True),
    Column("id", Words, primary_key=True),
    word("name"),
    word("language"),
    Column("bot", Boolean, nullable=False, server_default=text("false")),
    Column("learned_at", Moment),
    word("own_language"),  # chosen in Fusen; empty: `language`, which Slack tells
    Column("named", Boolean, nullable=False, server_default=text("true")),
    word("feed"),  # what the member's own page and feeds are called; empty: none are wanted
    Column("forgotten_at", Moment),  # what they said until then is not taken in again
    Column("nameless", Boolean, nullable=False, server_default=text("false")),  # the name is not to be learned
    Index(None, "workspace", "learned_at"),
)

# Who settled what for the workspace; what stands here is not changed by the settings that a start brings.
settled = Table(
    "settled",
    metadata,
    Column("workspace", Words, primary_key=True),
    Column("setting", Words, primary_key=True),
    Column("member", Words, nullable=False),
    Column("settled_at", Moment, nullable=False),
    ForeignKeyConstraint(["workspace", "member"], ["members.workspace", "members.id"]),
)
