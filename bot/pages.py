"""The job that brings the published pages up to date."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass
from functools import partial
from typing import Protocol, TypeVar

from bot.tracing import of_message, tracing
from papers.errors import FusenError
from papers.note import Workspace
from papers.shelf import Shelf, Shelves
from papers.stock import NoStock, ShelfStock, Stock

log = logging.getLogger(__name__)

T = TypeVar("T")

_FEW = 20  # so many changes are always taken one by one; else all is made anew if a fifth of the notes changed


FOLDERS = ("folder", "jekyll")
"""What the figures call the folders of the flavours, in their order."""


@dataclass(frozen=True, slots=True)
class Published:
    """What was done in a folder: files written, let be and removed, and notes that had to be left out."""

    where: str
    written: int = 0
    unchanged: int = 0
    removed: int = 0
    left_out: int = 0

    def __str__(self) -> str:
        told = f"{self.written} written, {self.unchanged} unchanged, {self.removed} removed"
        return f"pages in {self.where}: {told}; notes left out: {self.left_out}"


class Publisher(Protocol):
    """Makes pages of notes and puts them where people read them."""

    def __call__(self, workspace: Workspace, stock: Stock, changed: Collection[int] | None) -> Published:
        """Publish, and tell what was written. Raises a FusenError.

        `changed` are the notes that changed, came or went since this was last called, None for any or all.
        """
        ...


@dataclass(frozen=True, slots=True)
class _Shown:
    """What stands on the pages: up to which count of changes, and all notes that there were, seen or not."""

    change: int
    notes: set[int]


class Publishing:
    """Publishes the workspace that is served when its notes have changed since this process made its pages.

    What is published is remembered here and not in the database: each process may serve a folder of its own,
    on a machine of its own, and at its start nobody knows what stands there. `count` rises with each time that
    pages were written or taken away; `published` is called then. What the publisher writes to is `held` from
    before what is published is read, so that nobody writes older pages over newer ones. Where that no longer
    `stands`, because somebody took it away, all is published again.
    """

    def __init__(
        self,
        shelves: Shelves,
        publisher: Publisher,
        published: Callable[[], object] = lambda: None,
        held: Callable[[], AbstractContextManager[None]] = nullcontext,
        stands: Callable[[], bool] = lambda: True,
    ) -> None:
        self.count = 0
        self._shelves = shelves
        self._publisher = publisher
        self._published = published
        self._held = held
        self._stands = stands
        self._shown: dict[str, _Shown] = {}
        self._alone = threading.Lock()
        self._late_since: float | None = None

    @property
    def late(self) -> float:
        """For how many seconds what changed could not be published."""
        return 0.0 if self._late_since is None else time.monotonic() - self._late_since

    @contextmanager
    def _timely(self) -> Iterator[None]:
        began = time.monotonic()
        try:
            yield
        except BaseException:
            self._late_since = self._late_since or began
            raise
        self._late_since = None

    def __call__(self) -> None:
        """Publish what changed; everything at the first call, and where it was taken away. Raises a FusenError."""
        with self._alone, self._timely():
            with self._shelves.reading() as shelf:
                workspaces = shelf.directory.workspaces()
            for gone in set(self._shown) - {workspace.id for workspace in workspaces}:
                self._withdraw(gone)
            for workspace in workspaces:
                shown = self._shown.get(workspace.id)
                if shown is None or shown.change != workspace.change or not self._stands():
                    self.publish(workspace)

    @contextmanager
    def withdrawn(self, workspace: str) -> Iterator[None]:
        """Take the pages of a workspace away, and publish nothing until its notes are gone too.

        Raises a FusenError.
        """
        with self._alone:
            self._withdraw(workspace)
            yield

    def _withdraw(self, workspace: str) -> None:
        with self._held():
            self._publisher(Workspace(workspace), NoStock(), None)
        self._announce()
        self._shown.pop(workspace, None)

    def publish(self, workspace: Workspace) -> Published:
        """Publish one workspace and return what was written. Raises a FusenError."""
        shown = self._shown.pop(workspace.id, None)
        # Joining what was read may take minutes.
        with self._held(), self._shelves.reading(resting=True) as shelf:
            # Read again: the count and the notes are of one state.
            now = shelf.directory.workspace(workspace.id) or workspace
            changed = _changed(shelf, now.id, shown) if shown else None
            stock = ShelfStock(shelf, now.id)
            written = self._publisher(now, stock, changed)
            _tell(stock, changed or ())
            notes = set(shelf.pages.ids(now.id)) if shown is None or changed is None else shown.notes
        self._shown[now.id] = _Shown(now.change, notes)
        log.info("%s", written)
        self._announce()
        return written

    def _announce(self) -> None:
        self.count += 1
        self._published()


class Flavours:
    """Publishes in every flavour, each for itself: what hinders one hinders no other."""

    def __init__(self, pages: Publishing, *others: Publishing) -> None:
        self.pages = pages
        self._all = (pages, *others)

    def __call__(self) -> None:
        """Publish what changed; at the first call everything. Raises the first FusenError of all."""
        _each(self._all)

    def publish(self, workspace: Workspace) -> list[Published]:
        """Publish one workspace and return what was written in each. Raises the first FusenError of all."""
        return _each(partial(one.publish, workspace) for one in self._all)

    def late(self) -> Mapping[str, float]:
        """For how many seconds each folder has lacked what could not be written there."""
        return dict(zip(FOLDERS, (one.late for one in self._all), strict=False))

    @contextmanager
    def withdrawn(self, workspace: str) -> Iterator[None]:
        """Take the pages of a workspace away, and publish nothing until its notes are gone too.

        Raises the first FusenError of all.
        """
        with ExitStack() as until:
            _each(partial(until.enter_context, one.withdrawn(workspace)) for one in self._all)
            yield


def _each(acts: Iterable[Callable[[], T]]) -> list[T]:
    """What each of the acts gives; all are done before the first FusenError is raised."""
    done: list[T] = []
    troubles: list[FusenError] = []
    for act in acts:
        try:
            done.append(act())
        except FusenError as trouble:
            troubles.append(trouble)
    if troubles:
        raise troubles[0]
    return done


def _tell(stock: Stock, changed: Collection[int]) -> None:
    """Log of each note that its pages are up to date, under the ids of all threads that it was shared in."""
    if not log.isEnabledFor(logging.INFO):
        return
    for note in stock.notes(changed):
        for share in note.shares:
            with tracing(of_message(share.message)):
                log.info("note %s: its pages are up to date", note.id)


def _changed(shelf: Shelf, workspace: str, shown: _Shown) -> Collection[int] | None:
    """The notes that changed since; None if they are too many, or if one is gone for good."""
    number = shelf.pages.number(workspace)
    changed = shelf.pages.touched(workspace, shown.change, _FEW + number // 5)
    if changed is None:
        return None
    shown.notes.update(changed)
    return changed if len(shown.notes) == number else None
