"""What goes into the pages and what comes out: what a site is, files not yet written, and files to remove."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from papers.note import Workspace

ENTRIES = b"<!--entries-->"
"""What the templates of lists carry where kept notes go. No foreign text can hold it: `<` is escaped."""

_MADE_AT = re.compile(rb'<p id="made-at">.*?</p>')
"""Where the first page says when it was made. Nor can foreign text hold this."""


@dataclass(frozen=True, slots=True)
class Content:
    """What one build publishes beside the notes.

    `address` is the public address of the pages or empty: canonical links and feeds name it, all other links
    are relative. `made_at` is in UTC. `listed` says whether search engines may list the pages.
    """

    workspace: Workspace
    title: str
    address: str
    made_at: datetime
    listed: bool = True


@dataclass(frozen=True, slots=True)
class Page:
    """One published file: its path below the folder of the pages, with `/`, and its bytes."""

    path: str
    body: bytes

    def filled(self, entries: bytes) -> Page:
        """The page with these rendered notes where its template says `ENTRIES`."""
        return Page(self.path, self.body.replace(ENTRIES, entries, 1))

    def says_the_same(self, before: bytes) -> bool:
        """Whether it says what these bytes say, at whatever time either was made."""
        return self.body == before or _MADE_AT.sub(b"", self.body, 1) == _MADE_AT.sub(b"", before, 1)


@dataclass(frozen=True, slots=True)
class Gone:
    """A file that is published no longer."""

    path: str
