"""The tables of translations: made or still to be made, and what they have cost."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, ForeignKey, Index, Integer, Table, UniqueConstraint

from storage.columns import BIG_ID, Moment, Words
from storage.tables.schema import metadata, word

translations = Table(
    "translations",
    metadata,
    Column("id", BIG_ID, primary_key=True),
    Column("paper_id", BIG_ID, ForeignKey("papers.id"), nullable=False),
    Column("language", Words, nullable=False),
    Column("version", Integer, nullable=False),  # the version of the paper that is to be translated, or was
    Column("due", Moment),  # null: nothing to do
    Column("leased_until", Moment),
    Column("attempts", Integer, nullable=False, server_default="0"),
    # What was made; `made_at` is null while nothing was.
    word("title"),
    word("sentences"),  # JSON: the title's formulas; each sentence and its translation, with theirs
    word("made_by"),
    Column("made_at", Moment),
    Column("made_of", Integer),  # of which version
    UniqueConstraint("paper_id", "language"),
)

_wanted = translations.c.due.is_not(None)

Index("ix_translations_due", translations.c.due, sqlite_where=_wanted, postgresql_where=_wanted)

model_use = Table(
    "model_use",
    metadata,
    Column("month", Words, primary_key=True),
    Column("tokens", BigInteger, nullable=False),
)
