"""Twins: the same work at two sources, as its page says it or as their titles do. Kept once, read both ways."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import Any

from sqlalchemy import CompoundSelect, Connection, and_, or_, select, union_all

from papers.note import Audience, Twin
from papers.paper import ARXIV, PaperId
from papers.titles import could_be_by_the_same
from storage.paper_rows import is_paper
from storage.sight import seen_note
from storage.stamps import stamp
from storage.statements import among_given, put_if_new
from storage.tables import notes, paper_twins, papers

MOST = 5
"""How many papers of one title are looked at, and how many twins are shown of one."""


def keep_twins(connection: Connection, paper_id: PaperId, named: Collection[PaperId]) -> None:
    """Make sure that the twins of a stored paper are known: those named, and those that bear its title.

    Stamps the notes on both where that is new. The caller holds their workspaces.
    """
    pairs = {*((paper_id, twin) for twin in named), *_twins_by_title(connection, paper_id)}
    for page, twin in sorted(pairs):
        if _put_twin(connection, page, twin):
            both = select(papers.c.id).where(is_paper(page) | is_paper(twin))
            stamp(connection, notes.c.paper_id.in_(both))


def _put_twin(connection: Connection, paper: PaperId, twin: PaperId) -> bool:
    row = connection.scalar(select(papers.c.id).where(is_paper(paper)))
    if row is None or paper == twin:
        return False
    return put_if_new(connection, paper_twins, paper_id=row, source=twin.source, source_id=twin.id)


def _twins_by_title(connection: Connection, paper_id: PaperId) -> list[tuple[PaperId, PaperId]]:
    """The pairs, page first, that a paper makes with those of the other kind that bear its title.

    Where two arXiv papers bear it nobody can tell which is meant.
    """
    mine = connection.execute(select(papers.c.title_key, papers.c.authors).where(is_paper(paper_id))).first()
    if mine is None or not mine.title_key:
        return []
    is_arxiv = paper_id.source == ARXIV
    other_kind = papers.c.source != ARXIV if is_arxiv else papers.c.source == ARXIV
    alike = (
        select(papers.c.source, papers.c.source_id, papers.c.authors)
        .where(papers.c.title_key == mine.title_key, papers.c.title_key != "", other_kind)
        .order_by(papers.c.id)
        .limit(MOST)
    )
    found = [
        PaperId(row.source, row.source_id)
        for row in connection.execute(alike)
        if could_be_by_the_same(mine.authors, row.authors)
    ]
    if is_arxiv:
        return [(page, paper_id) for page in found]
    return [(paper_id, found[0])] if len(found) == 1 else []


def twin_notes(connection: Connection, note_ids: Collection[int]) -> set[int]:
    """The notes, in the same workspaces, on the twins of these notes' papers: what they show changes too."""
    return set(connection.scalars(_twin_notes_of(connection.dialect.name), {"notes": note_ids}))


@lru_cache
def _twin_notes_of(dialect: str) -> CompoundSelect[Any]:
    mine, theirs, page = papers.alias("mine"), papers.alias("theirs"), notes.alias("page")
    noted = select(page.c.id).where(among_given(dialect, notes.c.id, "notes"))
    of_mine = noted.join_from(notes, mine, mine.c.id == notes.c.paper_id)
    forward = (
        of_mine.join(paper_twins, paper_twins.c.paper_id == mine.c.id)
        .join(theirs, and_(theirs.c.source == paper_twins.c.source, theirs.c.source_id == paper_twins.c.source_id))
        .join(page, and_(page.c.workspace == notes.c.workspace, page.c.paper_id == theirs.c.id))
    )
    back = of_mine.join(
        paper_twins, and_(paper_twins.c.source == mine.c.source, paper_twins.c.source_id == mine.c.source_id)
    ).join(page, and_(page.c.workspace == notes.c.workspace, page.c.paper_id == paper_twins.c.paper_id))
    return union_all(forward, back)


def twins_of(connection: Connection, audience: Audience, rows: Collection[int]) -> Mapping[int, tuple[Twin, ...]]:
    """The twins of papers, by the papers' rows: named if the audience sees a note on them, else only arXiv's.

    What else another workspace or channel has noted is not told.
    """
    pairs = _pairs(connection, rows)
    if not pairs:
        return {}
    ids = {twin for _, twin in pairs}
    which = or_(*map(is_paper, sorted(ids)))
    named = (
        select(papers.c.source, papers.c.source_id, papers.c.reading_title)
        .join_from(notes, papers, papers.c.id == notes.c.paper_id)
        .where(which, seen_note(audience))
    )
    titles = {PaperId(row.source, row.source_id): row.reading_title for row in connection.execute(named)}
    grouped: dict[int, list[Twin]] = defaultdict(list)
    for row, twin in pairs:
        if twin in titles or twin.source == ARXIV:
            grouped[row].append(Twin(twin, titles.get(twin, ""), twin in titles))
    return {row: tuple(found[:MOST]) for row, found in grouped.items()}


def _pairs(connection: Connection, rows: Collection[int]) -> list[tuple[int, PaperId]]:
    found = connection.execute(_pairs_of(connection.dialect.name), {"rows": rows})
    return sorted((int(row[0]), PaperId(row[1], row[2])) for row in found)


@lru_cache
def _pairs_of(dialect: str) -> CompoundSelect[Any]:
    page = papers.alias("page")
    forward = select(paper_twins.c.paper_id, paper_twins.c.source, paper_twins.c.source_id).where(
        among_given(dialect, paper_twins.c.paper_id, "rows")
    )
    back = (
        select(papers.c.id, page.c.source, page.c.source_id)
        .join_from(
            papers,
            paper_twins,
            and_(paper_twins.c.source == papers.c.source, paper_twins.c.source_id == papers.c.source_id),
        )
        .join(page, page.c.id == paper_twins.c.paper_id)
        .where(among_given(dialect, papers.c.id, "rows"))
    )
    return union_all(forward, back)
