"""What goes into the pages and what comes out: one workspace's public notes, and files not yet written."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from papers.note import Note, Workspace


@dataclass(frozen=True, slots=True)
class Content:
    """What one build publishes.

    `notes` are as the public audience sees them; nothing here asks for more. `address` is the public address
    of the pages or empty: canonical links and feeds name it, all other links are relative. `made_at` is in UTC.
    """

    workspace: Workspace
    notes: tuple[Note, ...]
    title: str
    address: str
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Page:
    """One published file: its path below the folder of the pages, with `/`, and its bytes."""

    path: str
    body: bytes
