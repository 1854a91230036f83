"""Let an index alone tell how many notes carry each tag of a workspace."""

from alembic import op

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

NAME = "ix_note_tags_workspace_tag_id_note_id_channel"


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_index(NAME, "note_tags", ["workspace", "tag_id", "note_id", "channel"])


def downgrade() -> None:
    """Bring the tables back."""
    op.drop_index(NAME, "note_tags")
