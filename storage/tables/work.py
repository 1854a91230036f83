"""The tables of what is still to be done: events, posts, digests, readings of the past; and the gates.

`due` says from when a row is work, `leased_until` hides one that somebody works on, `attempts` counts the claims.
Partial indexes hold only what is unfinished, so that a claim costs the same whatever has piled up behind it.
"""

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

from storage.columns import BIG_ID, Moment, Words
from storage.tables.schema import by_whom_and_where, metadata, word

# Inbox, outbox and digests name workspaces by Slack's id alone: an event is kept before anything is known.
inbox = Table(
    "inbox",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("event_id", Words, nullable=False, unique=True),
    Column("message_key", Words, unique=True),
    Column("workspace", Words, nullable=False),
    Column("thread", Words),
    Column("changes", Words),
    Column("body", Words, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("due", Moment, nullable=False),
    Column("leased_until", Moment),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("finished_at", Moment),
    word("error"),
    Index(None, "thread", "finished_at"),
    Index(None, "finished_at"),
)

_open = inbox.c.finished_at.is_(None)

_changes = inbox.c.changes.is_not(None)

Index(
    "ix_inbox_changes",
    inbox.c.changes,
    inbox.c.message_key,
    sqlite_where=_changes,
    postgresql_where=_changes,
)

Index("ix_inbox_open", inbox.c.id, sqlite_where=_open, postgresql_where=_open)

outbox = Table(
    "outbox",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("workspace", Words, nullable=False),
    Column("key", Words, nullable=False),
    Column("kind", Words, nullable=False),
    Column("channel", Words, nullable=False),
    Column("thread_ts", Words),
    Column("note_id", BIG_ID, ForeignKey("notes.id"), index=True),
    word("only_for"),
    word("body"),
    word("origin"),
    Column("owed_at", Moment, nullable=False),
    Column("owed_again_at", Moment),
    Column("due", Moment, nullable=False),
    Column("leased_until", Moment),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("ts", Words),
    Column("posted_at", Moment),
    Column("abandoned_at", Moment),
    word("error"),
    Column("shown", BigInteger, nullable=False, server_default="0"),
    # The note's change count, kept here too, so that one small index knows the cards that are out of date.
    Column("note_change", BigInteger, nullable=False, server_default="0"),
    UniqueConstraint("workspace", "key"),
    Index(None, "workspace", "channel", "ts"),
)

_owed = outbox.c.posted_at.is_(None) & outbox.c.abandoned_at.is_(None)

# A card follows its note; whatever else is posted is said anew where `shown` is below 0.
_outdated = text(
    "posted_at IS NOT NULL AND abandoned_at IS NULL AND shown < note_change AND (kind = 'card' OR shown < 0)"
)

Index("ix_outbox_owed", outbox.c.id, sqlite_where=_owed, postgresql_where=_owed)

Index("ix_outbox_outdated", outbox.c.id, sqlite_where=_outdated, postgresql_where=_outdated)

_answer = text("kind = 'answer'")
Index("ix_outbox_answers", outbox.c.owed_at, sqlite_where=_answer, postgresql_where=_answer)

digest_orders = Table(
    "digest_orders",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("workspace", Words, ForeignKey("workspaces.id"), nullable=False),
    Column("channel", Words, nullable=False),
    Column("scope", Words, nullable=False),
    word("tag"),
    word("weekly"),
    word("member"),
    Column("ordered_at", Moment, nullable=False),
    Column("stopped", Boolean, nullable=False, server_default=text("false")),
    UniqueConstraint("workspace", "channel", "scope", "tag"),
)

backfills = Table(
    "backfills",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    *by_whom_and_where(),
    Column("asked_at", Moment, nullable=False),
    Column("since", Moment, nullable=False),
    word("reached"),
    Column("messages", Integer, nullable=False, server_default="0"),
    Column("papers", Integer, nullable=False, server_default="0"),
    # One more than the messages that its post tells of.
    Column("told", Integer, nullable=False, server_default="0"),
    Column("due", Moment, nullable=False),
    Column("leased_until", Moment),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("finished_at", Moment),
    word("refusal"),
)

_unfinished = backfills.c.finished_at.is_(None)

Index(
    "ux_backfills_unfinished",
    backfills.c.workspace,
    backfills.c.channel,
    unique=True,
    sqlite_where=_unfinished,
    postgresql_where=_unfinished,
)

Index("ix_backfills_open", backfills.c.id, sqlite_where=_unfinished, postgresql_where=_unfinished)

_untold = text("told <> messages + 1")

Index("ix_backfills_untold", backfills.c.id, sqlite_where=_untold, postgresql_where=_untold)

digests = Table(
    "digests",
    metadata,
    Column("workspace", Words, primary_key=True),
    Column("period", Words, primary_key=True),
    Column("claimed_at", Moment, nullable=False),
)

gates = Table(
    "gates",
    metadata,
    Column("name", Words, primary_key=True),
    Column("free_at", Double, nullable=False),
    Column("failures", Integer, nullable=False, server_default="0"),
    Column("host", Words, nullable=False, server_default=text("''")),
    Column("ahead", Double, nullable=False, server_default="0"),
)
