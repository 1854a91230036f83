"""Know by which terms papers are alike. The papers stored so far are read in by a job."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_UNREAD = sa.text("words IS NULL AND version IS NOT NULL")


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "paper_authors",
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("paper_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name="fk_paper_authors_paper_id"),
        sa.PrimaryKeyConstraint("author", "paper_id", name="pk_paper_authors"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_paper_authors_paper_id", "paper_authors", ["paper_id"])
    op.create_table(
        "paper_terms",
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("paper_id", _ID, nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name="fk_paper_terms_paper_id"),
        sa.PrimaryKeyConstraint("term", "paper_id", name="pk_paper_terms"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_paper_terms_paper_id", "paper_terms", ["paper_id"])
    op.add_column("papers", sa.Column("words", sa.Integer(), nullable=True))
    op.create_index("ix_papers_unread", "papers", ["id"], sqlite_where=_UNREAD, postgresql_where=_UNREAD)


def downgrade() -> None:
    """Bring the tables back."""
    op.drop_index("ix_papers_unread", "papers")
    op.drop_column("papers", "words")
    op.drop_table("paper_terms")
    op.drop_table("paper_authors")
