"""Keep what people settle for themselves and for their workspace."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

_MOMENT = sa.DateTime(timezone=True)


def _new() -> dict[str, tuple[sa.Column[Any], ...]]:
    return {
        "workspaces": (
            sa.Column("shows_names", sa.Boolean(), server_default=sa.text("true"), nullable=False),
            sa.Column("quiet_days", sa.Integer(), server_default="0", nullable=False),
            sa.Column("quiet_here", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        ),
        "members": (
            sa.Column("own_language", sa.Text(), server_default=sa.text("''"), nullable=False),
            sa.Column("named", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        ),
    }


def upgrade() -> None:
    """Bring the tables forward."""
    for table, columns in _new().items():
        for column in columns:
            op.add_column(table, column)
    op.create_table(
        "settled",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("setting", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("settled_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace", "member"], ["members.workspace", "members.id"], name="fk_settled_workspace_member"
        ),
        sa.PrimaryKeyConstraint("workspace", "setting", name="pk_settled"),
    )


def downgrade() -> None:
    """Bring the tables back."""
    op.drop_table("settled")
    for table, columns in _new().items():
        for column in columns:
            op.drop_column(table, column.name)
