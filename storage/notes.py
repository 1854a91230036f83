"""Writing notes: making them, sharing and withdrawing papers, tagging."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, and_, delete, false, select, update

from papers.acts import TagUse
from papers.note import Audience, Message, Tag
from papers.paper import PaperId
from storage.comments import CommentWrites
from storage.note_reads import NoteReads
from storage.people import make_sure_of_people, whose
from storage.same_pages import row_of
from storage.search_index import index, index_some, stamp_and_index_tags
from storage.sight import made_for_all, seen
from storage.stamps import hold_note, hold_workspace, say_anew_to, say_anew_to_followers, stamp
from storage.statements import among, insert, make_sure, put_if_new
from storage.tables import note_tags, notes, shares, tags, workspaces
from storage.tag_rows import count_uses, meant, standing
from storage.twins import twin_notes


class StoredNotes(CommentWrites, NoteReads):
    """The port `NoteShelf`, kept in tables."""

    def __init__(self, connection: Connection) -> None:
        CommentWrites.__init__(self, connection)
        NoteReads.__init__(self, connection)

    def ensure(self, workspace: str, paper_id: PaperId, at: datetime) -> int:
        """The id of the workspace's note on this (wanted) paper, made if it is not there.

        Of a page, whatever address this is of it. A workspace nobody has named yet is made too.
        Raises LookupError for a paper nobody has wanted.
        """
        if not hold_workspace(self._connection, workspace):
            make_sure(self._connection, workspaces, {"id": workspace, "since": at})
            hold_workspace(self._connection, workspace)
        paper = row_of(self._connection, paper_id)
        if paper is None:
            raise LookupError(f"nobody has wanted {paper_id}")
        new = put_if_new(self._connection, notes, workspace=workspace, paper_id=paper)
        mine = and_(notes.c.workspace == workspace, notes.c.paper_id == paper)
        if new:
            stamp(self._connection, mine)
        note_id: int = self._connection.execute(select(notes.c.id).where(mine)).scalar_one()
        return note_id

    def share(
        self,
        note_id: int,
        origin: str,
        member: str,
        message: Message,
        version: int | None,
        at: datetime,
        again: bool = True,
    ) -> bool:
        """Make sure the share is there; a withdrawn one is so no longer, if it may be there `again`.

        True if it was not there before, or was withdrawn: then it keeps its time. One from before its member was
        forgotten belongs to nobody.
        """
        workspace = hold_note(self._connection, note_id)
        make_sure_of_people(self._connection, workspace, member, message.channel)
        row = insert(self._connection, shares).values(
            note_id=note_id,
            origin=origin,
            workspace=workspace,
            member=whose(workspace, member, at),
            channel=message.channel,
            ts=message.ts,
            thread_ts=message.thread_ts,
            version=version,
            shared_at=at,
        )
        made_or_back = row.on_conflict_do_update(
            index_elements=["note_id", "origin"],
            set_={"withdrawn_at": None, "version": version},
            where=shares.c.withdrawn_at.is_not(None) if again else false(),
        ).returning(shares.c.id)
        changed = self._connection.execute(made_or_back).first() is not None
        if changed:
            self._stamp_with_twins(note_id)
        return changed

    def index(self, limit: int) -> int:
        """Let search know up to `limit` notes of which it has never heard. Returns how many there were."""
        return index_some(self._connection, limit)

    def place(self, note_id: int, origin: str, ts: str) -> None:
        """The share that a command made now has a message: the card that the bot posted at `ts`."""
        hold_note(self._connection, note_id)
        placed = self._connection.execute(
            update(shares)
            .where(shares.c.note_id == note_id, shares.c.origin == origin, shares.c.ts != ts)
            .values(ts=ts)
            .returning(shares.c.id)
        )
        if placed.first() is not None:
            stamp(self._connection, notes.c.id == note_id)

    def withdraw(self, message: Message, at: datetime, keep: Collection[int] = ()) -> tuple[int, ...]:
        """Withdraw the shares that a message made, except those of the notes in `keep`. Returns the notes."""
        if not message.ts:  # shares without a message yet have an empty one too
            return ()
        hold_workspace(self._connection, message.workspace)
        found = self._withdraw(
            at,
            shares.c.workspace == message.workspace,
            shares.c.channel == message.channel,
            shares.c.ts == message.ts,
            ~among(self._connection, shares.c.note_id, keep),
        )
        if found:
            say_anew_to(self._connection, message, found)
        return found

    def withdraw_added(self, note_id: int, origin: str, member: str, at: datetime) -> bool:
        """Withdraw the share that this command of the member made. True if it was there."""
        hold_note(self._connection, note_id)
        made = (shares.c.note_id == note_id, shares.c.origin == origin, shares.c.member == member)
        return bool(self._withdraw(at, *made))

    def _withdraw(self, at: datetime, *which: ColumnElement[bool]) -> tuple[int, ...]:
        """Withdraw these shares, and keep what of them anybody could see until now. Returns the notes."""
        gone = self._connection.execute(
            update(shares)
            .where(shares.c.withdrawn_at.is_(None), *which)
            .values(withdrawn_at=at, was_public=made_for_all(shares))
            .returning(shares.c.note_id, shares.c.was_public)
        ).all()
        shown = {row.note_id for row in gone if row.was_public}
        if shown:
            theirs = among(self._connection, note_tags.c.note_id, shown)
            self._connection.execute(
                update(note_tags).where(theirs, made_for_all(note_tags)).values(was_public=True)
            )
        found = tuple(sorted({row.note_id for row in gone}))
        if found:
            self._stamp_with_twins(*found)
            say_anew_to_followers(self._connection, among(self._connection, notes.c.id, found))
        return found

    def _stamp_with_twins(self, *note_ids: int) -> None:
        """A note seen for the first time, or no longer, is named by its twins' notes, or no longer."""
        concerned = {*note_ids, *twin_notes(self._connection, note_ids)}
        stamp(self._connection, among(self._connection, notes.c.id, sorted(concerned)))
        index(self._connection, among(self._connection, notes.c.id, note_ids))

    def tag(self, note_id: int, tags: Sequence[Tag], member: str, channel: str, at: datetime) -> tuple[Tag, ...]:
        """Put tags on a note as done in `channel`; a tag known by its key, or another name, keeps the name it has.

        Returns the tags that the note did not have yet in the eyes of that channel.
        """
        if not tags:
            return ()
        workspace = hold_note(self._connection, note_id)
        make_sure_of_people(self._connection, workspace, member, channel)
        here = Audience(workspace, channel)
        known = self._known(here, tags)
        had = set(
            self._connection.scalars(
                select(note_tags.c.tag_id).where(note_tags.c.note_id == note_id, seen(note_tags, here))
            )
        )
        done = {"note_id": note_id, "workspace": workspace, "member": member, "channel": channel, "tagged_at": at}
        put = insert(self._connection, note_tags).values([{**done, "tag_id": tag_id} for tag_id in known])
        added = self._connection.execute(put.on_conflict_do_nothing().returning(note_tags.c.tag_id)).all()
        if added:
            touched = [row.tag_id for row in added]
            count_uses(self._connection, touched)
            stamp_and_index_tags(self._connection, note_id, touched)
        return tuple(tag for tag_id, tag in known.items() if tag_id not in had)

    def untag(self, note_id: int, keys: Collection[str], audience: Audience) -> tuple[Tag, ...]:
        """Take the tags that these folded keys mean to the audience off a note, for all channels."""
        hold_note(self._connection, note_id)
        theirs = note_tags.alias("theirs")
        there = select(theirs.c.tag_id).where(theirs.c.note_id == note_id, seen(theirs, audience))
        named = meant(self._connection, audience, keys).values()
        return self._untag(note_id, named, note_tags.c.tag_id.in_(there))

    def untag_own(
        self, note_id: int, keys: Collection[str], member: str, channel: str, at: datetime | None = None
    ) -> tuple[Tag, ...]:
        """Take off only what this member put on the note in this channel, at that moment if one is given.

        Returns those that were there.
        """
        here = Audience(hold_note(self._connection, note_id), channel)
        named = meant(self._connection, here, keys).values()
        by = [note_tags.c.member == member, note_tags.c.channel == channel]
        if at:
            by.append(note_tags.c.tagged_at == at)
        return self._untag(note_id, named, *by)

    def untag_set(self, note_id: int, member: str, channel: str, at: datetime) -> tuple[Tag, ...]:
        """Take off what this member put on the note in this channel at that moment, if it still stands so."""
        by = (note_tags.c.member == member, note_tags.c.channel == channel, note_tags.c.tagged_at == at)
        put = select(tags).join(note_tags, note_tags.c.tag_id == tags.c.id).where(note_tags.c.note_id == note_id)
        hold_note(self._connection, note_id)
        return self._untag(note_id, self._connection.execute(put.where(*by)).all(), *by)

    def uses(self, note_id: int) -> tuple[TagUse, ...]:
        """How the note's tags were set, in all channels."""
        rows = self._connection.execute(
            select(note_tags).where(note_tags.c.note_id == note_id).order_by(note_tags.c.id)
        )
        return tuple(TagUse(row.tag_id, row.member, row.channel, row.tagged_at) for row in rows)

    def put_back(self, note_id: int, uses: Sequence[TagUse]) -> tuple[Tag, ...]:
        """Set tags again as they were set before. Returns those that were gone and are there again."""
        workspace = hold_note(self._connection, note_id)
        known = standing(self._connection, workspace, {use.tag for use in uses})
        rows = [
            {
                "note_id": note_id,
                "tag_id": known[use.tag].id,
                "workspace": workspace,
                "member": use.member,
                "channel": use.channel,
                "tagged_at": use.at,
            }
            for use in uses
            if use.tag in known
        ]
        if not rows:
            return ()
        put = insert(self._connection, note_tags).values(rows).on_conflict_do_nothing()
        back = set(self._connection.scalars(put.returning(note_tags.c.tag_id)))
        if back:
            count_uses(self._connection, back)
            stamp_and_index_tags(self._connection, note_id, back)
        there = {row.id: Tag(row.name, row.key) for row in known.values()}
        return tuple(there[tag_id] for tag_id in sorted(back))

    def _untag(self, note_id: int, named: Iterable[Row[Any]], *only: ColumnElement[bool]) -> tuple[Tag, ...]:
        known = {row.id: Tag(row.name, row.key) for row in named}
        taken = self._connection.scalars(
            delete(note_tags)
            .where(note_tags.c.note_id == note_id, note_tags.c.tag_id.in_(list(known)), *only)
            .returning(note_tags.c.tag_id)
        )
        found = sorted(set(taken))
        if not found:
            return ()
        count_uses(self._connection, found)
        stamp_and_index_tags(self._connection, note_id, found)
        return tuple(known[tag_id] for tag_id in found)

    def _known(self, audience: Audience, given: Sequence[Tag]) -> dict[int, Tag]:
        """The tags as the workspace names them, by row id, in the given order; made where they are not there."""
        known = meant(self._connection, audience, [tag.key for tag in given], kept=True)
        new = {tag.key: tag for tag in given if tag.key not in known}
        rows = [{"workspace": audience.workspace, "key": key, "name": tag.name} for key, tag in new.items()]
        make_sure(self._connection, tags, *rows)
        # One that had become part of another, which this audience does not see, stands for itself again.
        theirs = and_(tags.c.workspace == audience.workspace, tags.c.key.in_(list(new)))
        again = and_(theirs, tags.c.merged_into.is_not(None))
        self._connection.execute(update(tags).where(again).values(merged_into=None))
        named = self._connection.execute(select(tags).where(theirs))
        by_key = {**known, **{row.key: row for row in named}}
        meant_ones = (by_key[tag.key] for tag in given)
        return {row.id: Tag(row.name, row.key) for row in meant_ones}
