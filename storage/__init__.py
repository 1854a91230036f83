"""The stored notes: the only room that knows SQLAlchemy."""
