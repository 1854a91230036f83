"""Let indexes lead to what is asked often: the newest shares, kept images, and how far the past is read."""

import sqlalchemy as sa
from alembic import op

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None

PARTIAL = {
    "ix_images_kept": ("images", "comment_id", sa.text("name <> ''")),
    "ix_backfills_open": ("backfills", "id", sa.text("finished_at IS NULL")),
    "ix_backfills_untold": ("backfills", "id", sa.text("told <> messages + 1")),
}


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_index("ix_shares_workspace_shared_at_note_id", "shares", ["workspace", "shared_at", "note_id"])
    for name, (table, column, there) in PARTIAL.items():
        op.create_index(name, table, [column], sqlite_where=there, postgresql_where=there)


def downgrade() -> None:
    """Bring the tables back."""
    for name, (table, _column, _there) in PARTIAL.items():
        op.drop_index(name, table)
    op.drop_index("ix_shares_workspace_shared_at_note_id", "shares")
