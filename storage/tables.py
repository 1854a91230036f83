"""The tables. Rows stay in this room; everybody else sees the values of `papers`.

Three kinds of rows are work (papers, inbox, outbox): `due` says from when, `leased_until` hides a row that
somebody works on, `attempts` counts the claims. Their partial indexes hold only what is unfinished, so that
a claim costs the same whatever has piled up behind it.
"""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    ForeignKey,
    ForeignKeyConstraint,
    Index,
    Integer,
    MetaData,
    Table,
    UniqueConstraint,
    text,
)

from storage.columns import BIG_ID, Moment, WordList, Words

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def _word(name: str) -> Column[str]:
    return Column(name, Words, nullable=False, server_default=text("''"))


papers = Table(
    "papers",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("source", Words, nullable=False),
    Column("source_id", Words, nullable=False),
    Column("wanted_at", Moment, nullable=False),
    Column("due", Moment),  # when to ask the source; null: nothing to ask
    Column("asked_at", Moment),  # when the source last said something of it
    Column("leased_until", Moment),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("missing", Boolean, nullable=False, server_default=text("false")),
    # What the source said; `version` is null while it has said nothing.
    Column("version", Integer),
    _word("title"),
    _word("abstract"),
    Column("authors", WordList, nullable=False, server_default="[]"),
    Column("categories", WordList, nullable=False, server_default="[]"),
    Column("published", Moment),
    Column("updated", Moment),
    Column("comment", Words),
    Column("journal_ref", Words),
    Column("doi", Words),
    Column("withdrawn", Boolean, nullable=False, server_default=text("false")),
    _word("origin"),
    Column("dated", Words, nullable=False, server_default="day"),  # how much of `published` is known
    _word("title_key"),  # the title as titles are compared; empty if it tells nothing of its own
    # How it reads; `summary_made_at` is null where there is no summary.
    _word("reading_title"),
    _word("reading_abstract"),
    _word("summary_text"),
    _word("summary_made_by"),
    Column("summary_made_at", Moment),
    _word("summary_made_from"),
    _word("folded"),  # title, abstract, authors, id and categories as search compares them
    Column("words", Integer),  # how many words its terms were made of; null: they are still to be made
    UniqueConstraint("source", "source_id"),
)
Index(
    "ix_papers_due",
    papers.c.due,
    sqlite_where=papers.c.due.is_not(None),
    postgresql_where=papers.c.due.is_not(None),
)

Index(
    "ix_papers_title_key",
    papers.c.title_key,
    sqlite_where=text("title_key <> ''"),
    postgresql_where=text("title_key <> ''"),
)

# The other addresses of pages: what they were asked for as, before they were read.
paper_aliases = Table(
    "paper_aliases",
    metadata,
    Column("source", Words, primary_key=True),
    Column("source_id", Words, primary_key=True),
    Column("paper_id", BIG_ID, ForeignKey("papers.id"), nullable=False, index=True),
)

# The same work elsewhere; the paper there may never have been wanted, so it is named by its id.
paper_twins = Table(
    "paper_twins",
    metadata,
    Column("paper_id", BIG_ID, ForeignKey("papers.id"), primary_key=True),
    Column("source", Words, primary_key=True),
    Column("source_id", Words, primary_key=True),
    Index(None, "source", "source_id"),
)

_unread = papers.c.words.is_(None) & papers.c.version.is_not(None)
Index("ix_papers_unread", papers.c.id, sqlite_where=_unread, postgresql_where=_unread)

# By which words papers are alike: a paper's terms, and how often each stands in its title and abstract.
paper_terms = Table(
    "paper_terms",
    metadata,
    Column("term", Words, primary_key=True),
    Column("paper_id", BIG_ID, ForeignKey("papers.id"), primary_key=True, index=True),
    Column("times", Integer, nullable=False),
    sqlite_with_rowid=False,
)

paper_authors = Table(
    "paper_authors",
    metadata,
    Column("author", Words, primary_key=True),
    Column("paper_id", BIG_ID, ForeignKey("papers.id"), primary_key=True, index=True),
    sqlite_with_rowid=False,
)

workspaces = Table(
    "workspaces",
    metadata,
    Column("id", Words, primary_key=True),
    _word("name"),
    _word("url"),
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
)

channels = Table(
    "channels",
    metadata,
    Column("workspace", Words, ForeignKey("workspaces.id"), primary_key=True),
    Column("id", Words, primary_key=True),
    _word("name"),
    Column("kind", Words, nullable=False, server_default="unknown"),
    Column("learned_at", Moment),  # null: Slack has not been asked yet
    Column("joined_at", Moment),  # when the bot was last known to be in it
    Column("left_at", Moment),  # when it was last known to be there no longer
    Index(None, "workspace", "learned_at"),
)

