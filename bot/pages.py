"""The job that brings the published pages up to date."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from typing import Protocol

from papers.note import Audience, Note, Workspace
from papers.notebook import Notebook
from papers.relatedness import RelatedNote, related_among
from papers.shelf import Shelves

log = logging.getLogger(__name__)


class Publisher(Protocol):
    """Makes pages of notes and puts them where people read them."""

    def __call__(
        self, workspace: Workspace, notes: Sequence[Note], related: Mapping[int, tuple[RelatedNote, ...]]
    ) -> str:
        """Publish, and tell in a few words what was written. Raises a FusenError."""
        ...


class Publishing:
    """Publishes each workspace whose notes have changed since this process made its pages.

    What is published is remembered here and not in the database: each process may serve a folder of its own,
    on a machine of its own, and at its start nobody knows what stands there.
    """

    def __init__(self, shelves: Shelves, notebook: Notebook, publisher: Publisher) -> None:
        self._shelves = shelves
        self._notebook = notebook
        self._publisher = publisher
        self._shown: dict[str, int] = {}

    def __call__(self) -> None:
        """Publish what changed; at the first call everything. Raises a FusenError."""
        with self._shelves.reading() as shelf:
            workspaces = shelf.directory.workspaces()
        for workspace in workspaces:
            if self._shown.get(workspace.id) != workspace.change:
                self.publish(workspace)

    def publish(self, workspace: Workspace) -> str:
        """Publish one workspace and return what was written, in words. Raises a FusenError."""
        # The count was read before the notes: what changes in between is published once more, never missed.
        notes = self._notebook.notes(Audience(workspace.id), limit=None)
        with self._shelves.reading() as shelf:
            kept = shelf.relations.kept(workspace.id)
        written = self._publisher(workspace, notes, related_among(notes, kept))
        self._shown[workspace.id] = workspace.change
        log.info("%s", written)
        return written
