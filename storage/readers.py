"""Who has read what, and who is reading it."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, select

from papers.note import Audience
from papers.reader_shelf import Claim, Mark, Own, ReadMark
from storage.people import make_sure_of_people
from storage.sight import seen
from storage.stamps import hold, hold_note, stamp
from storage.statements import among, insert, make_sure, put_if_new
from storage.tables import claims, members, notes, reads


class StoredReaders:
    """The port `ReaderShelf`, kept in tables."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def mark_read(self, note_id: int, origin: str, member: str, at: datetime) -> bool:
        """The member has read the note's paper. True if that was not known."""
        workspace = hold_note(self._connection, note_id)
        make_sure(self._connection, members, {"workspace": workspace, "id": member})
        mark = {"note_id": note_id, "origin": origin, "workspace": workspace, "member": member, "read_at": at}
        return put_if_new(self._connection, reads, **mark)

    def mark_unread(self, note_id: int, member: str, origin: str | None = None) -> bool:
        """The member has not read it; with an `origin`, only if that act said so. True if they had."""
        theirs = [reads.c.note_id == note_id, reads.c.member == member]
        if origin is not None:
            theirs.append(reads.c.origin == origin)
        return self._connection.execute(delete(reads).where(*theirs)).rowcount > 0

    def read_mark(self, note_id: int, member: str) -> ReadMark | None:
        """The member's mark of having read the note's paper, if they have."""
        mine = select(reads.c.origin, reads.c.read_at).where(reads.c.note_id == note_id, reads.c.member == member)
        found = self._connection.execute(mine).first()
        return None if found is None else ReadMark(found.origin, found.read_at)

    def read_among(self, member: str, note_ids: Collection[int]) -> frozenset[int]:
        """Those of the notes that the member has read."""
        theirs = among(self._connection, reads.c.note_id, note_ids)
        return frozenset(self._connection.scalars(select(reads.c.note_id).where(theirs, reads.c.member == member)))

    def claim(self, note_id: int, origin: str, member: str, channel: str, at: datetime, until: datetime) -> bool:
        """The member is reading the note's paper, as said in `channel`. True if they had not said so there."""
        workspace = hold_note(self._connection, note_id)
        make_sure_of_people(self._connection, workspace, member, channel)
        by = {"workspace": workspace, "member": member, "channel": channel}
        when = {"claimed_at": at, "until": until}
        if put_if_new(self._connection, claims, note_id=note_id, origin=origin, **by, **when):
            stamp(self._connection, notes.c.id == note_id)
            return True
        again = insert(self._connection, claims).values(note_id=note_id, origin=origin, **by, **when)
        self._connection.execute(
            again.on_conflict_do_update(
                index_elements=["note_id", "member", "channel"],
                set_={"until": until},
                where=claims.c.until < until,
            )
        )
        return False

    def claims(self, note_id: int, member: str) -> tuple[Claim, ...]:
        """The member's claims on the note, in all channels."""
        mine = select(claims).where(claims.c.note_id == note_id, claims.c.member == member).order_by(claims.c.id)
        return tuple(
            Claim(row.channel, row.origin, row.claimed_at, row.until) for row in self._connection.execute(mine)
        )

    def put_down(self, note_id: int, member: str, origin: str | None = None) -> bool:
        """End the member's claims on the note; with an `origin`, only what it made. True if there was one."""
        hold_note(self._connection, note_id)
        theirs = [claims.c.note_id == note_id, claims.c.member == member]
        if origin is not None:
            theirs.append(claims.c.origin == origin)
        return self._end(and_(*theirs)) > 0

    def expire(self, now: datetime, limit: int) -> int:
        """End up to `limit` claims whose time is over. Returns how many."""
        over = claims.c.until <= now
        found = self._connection.execute(
            select(claims.c.id, claims.c.note_id).where(over).order_by(claims.c.until).limit(limit)
        ).all()
        if not found:
            return 0
        hold(self._connection, among(self._connection, notes.c.id, {row.note_id for row in found}))
        # Made again in between, a claim is not over any more.
        return self._end(and_(among(self._connection, claims.c.id, [row.id for row in found]), over))

    def _end(self, which: ColumnElement[bool]) -> int:
        """End claims; the caller holds their workspaces."""
        ended = self._connection.scalars(delete(claims).where(which).returning(claims.c.note_id)).all()
        if ended:
            stamp(self._connection, among(self._connection, notes.c.id, set(ended)))
        return len(ended)


def owned(audience: Audience, own: Own) -> ColumnElement[bool]:
    """The note has this mark of its member; a claim counts if the audience sees it."""
    if own.mark is Mark.READING:
        mine = select(claims.c.note_id).where(
            claims.c.workspace == audience.workspace, claims.c.member == own.member, seen(claims, audience)
        )
        return notes.c.id.in_(mine)
    if own.mark is Mark.READ:
        mine = select(reads.c.note_id).where(reads.c.workspace == audience.workspace, reads.c.member == own.member)
        return notes.c.id.in_(mine)
    return ~select(reads.c.id).where(reads.c.note_id == notes.c.id, reads.c.member == own.member).exists()
