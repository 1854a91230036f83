"""What is asked of the database about notes, written once for each audience that asked lately."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, or_, select, union

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
    )


@lru_cache(maxsize=KEPT)
def shares_of(audience: Audience, dialect: str) -> Select[Any]:
    """The shares of the notes in IDS that the audience sees, oldest first."""
    columns = (shares.c.note_id, shares.c.workspace, shares.c.ts, shares.c.thread_ts, shares.c.shared_at)
    return (
        select(*columns, shares.c.version, *_by_whom(audience))
        .join_from(
            shares, members, and_(members.c.workspace == shares.c.workspace, members.c.id == shares.c.member)
        )
        .join(channels, and_(channels.c.workspace == shares.c.workspace, channels.c.id == shares.c.channel))
        .where(seen_share(audience), among_given(dialect, shares.c.note_id, IDS))
        .order_by(shares.c.shared_at, shares.c.id)
    )


@lru_cache(maxsize=KEPT)
def tags_of(audience: Audience, dialect: str) -> Select[Any]:
    """The tags of the notes in IDS that the audience sees, in the order in which they came."""
    return (
        select(note_tags.c.note_id, tags.c.name, tags.c.key)
        .join_from(note_tags, tags, tags.c.id == note_tags.c.tag_id)
        .where(seen(note_tags, audience), among_given(dialect, note_tags.c.note_id, IDS))
        .order_by(note_tags.c.id)
    )


@lru_cache(maxsize=KEPT)
def comments_of(audience: Audience, dialect: str) -> Select[Any]:
    """The comments on the notes in IDS that the audience sees, oldest first."""
    columns = (
        comments.c.note_id,
        comments.c.workspace,
        comments.c.ts,
        comments.c.thread_ts,
        comments.c.written_at,
    )
    return (
        select(*columns, comments.c.id, comments.c.text, comments.c.edited, *_by_whom(audience))
        .join_from(
            comments, members, and_(members.c.workspace == comments.c.workspace, members.c.id == comments.c.member)
        )
        .join(channels, and_(channels.c.workspace == comments.c.workspace, channels.c.id == comments.c.channel))
        .where(seen(comments, audience), among_given(dialect, comments.c.note_id, IDS))
        .order_by(comments.c.written_at, comments.c.id)
    )


@lru_cache(maxsize=KEPT)
def readers_of(audience: Audience, dialect: str) -> Select[Any]:
    """Who reads the notes in IDS, as far as the audience sees it."""
    return (
        select(claims.c.note_id, claims.c.claimed_at, claims.c.until, *_who(audience))
        .join_from(
            claims, members, and_(members.c.workspace == claims.c.workspace, members.c.id == claims.c.member)
        )
        .where(seen(claims, audience), among_given(dialect, claims.c.note_id, IDS))
        .order_by(claims.c.claimed_at, claims.c.id)
    )
