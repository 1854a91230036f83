"""The inbox: events from Slack, stored before they are acknowledged and handled after."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, Row, bindparam, delete, func, select, update

from papers.work import ClaimedEvent, Event
from storage import tables
from storage.statements import claim, each, insert_into

_inbox = tables.inbox
_older = _inbox.alias("older")
_READY = _inbox.c.finished_at.is_(None) & ~(
    select(_older.c.id)
    .where(_older.c.thread == _inbox.c.thread, _older.c.finished_at.is_(None), _older.c.id < _inbox.c.id)
    .exists()
)
# A reaction names only its message: it waits for what came of that message's thread before.
_ROOT = bindparam("root", type_=_inbox.c.thread.type)
_THREAD = func.coalesce(select(_older.c.thread).where(_older.c.message_key == _ROOT).scalar_subquery(), _ROOT)
# Written once, because each event needs them.
_FINISH = (
    update(_inbox)
    # One without a lease was reopened while it was handled, and is to be handled once more.
    .where(_inbox.c.id == bindparam("event"), _inbox.c.finished_at.is_(None), _inbox.c.leased_until.is_not(None))
    .values(finished_at=bindparam("at"), leased_until=None, error=bindparam("complaint"))
)
# Slack's time stamps are all of one length, so the key that sorts last is that of the last change.
_LAST_CHANGE = (
    select(_inbox).where(_inbox.c.changes == bindparam("message")).order_by(_inbox.c.message_key.desc()).limit(1)
)


class StoredInbox:
    """The port `Inbox`, kept in a table."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, events: Sequence[Event], at: datetime) -> int:
        """Make sure the events are there. Returns how many are new: neither event_id nor message_key was there."""
        rows = [
            {
                "event_id": event.event_id,
                "message_key": event.message_key,
                "workspace": event.workspace,
                "changes": event.changes,
                "body": event.body,
                "received_at": at,
                "due": at,
                "root": event.thread,
            }
            for event in events
        ]
        return self._connection.execute(_putting(self._connection.dialect.name), rows).rowcount

    def claim(self, limit: int, now: datetime, lease: timedelta) -> tuple[ClaimedEvent, ...]:
        """Lease unfinished events, oldest first, never one whose thread has an older unfinished one."""
        rows = claim(self._connection, _inbox, _READY, limit, now, now + lease, first=_inbox.c.id)
        messages = {row.changes or row.message_key for row in rows} - {None}
        changed = self._changed(messages) if messages else frozenset()
        return tuple(
            ClaimedEvent(
                row.id, _event(row), row.attempts, row.received_at, (row.changes or row.message_key) in changed
            )
            for row in rows
        )

    def _changed(self, messages: Collection[str]) -> frozenset[str]:
        """Those of these messages that an event tells a change of."""
        given = each(self._connection, messages)
        told = select(given).where(
            select(_inbox.c.id).where(_inbox.c.changes == given).correlate(given.table).exists()
        )
        return frozenset(self._connection.scalars(told))

    def finish(self, done: Mapping[int, str], at: datetime) -> None:
        """These events are handled; those with an error, given up."""
        rows = [{"event": event, "at": at, "complaint": error} for event, error in done.items()]
        if rows:
            self._connection.execute(_FINISH, rows)

    def postpone(self, event: int, until: datetime, error: str) -> None:
        """Handling failed for now; claim it again from `until`."""
        self._connection.execute(
            update(_inbox)
            .where(_inbox.c.id == event, _inbox.c.finished_at.is_(None))
            .values(due=until, leased_until=None, error=error)
        )

    def reopen(self, thread: str, at: datetime, before: int | None = None) -> int:
        """Handle the events of a thread once more, those at work too; if `before` is given, those before it."""
        theirs = update(_inbox).where(_inbox.c.thread == thread)
        if before is not None:
            theirs = theirs.where(_inbox.c.id < before)
        anew = theirs.values(finished_at=None, due=at, leased_until=None, attempts=0, error="")
        return self._connection.execute(anew).rowcount

    def last_change(self, message_key: str) -> Event | None:
        """The event that tells of the last change of a message, handled or not; None if none came."""
        row = self._connection.execute(_LAST_CHANGE, {"message": message_key}).first()
        return _event(row) if row else None

    def prune(self, before: datetime) -> int:
        """Forget events that were finished before then. Returns how many."""
        return self._connection.execute(delete(_inbox).where(_inbox.c.finished_at < before)).rowcount


@cache
def _putting(dialect: str) -> Insert:
    # One row after the other, each of which sees those before it; to return ids would take a statement for each.
    putting = insert_into(dialect, _inbox).values(thread=_THREAD).on_conflict_do_nothing()
    return putting.execution_options(preserve_rowcount=True)


def _event(row: Row[Any]) -> Event:
    return Event(row.event_id, row.workspace, row.body, row.message_key, row.thread, row.changes)
