"""The inbox: events from Slack, stored before they are acknowledged and handled after."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update

from papers.work import ClaimedEvent, Event
from storage import tables
from storage.statements import claim, put_if_new

_inbox = tables.inbox


class StoredInbox:
    """The port `Inbox`, kept in a table."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, event: Event, at: datetime) -> bool:
        """Make sure the event is there. False if its event_id or message_key was there before."""
        # A reaction names only the message: it waits for what came of that message's thread before.
        about = select(_inbox.c.thread).where(_inbox.c.message_key == event.thread)
        thread = self._connection.scalar(about) if event.thread else None
        return put_if_new(
            self._connection,
            _inbox,
            event_id=event.event_id,
            message_key=event.message_key,
            workspace=event.workspace,
            thread=thread or event.thread,
            changes=event.changes,
            body=event.body,
            received_at=at,
            due=at,
        )

    def claim(self, limit: int, now: datetime, lease: timedelta) -> tuple[ClaimedEvent, ...]:
        """Lease unfinished events, oldest first, never one whose thread has an older unfinished one."""
        older = _inbox.alias("older")
        waits = select(older.c.id).where(
            older.c.thread == _inbox.c.thread, older.c.finished_at.is_(None), older.c.id < _inbox.c.id
        )
        wanted = _inbox.c.finished_at.is_(None) & ~waits.exists()
        rows = claim(self._connection, _inbox, wanted, limit, now, now + lease, first=_inbox.c.id)
        return tuple(
            ClaimedEvent(
                row.id,
                _event(row),
                row.attempts,
                row.received_at,
            )
            for row in rows
        )

    def finish(self, event: int, at: datetime, error: str = "") -> None:
        """The event is handled; with an `error`, given up."""
        self._connection.execute(
            update(_inbox)
            .where(_inbox.c.id == event, _inbox.c.finished_at.is_(None))
            .values(finished_at=at, leased_until=None, error=error)
        )

    def postpone(self, event: int, until: datetime, error: str) -> None:
        """Handling failed for now; claim it again from `until`."""
        self._connection.execute(
            update(_inbox)
            .where(_inbox.c.id == event, _inbox.c.finished_at.is_(None))
            .values(due=until, leased_until=None, error=error)
        )

    def reopen_replies(self, beginning: int, at: datetime) -> int:
        """Handle once more the finished events that came before the message that they are about."""
        thread = select(_inbox.c.message_key).where(_inbox.c.id == beginning).scalar_subquery()
        reopened = self._connection.execute(
            update(_inbox)
            .where(_inbox.c.thread == thread, _inbox.c.id < beginning, _inbox.c.finished_at.is_not(None))
            .values(finished_at=None, due=at, attempts=0, error="")
        )
        return reopened.rowcount

    def last_change(self, message_key: str) -> Event | None:
        """The event that tells of the last change of a message, handled or not; None if none came."""
        # Slack's time stamps are all of one length, so the key that sorts last is that of the last change.
        last = select(_inbox).where(_inbox.c.changes == message_key).order_by(_inbox.c.message_key.desc()).limit(1)
        row = self._connection.execute(last).first()
        return _event(row) if row else None

    def prune(self, before: datetime) -> int:
        """Forget events that were finished before then. Returns how many."""
        return self._connection.execute(delete(_inbox).where(_inbox.c.finished_at < before)).rowcount


def _event(row: Row[Any]) -> Event:
    return Event(row.event_id, row.workspace, row.body, row.message_key, row.thread, row.changes)
