"""Workspaces, channels and members: their names, kinds and settings."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Table,
    and_,
    bindparam,
    func,
    or_,
    select,
    true,
    update,
)

from papers.note import Channel, ChannelKind, Member, Workspace
from papers.settled import Setting, Value
from papers.tags import fold
from storage.renumbering import renumber
from storage.search_index import index_places
from storage.settings import COLUMNS
from storage.sight import gone
from storage.stamps import count_change, hold_workspace, say_anew, stamp, stamp_pages
from storage.statements import among, insert, make_sure
from storage.tables import channels, claims, comments, members, note_tags, notes, settled, shares, workspaces

# Written once: each answer to somebody asks for these.
_WORKSPACE = select(workspaces).where(workspaces.c.id == bindparam("workspace"))
_OWN = func.coalesce(func.nullif(members.c.own_language, ""), members.c.language, "")
_HOME = (
    select(workspaces, _OWN.label("own"))
    .join_from(
        workspaces,
        members,
        and_(members.c.workspace == workspaces.c.id, members.c.id == bindparam("member")),
        isouter=True,
    )
    .where(workspaces.c.id == bindparam("workspace"))
)
_STRANGERS = select(
    ~select(members.c.id)
    .where(
        members.c.workspace == bindparam("workspace"),
        members.c.id == bindparam("member"),
        or_(members.c.name != "", members.c.nameless),
    )
    .exists()
    .label("nameless"),
    ~select(channels.c.id)
    .where(
        channels.c.workspace == bindparam("workspace"),
        channels.c.id == bindparam("channel"),
        channels.c.kind != ChannelKind.UNKNOWN.value,
    )
    .exists()
    .label("unknown"),
)
_ONE = {
    table: select(table).where(table.c.workspace == bindparam("workspace"), table.c.id == bindparam("of_id"))
    for table in (members, channels)
}
_KNOWN_AS_PUBLIC = channels.c.kind == ChannelKind.PUBLIC.value
_CLOSED = (ChannelKind.PRIVATE, ChannelKind.DIRECT)
_MADE_IN_CHANNELS = (shares, comments, note_tags, claims)


class StoredDirectory:
    """The port `Directory`, kept in tables."""

    def __init__(self, connection: Connection, serving: str = "") -> None:
        self._connection = connection
        self._serving = serving

    def workspaces(self) -> tuple[Workspace, ...]:
        """The workspaces that are served, by id."""
        ours = workspaces.c.id == self._serving if self._serving else true()
        rows = self._connection.execute(select(workspaces).where(ours))
        return tuple(sorted(map(_workspace, rows), key=lambda one: one.id))

    def workspace(self, workspace: str) -> Workspace | None:
        """One workspace, or None."""
        row = self._connection.execute(_WORKSPACE, {"workspace": workspace}).first()
        return None if row is None else _workspace(row)

    def home(self, workspace: str, member: str) -> tuple[Workspace, str] | None:
        """A workspace, and the language in which a member is answered there; None if it is not known.

        The language is the one they chose, else Slack's own for them, else the workspace's.
        """
        row = self._connection.execute(_HOME, {"workspace": workspace, "member": member}).first()
        return None if row is None else (_workspace(row), row.own or row.language)

    def ensure_workspace(self, workspace: Workspace, at: datetime) -> None:
        """Make sure the workspace is there with this name and url, and has Fusen.

        Language and zone hold too, except where people have settled them.
        """
        if not hold_workspace(self._connection, workspace.id):
            make_sure(self._connection, workspaces, {"id": workspace.id, "since": at})
            hold_workspace(self._connection, workspace.id)
        given: dict[Setting, Value] = {Setting.TEAM_LANGUAGE: workspace.language, Setting.ZONE: workspace.zone}
        kept = set(self._connection.scalars(select(settled.c.setting).where(settled.c.workspace == workspace.id)))
        values = {COLUMNS[setting]: value for setting, value in given.items() if setting not in kept}
        self._connection.execute(
            update(workspaces)
            .where(workspaces.c.id == workspace.id)
            .values(name=workspace.name, url=workspace.url, left_at=None, **values)
        )

    def leave(self, workspace: str, at: datetime | None) -> None:
        """The workspace took Fusen away at that time, or (None) has it after all. The first time holds."""
        first = None if at is None else func.coalesce(workspaces.c.left_at, at)
        self._connection.execute(update(workspaces).where(workspaces.c.id == workspace).values(left_at=first))

    def left(self) -> dict[str, datetime]:
        """The workspaces that took Fusen away, and when."""
        gone = select(workspaces.c.id, workspaces.c.left_at).where(workspaces.c.left_at.is_not(None))
        return {row.id: row.left_at for row in self._connection.execute(gone)}

    def member(self, workspace: str, member: str) -> Member:
        """The member, nameless if not known."""
        row = self._one(members, workspace, member)
        return Member(member) if row is None else Member(row.id, row.name, row.language, row.bot)

    def named_in(self, workspace: str, folded: str) -> tuple[str, ...]:
        """The names of members that stand in a folded text behind an `@`, folded."""
        # No database folds as `fold` does.
        named = select(members.c.name).where(members.c.workspace == workspace, members.c.name != "")
        return tuple(name for name in map(fold, self._connection.scalars(named)) if "@" + name in folded)

    def channel(self, workspace: str, channel: str) -> Channel:
        """The channel, nameless and of unknown kind if not known."""
        row = self._one(channels, workspace, channel)
        if row is None:
            return Channel(channel)
        return Channel(row.id, row.name, ChannelKind(row.kind), row.external, row.was_external)

    def store_member(self, workspace: str, member: Member, at: datetime) -> None:
        """Keep a member's name, language and kind. Stamps the notes that show the name, if it changed.

        Of one who asked to be forgotten nothing is kept.
        """
        hold_workspace(self._connection, workspace)
        if self._is_nameless(workspace, member.id):
            return
        before = self.member(workspace, member.id)
        told = {"name": member.name, "language": member.language, "bot": member.bot}
        self._learn(members, workspace, member.id, told, at)
        if before.name != member.name:
            self._stamp_where((shares, comments, claims), "member", workspace, member.id)
            # Others' comments may mention by name whom pages do not name.
            if not self._is_named(workspace, member.id):
                stamp_pages(self._connection, workspace)

    def strangers(self, workspace: str, member: str, channel: str) -> tuple[bool, bool]:
        """Whether the member's name is not known and may be learned; whether the channel's kind is not known."""
        asked = {"workspace": workspace, "member": member, "channel": channel}
        row = self._connection.execute(_STRANGERS, asked).one()
        return bool(row.nameless), bool(row.unknown)

    def store_channel(self, workspace: str, channel: Channel, at: datetime) -> bool:
        """Keep a channel's name and kind. Stamps the notes shared in it, if either changed.

        Also those tagged, commented on or claimed in it: its kind decides who sees that. Where others may read it
        from now on, or no longer, what Fusen said there is said anew. True if a closed channel has become public,
        or an external one that is public was disconnected: its people are owed word of it, unless its notes were
        published anyway.
        """
        hold_workspace(self._connection, workspace)
        before = self.channel(workspace, channel.id)
        ended = before.external and not channel.external
        channel = replace(channel, was_external=before.was_external or ended)
        told = {"name": channel.name, "kind": channel.kind.value}
        both_sides = {"external": channel.external, "was_external": channel.was_external}
        self._learn(channels, workspace, channel.id, told | both_sides, at)
        if before != channel:
            others = (before.kind, before.external) != (channel.kind, channel.external)
            self._show_anew(workspace, channel.id, seen_by_others=others)
            if others:
                say_anew(self._connection, workspace, channel.id)
        if channel.kind is not ChannelKind.PUBLIC or not (ended or before.kind in _CLOSED):
            return False
        home = self.workspace(workspace)
        return home is not None and not home.publishes(before)

    def ask(self, workspace: str, channel: str, at: datetime) -> None:
        """Slack is about to be asked what the channel is: of several answers that of the last question counts."""
        hold_workspace(self._connection, workspace)
        make_sure(self._connection, channels, {"workspace": workspace, "id": channel})
        self._connection.execute(update(channels).where(_is(workspace, channel)).values(asked_at=at))

    def answered(self, workspace: str, channel: str, asked_at: datetime) -> bool:
        """Slack has answered what it was asked then. False if something was heard or asked since: it is void."""
        hold_workspace(self._connection, workspace)
        awaited = and_(_is(workspace, channel), channels.c.asked_at == asked_at)
        return self._connection.execute(update(channels).where(awaited).values(asked_at=None)).rowcount == 1

    def is_news(self, workspace: str, channel: str, private: bool, external: bool) -> bool:
        """Whether it is to be heard of a channel that it is private, or external, as far as it is said to be."""
        row = self._one(channels, workspace, channel)
        if row is None:
            return external
        known_otherwise = (private and row.kind == ChannelKind.PUBLIC.value) or (external and not row.external)
        return known_otherwise or row.asked_at is not None

    def hear_external(self, workspace: str, channel: str, at: datetime) -> bool:
        """The channel is shared with another organisation. True if that was not known; then it is as stored."""
        hold_workspace(self._connection, workspace)
        make_sure(self._connection, channels, {"workspace": workspace, "id": channel})
        return self._hear(workspace, channel, at, ~channels.c.external, external=True)

    def hear_private(self, workspace: str, channel: str, at: datetime) -> bool:
        """The channel is a private one. True if it was known as a public one; then it is stored."""
        hold_workspace(self._connection, workspace)
        return self._hear(workspace, channel, at, _KNOWN_AS_PUBLIC, kind=ChannelKind.PRIVATE.value)

    def doubt(self, workspace: str, channel: str, at: datetime) -> bool:
        """Nobody can say what the channel is. True if it was known as a public one: that is no longer stored."""
        hold_workspace(self._connection, workspace)
        return self._hear(workspace, channel, at, _KNOWN_AS_PUBLIC, kind=ChannelKind.UNKNOWN.value)

    def _hear(
        self, workspace: str, channel: str, at: datetime, otherwise: ColumnElement[bool], **told: object
    ) -> bool:
        """Take in what was told of a channel at that time, if it was not learned since. True if that is news."""
        since = or_(channels.c.learned_at.is_(None), channels.c.learned_at <= at)
        here = update(channels).where(_is(workspace, channel), since)
        # Asked about again soon, in case that Slack cannot be asked at once; what it was asked before is void,
        # also where nothing else is told than what is known: it may answer what has been in between.
        again = {"learned_at": None, "asked_at": None}
        if not self._connection.execute(here.where(otherwise).values(again | told)).rowcount:
            self._connection.execute(here.where(channels.c.asked_at.is_not(None)).values(again))
            return False
        self._show_anew(workspace, channel)
        say_anew(self._connection, workspace, channel)
        return True

    def renumber(self, workspace: str, before: str, channel: str) -> None:
        """The channel `before` is called by the id `channel` from now on, and so is all that was made in it."""
        hold_workspace(self._connection, workspace)
        if renumber(self._connection, workspace, before, channel):
            self._show_anew(workspace, channel, seen_by_others=False)

    def hear_presence(self, workspace: str, channel: str, here: bool, at: datetime) -> bool:
        """Fusen was in the channel at that time, or was not. Words may come in any order: the latest holds.

        Stamps the notes shared, tagged or commented on in it, if it was gone and is back, or is gone now.
        """
        hold_workspace(self._connection, workspace)
        make_sure(self._connection, channels, {"workspace": workspace, "id": channel})
        this = _is(workspace, channel)
        moment = channels.c.joined_at if here else channels.c.left_at
        before = self._connection.scalar(select(gone()).where(this))
        self._connection.execute(
            update(channels).where(this, or_(moment.is_(None), moment < at)).values({moment: at})
        )
        changed = before != self._connection.scalar(select(gone()).where(this))
        if changed:
            self._show_anew(workspace, channel)
        return changed

    def is_in(self, workspace: str, channel: str) -> bool:
        """Whether Fusen is known to be in the channel."""
        known = select(channels.c.id).where(
            channels.c.workspace == workspace, channels.c.id == channel, channels.c.joined_at.is_not(None), ~gone()
        )
        return self._connection.execute(known).first() is not None

    def members_to_ask(self, workspace: str, asked_before: datetime, limit: int) -> tuple[str, ...]:
        """Ids of members who appear on notes and whose name was last learned before then, or never: they first."""
        return self._to_ask(members, (shares, comments, claims), "member", workspace, asked_before, limit)

    def channels_to_ask(self, workspace: str, asked_before: datetime, limit: int) -> tuple[str, ...]:
        """Ids of channels that appear on notes and whose name was last learned before then, or never.

        Also of those that Fusen is in and whose kind is not known. Those last asked about come last.
        """
        return self._to_ask(channels, _MADE_IN_CHANNELS, "channel", workspace, asked_before, limit)

    def _is_nameless(self, workspace: str, member: str) -> bool:
        row = self._one(members, workspace, member)
        return row is not None and bool(row.nameless)

    def _is_named(self, workspace: str, member: str) -> bool:
        shows = select(workspaces.c.shows_names).where(workspaces.c.id == workspace).scalar_subquery()
        named = select(members.c.named & shows).where(members.c.workspace == workspace, members.c.id == member)
        return bool(self._connection.scalar(named))

    def _one(self, table: Table, workspace: str, of_id: str) -> Row[Any] | None:
        return self._connection.execute(_ONE[table], {"workspace": workspace, "of_id": of_id}).first()

    def _learn(self, table: Table, workspace: str, of_id: str, learned: dict[str, Any], at: datetime) -> None:
        values = learned | {"learned_at": at}
        row = insert(self._connection, table).values(workspace=workspace, id=of_id, **values)
        self._connection.execute(row.on_conflict_do_update(index_elements=["workspace", "id"], set_=values))

    def _show_anew(self, workspace: str, channel: str, seen_by_others: bool = True) -> None:
        """The channel is called otherwise now, or others see it: so do others what was made in it."""
        self._stamp_where(_MADE_IN_CHANNELS, "channel", workspace, channel)
        # What is said of a tag stands on no note.
        count_change(self._connection, workspace)
        if seen_by_others:
            index_places(self._connection, _shared_in(workspace, channel))

    def _stamp_where(self, acts: tuple[Table, ...], column: str, workspace: str, of_id: str) -> None:
        found: set[int] = set()
        for act in acts:
            theirs = select(act.c.note_id).where(act.c.workspace == workspace, act.c[column] == of_id)
            found.update(self._connection.scalars(theirs))
        if found:
            stamp(self._connection, among(self._connection, notes.c.id, found))

    def _to_ask(
        self, table: Table, acts: tuple[Table, ...], column: str, workspace: str, before: datetime, limit: int
    ) -> tuple[str, ...]:
        old = or_(table.c.learned_at.is_(None), table.c.learned_at < before)
        may = [members.c.nameless.is_(False)] if table is members else []
        appears = or_(*(_named(act, column, table) for act in acts))
        last: ColumnElement[Any] = table.c.learned_at
        if table is channels:
            old |= channels.c.asked_at.is_not(None)
            last = func.coalesce(channels.c.asked_at, last)  # what was asked in vain waits for its turn
            appears |= (channels.c.kind == ChannelKind.UNKNOWN.value) & channels.c.joined_at.is_not(None) & ~gone()
        found = self._connection.scalars(
            select(table.c.id)
            .where(table.c.workspace == workspace, old, appears, *may)
            .order_by(last.nulls_first(), table.c.id)
            .limit(limit)
        )
        return tuple(found)


def _is(workspace: str, channel: str) -> ColumnElement[bool]:
    return and_(channels.c.workspace == workspace, channels.c.id == channel)


def _named(act: Table, column: str, table: Table) -> ColumnElement[bool]:
    return select(act.c.id).where(and_(act.c.workspace == table.c.workspace, act.c[column] == table.c.id)).exists()


def _workspace(row: Row[Any]) -> Workspace:
    return Workspace(
        id=row.id,
        name=row.name,
        url=row.url,
        language=row.language,
        zone=row.zone,
        change=row.change,
        shows_names=row.shows_names,
        quiet_days=row.quiet_days,
        quiet_here=row.quiet_here,
        publishes_external=row.publishes_external,
    )


def _shared_in(workspace: str, channel: str) -> ColumnElement[bool]:
    here = select(shares.c.note_id).where(shares.c.workspace == workspace, shares.c.channel == channel)
    return notes.c.id.in_(here)
