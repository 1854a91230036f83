"""For developers: write the next migration from what changed in the tables.

`python -m storage.revise "Keep who has read a note"` compares the tables of the program with those that the
migrations make, and writes a file into `storage/migrations/versions` to be looked through.
"""

from __future__ import annotations

import sys
from tempfile import TemporaryDirectory

from alembic import command
from alembic.script import ScriptDirectory

from storage.engine import connect
from storage.migrate import configuration, migrate


def revise(message: str) -> None:
    """Write the next migration; `message` says in a few words what it does."""
    with TemporaryDirectory() as folder:
        database = connect(f"sqlite:///{folder}/empty.db")
        migrate(database)
        with database.writing() as connection:
            config = configuration(connection)
            known = len(list(ScriptDirectory.from_config(config).walk_revisions()))
            command.revision(config, message, autogenerate=True, rev_id=f"{known + 1:04}")
        database.close()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    revise(sys.argv[1])
