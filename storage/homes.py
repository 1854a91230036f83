"""The Homes that members have looked at."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, and_, case, delete, select, text, update

from papers.home import FirstSteps, HomeWish
from storage.stamps import hold_workspace
from storage.statements import claim, insert
from storage.tables import comments, homes, shares

# Word for word the condition of the index `ix_homes_wished`: SQLite uses it for nothing else.
_wished = text("shown < wished")


class StoredHomes:
    """The port `HomeShelf`, kept in a table."""

    def __init__(self, connection: Connection, serving: str = "") -> None:
        self._connection = connection
        self._serving = serving

    def opened(self, workspace: str, member: str, direct: str, at: datetime) -> None:
        """The member looks at their Home: it is to be shown anew."""
        self._wish(workspace, member, at, direct=direct)

    def wish(self, workspace: str, member: str, at: datetime) -> bool:
        """The member's Home is to be shown anew, if they have ever looked at it. True if they have."""
        mine = _mine(workspace, member)
        return self._connection.execute(update(homes).where(mine).values(**_anew(at))).rowcount > 0

    def claim(self, now: datetime, lease: timedelta) -> HomeWish | None:
        """Lease a Home that is to be shown anew, or None."""
        first, ours = homes.c.due, self._serving
        rows = claim(self._connection, homes, _wished, 1, now, now + lease, first=first, serving=ours)  # type: ignore[arg-type]  # a text condition is one
        if not rows:
            return None
        row = rows[0]
        return HomeWish(row.id, row.workspace, row.member, row.direct, row.wished, row.attempts)

    def shown(self, wish: HomeWish) -> None:
        """This wish is fulfilled, or given up. Of a forgotten member's Home nothing is kept then."""
        this = and_(homes.c.id == wish.id, homes.c.shown < wish.wish)
        self._connection.execute(update(homes).where(this).values(shown=wish.wish, leased_until=None, attempts=0))
        over = and_(homes.c.leaving, homes.c.shown >= homes.c.wished)
        self._connection.execute(delete(homes).where(homes.c.id == wish.id, over))

    def postpone(self, wish: HomeWish, until: datetime) -> None:
        """The Home could not be shown as it should be: it is to be shown anew from then on."""
        self._connection.execute(update(homes).where(homes.c.id == wish.id).values(due=until, leased_until=None))

    def steps(self, workspace: str, member: str) -> FirstSteps:
        """What the member has done of the first two steps."""
        shared = select(shares.c.id).where(
            shares.c.workspace == workspace, shares.c.member == member, shares.c.withdrawn_at.is_(None)
        )
        said = select(comments.c.id).where(comments.c.workspace == workspace, comments.c.member == member)
        dismissed = select(homes.c.id).where(_mine(workspace, member), homes.c.dismissed_at.is_not(None))
        row = self._connection.execute(select(shared.exists(), said.exists(), dismissed.exists())).one()
        return FirstSteps(*map(bool, row))

    def dismiss(self, workspace: str, member: str, at: datetime) -> None:
        """The member wants to hear of the first steps no more; their Home is to be shown anew."""
        self._wish(workspace, member, at, dismissed_at=at)

    def forget(self, workspace: str, member: str, at: datetime) -> None:
        """What is kept of the member's Home goes, but that it is to be shown once more."""
        gone = {"direct": "", "dismissed_at": None, "leaving": True}
        self._connection.execute(update(homes).where(_mine(workspace, member)).values(**_anew(at), **gone))

    def _wish(self, workspace: str, member: str, at: datetime, **more: Any) -> None:
        if not hold_workspace(self._connection, workspace):
            return
        row = insert(self._connection, homes).values(workspace=workspace, member=member, due=at, **more)
        again = {**_anew(at), "leaving": False, **more}
        self._connection.execute(row.on_conflict_do_update(index_elements=["workspace", "member"], set_=again))


def _mine(workspace: str, member: str) -> ColumnElement[bool]:
    return and_(homes.c.workspace == workspace, homes.c.member == member)


def _anew(at: datetime) -> dict[str, Any]:
    """One wish more: what waits for a better time does not come sooner, and earlier tries do not count."""
    waiting = and_(homes.c.shown < homes.c.wished, homes.c.due > at)
    return {"wished": homes.c.wished + 1, "due": case((waiting, homes.c.due), else_=at), "attempts": 0}
