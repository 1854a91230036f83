"""The use cases of being forgotten."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from papers.asker import Asker
from papers.nudges import Job, Nudge
from papers.oblivion import Held
from papers.shelf import Shelves


class Forgetting:
    """Forgets members who ask for it."""

    def __init__(self, shelves: Shelves, nudge: Nudge, now: Callable[[], datetime]) -> None:
        self._shelves = shelves
        self._nudge = nudge
        self._now = now

    def held(self, asker: Asker) -> Held:
        """How much is kept of the asker."""
        with self._shelves.reading() as shelf:
            return shelf.oblivion.held(asker.workspace, asker.member)

    def forget(self, asker: Asker) -> Held:
        """Forget the asker. Returns how much was kept of them."""
        with self._shelves.writing() as shelf:
            held = shelf.oblivion.held(asker.workspace, asker.member)
            shelf.oblivion.forget(asker.workspace, asker.member, self._now())
        # Pruning leaves nothing of what is deleted in the database's file either.
        for job in (Job.REFRESH_CARDS, Job.REFRESH_HOMES, Job.PUBLISH_PAGES, Job.PRUNE):
            self._nudge(job)
        return held
