"""Keep how the formulas of titles and abstracts are written as mathematics.

Papers that are known already get theirs when their source is asked again, within a week.
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Bring the tables forward."""
    for name in ("title_formulas", "abstract_formulas"):
        op.add_column("papers", sa.Column(name, sa.Text(), nullable=False, server_default="[]"))


def downgrade() -> None:
    """Bring the tables back."""
    for name in ("abstract_formulas", "title_formulas"):
        op.drop_column("papers", name)
