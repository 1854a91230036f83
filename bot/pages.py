"""The job that brings the published pages up to date."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Protocol

from papers.note import Audience, Note, Workspace
from papers.notebook import Notebook
from papers.shelf import Shelves

log = logging.getLogger(__name__)


class Publisher(Protocol):
    """Makes pages of notes and puts them where people read them."""

    def __call__(self, workspace: Workspace, notes: Iterable[Note]) -> str:
        """Publish, and tell in a few words what was written. Raises a FusenError."""
        ...


class Publishing:
    """Publishes each workspace whose notes have changed since its pages were made."""

    def __init__(
        self, shelves: Shelves, notebook: Notebook, publisher: Publisher, now: Callable[[], datetime]
    ) -> None:
        self._shelves = shelves
        self._notebook = notebook
        self._publisher = publisher
        self._now = now
        self._looked = False

    def __call__(self) -> None:
        """Publish what changed; at the first call everything, because the folder may have been emptied."""
        with self._shelves.reading() as shelf:
            workspaces = shelf.directory.workspaces()
        for workspace in workspaces:
            if workspace.change != workspace.published or not self._looked:
                self.publish(workspace)
        self._looked = True

    def publish(self, workspace: Workspace) -> str:
        """Publish one workspace and return what was written, in words. Raises a FusenError."""
        # The count was read before the notes: what changes in between is published once more, never missed.
        notes = self._notebook.notes(Audience(workspace.id), limit=None)
        written = self._publisher(workspace, notes)
        with self._shelves.writing() as shelf:
            shelf.directory.set_published(workspace.id, workspace.change)
        log.info("%s", written)
        return written
