"""Find words typed without accents: what search compares has none; the program fills its index when it starts."""

import sqlalchemy as sa
from alembic import op

from papers.tags import unaccented

revision = "0034"
down_revision = "0033"
branch_labels = None
depends_on = None

_BATCH = 1000


def upgrade() -> None:
    """Bring the tables forward."""
    if any([_unaccent("papers"), _unaccent("comments")]):
        op.execute("DELETE FROM note_terms")
        op.execute("DELETE FROM note_places")


def downgrade() -> None:
    """Bring the tables back: what is found without accents stays so."""


def _unaccent(table: str) -> int:
    """Take the accents out of what search compares. Returns how many texts had any."""
    texts = sa.table(table, sa.column("id"), sa.column("folded"))
    change = sa.update(texts).where(texts.c.id == sa.bindparam("row")).values(folded=sa.bindparam("plain"))
    connection, last, count = op.get_bind(), 0, 0
    some = sa.select(texts.c.id, texts.c.folded).order_by(texts.c.id).limit(_BATCH)
    while rows := connection.execute(some.where(texts.c.id > last)).all():
        last = rows[-1].id
        plain = {row.id: unaccented(row.folded) for row in rows}
        changed = [{"row": row.id, "plain": plain[row.id]} for row in rows if plain[row.id] != row.folded]
        if changed:
            connection.execute(change, changed)
        count += len(changed)
    return count
