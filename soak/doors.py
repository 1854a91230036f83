"""All doors, and the soak that knocks at each of them."""

from __future__ import annotations

import logging
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from soak import reading_doors, slack_doors, web_doors
from soak.fuzzing import Opening, Tally, fuzz, report

DOORS: Mapping[str, Opening] = {
    "unsigned": slack_doors.unsigned,
    "events": slack_doors.events,
    "commands": slack_doors.commands,
    "mentions": slack_doors.mentions,
    "interactions": slack_doors.interactions,
    "pages": web_doors.pages,
    "beside": web_doors.doors_beside_pages,
    "arxiv": reading_doors.arxiv_bodies,
    "archive": reading_doors.archive_bodies,
    "links": reading_doors.linked_pages,
    "settings": reading_doors.settings,
    "backups": reading_doors.backup_files,
    "restoring": reading_doors.restoring,
}


def knock_everywhere(inputs: int, seed: int, names: list[str]) -> bool:
    """Give each door (or those named) so many inputs and print the ledger. Returns whether all was well."""
    began, chosen = time.monotonic(), {name: DOORS[name] for name in names or DOORS}
    with tempfile.TemporaryDirectory(prefix="fusen-fuzz-") as folder, _in_silence():
        tallies: list[Tally] = []
        for tally in fuzz(chosen, Path(folder), inputs, seed):
            tallies.append(tally)
            print(report([tally], ""), flush=True)
    title = f"Hostile input: seed {seed}, {inputs:,} inputs a door, {time.monotonic() - began:.0f} s"
    print("\n" + report(tallies, title), flush=True)
    return all(one.well for one in tallies)


@contextmanager
def _in_silence() -> Iterator[None]:
    """What is refused is logged; here that is nothing to read."""
    silent = logging.NullHandler()
    logging.getLogger().addHandler(silent)
    try:
        yield
    finally:
        logging.getLogger().removeHandler(silent)
