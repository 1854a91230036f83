"""The tables of what the world knows of papers, one row each for all workspaces."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, UniqueConstraint, text

from storage.columns import BIG_ID, Formulas, Moment, WordList, Words
from storage.tables.schema import metadata, word

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
    word("title"),
    word("abstract"),
    Column("authors", WordList, nullable=False, server_default="[]"),
    Column("categories", WordList, nullable=False, server_default="[]"),
    Column("published", Moment),
    Column("updated", Moment),
    Column("comment", Words),
    Column("journal_ref", Words),
    Column("doi", Words),
    Column("withdrawn", Boolean, nullable=False, server_default=text("false")),
    word("origin"),
    Column("dated", Words, nullable=False, server_default="day"),  # how much of `published` is known
    word("title_key"),  # the title as titles are compared; empty if it tells nothing of its own
    # How it reads; `summary_made_at` is null where there is no summary.
    word("reading_title"),
    word("reading_abstract"),
    Column("title_formulas", Formulas, nullable=False, server_default="[]"),
    Column("abstract_formulas", Formulas, nullable=False, server_default="[]"),
    word("summary_text"),
    word("summary_made_by"),
    Column("summary_made_at", Moment),
    word("summary_made_from"),
    word("folded"),  # all that search looks at, as it compares texts: without accents
    Column("told_at", Moment),  # when the source first said what stands here
    Column("licence", Words),  # null while the archive was not asked
    Column("versions", Words),  # JSON: number, moment and kilobytes of each
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

# The papers whose history the archive is still to be asked for.
wanted_histories = Table(
    "wanted_histories",
    metadata,
    Column("id", BIG_ID, ForeignKey("papers.id"), primary_key=True, autoincrement=False),
    Column("due", Moment, nullable=False),
    Column("leased_until", Moment),
    Column("attempts", Integer, nullable=False, server_default="0"),
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
