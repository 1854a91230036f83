"""The folder of the pages: files written whole, only where they differ, and none removed that is not ours."""

from __future__ import annotations

import errno
import fcntl
import json
import os
import re
import time
from collections.abc import Collection, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from papers.errors import FusenError
from publishing import folder_changes
from publishing.addresses import is_of_papers
from publishing.content import Gone, Page
from publishing.folder_changes import CHANGES, Seen

LIST = ".fusen-pages"
LOCK = ".fusen-lock"
_SIGNS = re.compile(r'[\\:*?"<>|]')
_ASIDE, _ASIDE_END = ".fusen-", ".tmp"
_ABANDONED_SECONDS = 3600.0
_BUNDLE, _BUNDLE_BYTES = 100, 1_000_000


class UnwritablePagesFolder(FusenError):
    """The folder of the pages cannot be written to: rights, a full disk, a file where a folder should be."""

    en = (
        "The pages cannot be written to {folder} ({reason}). Make the folder writable for Fusen, or choose another"
        " one; what is missing is written with the next build."
    )
    ja = (
        "ページを {folder} に書き込めません ({reason})。フォルダを Fusen から書き込めるようにするか、"
        "別のフォルダを指定してください。足りない分は次の作成時に書き込まれます。"
    )

    def __init__(self, folder: Path, reason: str) -> None:
        super().__init__(folder=str(folder), reason=reason)


class PagesMissing(FusenError):
    """Somebody removed pages from the folder; nothing is sent from there until all are written anew."""

    en = "Pages are missing in {folder}: somebody has removed them. All are written anew now, then sent."
    ja = "{folder} のページが足りません。誰かが削除したようです。すべて作り直してから送ります。"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder=str(folder))


@dataclass(frozen=True, slots=True)
class Written:
    """What a writing did: files written because they were new or different, left alone, and removed."""

    written: int
    unchanged: int
    removed: int


@contextmanager
def hold(folder: Path, rights: int = 0o777) -> Iterator[None]:
    """Let no other process write to the folder until the context ends; made with `rights` if there is none.

    To be held from before what is published is read: else who waits here writes older pages over newer ones.
    Raises UnwritablePagesFolder.
    """
    try:
        folder.mkdir(rights, parents=True, exist_ok=True)
    except OSError as error:
        raise UnwritablePagesFolder(folder, error.strerror or str(error)) from error
    with _locked(folder):
        yield


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    with ExitStack() as until:
        try:
            lock = until.enter_context((folder / LOCK).open("a"))
            fcntl.flock(lock, fcntl.LOCK_EX)
        except OSError as error:
            raise UnwritablePagesFolder(folder, error.strerror or str(error)) from error
        yield


