"""The job that lets go of what is kept for a time only."""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.leaving import Forgetful
from papers.acts import KEPT as ACTS_KEPT
from papers.database_errors import DatabaseUnreachable
from papers.nudges import Job
from papers.shelf import Shelves

log = logging.getLogger(__name__)

INBOX_KEPT = timedelta(days=7)
"""Handled events are kept for longer than Slack delivers any event again (a day)."""

EMPTY_AGAIN = timedelta(seconds=5)
"""When the database's journal is tried again to be emptied after somebody was reading, say."""


class Pruning:
    """Prunes events, answers, reactions and acts, the database's journal, and workspaces that have left."""

    def __init__(
        self,
        shelves: Shelves,
        empty_journal: Callable[[], bool],
        forgetful: Forgetful,
        wake: Callable[[Job, datetime], None],
        now: Callable[[], datetime],
    ) -> None:
        self._shelves = shelves
        self._empty_journal = empty_journal
        self._forgetful = forgetful
        self._wake = wake
        self._now = now

    def __call__(self) -> None:
        """Prune what is due. Raises a FusenError if pages cannot be taken away; that is due again then."""
        now = self._now()
        with self._shelves.writing() as shelf:
            shelf.inbox.prune(now - INBOX_KEPT)
            shelf.outbox.prune(now - INBOX_KEPT)
            shelf.oblivion.clear_events(now - INBOX_KEPT)
            shelf.reactions.prune(now - INBOX_KEPT)
            shelf.acts.prune(now - ACTS_KEPT)
        if not self._emptied():
            self._wake(Job.PRUNE, now + EMPTY_AGAIN)
        self._forgetful()

    def _emptied(self) -> bool:
        try:
            return self._empty_journal()
        except DatabaseUnreachable as error:
            log.warning("the journal is emptied later: %s", error)
            return False
