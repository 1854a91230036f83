"""Keep the licences and versions of papers. Those of the papers stored so far are wanted."""

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the tables forward."""
    op.add_column("papers", sa.Column("told_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("papers", sa.Column("licence", sa.Text(), nullable=True))
    op.add_column("papers", sa.Column("versions", sa.Text(), nullable=True))
    op.execute("UPDATE papers SET told_at = asked_at WHERE version IS NOT NULL")
    op.create_table(
        "wanted_histories",
        sa.Column("id", _ID, autoincrement=False, nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["id"], ["papers.id"], name="fk_wanted_histories_id"),
        sa.PrimaryKeyConstraint("id", name="pk_wanted_histories"),
    )
    op.execute(
        "INSERT INTO wanted_histories (id, due) "
        "SELECT id, asked_at FROM papers WHERE origin = 'arxiv' AND version IS NOT NULL AND asked_at IS NOT NULL"
    )


def downgrade() -> None:
    """Bring the tables back."""
    op.drop_table("wanted_histories")
    op.drop_column("papers", "versions")
    op.drop_column("papers", "licence")
    op.drop_column("papers", "told_at")
