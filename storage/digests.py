"""The digests that people ordered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, case, select, update

from papers.digest_order import DigestOrder, Scope
from storage.stamps import hold_workspace
from storage.statements import insert, make_sure
from storage.tables import digest_orders as table

_IDENTITY = ["workspace", "channel", "scope", "tag"]


class StoredDigests:
    """The port `DigestShelf`, kept in a table."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def order(self, order: DigestOrder, at: datetime) -> None:
        """From now on it comes, at this time of the week. Ordered before, its time and its member change."""
        hold_workspace(self._connection, order.workspace)
        row = insert(self._connection, table).values(**_row(order, at))
        # What was not told while it was stopped is not told afterwards.
        since = case((table.c.stopped, row.excluded.ordered_at), else_=table.c.ordered_at)
        new = {"weekly": order.weekly, "member": order.member, "stopped": False, "ordered_at": since}
        again = row.on_conflict_do_update(index_elements=_IDENTITY, set_=new)
        self._connection.execute(again)

    def order_first(self, order: DigestOrder, at: datetime) -> None:
        """Let it come, unless it was ever ordered or stopped before."""
        hold_workspace(self._connection, order.workspace)
        make_sure(self._connection, table, _row(order, at))

    def stop(self, workspace: str, channel: str, scope: Scope, tag: str = "") -> int:
        """Let the channel's digest of this come no more. Returns how many there were: one, or none."""
        here = (table.c.workspace == workspace, table.c.channel == channel, ~table.c.stopped)
        meant = (*here, table.c.scope == scope.value, table.c.tag == tag)
        stopped = update(table).where(*meant).values(stopped=True).returning(table.c.id)
        return len(self._connection.execute(stopped).all())

    def orders(self, workspace: str) -> tuple[DigestOrder, ...]:
        """Those that come, by id."""
        coming = select(table).where(table.c.workspace == workspace, ~table.c.stopped).order_by(table.c.id)
        return tuple(
            DigestOrder(
                workspace=row.workspace,
                channel=row.channel,
                scope=Scope(row.scope),
                tag=row.tag,
                weekly=row.weekly,
                member=row.member,
                id=row.id,
                ordered_at=row.ordered_at,
            )
            for row in self._connection.execute(coming)
        )


def _row(order: DigestOrder, at: datetime) -> dict[str, Any]:
    return {
        "workspace": order.workspace,
        "channel": order.channel,
        "scope": order.scope.value,
        "tag": order.tag,
        "weekly": order.weekly,
        "member": order.member,
        "ordered_at": at,
    }
