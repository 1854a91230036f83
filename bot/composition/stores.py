"""The database that the settings name: opened, backed up, examined."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from importlib import import_module
from pathlib import Path

from arxiv_api.timing import POLITE
from bot.composition.surroundings import now
from bot.settings import Settings
from papers.database_errors import WrongDatabaseAddress
from papers.errors import FusenError
from papers.nudges import Carrier
from publishing.folder import shows_papers
from storage import backup
from storage import restore as restoring
from storage.engine import Database, connect, sqlite_file
from storage.examination import Examined, examine
from storage.gate import StoredGate
from storage.migrate import migrate
from storage.past_schemas import revision_of
from storage.present import Present
from storage.running import running
from storage.shelves import StoredShelves


@dataclass(frozen=True, slots=True)
class Stored:
    """The stored notes, ready for use, and the gates and the clock that all who use them go by."""

    database: Database
    shelves: StoredShelves
    gate: StoredGate
    now: Callable[[], datetime] = now
    carrier: Carrier | None = None

    def serving(self, workspace: str) -> Stored:
        """The same for whoever works for one workspace."""
        return replace(self, shelves=self.shelves.serving(workspace))


class NotesMissing(FusenError):
    """The database is new and the pages are not: it is hardly theirs, and they would be written over."""

    en = (
        "The database {where} is empty, but {folder} holds the pages of papers, which Fusen would delete. Mount "
        "the disk of the database, correct DATABASE_URL, or restore a backup: fusen restore FILE. If you mean to "
        "begin anew, empty {folder} first."
    )
    ja = (
        "データベース {where} は空ですが、{folder} には論文のページがあり、このままでは削除されます。"
        "データベースのディスクをマウントするか、DATABASE_URL を直すか、バックアップを復元してください: "
        "fusen restore ファイル名。新しく始める場合は、先に {folder} を空にしてください。"
    )


@contextmanager
def stored(settings: Settings) -> Iterator[Stored]:
    """Open the database and bring its schema up to date.

    Raises DatabaseUnreachable, also as DatabaseDamaged, NotesMissing, and what `migrate` raises.
    """
    database = connect(settings.database_url)
    try:
        database.refuse_damaged()
        # Looked for first: another process may make the tables meanwhile, and then the pages.
        if (shown := papers_shown(settings)) and _is_new(database):
            raise NotesMissing(where=database.where, folder=shown)
        migrate(database)
        yield Stored(
            database, StoredShelves(database), StoredGate(database), Present(database), _carrier(database)
        )
    finally:
        database.close()


def papers_shown(settings: Settings) -> Path | None:
    """The first folder with pages that tell of papers, if there is any."""
    flavours = (settings.pages_folder, settings.jekyll_folder)
    return next((folder for folder in flavours if folder and shows_papers(folder)), None)


def _is_new(database: Database) -> bool:
    # As a writer: a reader on PostgreSQL that waited while all was replaced would not see what came in its place.
    with database.writing() as connection:
        return revision_of(connection) is None


def _carrier(database: Database) -> Carrier | None:
    """PostgreSQL: the queue between processes. SQLite has one process, and the queue is not even loaded."""
    if database.file is not None:
        return None
    nudging = import_module("storage.nudging")
    return nudging.NudgeQueue(database) if nudging.prepare(database) else None


def back_up(settings: Settings, file: Path, overwrite: bool) -> int:
    """Write all that is stored into a file. Returns the number of rows. Raises what `storage.backup` raises."""
    with closing(connect(settings.database_url, reads=True)) as database:
        return backup.back_up(database, file, overwrite, now)


def restore(settings: Settings, file: Path, replace: bool) -> int:
    """Put a backup into the database. Returns the number of rows. Raises what `storage.restore` raises."""
    with closing(connect(settings.database_url)) as database:
        return restoring.restore(database, file, replace)


def journal_left(settings: Settings) -> Path | None:
    """SQLite: the journal, where it holds a part of the database though nobody of ours has it open any more."""
    file = sqlite_file(settings.database_url)
    journal = file and file.resolve().with_name(f"{file.resolve().name}-wal")
    return journal if journal and journal.exists() and journal.stat().st_size else None


def examine_database(settings: Settings) -> Examined:
    """How the database is. Raises DatabaseUnreachable."""
    return examine(settings.database_url, now())


def folders(settings: Settings) -> Iterator[Path]:
    """The folders of this machine that Fusen writes into."""
    yield settings.pages_folder
    if settings.jekyll_folder:
        yield settings.jekyll_folder
    with suppress(WrongDatabaseAddress):
        file = sqlite_file(settings.database_url)
        if file is not None:
            yield file.parent


def at_work(stored: Stored) -> AbstractContextManager[None]:
    """Run the bot on this database; on SQLite, alone. Raises AlreadyRunning."""
    return running(stored.database, POLITE.gap)
