"""The schema that all tables belong to, and the columns that many of them have."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKeyConstraint, Index, MetaData, text

from storage.columns import Words

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    }
)


def word(name: str) -> Column[str]:
    """A text that is empty unless it is given."""
    return Column(name, Words, nullable=False, server_default=text("''"))


def by_whom_and_where() -> tuple[Column[str] | ForeignKeyConstraint | Index, ...]:
    """Whose a row is, and in which channel it was done."""
    return (
        Column("workspace", Words, nullable=False),
        Column("member", Words, nullable=False),
        Column("channel", Words, nullable=False),
        ForeignKeyConstraint(["workspace", "member"], ["members.workspace", "members.id"]),
        ForeignKeyConstraint(["workspace", "channel"], ["channels.workspace", "channels.id"]),
        Index(None, "workspace", "member"),
    )
