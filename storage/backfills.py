"""The readings of channels' pasts."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, literal_column, select, update

from papers.backfill import Backfill
from storage.people import make_sure_of_people
from storage.stamps import hold_workspace
from storage.statements import claim, put_if_new, served
from storage.tables import backfills as table

_open = table.c.finished_at.is_(None)
# Not with a parameter, which would not lead to the index.
_untold = table.c.told != table.c.messages + literal_column("1")


class StoredBackfills:
    """The port `BackfillShelf`, kept in a table."""

    def __init__(self, connection: Connection, serving: str = "") -> None:
        self._connection = connection
        self._serving = serving

    def start(self, workspace: str, channel: str, member: str, at: datetime, since: datetime) -> Backfill | None:
        """Begin to read a channel's past. None if one of this channel is not finished."""
        hold_workspace(self._connection, workspace)
        make_sure_of_people(self._connection, workspace, member, channel)
        new = put_if_new(
            self._connection,
            table,
            workspace=workspace,
            channel=channel,
            member=member,
            asked_at=at,
            since=since,
            due=at,
        )
        return self.unfinished(workspace, channel) if new else None

    def get(self, backfill: int) -> Backfill | None:
        """One reading, or None."""
        row = self._connection.execute(select(table).where(table.c.id == backfill)).first()
        return _backfill(row) if row else None

    def unfinished(self, workspace: str, channel: str) -> Backfill | None:
        """The channel's reading that is not finished, or None."""
        mine = select(table).where(table.c.workspace == workspace, table.c.channel == channel, _open)
        row = self._connection.execute(mine).first()
        return _backfill(row) if row else None

    def claim(self, now: datetime, lease: timedelta) -> Backfill | None:
        """Lease one whose next stretch is due."""
        first, ours = table.c.id, self._serving
        rows = claim(self._connection, table, _open, 1, now, now + lease, first=first, serving=ours)
        return _backfill(rows[0]) if rows else None

    def keep(self, backfill: Backfill, until: datetime) -> bool:
        """Renew the lease. False if somebody else has read on since it was claimed, or it is stopped or done."""
        renewed = update(table).where(_as_claimed(backfill), _open).values(leased_until=until)
        return self._connection.execute(renewed).rowcount == 1

    def advance(self, backfill: Backfill, reached: str, messages: int, papers: int, due: datetime) -> None:
        """So many more messages are read, down to `reached`, with so many new shares. The next is due then.

        If somebody else has read on since it was claimed, only the shares count: each is new to one alone.
        """
        new = update(table).where(table.c.id == backfill.id).values(papers=table.c.papers + papers)
        self._connection.execute(new)
        read = {"reached": reached, "messages": table.c.messages + messages}
        ended = {"due": due, "leased_until": None, "attempts": 0}
        self._connection.execute(update(table).where(_as_claimed(backfill)).values(read | ended))

    def finish(self, backfill: int, at: datetime, refusal: str = "") -> None:
        """It is done; with a `refusal`, given up."""
        self._connection.execute(
            update(table)
            .where(table.c.id == backfill, _open)
            .values(finished_at=at, refusal=refusal, leased_until=None, told=-1)
        )

    def untold(self, limit: int) -> tuple[Backfill, ...]:
        """Up to `limit` readings that have gone further than their post in Slack tells."""
        ours = select(table).where(_untold, served(table, self._serving))
        rows = self._connection.execute(ours.order_by(table.c.id).limit(limit))
        return tuple(map(_backfill, rows))

    def told(self, backfill: Backfill) -> None:
        """Their post in Slack tells of this much."""
        same = table.c.finished_at == backfill.finished_at if backfill.finished_at else _open
        self._connection.execute(
            update(table).where(table.c.id == backfill.id, same).values(told=backfill.messages + 1)
        )


def _as_claimed(backfill: Backfill) -> ColumnElement[bool]:
    return (table.c.id == backfill.id) & (table.c.reached == backfill.reached)


def _backfill(row: Row[Any]) -> Backfill:
    return Backfill(
        id=row.id,
        workspace=row.workspace,
        channel=row.channel,
        member=row.member,
        asked_at=row.asked_at,
        since=row.since,
        reached=row.reached,
        messages=row.messages,
        papers=row.papers,
        finished_at=row.finished_at,
        refusal=row.refusal,
    )
