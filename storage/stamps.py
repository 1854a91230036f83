"""The change counter: who changes notes holds their workspace, counts on, and stamps the notes."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, Connection, and_, case, select, update

from papers.note import Message
from papers.work import ANSWERS_A_SHARE, PostKind
from storage.statements import among
from storage.tables import notes, outbox, workspaces

_SAID_OF_NOTES = tuple(
    kind.value
    for kind in (
        PostKind.CARD,
        PostKind.SEEN,
        PostKind.DIGEST,
        PostKind.FOLLOWED,
        PostKind.GATHERING,
        PostKind.WELCOME,
        PostKind.OPENED,
    )
)
"""Posts whose words depend on what the people of their channel may see."""

ANEW = case((outbox.c.shown < 0, outbox.c.shown - 1), else_=-1)
"""What a post shows that is to be said anew: each time something else, so that none is lost while it is posted."""

TO_SHARES = outbox.c.kind.in_(sorted(kind.value for kind in ANSWERS_A_SHARE))
"""The post answers a share."""


def hold(connection: Connection, which: ColumnElement[bool]) -> None:
    """Let nobody else change notes in the workspaces of these notes until the transaction ends.

    Always the first lock that a verb takes, and in the order of ids: so no two transactions of one verb
    each wait for each other. SQLite has only one writer anyway.
    """
    concerned = select(notes.c.workspace).where(which)
    connection.execute(
        select(workspaces.c.id)
        .where(workspaces.c.id.in_(concerned))
        .order_by(workspaces.c.id)
        .with_for_update(key_share=True)
    ).all()


def hold_note(connection: Connection, note_id: int) -> str:
    """Hold the workspace of one note and return its id. Raises LookupError if there is no such note."""
    hold(connection, notes.c.id == note_id)
    workspace: str | None = connection.scalar(select(notes.c.workspace).where(notes.c.id == note_id))
    if workspace is None:
        raise LookupError(f"there is no note {note_id}")
    return workspace


def hold_workspace(connection: Connection, workspace: str) -> bool:
    """Hold one workspace. False if it is not known."""
    held = select(workspaces.c.id).where(workspaces.c.id == workspace).with_for_update(key_share=True)
    return connection.execute(held).first() is not None


def stamp_pages(connection: Connection, workspace: str) -> None:
    """Count one change in a workspace whose notes show other names now. In Slack all are named: cards stay.

    The caller holds the workspace.
    """
    mine = workspaces.c.id == workspace
    connection.execute(update(workspaces).where(mine).values(change=workspaces.c.change + 1))
    count = select(workspaces.c.change).where(mine).scalar_subquery()
    connection.execute(update(notes).where(notes.c.workspace == workspace).values(change=count))


def stamp(connection: Connection, which: ColumnElement[bool]) -> None:
    """Count one change in each workspace of these notes and stamp them with it; their cards learn of it.

    The caller holds the workspaces.
    """
    stamp_shown(connection, which)
    newest = select(notes.c.change).where(notes.c.id == outbox.c.note_id).scalar_subquery()
    connection.execute(
        update(outbox).where(outbox.c.note_id.in_(select(notes.c.id).where(which))).values(note_change=newest)
    )


def stamp_shown(connection: Connection, which: ColumnElement[bool]) -> None:
    """The same for what the pages show of these notes and nobody else says: cards stay. The caller holds them."""
    _count(connection, workspaces.c.id.in_(select(notes.c.workspace).where(which)))
    count = select(workspaces.c.change).where(workspaces.c.id == notes.c.workspace).scalar_subquery()
    connection.execute(update(notes).where(which).values(change=count))


def say_anew(connection: Connection, workspace: str, channel: str) -> None:
    """Let what stands in a channel, or is just being posted, say what its people may see now.

    The caller holds the workspace.
    """
    there = and_(outbox.c.workspace == workspace, outbox.c.channel == channel)
    said = there & outbox.c.kind.in_(_SAID_OF_NOTES) & outbox.c.abandoned_at.is_(None)
    connection.execute(update(outbox).where(said).values(shown=ANEW))


def say_anew_to(connection: Connection, message: Message, note_ids: Collection[int]) -> None:
    """Let what answers a message say anew what is left of its shares of these notes. The caller holds them."""
    answers = TO_SHARES & among(connection, outbox.c.note_id, note_ids)
    there = and_(
        outbox.c.workspace == message.workspace,
        outbox.c.channel == message.channel,
        outbox.c.thread_ts == message.thread,
    )
    standing = outbox.c.posted_at.is_not(None) & outbox.c.abandoned_at.is_(None)
    connection.execute(update(outbox).where(answers, there, standing).values(shown=ANEW))


def say_anew_to_followers(connection: Connection, which: ColumnElement[bool]) -> None:
    """Let what followers are told of each of these notes, or just being told, say it anew.

    The caller holds the workspaces.
    """
    told = (outbox.c.kind == PostKind.FOLLOWED.value) & outbox.c.abandoned_at.is_(None)
    theirs = outbox.c.note_id.in_(select(notes.c.id).where(which))
    connection.execute(update(outbox).where(told, theirs).values(shown=ANEW))


def count_change(connection: Connection, workspace: str) -> None:
    """Count a change that shows on no note, but on the pages. The caller holds the workspace."""
    _count(connection, workspaces.c.id == workspace)


def _count(connection: Connection, which: ColumnElement[bool]) -> None:
    connection.execute(update(workspaces).where(which).values(change=workspaces.c.change + 1))
