"""Keep other names of tags, what was refused of them, their groups, and how often they are used."""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "tag_aliases",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("tag_id", _ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("published", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name="fk_tag_aliases_tag_id"),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_tag_aliases_workspace"),
        sa.PrimaryKeyConstraint("workspace", "key", "tag_id", name="pk_tag_aliases"),
    )
    op.create_index("ix_tag_aliases_tag_id", "tag_aliases", ["tag_id"])
    op.create_table(
        "tag_refusals",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("other", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_tag_refusals_workspace"),
        sa.PrimaryKeyConstraint("workspace", "key", "other", name="pk_tag_refusals"),
    )
    op.create_table(
        "tag_groupings",
        sa.Column("id", _ID, nullable=False),
        sa.Column("tag_id", _ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name="fk_tag_groupings_tag_id"),
        sa.PrimaryKeyConstraint("id", name="pk_tag_groupings"),
        sa.UniqueConstraint("tag_id", "channel", name="uq_tag_groupings_tag_id_channel"),
    )
    op.add_column("tags", sa.Column("uses", sa.Integer(), server_default="0", nullable=False))
    op.add_column("tags", sa.Column("merged_into", _ID, nullable=True))
    op.create_index("ix_tags_merged_into", "tags", ["merged_into"])
    op.execute("UPDATE tags SET uses = (SELECT count(*) FROM note_tags WHERE note_tags.tag_id = tags.id)")
    op.create_index("ix_tags_workspace_uses", "tags", ["workspace", "uses"])


def downgrade() -> None:
    """Bring the tables back."""
    op.drop_index("ix_tags_workspace_uses", "tags")
    op.drop_column("tags", "uses")
    op.drop_index("ix_tags_merged_into", "tags")
    op.drop_column("tags", "merged_into")
    op.drop_table("tag_groupings")
    op.drop_table("tag_refusals")
    op.drop_table("tag_aliases")
