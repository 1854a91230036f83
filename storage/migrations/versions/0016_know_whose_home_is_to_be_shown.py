"""Know whose Home is to be shown anew."""

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)
_WISHED = sa.text("shown < wished")


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "homes",
        sa.Column("id", _ID, nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("direct", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("wished", sa.BigInteger(), server_default="1", nullable=False),
        sa.Column("shown", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("due", _MOMENT, nullable=False),
        sa.Column("leased_until", _MOMENT),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("dismissed_at", _MOMENT),
        sa.Column("leaving", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_homes_workspace"),
        sa.PrimaryKeyConstraint("id", name="pk_homes"),
        sa.UniqueConstraint("workspace", "member", name="uq_homes_workspace_member"),
    )
    op.create_index("ix_homes_wished", "homes", ["due"], sqlite_where=_WISHED, postgresql_where=_WISHED)


def downgrade() -> None:
    """Bring the tables back."""
    op.drop_table("homes")
