"""The first tables."""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_MOMENT = sa.DateTime(timezone=True)


def _only(condition: str) -> dict[str, Any]:
    """Where a partial index holds, on both databases."""
    return {"sqlite_where": sa.text(condition), "postgresql_where": sa.text(condition)}


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "digests",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("period", sa.Text(), nullable=False),
        sa.Column("claimed_at", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("workspace", "period", name="pk_digests"),
    )
    op.create_table(
        "gates",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("free_at", sa.Double(), nullable=False),
        sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("name", name="pk_gates"),
    )
    op.create_table(
        "inbox",
        sa.Column("id", _ID, nullable=False),
        sa.Column("event_id", sa.Text(), nullable=False),
        sa.Column("message_key", sa.Text(), nullable=True),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("thread", sa.Text(), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("received_at", _MOMENT, nullable=False),
        sa.Column("due", _MOMENT, nullable=False),
        sa.Column("leased_until", _MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("finished_at", _MOMENT, nullable=True),
        sa.Column("error", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_inbox"),
        sa.UniqueConstraint("event_id", name="uq_inbox_event_id"),
        sa.UniqueConstraint("message_key", name="uq_inbox_message_key"),
    )
    op.create_index("ix_inbox_finished_at", "inbox", ["finished_at"])
    op.create_index("ix_inbox_open", "inbox", ["id"], **_only("finished_at IS NULL"))
    op.create_index("ix_inbox_thread_finished_at", "inbox", ["thread", "finished_at"])
    op.create_table(
        "papers",
        sa.Column("id", _ID, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("wanted_at", _MOMENT, nullable=False),
        sa.Column("due", _MOMENT, nullable=True),
        sa.Column("asked_at", _MOMENT, nullable=True),
        sa.Column("leased_until", _MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("missing", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("title", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("abstract", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("authors", sa.Text(), server_default="[]", nullable=False),
        sa.Column("categories", sa.Text(), server_default="[]", nullable=False),
        sa.Column("published", _MOMENT, nullable=True),
        sa.Column("updated", _MOMENT, nullable=True),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("journal_ref", sa.Text(), nullable=True),
        sa.Column("doi", sa.Text(), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("origin", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("reading_title", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("reading_abstract", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("summary_text", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("summary_made_by", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("summary_made_at", _MOMENT, nullable=True),
        sa.Column("summary_made_from", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("folded", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_papers"),
        sa.UniqueConstraint("source", "source_id", name="uq_papers_source_source_id"),
    )
    op.create_index("ix_papers_due", "papers", ["due"], **_only("due IS NOT NULL"))
    op.create_table(
        "workspaces",
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("url", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("language", sa.Text(), server_default="en", nullable=False),
        sa.Column("zone", sa.Text(), server_default="UTC", nullable=False),
        sa.Column("digest_channel", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("change", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("since", _MOMENT, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_workspaces"),
    )
    op.create_table(
        "channels",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("kind", sa.Text(), server_default="unknown", nullable=False),
        sa.Column("learned_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_channels_workspace"),
        sa.PrimaryKeyConstraint("workspace", "id", name="pk_channels"),
    )
    op.create_index("ix_channels_workspace_learned_at", "channels", ["workspace", "learned_at"])
    op.create_table(
        "members",
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("id", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("language", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("learned_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_members_workspace"),
        sa.PrimaryKeyConstraint("workspace", "id", name="pk_members"),
    )
    op.create_index("ix_members_workspace_learned_at", "members", ["workspace", "learned_at"])
    op.create_table(
        "notes",
        sa.Column("id", _ID, nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("paper_id", _ID, nullable=False),
        sa.Column("change", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name="fk_notes_paper_id"),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_notes_workspace"),
        sa.PrimaryKeyConstraint("id", name="pk_notes"),
        sa.UniqueConstraint("workspace", "paper_id", name="uq_notes_workspace_paper_id"),
    )
    op.create_index("ix_notes_paper_id", "notes", ["paper_id"])
    op.create_table(
        "tags",
        sa.Column("id", _ID, nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["workspace"], ["workspaces.id"], name="fk_tags_workspace"),
        sa.PrimaryKeyConstraint("id", name="pk_tags"),
        sa.UniqueConstraint("workspace", "key", name="uq_tags_workspace_key"),
    )
    op.create_table(
        "comments",
        sa.Column("id", _ID, nullable=False),
        sa.Column("note_id", _ID, nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("ts", sa.Text(), nullable=True),
        sa.Column("thread_ts", sa.Text(), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("folded", sa.Text(), nullable=False),
        sa.Column("written_at", _MOMENT, nullable=False),
        sa.Column("edited", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name="fk_comments_note_id"),
        sa.ForeignKeyConstraint(
            ["workspace", "channel"], ["channels.workspace", "channels.id"], name="fk_comments_workspace_channel"
        ),
        sa.ForeignKeyConstraint(
            ["workspace", "member"], ["members.workspace", "members.id"], name="fk_comments_workspace_member"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_comments"),
        sa.UniqueConstraint("note_id", "origin", name="uq_comments_note_id_origin"),
    )
    op.create_index("ix_comments_workspace_channel_ts", "comments", ["workspace", "channel", "ts"])
    op.create_index("ix_comments_workspace_member", "comments", ["workspace", "member"])
    op.create_table(
        "note_tags",
        sa.Column("id", _ID, nullable=False),
        sa.Column("note_id", _ID, nullable=False),
        sa.Column("tag_id", _ID, nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("tagged_at", _MOMENT, nullable=False),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name="fk_note_tags_note_id"),
        sa.ForeignKeyConstraint(["tag_id"], ["tags.id"], name="fk_note_tags_tag_id"),
        sa.ForeignKeyConstraint(
            ["workspace", "channel"], ["channels.workspace", "channels.id"], name="fk_note_tags_workspace_channel"
        ),
        sa.ForeignKeyConstraint(
            ["workspace", "member"], ["members.workspace", "members.id"], name="fk_note_tags_workspace_member"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_note_tags"),
        sa.UniqueConstraint("note_id", "tag_id", "channel", name="uq_note_tags_note_id_tag_id_channel"),
    )
    op.create_index("ix_note_tags_tag_id", "note_tags", ["tag_id"])
    op.create_index("ix_note_tags_workspace_channel", "note_tags", ["workspace", "channel"])
    op.create_index("ix_note_tags_workspace_member", "note_tags", ["workspace", "member"])
    op.create_table(
        "outbox",
        sa.Column("id", _ID, nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("thread_ts", sa.Text(), nullable=True),
        sa.Column("note_id", _ID, nullable=True),
        sa.Column("only_for", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("body", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("origin", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("owed_at", _MOMENT, nullable=False),
        sa.Column("due", _MOMENT, nullable=False),
        sa.Column("leased_until", _MOMENT, nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("ts", sa.Text(), nullable=True),
        sa.Column("posted_at", _MOMENT, nullable=True),
        sa.Column("abandoned_at", _MOMENT, nullable=True),
        sa.Column("error", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("shown", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("note_change", sa.BigInteger(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name="fk_outbox_note_id"),
        sa.PrimaryKeyConstraint("id", name="pk_outbox"),
        sa.UniqueConstraint("workspace", "key", name="uq_outbox_workspace_key"),
    )
    op.create_index("ix_outbox_note_id", "outbox", ["note_id"])
    op.create_index(
        "ix_outbox_outdated",
        "outbox",
        ["id"],
        **_only("kind = 'card' AND posted_at IS NOT NULL AND abandoned_at IS NULL AND shown < note_change"),
    )
    op.create_index("ix_outbox_owed", "outbox", ["id"], **_only("posted_at IS NULL AND abandoned_at IS NULL"))
    op.create_table(
        "shares",
        sa.Column("id", _ID, nullable=False),
        sa.Column("note_id", _ID, nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("workspace", sa.Text(), nullable=False),
        sa.Column("member", sa.Text(), nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("ts", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("thread_ts", sa.Text(), nullable=True),
        sa.Column("version", sa.Integer(), nullable=True),
        sa.Column("shared_at", _MOMENT, nullable=False),
        sa.Column("withdrawn_at", _MOMENT, nullable=True),
        sa.ForeignKeyConstraint(["note_id"], ["notes.id"], name="fk_shares_note_id"),
        sa.ForeignKeyConstraint(
            ["workspace", "channel"], ["channels.workspace", "channels.id"], name="fk_shares_workspace_channel"
        ),
        sa.ForeignKeyConstraint(
            ["workspace", "member"], ["members.workspace", "members.id"], name="fk_shares_workspace_member"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_shares"),
        sa.UniqueConstraint("note_id", "origin", name="uq_shares_note_id_origin"),
    )
    op.create_index("ix_shares_workspace_channel_shared_at", "shares", ["workspace", "channel", "shared_at"])
    op.create_index("ix_shares_workspace_channel_thread_ts", "shares", ["workspace", "channel", "thread_ts"])
    op.create_index("ix_shares_workspace_channel_ts", "shares", ["workspace", "channel", "ts"])
    op.create_index("ix_shares_workspace_member", "shares", ["workspace", "member"])


def downgrade() -> None:
    """Bring the tables back."""
    for table in (
        "shares",
        "outbox",
        "note_tags",
        "comments",
        "tags",
        "notes",
        "members",
        "channels",
        "workspaces",
        "papers",
        "inbox",
        "gates",
        "digests",
    ):
        op.drop_table(table)
