"""Keep gates shut though their clock is turned: whoever runs on the same host goes by the seconds it lived."""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.add_column("gates", sa.Column("host", sa.Text(), server_default=sa.text("''"), nullable=False))
    op.add_column("gates", sa.Column("ahead", sa.Double(), server_default="0", nullable=False))


def downgrade() -> None:
    """Bring the tables back."""
    op.drop_column("gates", "ahead")
    op.drop_column("gates", "host")
