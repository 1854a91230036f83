"""What people and workspaces have settled, and by whom."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, Row, and_, bindparam, or_, select, union, update

from papers.note import Member
from papers.settled import Personal, Setting, Settled, Value
from storage.search_index import index_places
from storage.stamps import hold_workspace, say_anew, stamp, stamp_pages
from storage.statements import insert, make_sure
from storage.tables import channels, claims, comments, members, note_tags, notes, settled, shares, workspaces

COLUMNS: Mapping[Setting, str] = {
    Setting.TEAM_LANGUAGE: "language",
    Setting.ZONE: "zone",
    Setting.NAMES: "shows_names",
    Setting.QUIET_DAYS: "quiet_days",
    Setting.QUIET_HERE: "quiet_here",
    Setting.PUBLISH_EXTERNAL: "publishes_external",
}
"""Where the workspace's row keeps each setting."""


# Whoever was forgotten is named nowhere until they say otherwise.
_NAMED = and_(members.c.named, members.c.nameless.is_(False)).label("named")
_PERSONAL = select(members.c.own_language, _NAMED, members.c.feed).where(
    members.c.workspace == bindparam("workspace"), members.c.id == bindparam("member")
)


class StoredSettings:
    """The port `SettingsShelf`, kept in tables."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def personal(self, workspace: str, member: str) -> Personal:
        """What a member has settled; the defaults for one who has not, but no name of one who was forgotten."""
        row = self._row(workspace, member)
        return Personal() if row is None else Personal(row.own_language, row.named, bool(row.feed))

    def _row(self, workspace: str, member: str) -> Row[str, bool, str] | None:
        return self._connection.execute(_PERSONAL, {"workspace": workspace, "member": member}).first()

    def settle_personal(self, workspace: str, member: str, wish: Personal) -> None:
        """From now on this holds for the member. Stamps the workspace's notes if names or feeds appear or go."""
        hold_workspace(self._connection, workspace)
        before = self.personal(workspace, member)
        # Whoever was forgotten and settles something is known again from now on.
        values = {"own_language": wish.language, "named": wish.named, "nameless": False}
        if before.feed != wish.feed:
            # By chance, so that it tells nothing; and another each time, so that what is gone stays gone.
            values["feed"] = secrets.token_hex(5) if wish.feed else ""
        row = insert(self._connection, members).values(workspace=workspace, id=member, **values)
        self._connection.execute(row.on_conflict_do_update(index_elements=["workspace", "id"], set_=values))
        if (before.named, before.feed) != (wish.named, wish.feed):
            stamp_pages(self._connection, workspace)

    def settle(self, workspace: str, setting: Setting, value: Value, member: str, at: datetime) -> None:
        """From now on this holds for the workspace, settled by that member."""
        hold_workspace(self._connection, workspace)
        make_sure(self._connection, members, {"workspace": workspace, "id": member})
        self._connection.execute(
            update(workspaces)
            .where(workspaces.c.id == workspace)
            .values({COLUMNS[setting]: value, "change": workspaces.c.change + 1})
        )
        by = {"member": member, "settled_at": at}
        row = insert(self._connection, settled).values(workspace=workspace, setting=setting.value, **by)
        self._connection.execute(row.on_conflict_do_update(index_elements=["workspace", "setting"], set_=by))
        if setting is Setting.NAMES:
            stamp_pages(self._connection, workspace)
        if setting is Setting.PUBLISH_EXTERNAL:
            self._open_external(workspace)

    def _open_external(self, workspace: str) -> None:
        """What was made in external channels is seen by others now, or no longer: what shows it learns of it."""
        both_sides = or_(channels.c.external, channels.c.was_external)
        external = select(channels.c.id).where(channels.c.workspace == workspace, both_sides)
        made = (
            select(act.c.note_id).where(act.c.workspace == workspace, act.c.channel.in_(external))
            for act in (shares, comments, note_tags, claims)
        )
        concerned = notes.c.id.in_(union(*made))
        stamp(self._connection, concerned)
        index_places(self._connection, concerned)
        for channel in self._connection.scalars(external).all():
            say_anew(self._connection, workspace, channel)

    def settled(self, workspace: str) -> tuple[Settled, ...]:
        """What people have settled for the workspace, by setting."""
        by_whom = (
            select(settled.c.setting, settled.c.settled_at, members.c.id, members.c.name)
            .join(members, (members.c.workspace == settled.c.workspace) & (members.c.id == settled.c.member))
            .where(settled.c.workspace == workspace)
            .order_by(settled.c.setting)
        )
        return tuple(
            Settled(Setting(row.setting), Member(row.id, row.name), row.settled_at)
            for row in self._connection.execute(by_whom)
        )
