"""Reading notes: which of them, and each as one audience sees it. Nine queries at most, however many notes."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, ColumnElement, Connection, Row, Select, select

from papers.images import Image
from papers.mentions import SOMEONE
from papers.note import (
    Audience,
    Channel,
    ChannelKind,
    Comment,
    Member,
    Message,
    Note,
    Reader,
    Share,
    Tag,
)
from papers.paper import PaperId
from papers.periods import Period
from papers.reader_shelf import Mark, Own
from papers.work import in_parts, message_key
from storage.images import images_shown
from storage.note_statements import (
    IDS,
    NOTED_THREADS,
    SHARED_BY,
    comments_of,
    newest_of,
    notes_of,
    readers_of,
    shares_of,
    tags_of,
    those_of,
)
from storage.paper_rows import is_paper
from storage.papers import paper_of
from storage.people import unsaid_of
from storage.readers import owned
from storage.searching import search
from storage.sight import first_seen_share, seen, seen_note, seen_share
from storage.tables import (
    note_tags,
    notes,
    shares,
    tags,
)
from storage.tag_rows import known_by
from storage.translations import translation_of
from storage.twins import twins_of

COMMON = 1_000
"""A tag that was set more often is common: notes that carry it are soon met."""

SHARES_LOOKED_AT = 5
"""How many shares are looked at for each recent note that is asked for."""


class NoteReads:
    """The reading half of the port `NoteShelf`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, note_id: int, audience: Audience) -> Note | None:
        """The note as the audience sees it: only shares, tags and comments made in channels it may see."""
        return next(iter(self.several((note_id,), audience)), None)

    def of_paper(self, paper_id: PaperId, audience: Audience) -> Note | None:
        """The note on a paper as the audience sees it, or None."""
        return next(iter(self._read(audience, is_paper(paper_id))), None)

    def several(self, note_ids: Collection[int], audience: Audience) -> tuple[Note, ...]:
        """Those of these notes that the audience sees, as it sees them, by id."""
        return tuple(sorted(self._those(note_ids, audience), key=lambda note: note.id))

    def recent_in(self, audience: Audience, limit: int) -> tuple[Note, ...]:
        """Up to `limit` notes shared last in the audience's own channel, the last one first."""
        last = self._connection.scalars(
            select(shares.c.note_id)
            .where(
                shares.c.workspace == audience.workspace,
                shares.c.channel == audience.channel,
                shares.c.withdrawn_at.is_(None),
            )
            .order_by(shares.c.shared_at.desc(), shares.c.id.desc())
            # A paper may have been shared several times: so many shares are looked at, and no more.
            .limit(limit * SHARES_LOOKED_AT if limit > 1 else 1)
        )
        ids = list(dict.fromkeys(last))[:limit]
        found = {note.id: note for note in self._those(ids, audience)}
        return tuple(found[note_id] for note_id in ids if note_id in found)

    def of_thread(self, thread: Message) -> tuple[int, ...]:
        """The notes that the thread of a message is about, in the order of their shares."""
        return self._shared_by(thread, shares.c.ts) or self._shared_by(thread, shares.c.thread_ts)

    def noted_threads(self, threads: Collection[str]) -> frozenset[str]:
        """Those of the threads, named as in the inbox, that are about a note."""
        if not threads:
            return frozenset()
        workspaces, channels, stamps = map(set, zip(*map(in_parts, threads), strict=True))
        given = {"workspaces": workspaces, "channels": channels, "stamps": stamps}
        return frozenset(message_key(*row) for row in self._connection.execute(NOTED_THREADS, given)) & {*threads}

    def shared_by(self, message: Message) -> tuple[int, ...]:
        """The notes on the papers that this very message shares, in the order of their shares."""
        return self._shared_by(replace(message, thread_ts=None), shares.c.ts)

    def select(
        self,
        audience: Audience,
        *,
        tag: str | None = None,
        own: Own | None = None,
        period: Period | None = None,
        channel: str | None = None,
        limit: int | None = None,
    ) -> tuple[Note, ...]:
        """Notes as the audience sees them, newest first by (noted_at, id)."""
        only = []
        if period is not None or channel is not None:
            only.append(_shared(audience, period, channel))
        until = period.end if period else None
        if tag is not None:
            only.append(_tagged(audience, tag, until))
        if own is not None:
            only.append(owned(audience, own))
        if limit is not None and self._begins_soon(audience, tag, own) and period is None and channel is None:
            return self._those(self._newest(audience, only, limit), audience)
        return self._read(audience, *only, limit=limit, until=until)

    def pick(self, audience: Audience, *, own: Own | None = None, limit: int) -> tuple[int, ...]:
        """The ids of the notes that `select` would give."""
        only = [] if own is None else [owned(audience, own)]
        if self._begins_soon(audience, None, own):
            return self._newest(audience, only, limit)
        chosen = (
            select(notes.c.id)
            .where(seen_note(audience), *only)
            .order_by(first_seen_share(audience).desc(), notes.c.id.desc())
            .limit(limit)
        )
        return tuple(self._connection.scalars(chosen))

    def _begins_soon(self, audience: Audience, tag: str | None, own: Own | None) -> bool:
        """Whether the first notes of a kind are found soon on a walk from the newest note on.

        What is on few notes is sooner found by what it is on.
        """
        if own is not None and own.mark is not Mark.UNREAD:
            return False
        if tag is None:
            return True
        used = select(tags.c.id).where(tags.c.id.in_(known_by(audience.workspace, tag)), tags.c.uses > COMMON)
        return self._connection.scalar(used.limit(1)) is not None

    def _newest(self, audience: Audience, only: Sequence[ColumnElement[bool]], limit: int) -> tuple[int, ...]:
        chosen = newest_of(audience)
        if only:
            chosen = chosen.join(notes, notes.c.id == shares.c.note_id).where(*only)
        return tuple(self._connection.scalars(chosen.limit(limit)))

    def search(
        self, audience: Audience, words: Sequence[str], *, limit: int, best: bool = False
    ) -> tuple[Note, ...]:
        """Up to `limit` notes with all of these folded words, the newest or the best match first."""
        ids = search(self._connection, audience, words, limit, best)
        found = self._those(ids, audience)
        return tuple(sorted(found, key=lambda note: ids.index(note.id))) if best else found

    def _shared_by(self, thread: Message, stamp: Column[Any]) -> tuple[int, ...]:
        where = {"workspace": thread.workspace, "channel": thread.channel, "stamp": thread.thread}
        return tuple(dict.fromkeys(self._connection.scalars(SHARED_BY[stamp], where)))

    def _read(
        self,
        audience: Audience,
        *only: ColumnElement[bool],
        limit: int | None = None,
        until: datetime | None = None,
    ) -> tuple[Note, ...]:
        chosen = notes_of(audience).where(*only).limit(limit)
        return self._filled(audience, self._connection.execute(chosen).all(), until)

    def _those(self, note_ids: Collection[int], audience: Audience) -> tuple[Note, ...]:
        chosen = those_of(audience, self._connection.dialect.name)
        return self._filled(audience, self._connection.execute(chosen, {IDS: note_ids}).all())

    def _filled(
        self, audience: Audience, rows: Sequence[Row[Any]], until: datetime | None = None
    ) -> tuple[Note, ...]:
        """The notes of these rows with all that is told of them, or was shared, tagged and said until then."""
        if not rows:
            return ()
        ids = [row.note_id for row in rows]
        dialect = self._connection.dialect.name
        their_shares = self._grouped(shares_of(audience, dialect), ids, "shared_at", until)
        their_tags = self._grouped(tags_of(audience, dialect), ids, "tagged_at", until)
        twins = twins_of(self._connection, audience, [row.row for row in rows])
        their_comments = self._grouped(comments_of(audience, dialect), ids, "written_at", until)
        their_readers = self._grouped(readers_of(audience, dialect), ids, "claimed_at", until)
        unsaid = unsaid_of(self._connection, audience) if their_comments else None
        pictures = images_shown(self._connection, audience, ids, unsaid) if their_comments else {}
        return tuple(
            Note(
                id=row.note_id,
                workspace=audience.workspace,
                paper=paper_of(row),
                noted_at=row.noted_at,
                change=row.change,
                shares=tuple(map(_share, their_shares[row.note_id])),
                tags=tuple(dict.fromkeys(_tag(one.name, one.key) for one in their_tags[row.note_id])),
                comments=tuple(
                    _comment(one, unsaid, pictures.get(one.id, ())) for one in their_comments[row.note_id]
                ),
                readers=_readers(their_readers[row.note_id]),
                twins=twins.get(row.row, ()),
                translation=translation_of(row),
            )
            for row in rows
        )

    def _grouped(
        self, query: Select[Any], ids: Collection[int], at: str, until: datetime | None
    ) -> dict[int, list[Row[Any]]]:
        """By note, the rows that came before `until`, if it is given; `at` names their time."""
        grouped: dict[int, list[Row[Any]]] = defaultdict(list)
        for row in self._connection.execute(query, {IDS: ids}):
            if until is None or getattr(row, at) < until:
                grouped[row.note_id].append(row)
        return grouped


