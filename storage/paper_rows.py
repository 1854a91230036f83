"""The rows of papers."""

from __future__ import annotations

from sqlalchemy import ColumnElement, and_

from papers.paper import PaperId
from storage.tables import papers


def is_paper(paper_id: PaperId) -> ColumnElement[bool]:
    """The row is this paper's."""
    return and_(papers.c.source == paper_id.source, papers.c.source_id == paper_id.id)
