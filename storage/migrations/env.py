"""How Alembic reaches the database: through the connection that `storage.migrate` hands over."""

from typing import Any, Literal

from alembic import context
from sqlalchemy import TypeDecorator

from storage.tables import metadata


def _as_it_is_stored(kind: str, thing: Any, _context: Any) -> str | Literal[False]:
    """Write our own column types as the plain ones beneath, so that a migration stays what it is."""
    return f"sa.{thing.impl!r}" if kind == "type" and isinstance(thing, TypeDecorator) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite changes a table by building it anew
    render_item=_as_it_is_stored,
    transaction_per_migration=False,
)
with context.begin_transaction():
    context.run_migrations()
