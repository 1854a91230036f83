"""Channels that get another id: the one place that goes through all tables for what names a channel."""

from __future__ import annotations

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    UniqueConstraint,
    and_,
    case,
    delete,
    func,
    literal,
    select,
    update,
)

from papers.note import ChannelKind
from storage import tables
from storage.statements import contains, make_sure

_CHANNELS = (tables.follows.c.follower, tables.follows.c.target, tables.tellings.c.follower)
"""Columns that are a channel's id, beside those that are called `channel`."""

_NAMING = (
    tables.shares.c.origin,
    tables.comments.c.origin,
    tables.claims.c.origin,
    tables.reads.c.origin,
    tables.acts.c.origin,
    tables.acts.c.facts,
    tables.outbox.c.key,
    tables.outbox.c.origin,
)
"""Columns that have a channel's id within: by them it is known what was told already, and what can be undone."""


def renumber(connection: Connection, workspace: str, before: str, now: str) -> bool:
    """All that names the channel `before` names `now`. False if nothing does. The caller holds the workspace.

    Of two rows that would be one by then the older stays: it knows what stands in Slack.
    """
    known = connection.execute(select(tables.channels).where(_is(workspace, before))).first()
    if before == now or known is None:
        return False
    make_sure(connection, tables.channels, {"workspace": workspace, "id": now})
    kept = {name: getattr(known, name) for name in ("name", "external", "was_external", "joined_at", "left_at")}
    # Under the new id it may have been heard to be private, as under the old one it was not.
    public = tables.channels.c.kind.in_((ChannelKind.PUBLIC.value, ChannelKind.UNKNOWN.value))
    kind = case((public, known.kind), else_=tables.channels.c.kind)
    values = kept | {"kind": kind, "learned_at": None}
    connection.execute(update(tables.channels).where(_is(workspace, now)).values(values))
    for table in tables.metadata.sorted_tables:
        for column in table.columns:
            if any(column is one for one in _NAMING):
                _rename(connection, table, column.key, workspace, before, now, within=True)
            elif column.key == "channel" or any(column is one for one in _CHANNELS):
                _rename(connection, table, column.key, workspace, before, now, within=False)
    _redirect_events(connection, workspace, before, now)
    connection.execute(delete(tables.channels).where(_is(workspace, before)))
    return True


def _rename(
    connection: Connection, table: Table, name: str, workspace: str, before: str, now: str, *, within: bool
) -> None:
    """Let the rows that name the old id, alone or `within` a text, name the new one.

    Rows that would then be the same make room.
    """

    def old(column: ColumnElement[str]) -> ColumnElement[bool]:
        return contains(connection, column, literal(before)) if within else column == before

    older = table.alias("older")
    for key in _keys(table):
        if name in key:
            same = [older.c[one] == table.c[one] for one in key if one != name]
            alike = func.replace(older.c[name], before, now) == table.c[name]
            clash = select(literal(1)).select_from(older).where(old(older.c[name]), alike, *same).correlate(table)
            connection.execute(delete(table).where(_ours(table, workspace), ~old(table.c[name]), clash.exists()))
    theirs = update(table).where(_ours(table, workspace), old(table.c[name]))
    connection.execute(theirs.values({name: func.replace(table.c[name], before, now)}))


def _keys(table: Table) -> list[set[str]]:
    """The sets of columns in which no two rows of the table are alike."""
    keys = [set(one.columns.keys()) for one in table.constraints if isinstance(one, UniqueConstraint)]
    keys += [{str(column.key) for column in one.columns} for one in table.indexes if one.unique]
    return [*keys, set(table.primary_key.columns.keys())]


def _ours(table: Table, workspace: str) -> ColumnElement[bool]:
    if "workspace" in table.c:
        return table.c.workspace == workspace
    # Groups know their workspace only by their tags.
    return table.c.tag_id.in_(select(tables.tags.c.id).where(tables.tags.c.workspace == workspace))


def _redirect_events(connection: Connection, workspace: str, before: str, now: str) -> None:
    """What waits in the inbox and happened in the channel is handled as having happened under the new id."""
    inbox = tables.inbox
    waits = and_(
        inbox.c.workspace == workspace,
        inbox.c.finished_at.is_(None),
        contains(connection, inbox.c.body, literal(before)),
    )
    told = {name: func.replace(inbox.c[name], before, now) for name in ("body", "thread")}
    connection.execute(update(inbox).where(waits).values(told))


def _is(workspace: str, channel: str) -> ColumnElement[bool]:
    return and_(tables.channels.c.workspace == workspace, tables.channels.c.id == channel)
