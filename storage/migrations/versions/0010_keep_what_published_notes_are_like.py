"""Keep what published notes are like. A job compares the notes stored so far."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the tables forward."""
    op.add_column("notes", sa.Column("compared", sa.BigInteger(), nullable=True))
    op.create_table(
        "likenesses",
        sa.Column("note_id", _ID, nullable=False),
        sa.Column("other_id", _ID, nullable=False),
        sa.Column("share", sa.Double(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name="fk_likenesses_note_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["other_id"], ["notes.id"], name="fk_likenesses_other_id", ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("note_id", "other_id", name="pk_likenesses"),
    )
    op.create_index("ix_likenesses_other_id", "likenesses", ["other_id"])


def downgrade() -> None:
    """Bring the tables back."""
    op.drop_table("likenesses")
    op.drop_column("notes", "compared")
