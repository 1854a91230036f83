"""Writing comments: made by a message or typed, edited and deleted with their message."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, and_, delete, false, select, update

from papers.images import Attached
from papers.marks import unmarked
from papers.note import Message
from papers.tags import fold, unaccented
from storage.images import attach
from storage.people import make_sure_of_people
from storage.search_index import stamp_and_index, stamp_and_index_comment
from storage.stamps import hold_note, hold_workspace
from storage.statements import among, put_if_new
from storage.tables import comments, notes


class CommentWrites:
    """The part of the port `NoteShelf` that writes comments."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def comment(
        self,
        note_id: int,
        origin: str,
        member: str,
        channel: str,
        message: Message | None,
        text: str,
        at: datetime,
        images: Sequence[Attached] = (),
    ) -> bool:
        """Make sure the comment is there. True if it was not there before."""
        workspace = hold_note(self._connection, note_id)
        make_sure_of_people(self._connection, workspace, member, channel)
        folded = searched(text)
        new = put_if_new(
            self._connection,
            comments,
            note_id=note_id,
            origin=origin,
            workspace=workspace,
            member=member,
            channel=channel,
            ts=message.ts if message else None,
            thread_ts=message.thread_ts if message else None,
            text=text,
            folded=folded,
            written_at=at,
        )
        if new:
            mine = and_(comments.c.note_id == note_id, comments.c.origin == origin)
            if images:
                attach(self._connection, mine, images)
            stamp_and_index_comment(self._connection, note_id, folded)
        return new

    def delete_comment(self, note_id: int, origin: str, member: str) -> bool:
        """Take back the comment that this act of the member made. True if it was there."""
        hold_note(self._connection, note_id)
        made = _made_in(note_id, origin, member)
        gone = self._connection.execute(delete(comments).where(made).returning(comments.c.id)).first() is not None
        if gone:
            stamp_and_index(self._connection, notes.c.id == note_id)
        return gone

    def move_comment(self, note_id: int, origin: str, member: str, to: int) -> bool:
        """The comment that this act of the member made is about another note. True if it was there."""
        hold_note(self._connection, note_id)
        made = update(comments).where(_made_in(note_id, origin, member)).values(note_id=to)
        moved = self._connection.execute(made.returning(comments.c.id)).first() is not None
        if moved:
            stamp_and_index(self._connection, notes.c.id.in_((note_id, to)))
        return moved

    def edit_comments(self, message: Message, text: str, images: Sequence[Attached] = ()) -> tuple[int, ...]:
        """The message that made comments now reads `text` and carries these images, and no others.

        Returns the notes; none if it made no comment.
        Slack also reports a change when it merely adds a preview: the same text changes nothing.
        """
        hold_workspace(self._connection, message.workspace)
        made = _made_by(message)
        concerned = self._connection.scalars(select(comments.c.note_id).where(made)).all()
        changed = set(
            self._connection.scalars(
                update(comments)
                .where(made, comments.c.text != text)
                .values(text=text, folded=searched(text), edited=True)
                .returning(comments.c.note_id)
            )
        )
        if concerned:
            changed.update(attach(self._connection, made, images))
        if changed:
            stamp_and_index(self._connection, among(self._connection, notes.c.id, changed))
        return tuple(sorted(set(concerned)))

    def delete_comments(self, message: Message) -> tuple[int, ...]:
        """The message that made comments is gone, and so are they. Returns the notes."""
        hold_workspace(self._connection, message.workspace)
        gone = self._connection.scalars(delete(comments).where(_made_by(message)).returning(comments.c.note_id))
        found = tuple(sorted(set(gone)))
        if found:
            stamp_and_index(self._connection, among(self._connection, notes.c.id, found))
        return found

    def move_comments(self, thread: Message, note_id: int, to: int) -> None:
        """What was said in the thread of a message is about another note. What is there already stays once."""
        hold_workspace(self._connection, thread.workspace)
        said = and_(
            comments.c.note_id == note_id,
            comments.c.channel == thread.channel,
            comments.c.thread_ts == thread.thread,
        )
        there = comments.alias("there")
        same = and_(there.c.origin == comments.c.origin, there.c.id != comments.c.id)
        twice = select(there.c.id).where(there.c.note_id == to, same).exists()
        self._connection.execute(delete(comments).where(said, twice))
        moved = self._connection.execute(update(comments).where(said).values(note_id=to).returning(comments.c.id))
        if moved.first() is not None:
            stamp_and_index(self._connection, notes.c.id.in_((note_id, to)))


def _made_in(note_id: int, origin: str, member: str) -> ColumnElement[bool]:
    return and_(comments.c.note_id == note_id, comments.c.origin == origin, comments.c.member == member)


def searched(text: str) -> str:
    """What search compares of a comment: folded, and without accents and marks, which part a Japanese word."""
    return unaccented(fold(unmarked(text)))


def _made_by(message: Message) -> ColumnElement[bool]:
    if not message.ts:
        return false()
    return and_(
        comments.c.workspace == message.workspace,
        comments.c.channel == message.channel,
        comments.c.ts == message.ts,
    )
