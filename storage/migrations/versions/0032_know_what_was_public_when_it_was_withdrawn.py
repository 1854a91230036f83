"""Know of what was withdrawn whether anybody could see it then: only that leaves a page behind."""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None

# Read once and first, a row or none for each channel: a channel's posts are as many as its notes.
_OPENED = """
    WITH opened AS MATERIALIZED (
        SELECT workspace, channel, MAX(COALESCE(owed_again_at, owed_at)) AS at
        FROM outbox WHERE kind = 'opened' GROUP BY workspace, channel
    )
"""
_SHARES = "UPDATE shares SET was_public = true WHERE withdrawn_at IS NOT NULL"
_TAGS = """
    UPDATE note_tags SET was_public = true
    WHERE EXISTS (SELECT 1 FROM shares WHERE shares.note_id = note_tags.note_id AND shares.was_public)
"""
_WITHDRAWN = """(
    SELECT MAX(shares.withdrawn_at) FROM shares WHERE shares.note_id = note_tags.note_id AND shares.was_public
)"""

# What leaves a page today goes on doing so, except where it is known that its channel was private then.
_PUBLIC = """
    AND EXISTS (
        SELECT 1 FROM channels JOIN workspaces ON workspaces.id = channels.workspace
        WHERE channels.workspace = {rows}.workspace AND channels.id = {rows}.channel
        AND channels.kind = 'public' AND (NOT channels.external OR workspaces.publishes_external)
    ) AND NOT EXISTS (
        SELECT 1 FROM opened WHERE opened.workspace = {rows}.workspace AND opened.channel = {rows}.channel
        AND opened.at >= {then}
    )
"""


def upgrade() -> None:
    """Bring the tables forward."""
    for table in ("shares", "note_tags"):
        op.add_column(
            table, sa.Column("was_public", sa.Boolean(), server_default=sa.text("false"), nullable=False)
        )
    op.execute(_OPENED + _SHARES + _PUBLIC.format(rows="shares", then="shares.withdrawn_at"))
    op.execute(_OPENED + _TAGS + _PUBLIC.format(rows="note_tags", then=_WITHDRAWN))


def downgrade() -> None:
    """Bring the tables back."""
    for table in ("note_tags", "shares"):
        op.drop_column(table, "was_public")