def _tagged(audience: Audience, key: str, until: datetime | None) -> ColumnElement[bool]:
    """The note has, in the eyes of the audience, the tag with this key or another name; until then, if given."""
    found = select(note_tags.c.note_id).where(
        note_tags.c.tag_id.in_(known_by(audience.workspace, key)), seen(note_tags, audience)
    )
    return notes.c.id.in_(found.where(note_tags.c.tagged_at < until) if until else found)


def _shared(audience: Audience, period: Period | None, channel: str | None) -> ColumnElement[bool]:
    """The note was shared then, or there, where the audience sees it."""
    found = select(shares.c.note_id).where(shares.c.workspace == audience.workspace, seen_share(audience))
    if period is not None:
        found = found.where(shares.c.shared_at >= period.start, shares.c.shared_at < period.end)
    if channel is not None:
        found = found.where(shares.c.channel == channel)
    return notes.c.id.in_(found)


def _readers(rows: Sequence[Row[Any]]) -> tuple[Reader, ...]:
    """Each member once, whoever came first being first, until the last of their claims ends."""
    found: dict[str, Reader] = {}
    for row in rows:
        member = _member(row.member_id, row.member_name, row.member_language, row.member_feed)
        first = found.get(member.id)
        until = max(first.until, row.until) if first else row.until
        found[member.id] = Reader(member, first.since if first else row.claimed_at, until)
    return tuple(found.values())


