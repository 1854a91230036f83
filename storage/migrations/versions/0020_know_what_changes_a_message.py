"""Know of an event which message it changes: changes may come before the message does."""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.add_column("inbox", sa.Column("changes", sa.Text(), nullable=True))
    there = sa.text("changes IS NOT NULL")
    op.create_index(
        "ix_inbox_changes", "inbox", ["changes", "message_key"], sqlite_where=there, postgresql_where=there
    )


def downgrade() -> None:
    """Bring the tables back."""
    op.drop_index("ix_inbox_changes", "inbox")
    op.drop_column("inbox", "changes")
