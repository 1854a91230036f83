"""Transactions: each opens a shelf whose parts share one connection."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime

from sqlalchemy import Connection

from papers.acts import ActShelf
from papers.backfill import BackfillShelf
from papers.backlog import Backlogs
from papers.digest_order import DigestShelf
from papers.directory import Directory
from papers.emoji import ReactionShelf
from papers.follows import FollowShelf
from papers.history_shelf import HistoryShelf
from papers.home import HomeShelf
from papers.images import ImageShelf
from papers.oblivion import Forgotten, Oblivion
from papers.page_shelf import PageShelf
from papers.paper_shelf import PaperShelf
from papers.reader_shelf import ReaderShelf
from papers.relatedness import Relations
from papers.settled import SettingsShelf
from papers.shelf import NoteShelf, Shelf
from papers.tag_shelf import TagShelf
from papers.translation_shelf import TranslationShelf
from papers.work import Inbox, Outbox
from storage.acts import StoredActs
from storage.backfills import StoredBackfills
from storage.backlogs import StoredBacklogs
from storage.digests import StoredDigests
from storage.directory import StoredDirectory
from storage.engine import Database
from storage.follows import StoredFollows
from storage.histories import StoredHistories
from storage.homes import StoredHomes
from storage.images import StoredImages
from storage.inbox import StoredInbox
from storage.notes import StoredNotes
from storage.oblivion import StoredOblivion
from storage.outbox import StoredOutbox
from storage.page_reads import StoredPages
from storage.papers import StoredPapers
from storage.reactions import StoredReactions
from storage.readers import StoredReaders
from storage.related import StoredRelations
from storage.settings import StoredSettings
from storage.stamps import hold_workspace
from storage.tags import StoredTags
from storage.translations import StoredTranslations

_asked: ContextVar[tuple[str, str, datetime] | None] = ContextVar("asked", default=None)


class StoredShelf:
    """The port `Shelf` in one transaction; `serving` is the workspace whose work is done, empty for all."""

    def __init__(self, connection: Connection, serving: str = "") -> None:
        self.papers: PaperShelf = StoredPapers(connection)
        self.histories: HistoryShelf = StoredHistories(connection)
        self.translations: TranslationShelf = StoredTranslations(connection)
        self.images: ImageShelf = StoredImages(connection, serving)
        self.notes: NoteShelf = StoredNotes(connection)
        self.tags: TagShelf = StoredTags(connection)
        self.pages: PageShelf = StoredPages(connection)
        self.directory: Directory = StoredDirectory(connection, serving)
        self.settings: SettingsShelf = StoredSettings(connection)
        self.oblivion: Oblivion = StoredOblivion(connection)
        self.acts: ActShelf = StoredActs(connection)
        self.inbox: Inbox = StoredInbox(connection, serving)
        self.outbox: Outbox = StoredOutbox(connection, serving)
        self.backlogs: Backlogs = StoredBacklogs(connection, serving)
        self.readers: ReaderShelf = StoredReaders(connection)
        self.reactions: ReactionShelf = StoredReactions(connection)
        self.relations: Relations = StoredRelations(connection)
        self.backfills: BackfillShelf = StoredBackfills(connection, serving)
        self.digests: DigestShelf = StoredDigests(connection)
        self.follows: FollowShelf = StoredFollows(connection, serving)
        self.homes: HomeShelf = StoredHomes(connection, serving)


class StoredShelves:
    """The port `Shelves` in a database that has been migrated; `serving` is as for a shelf."""

    def __init__(self, database: Database, serving: str = "") -> None:
        self._database = database
        self._serving = serving

    def serving(self, workspace: str) -> StoredShelves:
        """The same for whoever works for one workspace: what waits to be done in others is left to others."""
        return StoredShelves(self._database, workspace)

    @contextmanager
    def writing(self, lasting: bool = True) -> Iterator[Shelf]:
        """A writing transaction; not `lasting`, a loss of power may undo it.

        Raises DatabaseUnreachable, and Forgotten where it is asked for by somebody who was forgotten since.
        """
        with self._database.writing(lasting) as connection:
            shelf = StoredShelf(connection, self._serving)
            if asked := _asked.get():
                hold_workspace(connection, asked[0])
                if shelf.oblivion.is_forgotten(*asked):
                    raise Forgotten
            yield shelf

    @contextmanager
    def asked_by(self, workspace: str, member: str, at: datetime) -> Iterator[None]:
        """What this thread does in the block is asked for by something that the member said at that time."""
        token = _asked.set((workspace, member, at))
        try:
            yield
        finally:
            _asked.reset(token)

    @contextmanager
    def reading(self, resting: bool = False) -> Iterator[Shelf]:
        """A transaction that only reads, and sees one steady state. A `resting` one may ask nothing for long.

        Raises DatabaseUnreachable.
        """
        with self._database.reading(resting) as connection:
            yield StoredShelf(connection, self._serving)
