"""The inbox: events from Slack, stored before they are acknowledged and handled after."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Connection, Insert, Row, Update, bindparam, delete, func, select, true, update

from papers.work import ClaimedEvent, Event
from storage import tables
from storage.statements import among_given, claim, each, insert_into, rows_given

_inbox = tables.inbox
_older = _inbox.alias("older")
_READY = _inbox.c.finished_at.is_(None) & ~(
    select(_older.c.id)
    .where(_older.c.thread == _inbox.c.thread, _older.c.finished_at.is_(None), _older.c.id < _inbox.c.id)
    .exists()
)
_GIVEN = ("event_id", "message_key", "workspace", "changes", "body")
# Written once, because each event needs it.
# Slack's time stamps are all of one length, so the key that sorts last is that of the last change.
_LAST_CHANGE = (
    select(_inbox).where(_inbox.c.changes == bindparam("message")).order_by(_inbox.c.message_key.desc()).limit(1)
)
_since = bindparam("since", type_=_inbox.c.received_at.type)
_LAST_CHANGE_SINCE = _LAST_CHANGE.where(_inbox.c.received_at >= _since)


class StoredInbox:
    """The port `Inbox`, kept in a table."""

    def __init__(self, connection: Connection, serving: str = "") -> None:
        self._connection = connection
        self._serving = serving

    def put(self, events: Sequence[Event], at: datetime) -> int:
        """Make sure the events are there. Returns how many are new: neither event_id nor message_key was there."""
        # What comes together with the message it names does not find that in the table yet.
        threads: dict[str | None, str | None] = {
            event.message_key: event.thread for event in events if event.message_key
        }
        rows = [
            {
                "event_id": event.event_id,
                "message_key": event.message_key,
                "workspace": event.workspace,
                "changes": event.changes,
                "body": event.body,
                "root": threads.get(event.thread, event.thread),
            }
            for event in events
        ]
        given = {"rows": rows, "at": at}
        return self._connection.execute(_putting(self._connection.dialect.name), given).rowcount

    def claim(self, limit: int, now: datetime, lease: timedelta) -> tuple[ClaimedEvent, ...]:
        """Lease unfinished events, oldest first, never one whose thread has an older unfinished one."""
        rows = claim(
            self._connection, _inbox, _READY, limit, now, now + lease, first=_inbox.c.id, serving=self._serving
        )
        messages = {row.changes or row.message_key for row in rows} - {None}
        changed = self._changed(messages) if messages else frozenset()
        return tuple(
            ClaimedEvent(
                id=row.id,
                event=_event(row),
                attempts=row.attempts,
                received_at=row.received_at,
                leased_until=row.leased_until,
                changed=(row.changes or row.message_key) in changed,
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

    def finish(self, done: Mapping[ClaimedEvent, str], at: datetime) -> None:
        """These events are handled; those with an error, given up. Not one that was reopened or claimed since."""
        together = defaultdict[tuple[str, datetime], list[int]](list)
        for claimed, error in done.items():
            together[error, claimed.leased_until].append(claimed.id)
        for (error, until), events in together.items():
            given = {"events": events, "until": until, "at": at, "complaint": error}
            self._connection.execute(_finishing(self._connection.dialect.name), given)

    def postpone(self, claimed: ClaimedEvent, until: datetime, error: str) -> None:
        """Handling failed for now; claim it again from `until`. Nothing happens if it was claimed again since."""
        mine = _inbox.c.id == claimed.id, _inbox.c.leased_until == claimed.leased_until
        self._connection.execute(update(_inbox).where(*mine).values(due=until, leased_until=None, error=error))

    def reopen(self, thread: str, at: datetime, but: int | None = None) -> int:
        """Handle the events of a thread once more, those at work too; all but one, if it is given."""
        theirs = update(_inbox).where(_inbox.c.thread == thread)
        if but is not None:
            theirs = theirs.where(_inbox.c.id != but)
        anew = theirs.values(finished_at=None, due=at, leased_until=None, attempts=0, error="")
        return self._connection.execute(anew).rowcount

    def last_change(self, message_key: str, since: datetime | None = None) -> Event | None:
        """The event that tells of the last change of a message, handled or not; None if none came since then."""
        asked = _LAST_CHANGE_SINCE if since else _LAST_CHANGE
        row = self._connection.execute(asked, {"message": message_key, "since": since}).first()
        return _event(row) if row else None

    def prune(self, before: datetime) -> int:
        """Forget events that were finished before then. Returns how many."""
        return self._connection.execute(delete(_inbox).where(_inbox.c.finished_at < before)).rowcount


@cache
def _putting(dialect: str) -> Insert:
    given = rows_given(dialect, "rows", *_GIVEN, "root")
    # A reaction names only its message: it waits for what came of that message's thread before.
    thread = select(_older.c.thread).where(_older.c.message_key == given.root).scalar_subquery()
    at = bindparam("at", type_=_inbox.c.received_at.type)
    rows = select(*(given[name] for name in _GIVEN), func.coalesce(thread, given.root), at, at).where(true())
    putting = insert_into(dialect, _inbox).from_select([*_GIVEN, "thread", "received_at", "due"], rows)
    return putting.on_conflict_do_nothing().execution_options(preserve_rowcount=True)


@cache
def _finishing(dialect: str) -> Update:
    # One with another lease, or with none, was reopened while it was handled, and is to be handled once more.
    # Attempts would not tell: reopening counts them anew.
    mine = _inbox.c.leased_until == bindparam("until", type_=_inbox.c.leased_until.type)
    handled = update(_inbox).where(among_given(dialect, _inbox.c.id, "events"), mine)
    return handled.values(finished_at=bindparam("at"), leased_until=None, error=bindparam("complaint"))


def _event(row: Row[Any]) -> Event:
    return Event(row.event_id, row.workspace, row.body, row.message_key, row.thread, row.changes)
