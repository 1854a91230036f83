"""Find the answers that are to be forgotten, without looking at all posts."""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

_ANSWER = sa.text("kind = 'answer'")


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_index("ix_outbox_answers", "outbox", ["owed_at"], sqlite_where=_ANSWER, postgresql_where=_ANSWER)


def downgrade() -> None:
    """Bring the tables back."""
    op.drop_index("ix_outbox_answers", "outbox")
