"""Writing what papers are compared by: their terms and their authors, made anew whenever a text changes."""

from __future__ import annotations

from sqlalchemy import Connection, delete, update

from papers.brief import compared_authors
from papers.paper import Paper
from papers.tags import fold
from storage.statements import make_sure
from storage.tables import notes, paper_authors, paper_terms, papers
from storage.terms import terms


def read_in(connection: Connection, row_id: int, paper: Paper) -> None:
    """Make the terms and authors of a paper, in place of those it had. The caller holds the paper's row."""
    record, reading = paper.record, paper.reading
    if record is None or reading is None:
        return
    for table in (paper_terms, paper_authors):
        connection.execute(delete(table).where(table.c.paper_id == row_id))
    found = terms(reading.title, reading.abstract)
    make_sure(
        connection, paper_terms, *({"term": t, "paper_id": row_id, "times": n} for t, n in sorted(found.items()))
    )
    make_sure(connection, paper_authors, *({"author": name, "paper_id": row_id} for name in _names(paper)))
    connection.execute(update(papers).where(papers.c.id == row_id).values(words=found.total()))
    connection.execute(update(notes).where(notes.c.paper_id == row_id).values(compared=None))


def _names(paper: Paper) -> list[str]:
    return sorted({name for author in compared_authors(paper) if (name := fold(author))})
