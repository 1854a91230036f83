"""Let tags be named back: what was done with a tag alone is remembered without a note."""

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the tables forward."""
    with op.batch_alter_table("acts", schema=None) as batch_op:
        batch_op.alter_column("note_id", existing_type=_ID, nullable=True)


def downgrade() -> None:
    """Bring the tables back."""
    op.execute("DELETE FROM acts WHERE note_id IS NULL")
    with op.batch_alter_table("acts", schema=None) as batch_op:
        batch_op.alter_column("note_id", existing_type=_ID, nullable=False)
