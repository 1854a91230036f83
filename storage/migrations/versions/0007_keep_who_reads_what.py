"""Keep who has read a paper, and who is reading it."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "claims",
        sa.Column("id", _ID, nullable=False),
        sa.Column("note_id", _ID, nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("claimed_at", _MOMENT, nullable=False),
        sa.Column("until", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name="fk_claims_note_id"),
        sa.ForeignKeyConstraint(
            ["workspace", "channel"], ["channels.workspace", "channels.id"], name="fk_claims_workspace_channel"
        ),
        sa.ForeignKeyConstraint(
            ["workspace", "member"], ["members.workspace", "members.id"], name="fk_claims_workspace_member"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_claims"),
        sa.UniqueConstraint("note_id", "member", "channel", name="uq_claims_note_id_member_channel"),
    )
    op.create_index("ix_claims_until", "claims", ["until"])
    op.create_index("ix_claims_workspace_channel", "claims", ["workspace", "channel"])
    op.create_index("ix_claims_workspace_member", "claims", ["workspace", "member"])
    op.create_table(
        "reads",
        sa.Column("id", _ID, nullable=False),
        sa.Column("note_id", _ID, nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("read_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name="fk_reads_note_id"),
        sa.ForeignKeyConstraint(
            ["workspace", "member"], ["members.workspace", "members.id"], name="fk_reads_workspace_member"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_reads"),
        sa.UniqueConstraint("note_id", "member", name="uq_reads_note_id_member"),
    )
    op.create_index("ix_reads_workspace_member", "reads", ["workspace", "member"])


def downgrade() -> None:
    """Bring the tables back."""
    op.drop_table("reads")
    op.drop_table("claims")
