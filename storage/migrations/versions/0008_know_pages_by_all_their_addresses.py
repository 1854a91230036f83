"""Know pages by all their addresses, and papers by their titles: what is one, and what is a twin."""

import sqlalchemy as sa
from alembic import op

from papers.titles import title_key

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_TITLED = sa.text("title_key <> ''")
_BATCH = 1000


def upgrade() -> None:
    """Bring the tables forward."""
    op.create_table(
        "paper_aliases",
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("paper_id", _ID, nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name="fk_paper_aliases_paper_id"),
        sa.PrimaryKeyConstraint("source", "source_id", name="pk_paper_aliases"),
    )
    op.create_index("ix_paper_aliases_paper_id", "paper_aliases", ["paper_id"])
    op.create_table(
        "paper_twins",
        sa.Column("paper_id", _ID, nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["paper_id"], ["papers.id"], name="fk_paper_twins_paper_id"),
        sa.PrimaryKeyConstraint("paper_id", "source", "source_id", name="pk_paper_twins"),
    )
    op.create_index("ix_paper_twins_source_source_id", "paper_twins", ["source", "source_id"])
    op.add_column("papers", sa.Column("dated", sa.Text(), server_default="day", nullable=False))
    op.add_column("papers", sa.Column("title_key", sa.Text(), server_default=sa.text("''"), nullable=False))
    _key_titles()
    op.create_index("ix_papers_title_key", "papers", ["title_key"], sqlite_where=_TITLED, postgresql_where=_TITLED)


def downgrade() -> None:
    """Bring the tables back."""
    op.drop_index("ix_papers_title_key", "papers")
    op.drop_column("papers", "title_key")
    op.drop_column("papers", "dated")
    op.drop_table("paper_twins")
    op.drop_table("paper_aliases")


def _key_titles() -> None:
    papers = sa.table("papers", sa.column("id"), sa.column("reading_title"), sa.column("title_key"))
    connection, last = op.get_bind(), 0
    while rows := connection.execute(
        sa.select(papers.c.id, papers.c.reading_title)
        .where(papers.c.id > last)
        .order_by(papers.c.id)
        .limit(_BATCH)
    ).all():
        last = rows[-1].id
        keyed = [{"row": row.id, "key": key} for row in rows if (key := title_key(row.reading_title))]
        if keyed:
            change = sa.update(papers).where(papers.c.id == sa.bindparam("row"))
            connection.execute(change.values(title_key=sa.bindparam("key")), keyed)