members = Table(
    "members",
    metadata,
    Column("workspace", Words, ForeignKey("workspaces.id"), primary_key=True),
    Column("id", Words, primary_key=True),
    _word("name"),
    _word("language"),
    Column("bot", Boolean, nullable=False, server_default=text("false")),
    Column("learned_at", Moment),
    _word("own_language"),  # chosen in Fusen; empty: `language`, which Slack tells
    Column("named", Boolean, nullable=False, server_default=text("true")),
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


def _by_whom_and_where() -> tuple[Column[str] | ForeignKeyConstraint | Index, ...]:
    return (
        Column("workspace", Words, nullable=False),
        Column("member", Words, nullable=False),
        Column("channel", Words, nullable=False),
        ForeignKeyConstraint(["workspace", "member"], ["members.workspace", "members.id"]),
        ForeignKeyConstraint(["workspace", "channel"], ["channels.workspace", "channels.id"]),
        Index(None, "workspace", "member"),
    )


shares = Table(
    "shares",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("note_id", BIG_ID, ForeignKey("notes.id"), nullable=False),
    Column("origin", Words, nullable=False),
    *_by_whom_and_where(),
    _word("ts"),  # empty until the card of an added paper is posted
    Column("thread_ts", Words),
    Column("version", Integer),
    Column("shared_at", Moment, nullable=False),
    Column("withdrawn_at", Moment),
    UniqueConstraint("note_id", "origin"),
    Index(None, "workspace", "channel", "ts"),
    Index(None, "workspace", "channel", "thread_ts"),
    Index(None, "workspace", "channel", "shared_at"),
)

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

# One row per channel that a tag was set in: what was set in a private one must not be seen outside.
note_tags = Table(
    "note_tags",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("note_id", BIG_ID, ForeignKey("notes.id"), nullable=False),
    Column("tag_id", BIG_ID, ForeignKey("tags.id"), nullable=False, index=True),
    *_by_whom_and_where(),
    Column("tagged_at", Moment, nullable=False),
    UniqueConstraint("note_id", "tag_id", "channel"),
    Index(None, "workspace", "channel"),
)

comments = Table(
    "comments",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("note_id", BIG_ID, ForeignKey("notes.id"), nullable=False),
    Column("origin", Words, nullable=False),
    *_by_whom_and_where(),
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
    Column("note_id", BIG_ID, ForeignKey("notes.id"), nullable=False, index=True),
    Column("origin", Words, nullable=False),
    Column("facts", Words, nullable=False),
    Column("done_at", Moment, nullable=False, index=True),
    Index(None, "workspace", "channel", "member"),
)

# Who is reading a paper. One row per channel that it was said in, as with tags.
claims = Table(
    "claims",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("note_id", BIG_ID, ForeignKey("notes.id"), nullable=False),
    Column("origin", Words, nullable=False),
    *_by_whom_and_where(),
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
    _word("verb"),
    _word("words"),
)

# Reactions that have done something; without a note, those that are gone, for Slack may tell of them late.
reactions = Table(
    "reactions",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    *_by_whom_and_where(),
    Column("ts", Words, nullable=False),
    Column("emoji", Words, nullable=False),
    Column("told_at", Moment, nullable=False),
    Column("note_id", BIG_ID, ForeignKey("notes.id"), index=True),
    _word("verb"),
    _word("words"),
    Column("done_at", Moment),
    UniqueConstraint("workspace", "channel", "ts", "member", "emoji"),
)
_gone = reactions.c.note_id.is_(None)
Index("ix_reactions_gone", reactions.c.told_at, sqlite_where=_gone, postgresql_where=_gone)

# Inbox, outbox and digests name workspaces by Slack's id alone: an event is kept before anything is known.
inbox = Table(
    "inbox",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("event_id", Words, nullable=False, unique=True),
    Column("message_key", Words, unique=True),
    Column("workspace", Words, nullable=False),
    Column("thread", Words),
    Column("body", Words, nullable=False),
    Column("received_at", Moment, nullable=False),
    Column("due", Moment, nullable=False),
    Column("leased_until", Moment),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("finished_at", Moment),
    _word("error"),
    Index(None, "thread", "finished_at"),
    Index(None, "finished_at"),
)
_open = inbox.c.finished_at.is_(None)
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
    _word("only_for"),
    _word("body"),
    _word("origin"),
    Column("owed_at", Moment, nullable=False),
    Column("due", Moment, nullable=False),
    Column("leased_until", Moment),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("ts", Words),
    Column("posted_at", Moment),
    Column("abandoned_at", Moment),
    _word("error"),
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

digest_orders = Table(
    "digest_orders",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("workspace", Words, ForeignKey("workspaces.id"), nullable=False),
    Column("channel", Words, nullable=False),
    Column("scope", Words, nullable=False),
    _word("tag"),
    _word("weekly"),
    _word("member"),
    Column("ordered_at", Moment, nullable=False),
    Column("stopped", Boolean, nullable=False, server_default=text("false")),
    UniqueConstraint("workspace", "channel", "scope", "tag"),
)

backfills = Table(
    "backfills",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    *_by_whom_and_where(),
    Column("asked_at", Moment, nullable=False),
    Column("since", Moment, nullable=False),
    _word("reached"),
    Column("messages", Integer, nullable=False, server_default="0"),
    Column("papers", Integer, nullable=False, server_default="0"),
    # One more than the messages that its post tells of.
    Column("told", Integer, nullable=False, server_default="0"),
    Column("due", Moment, nullable=False),
    Column("leased_until", Moment),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("finished_at", Moment),
    _word("refusal"),
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
)