def write(folder: Path, pages: Iterable[Page]) -> Written:
    """Bring the folder up to date with `pages`, one of which may be in use by a reader at any time.

    Each file is written aside and renamed; equal files keep their time stamp; nothing is cleaned before. Files of
    earlier builds that are no longer among the pages are removed last. Which files are ours stands in the list
    `.fusen-pages`: a path is added before its file is first written, so a kill at any instant leaves a list that
    names all our files, and the next run ends with the right bytes. The caller holds the folder.

    Raises UnwritablePagesFolder, and ValueError for a path that would leave the folder.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        return _write(folder, pages)
    except OSError as error:
        raise UnwritablePagesFolder(folder, error.strerror or str(error)) from error


def amend(folder: Path, pages: Iterable[Page | Gone]) -> Written:
    """Bring the folder up to date where it differs: write these pages, remove those that are gone.

    For a folder that `stands`. A path is added to the list of ours before its file is first written, so that
    whatever instant this is killed at, `write` ends with the right files. The caller holds the folder. Raises what
    `write` raises.
    """
    try:
        return _amend(folder, pages)
    except OSError as error:
        raise UnwritablePagesFolder(folder, error.strerror or str(error)) from error


def differs(folder: Path, since: Seen | None, made: Collection[str]) -> bool:
    """Whether others changed files since then, apart from `made`, so that they are not what the caller made them.

    The caller holds the folder, and has just made those.
    """
    return folder_changes.differs(folder, since, made, lambda: _ours(folder))


def shows_papers(folder: Path) -> bool:
    """Whether pages of earlier builds tell of papers there, as far as that can be read. Nobody is waited for."""
    try:
        # The list alone proves nothing: whoever empties the folder by hand may leave it.
        return any(is_of_papers(path) and (folder / path).is_file() for path in _named(_listed_in(folder)))
    except OSError:  # nor can these be written over
        return False


def stands(folder: Path) -> bool:
    """Whether a build has written its pages to this folder, as its lists tell, and nobody took them away.

    Of these one is looked for, as often as this is asked: whoever empties a folder takes all that is not hidden.
    """
    try:
        with (folder / LIST).open("rb") as listed:
            seen = (path for line in listed for path in _named(line) if not path.startswith("."))
            first = next(seen, None)
    except OSError:
        return False
    return (folder / CHANGES).is_file() and (first is None or (folder / first).is_file())


def doubt(folder: Path) -> None:
    """What stands there is not what was built: from now on it does not `stand`, until all is written anew.

    The caller holds the folder.
    """
    (folder / CHANGES).unlink(missing_ok=True)


@contextmanager
def still(folder: Path) -> Iterator[Iterator[str]]:
    """Let nobody write to the folder meanwhile; gives the paths of all pages that are, or may be, in it.

    Raises UnwritablePagesFolder.
    """
    with _locked(folder):
        inside = _Inside(folder)
        yield (path for path in sorted(_ours(folder)) if inside.holds(path))


def _amend(folder: Path, pages: Iterable[Page | Gone]) -> Written:
    inside = _Inside(folder)
    ours = _ours(folder)
    written = unchanged = 0
    removed: set[str] = set()
    with (folder / LIST).open("a", encoding="utf-8") as journal, folder_changes.opened(folder) as changes:
        for page in pages:
            target = inside.file(page.path)
            if isinstance(page, Gone):
                if page.path in ours and _remove(folder, page.path, changes):
                    removed.add(page.path)
                continue
            if page.path not in ours:
                journal.write(json.dumps(page.path) + "\n")
                journal.flush()
                ours.add(page.path)
            changed = _change(page, target, _read(target), changes)
            written, unchanged = written + changed, unchanged + (not changed)
    if removed:  # nor does the list tell of them any longer
        _replace(str(folder / LIST), _listed(ours - removed))
    return Written(written, unchanged, len(removed))


def _write(folder: Path, pages: Iterable[Page]) -> Written:
    inside = _Inside(folder)
    ours = _ours(folder)
    kept: set[str] = set()
    written = 0
    with (folder / LIST).open("a", encoding="utf-8") as journal, folder_changes.opened(folder) as changes:
        for some in _bundled(pages):
            targets = [inside.file(page.path) for page in some]
            new = {page.path for page in some} - ours - kept
            if new:
                journal.writelines(json.dumps(path) + "\n" for path in new)
                journal.flush()
            kept.update(page.path for page in some)
            for page, target in zip(some, targets, strict=True):
                before = None if page.path in new else _read(target)
                # The time alone is no news where nothing else is: each start would send a page elsewhere.
                if before is None or written or not page.says_the_same(before):
                    written += _change(page, target, before, changes)
        removed = sum(_remove(folder, path, changes) for path in sorted(ours - kept) if inside.holds(path))
    if ours != kept:
        _replace(str(folder / LIST), _listed(kept))
    _remove_abandoned(folder, kept)
    return Written(written, len(kept) - written, removed)


def _listed(paths: Collection[str]) -> bytes:
    return b"".join(json.dumps(path).encode() + b"\n" for path in sorted(paths))


class _Inside:
    """Checks that paths stay inside one folder, also where a link inside it leads out. Makes missing folders."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._real = folder.resolve()
        self._checked: set[str] = set()
        self._led: dict[str, bool] = {}

    def file(self, path: str) -> str:
        if not _is_plain(path):
            raise ValueError(f"{path!r} is no path of a page")
        within = path.rpartition("/")[0]
        if within not in self._checked:
            parent = self._folder / within
            if not self._leads_inside(parent):
                raise ValueError(f"{path!r} leads out of the folder of the pages")
            parent.mkdir(parents=True, exist_ok=True)
            self._checked.add(within)
        return f"{self._folder}/{path}"

    def holds(self, path: str) -> bool:
        if not _is_plain(path):
            return False
        within = path.rpartition("/")[0]
        if within not in self._led:
            self._led[within] = self._leads_inside(self._folder / within)
        return self._led[within]

    def _leads_inside(self, directory: Path) -> bool:
        return directory.resolve().is_relative_to(self._real)


