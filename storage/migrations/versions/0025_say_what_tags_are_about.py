"""Say what tags are about."""

import sqlalchemy as sa
from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "tag_descriptions",
        sa.Column("id", _ID, nullable=False),
        sa.Column("tag_id", _ID, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name="fk_tag_descriptions_tag_id"),
        sa.PrimaryKeyConstraint("id", name="pk_tag_descriptions"),
        sa.UniqueConstraint("tag_id", "channel", name="uq_tag_descriptions_tag_id_channel"),
    )


def downgrade() -> None:
    """Bring the tables back."""
    op.drop_table("tag_descriptions")
