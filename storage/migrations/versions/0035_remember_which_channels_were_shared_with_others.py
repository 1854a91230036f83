"""Remember which channels were shared with other organisations until they were disconnected."""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.add_column(
        "channels", sa.Column("was_external", sa.Boolean(), server_default=sa.text("false"), nullable=False)
    )


def downgrade() -> None:
    """Bring the tables back."""
    op.drop_column("channels", "was_external")
