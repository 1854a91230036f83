"""Know which channels are shared with other organisations, and whether the workspace publishes them."""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def _flag(name: str) -> sa.Column[bool]:
    return sa.Column(name, sa.Boolean(), server_default=sa.text("false"), nullable=False)


def upgrade() -> None:
    """Bring the tables forward."""
    op.add_column("channels", _flag("external"))
    op.add_column("workspaces", _flag("publishes_external"))
    # Slack is asked about every channel again, and soon: it was not known before which are shared.
    op.execute("UPDATE channels SET learned_at = NULL")


def downgrade() -> None:
    """Bring the tables back."""
    op.drop_column("workspaces", "publishes_external")
    op.drop_column("channels", "external")
