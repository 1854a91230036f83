"""The job that brings the published pages up to date."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Protocol

from papers.note import Audience, Note, Workspace
from papers.notebook import Notebook
from papers.relatedness import RelatedNote, related_among
from papers.shelf import Shelves
from papers.tag_groups import TagOrder

log = logging.getLogger(__name__)


class Publisher(Protocol):
    """Makes pages of notes and puts them where people read them."""

    def __call__(
        self,
        workspace: Workspace,
        notes: Sequence[Note],
        related: Mapping[int, tuple[RelatedNote, ...]],
        order: TagOrder,
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
        self._alone = threading.Lock()

    def __call__(self) -> None:
        """Publish what changed; at the first call everything. Raises a FusenError."""
        with self._alone:
            with self._shelves.reading() as shelf:
                workspaces = shelf.directory.workspaces()
            for gone in set(self._shown) - {workspace.id for workspace in workspaces}:
                self._withdraw(gone)
            for workspace in workspaces:
                if self._shown.get(workspace.id) != workspace.change:
                    self.publish(workspace)

    @contextmanager
    def withdrawn(self, workspace: str) -> Iterator[None]:
        """Take the pages of a workspace away, and publish nothing until its notes are gone too.

        Raises a FusenError.
        """
        with self._alone:
            self._withdraw(workspace)
            yield

    def _withdraw(self, workspace: str) -> None:
        self._publisher(Workspace(workspace), (), {}, TagOrder())
        # Where others have their pages in the same folder, these went too: they are made again.
        self._shown.clear()

    def publish(self, workspace: Workspace) -> str:
        """Publish one workspace and return what was written, in words. Raises a FusenError."""
        # The count was read before the notes: what changes in between is published once more, never missed.
        notes = self._notebook.notes(Audience(workspace.id), limit=None)
        with self._shelves.reading() as shelf:
            kept = shelf.relations.kept(workspace.id)
            order = TagOrder(shelf.tags.groups(Audience(workspace.id)), shelf.tags.moved(workspace.id))
        written = self._publisher(workspace, notes, related_among(notes, kept), order)
        self._shown[workspace.id] = workspace.change
        log.info("%s", written)
        return written
