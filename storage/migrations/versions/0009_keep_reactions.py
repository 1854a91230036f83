"""Keep what emoji mean, which reactions have done something, and who is a bot."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)
_GONE = sa.text("note_id IS NULL")
_EMPTY = sa.text("''")


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "emoji",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("verb", sa.Text(), server_default=_EMPTY, nullable=False),
        sa.Column("words", sa.Text(), server_default=_EMPTY, nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_emoji_workspace"),
        sa.PrimaryKeyConstraint("workspace", "name", name="pk_emoji"),
    )
    op.create_table(
        "reactions",
        sa.Column("id", _ID, nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("ts", sa.Text(), nullable=False),
        sa.Column("emoji", sa.Text(), nullable=False),
        sa.Column("told_at", _MOMENT, nullable=False),
        sa.Column("note_id", _ID, nullable=True),
        sa.Column("verb", sa.Text(), server_default=_EMPTY, nullable=False),
        sa.Column("words", sa.Text(), server_default=_EMPTY, nullable=False),
        sa.Column("done_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name="fk_reactions_note_id"),
        sa.ForeignKeyConstraint(
            ["workspace", "channel"], ["channels.workspace", "channels.id"], name="fk_reactions_workspace_channel"
        ),
        sa.ForeignKeyConstraint(
            ["workspace", "member"], ["members.workspace", "members.id"], name="fk_reactions_workspace_member"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_reactions"),
        sa.UniqueConstraint(
            "workspace", "channel", "ts", "member", "emoji", name="uq_reactions_workspace_channel_ts_member_emoji"
        ),
    )
    op.create_index("ix_reactions_note_id", "reactions", ["note_id"])
    op.create_index("ix_reactions_workspace_member", "reactions", ["workspace", "member"])
    op.create_index("ix_reactions_gone", "reactions", ["told_at"], sqlite_where=_GONE, postgresql_where=_GONE)
    op.create_index("ix_outbox_workspace_channel_ts", "outbox", ["workspace", "channel", "ts"])
    op.add_column("members", sa.Column("bot", sa.Boolean(), server_default=sa.text("false"), nullable=False))


def downgrade() -> None:
    """Bring the tables back."""
    op.drop_column("members", "bot")
    op.drop_index("ix_outbox_workspace_channel_ts", "outbox")
    op.drop_table("reactions")
    op.drop_table("emoji")
