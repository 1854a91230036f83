"""Keep the images that people post as comments."""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_WANTED = sa.text("due IS NOT NULL")


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "images",
        sa.Column("id", _ID, nullable=False),
        sa.Column("comment_id", _ID, nullable=False),
        sa.Column("place", sa.Integer(), nullable=False),
        sa.Column("file", sa.Text(), nullable=False),
        sa.Column("url", sa.Text(), nullable=False),
        sa.Column("title", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("name", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("width", sa.Integer(), nullable=True),
        sa.Column("height", sa.Integer(), nullable=True),
        sa.Column("body", sa.LargeBinary(), nullable=True),
        sa.ForeignKeyConstraint(["comment_id"], ["comments.id"], name="fk_images_comment_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name="pk_images"),
        sa.UniqueConstraint("comment_id", "file", name="uq_images_comment_id_file"),
    )
    op.create_index("ix_images_file", "images", ["file"])
    op.create_index("ix_images_due", "images", ["due"], sqlite_where=_WANTED, postgresql_where=_WANTED)
    op.create_index("ix_images_name", "images", ["name"])


def downgrade() -> None:
    """Bring the tables back."""
    op.drop_table("images")
