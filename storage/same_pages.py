"""Pages that turn out to be one: the other addresses of a page, and notes that become one note."""

from __future__ import annotations

import json

from sqlalchemy import (
    Column,
    Connection,
    Table,
    UniqueConstraint,
    and_,
    delete,
    exists,
    or_,
    select,
    update,
)

from papers.paper import ARXIV, PaperId
from papers.work import ANSWERS_A_SHARE, PostKind
from storage.outbox import gatherings_of
from storage.paper_rows import is_paper
from storage.search_index import leave_out, stamp_and_index
from storage.stamps import TO_SHARES, hold
from storage.statements import put_if_new
from storage.tables import metadata, notes, outbox, paper_aliases, papers


def known_as(connection: Connection, paper_id: PaperId) -> PaperId:
    """The id by which a page is known, if this is another address of it; else the same id."""
    row = connection.execute(
        select(papers.c.source, papers.c.source_id)
        .join_from(paper_aliases, papers, papers.c.id == paper_aliases.c.paper_id)
        .where(paper_aliases.c.source == paper_id.source, paper_aliases.c.source_id == paper_id.id)
    ).first()
    return PaperId(row.source, row.source_id) if row else paper_id


def row_of(connection: Connection, paper_id: PaperId) -> int | None:
    """The row of the paper that notes on this id are on, if it is known. No page is settled while it is in use."""
    here = select(papers.c.id).where(is_paper(paper_id))
    if paper_id.source != ARXIV:
        here = here.with_for_update(read=True, key_share=True)
    row: int | None = connection.scalar(here)
    if paper_id.source == ARXIV:
        return row
    # Others may have settled it since its id was looked up.
    known: int | None = connection.scalar(
        select(paper_aliases.c.paper_id).where(
            paper_aliases.c.source == paper_id.source, paper_aliases.c.source_id == paper_id.id
        )
    )
    return row if known is None else known


def settle(connection: Connection, asked: PaperId, page: PaperId) -> PaperId:
    """What was asked for as `asked` is this page: its notes are notes on that from now on.

    Returns the id by which the page is known: its address may itself have turned out to be another page's.
    """
    own, locked = _lock(connection, asked, page)
    row, known = locked.get(asked), locked.get(own)
    if asked == own or row is None:
        return own
    if known is None:
        connection.execute(update(papers).where(papers.c.id == row).values(source=own.source, source_id=own.id))
        known = row
    else:
        _move_notes(connection, row, known)
        connection.execute(update(paper_aliases).where(paper_aliases.c.paper_id == row).values(paper_id=known))
        connection.execute(update(papers).where(papers.c.id == row).values(due=None, leased_until=None))
    put_if_new(connection, paper_aliases, source=asked.source, source_id=asked.id, paper_id=known)
    stamp_and_index(connection, notes.c.paper_id == known)
    return own


def _lock(connection: Connection, asked: PaperId, page: PaperId) -> tuple[PaperId, dict[PaperId, int | None]]:
    """The id by which the page is known, and both rows: nobody else uses them until the transaction ends."""
    while True:
        own = known_as(connection, page)
        hold(connection, notes.c.paper_id.in_(select(papers.c.id).where(is_paper(asked) | is_paper(own))))
        # In the order in which whoever saves several pages uses them.
        rows = {
            one: connection.scalar(select(papers.c.id).where(is_paper(one)).with_for_update())
            for one in sorted({asked, own})
        }
        # Others may have settled it before it was locked.
        if known_as(connection, page) == own:
            return own, rows


def _move_notes(connection: Connection, row: int, known: int) -> None:
    kept = notes.alias("kept")
    pairs = connection.execute(
        select(notes.c.id, kept.c.id)
        .join_from(
            notes, kept, and_(kept.c.workspace == notes.c.workspace, kept.c.paper_id == known), isouter=True
        )
        .where(notes.c.paper_id == row)
        .order_by(notes.c.id)
    ).all()
    for note, other in pairs:
        if other is None:
            connection.execute(update(notes).where(notes.c.id == note).values(paper_id=known))
        else:
            leave_out(connection, notes.c.id == note)
            _join(connection, note, other)


def _join(connection: Connection, gone: int, kept: int) -> None:
    """Let all that belongs to the note `gone` belong to the note `kept`."""
    _leave_unsaid(connection, gone, kept)
    # Whoever waits for a card is told that the page was shared before, if they may see where.
    waits = and_(outbox.c.note_id == gone, outbox.c.kind == PostKind.CARD.value, outbox.c.posted_at.is_(None))
    connection.execute(update(outbox).where(waits).values(kind=PostKind.SEEN.value))
    for table in metadata.sorted_tables:
        for column in table.columns:
            if any(key.column is notes.c.id for key in column.foreign_keys):
                _hand_over(connection, table, column, gone, kept)
    _tell_instead(connection, gone, kept)
    connection.execute(delete(notes).where(notes.c.id == gone))


def _leave_unsaid(connection: Connection, gone: int, kept: int) -> None:
    """What is owed of the note `gone` where the same is said of the note `kept` is owed no longer."""
    said = outbox.alias()
    answered = and_(
        TO_SHARES,
        said.c.kind.in_(sorted(kind.value for kind in ANSWERS_A_SHARE)),
        said.c.thread_ts == outbox.c.thread_ts,
    )
    followed = and_(outbox.c.kind == PostKind.FOLLOWED.value, said.c.kind == PostKind.FOLLOWED.value)
    there = and_(said.c.note_id == kept, said.c.channel == outbox.c.channel, said.c.abandoned_at.is_(None))
    twice = exists(select(said.c.id).where(there, or_(answered, followed)))
    # What was attempted may stand in Slack: it is kept, to be found there.
    unsaid = outbox.c.posted_at.is_(None) & (outbox.c.attempts == 0)
    connection.execute(delete(outbox).where(outbox.c.note_id == gone, unsaid, twice))


def _tell_instead(connection: Connection, gone: int, kept: int) -> None:
    """Let the gatherings that tell of the note `gone` tell of the note `kept`, each once."""
    workspace = connection.execute(select(notes.c.workspace).where(notes.c.id == gone)).scalar_one()
    for post, told in gatherings_of(connection, workspace, {gone}).items():
        body = json.dumps(list(dict.fromkeys(kept if one == gone else one for one in told)))
        connection.execute(update(outbox).where(outbox.c.id == post).values(body=body))


def _hand_over(connection: Connection, table: Table, column: Column[int], gone: int, kept: int) -> None:
    """Give the rows of one table to the note `kept`, except those that it has already."""
    twin = table.alias()
    keys = [*(one for one in table.constraints if isinstance(one, UniqueConstraint)), table.primary_key]
    for key in keys:
        if column.key not in key.columns:
            continue
        same = [twin.c[one.key] == one for one in key.columns if one.key != column.key]
        clash = exists(select(twin).where(twin.c[column.key] == kept, *same))
        connection.execute(delete(table).where(column == gone, clash))
    connection.execute(update(table).where(column == gone).values({column.key: kept}))
