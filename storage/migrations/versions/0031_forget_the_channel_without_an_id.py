"""Forget the channel without an id, whose past was asked for where there was no channel."""

from alembic import op

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward. Nothing but its past could be asked for, so nothing else refers to it."""
    op.execute("DELETE FROM outbox WHERE kind = 'progress' AND channel = ''")
    op.execute("DELETE FROM backfills WHERE channel = ''")
    op.execute("DELETE FROM channels WHERE id = ''")


def downgrade() -> None:
    """Bring the tables back: these rows were never right."""
