"""What goes into the pages and what comes out: one workspace's public notes, and files not yet written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from papers.note import Note, Workspace
from papers.relatedness import RelatedNote
from papers.tag_groups import TagOrder


@dataclass(frozen=True, slots=True)
class Content:
    """What one build publishes.

    `notes` are as the public audience sees them; nothing here asks for more. `related` tells which of them are
    related to each, by note. `order` is that of their tags. `address` is the public address of the pages or
    empty: canonical links and feeds name it, all other links are relative. `made_at` is in UTC.
    """

    workspace: Workspace
    notes: tuple[Note, ...]
    title: str
    address: str
    made_at: datetime
    related: Mapping[int, tuple[RelatedNote, ...]] = field(default_factory=dict)
    order: TagOrder = field(default_factory=TagOrder)


@dataclass(frozen=True, slots=True)
class Page:
    """One published file: its path below the folder of the pages, with `/`, and its bytes."""

    path: str
    body: bytes
