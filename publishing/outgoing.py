"""What stands in the folder of the pages at one moment, taken aside so that it can be sent while pages change."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from publishing import folder as pages_folder
from publishing.folder import PagesMissing

Marks = tuple[int, int, int]
"""What differs when a file was written anew: its time stamp, size and inode."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The digests of all files of the folder at one moment, and the bytes of those that were asked for."""

    digests: Mapping[str, str]
    _aside: Path
    _numbers: Mapping[str, int]

    @property
    def differing(self) -> Sequence[str]:
        """The paths whose bytes were asked for."""
        return list(self._numbers)

    def body(self, path: str) -> bytes:
        """The bytes of one of these."""
        return (self._aside / str(self._numbers[path])).read_bytes()


class Outgoing:
    """Takes what is to be sent. It remembers digests, so that a file is read again only if it was written anew."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._known: dict[str, tuple[Marks, str]] = {}

    @property
    def is_there(self) -> bool:
        """Whether a build has written all its pages to the folder."""
        return pages_folder.stands(self._folder)

    def behind(self, there: Mapping[str, str]) -> int | None:
        """How many files differ from those `there`; None where the pages are not all written yet.

        Raises PagesMissing.
        """
        if not self.is_there:
            return None
        with pages_folder.still(self._folder) as paths:
            here = self._digests(paths)
        return sum(there.get(path) != here.get(path) for path in there.keys() | here.keys())

    @contextmanager
    def taken(self, there: Mapping[str, str]) -> Iterator[Taken]:
        """All pages of one build, with the bytes of those that are not `there` with the same digest.

        Raises PagesMissing.
        """
        with tempfile.TemporaryDirectory(prefix="fusen-") as aside:
            with pages_folder.still(self._folder) as paths:
                digests = self._digests(paths)
                differing = (path for path in sorted(digests) if there.get(path) != digests[path])
                numbers = {path: number for number, path in enumerate(differing)}
                for path, number in numbers.items():
                    _keep(self._folder / path, Path(aside) / str(number))
            yield Taken(digests, Path(aside), numbers)

    def _digests(self, paths: Iterator[str]) -> dict[str, str]:
        before, self._known = self._known, {}
        for path in paths:
            file = f"{self._folder}/{path}"
            try:
                stat = os.stat(file)
            except FileNotFoundError:
                # Removed by hand, or not written yet by somebody who was killed. To send the rest would remove it.
                pages_folder.doubt(self._folder)
                raise PagesMissing(self._folder) from None
            marks = (stat.st_mtime_ns, stat.st_size, stat.st_ino)
            known = before.get(path)
            self._known[path] = known if known and known[0] == marks else (marks, digest(Path(file).read_bytes()))
        return {path: found for path, (_, found) in self._known.items()}


def digest(body: bytes) -> str:
    """The name that git gives to a file with these bytes: it tells one from another, and no more."""
    named = hashlib.sha1(b"blob %d\x00" % len(body), usedforsecurity=False)
    named.update(body)
    return named.hexdigest()


def _keep(file: Path, copy: Path) -> None:
    """Pages are replaced and never written over, so another name for the file holds its bytes."""
    try:
        os.link(file, copy)
    except OSError:  # on another disk
        shutil.copyfile(file, copy)
