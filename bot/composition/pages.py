"""Publishing into the folders, and sending from there, as the settings want it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Collection, Iterator
from contextlib import AbstractContextManager
from datetime import datetime

from bot.composition.stores import Stored
from bot.composition.surroundings import TEMPLATES, now, wording
from bot.figures import Figures
from bot.pages import Flavours, Published, Publishing
from bot.sending import Sending
from bot.settings import Settings
from enrichment.tex import typed_formulas
from papers.note import Workspace
from papers.nudges import Job, Nudge
from papers.shelf import Shelves
from papers.stock import Stock
from papers.targets import Target
from papers.wording import LANGUAGES
from publishing.branch import Branch, Remote
from publishing.bucket import Bucket, Way
from publishing.built_folder import BuiltFolder
from publishing.content import Content
from publishing.folder import LIST, LOCK
from publishing.jekyll.articles import JekyllBuilder
from publishing.site import SiteBuilder

OWN_FILES = (LIST, LOCK)
"""Files of Fusen's own in a folder of pages, which it writes to again and again."""


class FolderPublisher:
    """Publishes in one flavour into a folder of this machine."""

    def __init__(self, built: BuiltFolder, settings: Settings, clock: Callable[[], datetime]) -> None:
        self._built = built
        self._settings = settings
        self._now = clock

    def __call__(self, workspace: Workspace, stock: Stock, changed: Collection[int] | None) -> Published:
        """Write what is published of a workspace. Raises a FusenError if the folder cannot be written."""
        settings = self._settings
        content = Content(
            workspace, settings.pages_title, settings.pages_address, self._now(), settings.pages_listed
        )
        done = self._built.bring_up_to_date(content, stock, changed)
        return Published(str(self._built.where), done.written, done.unchanged, done.removed, self.left_out)

    def held(self) -> AbstractContextManager[None]:
        """Let no other process write to the folder until the context ends. Raises a FusenError."""
        return self._built.held()

    def stands(self) -> bool:
        """Whether nobody has taken away what was written."""
        return self._built.stands

    @property
    def left_out(self) -> int:
        """How many notes could not be rendered and stand on no page; the log says which and why."""
        return self._built.left_out


def _folders(settings: Settings) -> Iterator[BuiltFolder]:
    """One for each flavour; first that of the pages, which are sent to other places."""
    words = {language: wording("site", language) for language in LANGUAGES}
    site = {language: SiteBuilder(TEMPLATES / "site", said, typed_formulas) for language, said in words.items()}
    yield BuiltFolder(settings.pages_folder, site, settings.pages_rights)
    if settings.jekyll_folder:
        whole = settings.jekyll_whole_comments
        jekyll = {
            language: JekyllBuilder(TEMPLATES / "jekyll", said, whole_comments=whole)
            for language, said in words.items()
        }
        yield BuiltFolder(settings.jekyll_folder, jekyll)


def flavours(
    shelves: Shelves,
    settings: Settings,
    clock: Callable[[], datetime] = now,
    figures: Figures | None = None,
    published: Callable[[], object] = lambda: None,
) -> Flavours:
    """The job that publishes into the folders; `published` is called after the pages."""
    publishers = [FolderPublisher(built, settings, clock) for built in _folders(settings)]
    if figures:
        figures.tell_left_out(lambda: max(one.left_out for one in publishers))

    def job(one: FolderPublisher, published: Callable[[], object] = lambda: None) -> Publishing:
        counted = figures.publishing(one) if figures else one
        return Publishing(shelves, counted, published, one.held, one.stands)

    pages, *others = publishers
    made = Flavours(job(pages, published), *map(job, others))
    if figures:
        figures.tell_late(made.late)
    return made


def publishing(
    stored: Stored, settings: Settings, figures: Figures | None = None, nudge: Nudge = lambda _job: None
) -> Flavours:
    """The job that publishes what is stored, and has it sent."""
    return flavours(stored.shelves, settings, stored.now, figures, lambda: nudge(Job.SEND_PAGES))


def targets(settings: Settings) -> tuple[Target, ...]:
    """The places besides the folder where the pages go."""
    found: list[Target] = []
    if settings.pages_bucket:
        way = Way(
            settings.pages_bucket,
            settings.pages_bucket_endpoint,
            settings.pages_bucket_region,
            settings.pages_bucket_key_id,
            settings.pages_bucket_secret,
        )
        found.append(Bucket(settings.pages_folder, way))
    if settings.pages_git:
        remote = Remote(
            settings.pages_git,
            settings.pages_git_branch,
            settings.pages_git_user,
            settings.pages_git_token,
            settings.pages_git_ssh,
        )
        found.append(Branch(settings.pages_folder, remote, settings.pages_git_cache, settings.pages_rights))
    return tuple(found)


def sending(
    stored: Stored,
    settings: Settings,
    publishing: Flavours,
    stopped: threading.Event,
    figures: Figures | None = None,
) -> Sending:
    """The job that sends what is published to other places."""
    if figures is None:
        return Sending(targets(settings), publishing.pages, stored.gate, stopped)
    made = Sending(targets(settings), publishing.pages, stored.gate, stopped, figures.sent)
    figures.tell_late(made.late)
    return made
