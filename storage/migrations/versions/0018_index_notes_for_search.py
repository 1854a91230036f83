"""Index notes for search; the program fills the index when it starts."""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "note_places",
        sa.Column("note_id", _ID, autoincrement=False, nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("place", sa.BigInteger(), nullable=True),
        sa.Column("terms", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name="fk_note_places_note_id", ondelete="CASCADE"),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_note_places_workspace"),
        sa.PrimaryKeyConstraint("note_id", name="pk_note_places"),
    )
    op.create_index("ix_note_places_workspace", "note_places", ["workspace"])
    op.create_table(
        "note_terms",
        sa.Column("term", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("place", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("times", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("term", "place", name="pk_note_terms"),
        sqlite_with_rowid=False,
    )


def downgrade() -> None:
    """Bring the tables back."""
    op.drop_table("note_terms")
    op.drop_table("note_places")
