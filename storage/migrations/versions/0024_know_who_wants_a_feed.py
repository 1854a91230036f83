"""Know which members want a page and feeds of what they share, and what these are called."""

import sqlalchemy as sa
from alembic import op

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    op.add_column("members", sa.Column("feed", sa.Text(), nullable=False, server_default=""))


def downgrade() -> None:
    """Bring the tables back."""
    op.drop_column("members", "feed")
