"""What is measured of Fusen, each in a process of its own: a full build, single changes, and the bare writing."""

from __future__ import annotations

import json
import random
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

from bench.publish.stocking import CHANNEL, TEAM
from bot.composition.pages import flavours
from bot.pages import Flavours
from bot.settings import read
from papers.note import Audience
from papers.tags import tag
from storage.engine import connect
from storage.shelves import StoredShelves

CHANGES = 15


def build(database: str, out: str) -> None:
    """Publish all notes of a database, as `fusen publish` does."""
    _publishing(_shelves(database), Path(out))()


def change(database: str, out: str) -> None:
    """Publish, then put a tag on single notes and take the CPU time from each commit to the files on disk."""
    shelves = _shelves(database)
    publishing = _publishing(shelves, Path(out))
    publishing()
    with shelves.reading() as shelf:
        notes = shelf.pages.number(TEAM)
        names = [one.tag.name for one in shelf.tags.counted(Audience(TEAM))]
    dice = random.Random(notes)
    spent = []
    for turn in range(CHANGES):
        with shelves.writing() as shelf:
            # Sometimes a tag that many notes carry, sometimes one that few do.
            wanted = tag(names[turn * len(names) // CHANGES])
            shelf.notes.tag(dice.randint(1, notes), [wanted], "U1", CHANNEL, datetime.now(UTC))
        began = time.process_time()
        publishing()
        spent.append(time.process_time() - began)
    print(json.dumps(spent))


def bare(source: str, out: str) -> None:
    """Write the files that stand below `source` anew, with nothing but `write()`; says what that alone took."""
    files = [(file.relative_to(source), file.read_bytes()) for file in Path(source).rglob("*") if file.is_file()]
    for folder in {Path(out, path).parent for path, _ in files}:
        folder.mkdir(parents=True, exist_ok=True)
    targets = [(str(Path(out, path)), body) for path, body in files]
    began = time.process_time()
    for target, body in targets:
        with open(target, "wb", buffering=0) as file:  # noqa: PTH123 # the barest that there is
            file.write(body)
    print(json.dumps([time.process_time() - began]))


def _shelves(database: str) -> StoredShelves:
    return StoredShelves(connect(f"sqlite:///{database}"))


def _publishing(shelves: StoredShelves, out: Path) -> Flavours:
    chosen = read({"PAGES_FOLDER": str(out), "PAGES_ADDRESS": "https://notes.example.org/"})
    return flavours(shelves, chosen)


if __name__ == "__main__":
    {"build": build, "change": change, "bare": bare}[sys.argv[1]](*sys.argv[2:])
