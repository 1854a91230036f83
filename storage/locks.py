"""Locks between processes, on files beside that of an SQLite database."""

from __future__ import annotations

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any, TextIO

from papers.database_errors import DatabaseUnlockable
from storage.complaints import unopened


@contextmanager
def lock_file(file: Path, suffix: str) -> Iterator[TextIO]:
    """A file beside that of a database, to be locked; made if it is not there. Raises DatabaseUnreachable."""
    try:
        opened = file.with_name(file.name + suffix).open("a")
    except OSError as error:
        raise unopened(file, error) from error
    with opened:
        yield opened


def lock_opened(opened: IO[Any], how: int, file: Path) -> None:
    """Lock, as `fcntl.flock` does, an open file that stands beside that of a database.

    Raises BlockingIOError where another process holds it, and DatabaseUnlockable where nobody can.
    """
    try:
        fcntl.flock(opened, how)
    except BlockingIOError:
        raise
    except OSError as error:
        raise DatabaseUnlockable(str(file), str(error.strerror)) from error
