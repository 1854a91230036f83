"""Forget whoever asks for it: who was, and which posts are to be said anew."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

_OLD = "kind = 'card' AND posted_at IS NOT NULL AND abandoned_at IS NULL AND shown < note_change"
_NEW = "posted_at IS NOT NULL AND abandoned_at IS NULL AND shown < note_change AND (kind = 'card' OR shown < 0)"


def upgrade() -> None:
    """Bring the tables forward."""
    op.add_column("members", sa.Column("forgotten_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("members", sa.Column("nameless", sa.Boolean(), server_default=sa.text("false"), nullable=False))
    _index(_NEW)
    # What was said once to somebody is no longer kept.
    said = "kind IN ('answer', 'welcome') AND (posted_at IS NOT NULL OR abandoned_at IS NOT NULL)"
    op.execute(f"UPDATE outbox SET body = '' WHERE {said}")  # noqa: S608 - the words above


def downgrade() -> None:
    """Bring the tables back."""
    _index(_OLD)
    op.drop_column("members", "nameless")
    op.drop_column("members", "forgotten_at")


def _index(condition: str) -> None:
    op.drop_index("ix_outbox_outdated", "outbox")
    only = sa.text(condition)
    op.create_index("ix_outbox_outdated", "outbox", ["id"], sqlite_where=only, postgresql_where=only)
