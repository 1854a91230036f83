"""Know since when Slack is asked about a channel: what is heard meanwhile makes its answer void."""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.add_column("channels", sa.Column("asked_at", sa.DateTime(timezone=True), nullable=True))


def downgrade() -> None:
    """Bring the tables back."""
    op.drop_column("channels", "asked_at")
