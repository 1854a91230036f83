"""Keep translations of titles and abstracts, and what they have cost."""

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_WANTED = sa.text("due IS NOT NULL")


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "model_use",
        sa.Column("month", sa.Text(), nullable=False),
        sa.Column("tokens", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("month", name="pk_model_use"),
    )
    op.create_table(
        "translations",
        sa.Column("id", _ID, nullable=False),
        sa.Column("paper_id", _ID, nullable=False),
        sa.Column("language", sa.Text(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("due", sa.DateTime(timezone=True), nullable=True),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("title", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("sentences", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("made_by", sa.Text(), server_default=sa.text("''"), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("made_of", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name="fk_translations_paper_id"),
        sa.PrimaryKeyConstraint("id", name="pk_translations"),
        sa.UniqueConstraint("paper_id", "language", name="uq_translations_paper_id_language"),
    )
    op.create_index("ix_translations_due", "translations", ["due"], sqlite_where=_WANTED, postgresql_where=_WANTED)


def downgrade() -> None:
    """Bring the tables back."""
    op.drop_table("translations")
    op.drop_table("model_use")