def _share(row: Row[Any]) -> Share:
    message = Message(row.workspace, row.channel_id, row.ts, row.thread_ts)
    return Share(*_by(row), message, row.shared_at, row.version)


def _comment(row: Row[Any], unsaid: re.Pattern[str] | None, pictures: tuple[Image, ...]) -> Comment:
    message = None if row.ts is None else Message(row.workspace, row.channel_id, row.ts, row.thread_ts)
    text = unsaid.sub(SOMEONE, row.text) if unsaid else row.text
    return Comment(*_by(row), text, row.written_at, message, row.edited, pictures)


def _by(row: Row[Any]) -> tuple[Member, Channel]:
    member = _member(row.member_id, row.member_name, row.member_language, row.member_feed)
    named = row.channel_id, row.channel_name, row.channel_kind
    return member, _channel(*named, row.channel_external, row.channel_was_external)


# The same few people, channels and tags stand on many notes; making their values anew took half the time.
@lru_cache(maxsize=4096)
def _member(member: str, name: str, language: str, feed: str) -> Member:
    return Member(member, name, language, feed=feed)


@lru_cache(maxsize=4096)
def _channel(channel: str, name: str, kind: str, external: bool, was_external: bool) -> Channel:
    return Channel(channel, name, ChannelKind(kind), external, was_external)


@lru_cache(maxsize=4096)
def _tag(name: str, key: str) -> Tag:
    return Tag(name, key)
