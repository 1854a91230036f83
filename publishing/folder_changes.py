"""What is changed in a folder of pages, so that processes that write to the same one know of each other.

A process makes only what a change touches, by what it remembers of the pages that it made. Of a page that another
one wrote, and died before it took it away again, it remembers nothing. So before a file is changed the list
`.fusen-changes` is told which, and what stood there.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path
from secrets import token_hex
from typing import BinaryIO

CHANGES = ".fusen-changes"
_LONG = 1_000_000  # bytes of the list, some ten thousand changes


@dataclass(frozen=True, slots=True)
class Seen:
    """Up to where the list of changes is known: the name it was given when it was begun, and its bytes."""

    name: bytes
    length: int


def seen(folder: Path) -> Seen | None:
    """The whole list as it is now; None if there is none. The caller holds the folder."""
    try:
        with (folder / CHANGES).open("rb") as changes:
            return Seen(changes.readline(), os.fstat(changes.fileno()).st_size)
    except FileNotFoundError:
        return None


def goes_on(folder: Path, since: Seen | None) -> bool:
    """Whether the list holds all that was seen of it: not in an old copy of the folder that was put back.

    The caller holds the folder.
    """
    now = seen(folder)
    return since is not None and now is not None and now.name == since.name and now.length >= since.length


def opened(folder: Path) -> BinaryIO:
    """The list, to be added to; begun if there is none, and begun anew if it is long."""
    file = folder / CHANGES
    with suppress(FileNotFoundError):
        if file.stat().st_size > _LONG:
            file.unlink()  # who knows the old one cannot tell what differs
    changes = file.open("a+b")
    if changes.tell() == 0:
        changes.write(token_hex(8).encode() + b"\n")
    else:
        changes.seek(-1, os.SEEK_END)
        if changes.read(1) != b"\n":  # whoever was killed there changed nothing
            changes.write(b"\n")
    return changes


def tell(changes: BinaryIO, path: str, before: bytes | None) -> None:
    """Add to the list that `path` will be changed, where this stood before, or nothing.

    Both as digests: the folder may be served as it is, and what was taken back has no name there any more.
    """
    changes.write(json.dumps([_digest(path.encode()), _digest(before)]).encode() + b"\n")
    changes.flush()


def differs(folder: Path, since: Seen | None, made: Collection[str], ours: Callable[[], Iterable[str]]) -> bool:
    """Whether any file is another than when the list was seen, apart from those that the caller has just made.

    Also if that cannot be told: the list has been begun anew. `ours` gives the paths of all files that stand.
    """
    now = seen(folder)
    if since is None or now is None or now.name != since.name:
        return True
    with (folder / CHANGES).open("rb") as changes:
        changes.seek(since.length)
        lines = changes.read().splitlines()
    stood: dict[str, str] = {}
    for line in lines:
        with suppress(ValueError, TypeError):  # half written: nothing was changed yet
            path, before = json.loads(line)
            stood.setdefault(path, before)
    for path in made:
        stood.pop(_digest(path.encode()), None)
    if not stood:
        return False
    stand = {digest: path for path in ours() if (digest := _digest(path.encode())) in stood}
    return any(_digest(_read(folder / stand[one]) if one in stand else None) != stood[one] for one in stood)


def _digest(body: bytes | None) -> str:
    return "" if body is None else blake2b(body, digest_size=8).hexdigest()


def _read(file: Path) -> bytes | None:
    try:
        return file.read_bytes()
    except OSError:
        return None
