"""What waits to be done, counted on the small indexes of what is unfinished."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, Select, and_, func, or_, select

from papers.backlog import MOST_COUNTED, Backlog, Queue
from storage import tables
from storage.outbox import OUTDATED, OWED, WAITS_SINCE
from storage.statements import served

_inbox, _outbox, _papers = tables.inbox, tables.outbox, tables.papers


class StoredBacklogs:
    """The port `Backlogs`."""

    def __init__(self, connection: Connection, serving: str = "") -> None:
        self._connection = connection
        self._serving = serving

    def waiting(self, now: datetime) -> tuple[Backlog, ...]:
        """Each queue, in the order of `Queue`. What is not due yet does not wait, except a post that failed."""
        ours = self._serving
        begun = {
            Queue.EVENTS: select(_inbox.c.received_at).where(_inbox.c.finished_at.is_(None), served(_inbox, ours)),
            # What is owed once more counts as tried before it is.
            Queue.POSTS: select(WAITS_SINCE).where(
                OWED,
                or_(_outbox.c.due <= now, and_(_outbox.c.attempts > 0, now >= WAITS_SINCE)),
                served(_outbox, ours),
            ),
            Queue.CARDS: select(_outbox.c.posted_at).where(OUTDATED, served(_outbox, ours)),
            Queue.PAPERS: select(_papers.c.due).where(_papers.c.due <= now),
        }
        return tuple(self._count(queue, begun[queue]) for queue in Queue)

    def _count(self, queue: Queue, begun: Select[tuple[datetime]]) -> Backlog:
        some = begun.limit(MOST_COUNTED).subquery()
        row = self._connection.execute(select(func.count(), func.min(some.c[0])).select_from(some)).one()
        return Backlog(queue, row[0], row[1])
