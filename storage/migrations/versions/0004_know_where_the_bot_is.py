"""Know in which channels the bot is, and which it has left."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Bring the tables forward."""
    op.add_column("channels", sa.Column("joined_at", _MOMENT, nullable=True))
    op.add_column("channels", sa.Column("left_at", _MOMENT, nullable=True))


def downgrade() -> None:
    """Bring the tables back."""
    op.drop_column("channels", "left_at")
    op.drop_column("channels", "joined_at")