def _is_plain_name(part: str) -> bool:
    return part not in {"", ".", ".."} and not part.startswith(_ASIDE)


def _is_plain(path: str) -> bool:
    """A way down by names that all systems take; none of them one of our own."""
    return path.isprintable() and not _SIGNS.search(path) and all(map(_is_plain_name, path.split("/")))


def _ours(folder: Path) -> set[str]:
    """The paths that earlier builds wrote. What a kill left of a half-written last line is cut off."""
    text = _listed_in(folder)
    whole = text[: text.rfind(b"\n") + 1]
    if whole != text:
        _replace(str(folder / LIST), whole)
    return _named(whole)


def _listed_in(folder: Path) -> bytes:
    try:
        return (folder / LIST).read_bytes()
    except FileNotFoundError:
        return b""


def _named(listed: bytes) -> set[str]:
    lines = listed.splitlines()
    try:
        named = json.loads(b"[%s]" % b",".join(lines))  # at once: it is read at each change, and may be long
    except ValueError:  # a line that somebody edited names nothing of ours
        named = []
        for line in lines:
            with suppress(ValueError):
                named.append(json.loads(line))
    return {path for path in named if isinstance(path, str)}


def _bundled(pages: Iterable[Page]) -> Iterator[list[Page]]:
    """The pages, some at a time: to write down where each will stand costs as much as to write it."""
    some: list[Page] = []
    size = 0
    for page in pages:
        some.append(page)
        size += len(page.body)
        if len(some) == _BUNDLE or size > _BUNDLE_BYTES:
            yield some
            some, size = [], 0
    yield some


def _read(target: str) -> bytes | None:
    """What stands in the file, None where there is none.

    With plain paths and files: for twenty thousand of them, `pathlib` and buffers cost as much as the writing.
    """
    try:
        with open(target, "rb", buffering=0) as file:
            return file.read()
    except FileNotFoundError:
        return None


def _change(page: Page, target: str, before: bytes | None, changes: BinaryIO) -> bool:
    """Make the file what the page is; False if it was so before."""
    if before == page.body:
        return False
    folder_changes.tell(changes, page.path, before)
    _replace(target, page.body)
    return True


def _replace(target: str, body: bytes) -> None:
    """Put `body` into the file, whole or not at all."""
    aside = os.path.join(os.path.dirname(target), f"{_ASIDE}{os.getpid()}{_ASIDE_END}")
    try:
        with open(aside, "wb", buffering=0) as file:
            if file.write(body) != len(body):
                raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        os.replace(aside, target)
    except OSError:
        Path(aside).unlink(missing_ok=True)
        raise


def _remove(folder: Path, path: str, changes: BinaryIO) -> bool:
    target = folder / path
    folder_changes.tell(changes, path, _read(str(target)))
    try:
        target.unlink()
    except FileNotFoundError:
        return False
    if target.parent != folder:
        with suppress(OSError):  # not empty: something else lives there
            target.parent.rmdir()
    return True


def _remove_abandoned(folder: Path, kept: set[str]) -> None:
    """Remove what a killed writer left aside; a living one is never an hour old."""
    latest = time.time() - _ABANDONED_SECONDS
    for directory in {folder, *((folder / path).parent for path in kept)}:
        for name in os.listdir(directory):
            if not (name.startswith(_ASIDE) and name.endswith(_ASIDE_END)):
                continue
            with suppress(FileNotFoundError):
                left = directory / name
                if left.stat().st_mtime < latest:
                    left.unlink()
