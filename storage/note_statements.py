"""What is asked of the database about notes, written once for each audience that asked lately."""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

from sqlalchemy import CTE, ColumnElement, Join, Select, Table, and_, bindparam, or_, select, union

from papers.note import Audience
from storage.papers import PAPER_COLUMNS
from storage.sight import KEPT, first_seen_share, seen, seen_note, seen_share, shown_feed, shown_name
from storage.statements import among_given
from storage.tables import (
    channels,
    claims,
    comments,
    members,
    note_tags,
    notes,
    papers,
    shares,
    tags,
    translations,
)
from storage.translations import TRANSLATION_COLUMNS, read_by

IDS = "note_ids"
"""By this name the ids of notes are given to the statements below."""

SHARED_BY = {
    stamp: select(shares.c.note_id)
    .where(
        shares.c.workspace == bindparam("workspace"),
        shares.c.channel == bindparam("channel"),
        shares.c.withdrawn_at.is_(None),
        stamp == bindparam("stamp"),
    )
    .order_by(shares.c.shared_at, shares.c.id)
    for stamp in (shares.c.ts, shares.c.thread_ts)
}
"""The notes shared by the messages with a time stamp, or in the threads with it."""

NOTED_THREADS = union(
    *(
        select(shares.c.workspace, shares.c.channel, stamp).where(
            shares.c.workspace.in_(bindparam("workspaces", expanding=True)),
            shares.c.channel.in_(bindparam("channels", expanding=True)),
            stamp.in_(bindparam("stamps", expanding=True)),
            shares.c.withdrawn_at.is_(None),
        )
        for stamp in (shares.c.ts, shares.c.thread_ts)
    )
)
"""The threads about a note that have one of these workspaces, one of these channels and one of these stamps."""


# To write a statement costs several times what the database takes to answer it: those of the audiences that asked
# last are kept.


@lru_cache(maxsize=KEPT)
def notes_of(audience: Audience) -> Select[Any]:
    """The notes that the audience sees, newest first."""
    noted_at = first_seen_share(audience).label("noted_at")
    return (
        select(
            notes.c.id.label("note_id"),
            noted_at,
            notes.c.change,
            papers.c.id.label("row"),
            *PAPER_COLUMNS,
            *TRANSLATION_COLUMNS,
        )
        .join_from(notes, papers, papers.c.id == notes.c.paper_id)
        .outerjoin(translations, read_by(audience))
        .where(seen_note(audience))
        .order_by(noted_at.desc(), notes.c.id.desc())
    )


_earlier = shares.alias("earlier")


@lru_cache(maxsize=KEPT)
def newest_of(audience: Audience) -> Select[Any]:
    """The ids of the notes that the audience sees, in the order of `notes_of`.

    Walked along the workspace's shares from the last one on, each note at its first share that is seen: so the
    first few cost the same however many notes there are.
    """
    before = or_(
        _earlier.c.shared_at < shares.c.shared_at,
        and_(_earlier.c.shared_at == shares.c.shared_at, _earlier.c.id < shares.c.id),
    )
    first = ~(
        select(_earlier.c.id)
        .where(_earlier.c.note_id == shares.c.note_id, _earlier.c.withdrawn_at.is_(None), seen(_earlier, audience))
        .where(before)
        .correlate(shares)
        .exists()
    )
    return (
        select(shares.c.note_id)
        .where(shares.c.workspace == audience.workspace, seen_share(audience), first)
        .order_by(shares.c.shared_at.desc(), shares.c.note_id.desc())
    )


@lru_cache(maxsize=KEPT)
def those_of(audience: Audience, dialect: str) -> Select[Any]:
    """Those of the notes in IDS that the audience sees."""
    return notes_of(audience).where(among_given(dialect, notes.c.id, IDS))


@cache
def rows_of(table: Table, dialect: str) -> CTE:
    """The rows of the notes in IDS.

    PostgreSQL finds them before it looks at anything else. It takes workspace and channel for two things of which
    each narrows, though a channel has one workspace: so it expects next to no row in a channel, and would rather
    read all that was ever said in those that are seen.
    """
    theirs = select(table).where(among_given(dialect, table.c.note_id, IDS))
    return theirs.cte(f"{table.name}_of_notes").prefix_with("MATERIALIZED", dialect="postgresql")


def _who(audience: Audience) -> tuple[ColumnElement[str], ...]:
    return (
        members.c.id.label("member_id"),
        shown_name(audience).label("member_name"),
        members.c.language.label("member_language"),
        shown_feed(audience).label("member_feed"),
    )


def _by_whom(audience: Audience) -> tuple[ColumnElement[str], ...]:
    return (
        *_who(audience),
        channels.c.id.label("channel_id"),
        channels.c.name.label("channel_name"),
        channels.c.kind.label("channel_kind"),
        channels.c.external.label("channel_external"),
        channels.c.was_external.label("channel_was_external"),
    )


def _with_people(rows: CTE, audience: Audience) -> Join:
    who, where = _is(members, audience, rows.c.member), _is(channels, audience, rows.c.channel)
    return rows.join(members, who).join(channels, where)


def _is(table: Table, audience: Audience, named: ColumnElement[str]) -> ColumnElement[bool]:
    # The rows have no other workspace than the audience. Compared with theirs, PostgreSQL would look through all
    # members of the workspace for each row, for most have few.
    return and_(table.c.workspace == audience.workspace, table.c.id == named)


@lru_cache(maxsize=KEPT)
def shares_of(audience: Audience, dialect: str) -> Select[Any]:
    """The shares of the notes in IDS that the audience sees, oldest first."""
    rows = rows_of(shares, dialect)
    columns = (rows.c.note_id, rows.c.workspace, rows.c.ts, rows.c.thread_ts, rows.c.shared_at, rows.c.version)
    return (
        select(*columns, *_by_whom(audience))
        .select_from(_with_people(rows, audience))
        .where(rows.c.withdrawn_at.is_(None), seen(rows, audience))
        .order_by(rows.c.shared_at, rows.c.id)
    )


@lru_cache(maxsize=KEPT)
def tags_of(audience: Audience, dialect: str) -> Select[Any]:
    """The tags of the notes in IDS that the audience sees, in the order in which they came."""
    rows = rows_of(note_tags, dialect)
    return (
        select(rows.c.note_id, tags.c.name, tags.c.key, rows.c.tagged_at)
        .join_from(rows, tags, tags.c.id == rows.c.tag_id)
        .where(seen(rows, audience))
        .order_by(rows.c.id)
    )


@lru_cache(maxsize=KEPT)
def comments_of(audience: Audience, dialect: str) -> Select[Any]:
    """The comments on the notes in IDS that the audience sees, oldest first."""
    rows = rows_of(comments, dialect)
    columns = (rows.c.note_id, rows.c.workspace, rows.c.ts, rows.c.thread_ts, rows.c.written_at)
    return (
        select(*columns, rows.c.id, rows.c.text, rows.c.edited, *_by_whom(audience))
        .select_from(_with_people(rows, audience))
        .where(seen(rows, audience))
        .order_by(rows.c.written_at, rows.c.id)
    )


@lru_cache(maxsize=KEPT)
def readers_of(audience: Audience, dialect: str) -> Select[Any]:
    """Who reads the notes in IDS, as far as the audience sees it."""
    rows = rows_of(claims, dialect)
    return (
        select(rows.c.note_id, rows.c.claimed_at, rows.c.until, *_who(audience))
        .join_from(rows, members, _is(members, audience, rows.c.member))
        .where(seen(rows, audience))
        .order_by(rows.c.claimed_at, rows.c.id)
    )
