"""Find papers by their authors' comment and journal reference; the program fills its index when it starts."""

from typing import Any

import sqlalchemy as sa
from alembic import op

from papers.tags import fold, unaccented

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

_BATCH = 1000


def upgrade() -> None:
    """Bring the tables forward."""
    papers = sa.table("papers", *map(sa.column, ("id", "folded", "comment", "journal_ref")))
    change = sa.update(papers).where(papers.c.id == sa.bindparam("row")).values(folded=sa.bindparam("all"))
    told = sa.or_(papers.c.comment.is_not(None), papers.c.journal_ref.is_not(None))
    connection, last = op.get_bind(), 0
    some = sa.select(papers).where(told).order_by(papers.c.id).limit(_BATCH)
    while rows := connection.execute(some.where(papers.c.id > last)).all():
        last = rows[-1].id
        connection.execute(change, [{"row": row.id, "all": _folded(row)} for row in rows])
    if last:
        op.execute("DELETE FROM note_terms")
        op.execute("DELETE FROM note_places")


def downgrade() -> None:
    """Bring the tables back: what is found by its comment stays so."""


def _folded(row: sa.Row[Any]) -> str:
    more = (unaccented(fold(text)) for text in (row.comment, row.journal_ref) if text)
    return "\n".join(dict.fromkeys((*row.folded.split("\n"), *more)))
