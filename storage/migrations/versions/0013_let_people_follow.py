"""Let people and channels follow tags, people and channels."""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)
_WAITING = sa.text("waits")


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "follows",
        sa.Column("id", _ID, nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("follower", sa.Text(), nullable=False),
        sa.Column("is_channel", sa.Boolean(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("weekly", sa.Boolean(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("since", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_follows_workspace"),
        sa.PrimaryKeyConstraint("id", name="pk_follows"),
        sa.UniqueConstraint(
            "workspace", "follower", "kind", "target", name="uq_follows_workspace_follower_kind_target"
        ),
    )
    op.create_index("ix_follows_workspace_kind_target", "follows", ["workspace", "kind", "target"])
    op.create_table(
        "tellings",
        sa.Column("id", _ID, nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("follower", sa.Text(), nullable=False),
        sa.Column("is_channel", sa.Boolean(), nullable=False),
        sa.Column("note_id", _ID, nullable=False),
        sa.Column("found_at", _MOMENT, nullable=False),
        sa.Column("waits", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_tellings_workspace"),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name="fk_tellings_note_id"),
        sa.PrimaryKeyConstraint("id", name="pk_tellings"),
        sa.UniqueConstraint("workspace", "follower", "note_id", name="uq_tellings_workspace_follower_note_id"),
    )
    op.create_index("ix_tellings_note_id", "tellings", ["note_id"])
    op.create_index(
        "ix_tellings_waiting",
        "tellings",
        ["workspace", "found_at"],
        sqlite_where=_WAITING,
        postgresql_where=_WAITING,
    )
    for column in ("told_change", "told_note"):
        op.add_column("workspaces", sa.Column(column, sa.BigInteger(), server_default="0", nullable=False))
    op.create_index("ix_notes_workspace_change_id", "notes", ["workspace", "change", "id"])


def downgrade() -> None:
    """Bring the tables back."""
    op.drop_index("ix_notes_workspace_change_id", "notes")
    for column in ("told_note", "told_change"):
        op.drop_column("workspaces", column)
    op.drop_table("tellings")
    op.drop_table("follows")
