"""The tables. Rows stay in this room; everybody else sees the values of `papers`."""

from __future__ import annotations

from storage.tables.follows import follows, tellings
from storage.tables.homes import homes
from storage.tables.images import images
from storage.tables.notes import acts, comments, likenesses, notes, shares
from storage.tables.papers import paper_aliases, paper_authors, paper_terms, paper_twins, papers, wanted_histories
from storage.tables.readers import claims, emoji, reactions, reads
from storage.tables.schema import metadata
from storage.tables.searching import INDEXES, note_places, note_terms
from storage.tables.tags import note_tags, tag_aliases, tag_descriptions, tag_groupings, tag_refusals, tags
from storage.tables.translations import model_use, translations
from storage.tables.work import backfills, digest_orders, digests, gates, inbox, outbox
from storage.tables.workspaces import channels, members, settled, workspaces

__all__ = [
    "INDEXES",
    "acts",
    "backfills",
    "channels",
    "claims",
    "comments",
    "digest_orders",
    "digests",
    "emoji",
    "follows",
    "gates",
    "homes",
    "images",
    "inbox",
    "likenesses",
    "members",
    "metadata",
    "model_use",
    "note_places",
    "note_tags",
    "note_terms",
    "notes",
    "outbox",
    "paper_aliases",
    "paper_authors",
    "paper_terms",
    "paper_twins",
    "papers",
    "reactions",
    "reads",
    "settled",
    "shares",
    "tag_aliases",
    "tag_descriptions",
    "tag_groupings",
    "tag_refusals",
    "tags",
    "tellings",
    "translations",
    "wanted_histories",
    "workspaces",
]
