"""Keep since when a post waits that is owed once more: since when it was owed first stays beside it."""

import sqlalchemy as sa
from alembic import op

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.add_column("outbox", sa.Column("owed_again_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Bring the tables back."""
    op.drop_column("outbox", "owed_again_at")
