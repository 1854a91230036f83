"""What people do, counted in statements and looked at as the database runs them: nothing grows with the notes."""

from __future__ import annotations

import logging
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from arxiv_server import ArxivServer
from house import QUICK
from sqlalchemy import Connection, event

from bench.large.asking import Asking
from bench.large.plan import Plan
from bench.large.resting import Resting, resting
from bench.large.stocking import arxiv_id, stock
from bot.handling import Handling
from papers.nudges import Job
from storage import tables
from storage.engine import Database, connect

FEW, MANY = 60, 300
"""Notes; there are five times as many comments. The workspace that is asked has a fifth of them."""

Told = list[tuple[str, Any]]


@contextmanager
def statements(database: Database) -> Iterator[Told]:
    """The statements that reach the database meanwhile, with their parameters."""
    seen: Told = []

    def keep(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, many: bool) -> None:
        # PostgreSQL is asked what time it is, but only once a minute.
        if not statement.startswith(("BEGIN", "PRAGMA", "SET LOCAL")) and "clock_timestamp" not in statement:
            seen.append((statement, parameters[0] if many else parameters))

    event.listen(database.engine, "before_cursor_execute", keep)
    try:
        yield seen
    finally:
        event.remove(database.engine, "before_cursor_execute", keep)


@contextmanager
def at_rest(folder: Path, url: str, notes: int, workspaces: int = 3) -> Iterator[tuple[Resting, Asking]]:
    """A Fusen whose clock stands still, in a workspace among others that has a fifth of these notes."""
    plan = Plan(notes, 5 * notes, workspaces, datetime.now(UTC))
    filled = connect(url)
    stock(filled, plan)
    filled.close()
    with ArxivServer() as arxiv, resting(folder, url, QUICK, ARXIV_API_URL=arxiv.url) as fusen:
        yield fusen, Asking(plan, Random(1))


def counted(fusen: Resting, asking: Asking) -> dict[str, int]:
    """How many statements each thing takes that people do often; of an event, to store and to handle it."""
    fusen.type("emoji :eyes: reading")
    # Alike in both sizes: talked about, never reacted to and claimed by nobody.
    wordy, other = [note for note in asking.around if note.comments > 1 and note.id % 2 and note.id % 50][:2]
    known = f"https://arxiv.org/abs/{arxiv_id(wordy.paper)}"

    def handled(tell: Callable[[], object]) -> Callable[[], object]:
        return lambda: (tell(), fusen.work(Job.HANDLE_EVENTS))

    ways: dict[str, Callable[[], object]] = {
        "a new link": handled(lambda: fusen.post("https://arxiv.org/abs/2308.00001")),
        "a known link": handled(lambda: fusen.post(known)),
        "a message that is passed over": handled(lambda: fusen.post("Good morning.")),
        "a reply": handled(lambda: fusen.post("See their table 2.", wordy.ts)),
        "a reply in a thread of nothing": handled(lambda: fusen.post("See you.", "1600000000.000001")),
        "a reaction": handled(lambda: fusen.react("eyes", wordy.ts)),
        "a reaction that means nothing": handled(lambda: fusen.react("rocket", wordy.ts)),
        "tag": lambda: fusen.type("tag Brandnew"),
        "tag with a known one": lambda: fusen.type(f"tag {arxiv_id(other.paper)} Brandnew"),
        "show": lambda: fusen.type(f"show {arxiv_id(wordy.paper)}"),
        "search": lambda: fusen.type("search models"),
        "list": lambda: fusen.type("list"),
        "help": lambda: fusen.type("help"),
    }
    counts = {}
    for name, way in ways.items():
        with statements(fusen.store.database) as seen:
            way()
        counts[name] = len(seen)
    return counts


EXPECTED = {
    "a new link": 41,
    "a known link": 43,
    "a message that is passed over": 1,
    "a reply": 21,
    "a reply in a thread of nothing": 6,
    "a reaction": 39,
    "a reaction that means nothing": 3,
    "tag": 54,
    "tag with a known one": 43,
    "show": 8,
    "search": 13,
    "list": 9,
    "help": 1,
}


def test_what_people_do_often_takes_so_many_statements(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    with at_rest(tmp_path, database_url, FEW) as (fusen, asking):
        assert counted(fusen, asking) == EXPECTED


def test_what_somebody_else_has_taken_up_after_its_lease_is_left_to_them(
    database: Database,
    database_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr("bot.handling.LEASE", timedelta(microseconds=2))
    caplog.set_level(logging.INFO, "bot.handling")
    with at_rest(tmp_path, database_url, FEW) as (fusen, _):
        for number in range(4):
            fusen.post(f"https://arxiv.org/abs/2308.0001{number}")
        handle, others = Handling._handle, [lambda: fusen.work(Job.HANDLE_EVENTS)]

        def slowly(*given: Any) -> None:
            while others:
                others.pop()()
            handle(*given)

        monkeypatch.setattr(Handling, "_handle", slowly)
        fusen.work(Job.HANDLE_EVENTS)
        handled = Counter(record.getMessage().split()[1] for record in caplog.records)
        assert sorted(handled.values()) == [1, 1, 1, 2]
        listed = fusen.type("list")[1]
        assert all(f"2308.0001{number}" in listed for number in range(4))


def test_it_takes_as_many_statements_with_more_notes_and_comments(migrated_sqlite: Path, tmp_path: Path) -> None:
    shutil.copyfile(migrated_sqlite, tmp_path / "fusen.db")
    with at_rest(tmp_path, f"sqlite:///{tmp_path}/fusen.db", MANY) as (fusen, asking):
        assert counted(fusen, asking) == EXPECTED


def idle(folder: Path, url: str, workspaces: int) -> dict[str, int]:
    """How many statements each job takes once there is nothing left for it to do."""
    with at_rest(folder, url, FEW, workspaces) as (fusen, _):
        for _ in range(3):
            for job in fusen.fusen.jobs:
                fusen.work(job)
        counts = {}
        for job in fusen.fusen.jobs:
            with statements(fusen.store.database) as seen:
                fusen.work(job)
            counts[str(job)] = len(seen)
    return counts


def test_a_sweep_that_finds_nothing_takes_as_many_statements_in_many_workspaces(
    migrated_sqlite: Path, tmp_path: Path
) -> None:
    few, many = ((tmp_path / name, f"sqlite:///{tmp_path}/{name}.db") for name in ("few", "many"))
    for folder, _ in (few, many):
        folder.mkdir()
        shutil.copyfile(migrated_sqlite, folder.with_suffix(".db"))
    assert idle(*many, workspaces=12) == idle(*few, workspaces=3)


GROWING = set(tables.metadata.tables) - {
    "workspaces",  # a row for each team: jobs go from one to the next
    "channels",  # reached by their workspace, as are members: a few hundred at most
    "digest_orders",  # a few for each team, looked at all together
    "gates",  # a row for each outside service
    "model_use",  # a row a month
}
PARTIAL_NAME = re.compile(
    "|".join(
        str(index.name)
        for table in tables.metadata.tables.values()
        for index in table.indexes
        if index.dialect_options["sqlite"]["where"] is not None
    )
)
ALLOWED = {
    "members.id, members.forgotten_at": "once an hour: who was forgotten lately",
    "note_places.note_id IS NULL": "once an hour: what search has never heard of, along two primary keys",
}
"""What may read a whole table, by words of its statement, and why."""

PARTIAL = re.compile(rf"USING (?:COVERING )?INDEX (?:{PARTIAL_NAME.pattern})")
"""Indexes of nothing but what waits: to read them from end to end is what they are for."""


def everything(fusen: Resting, asking: Asking) -> Told:
    """The statements of all verbs, of what Slack tells, of all jobs and of the pages, each kind of them once."""
    note = asking.around[0]
    with statements(fusen.store.database) as seen:
        fusen.post("https://arxiv.org/abs/2308.00001")
        fusen.post(f"https://arxiv.org/abs/{asking.paper()}")
        fusen.post("See their table 2.", note.ts)
        fusen.type("emoji :eyes: reading")
        fusen.react("eyes", note.ts)
        fusen.open_home()
        fusen.work(Job.HANDLE_EVENTS)
        for typed in asking.by_verb.values():
            fusen.type(typed())
        for more in (
            "search sort:best models",
            "list reading",
            "list read",
            "list unread",
            f"tag {note.paper} Two",
        ):
            fusen.type(more)
        # Last of all, for what is watched is asked for again, and all that the answers change is said anew.
        for job in sorted(fusen.fusen.jobs, key=lambda job: job in (Job.FETCH_PAPERS, Job.WATCH_PAPERS)):
            fusen.work(job)
        for job in (Job.RELATE_NOTES, Job.PUBLISH_PAGES):
            fusen.work(job)
    return list({statement: (statement, given) for statement, given in seen}.values())


def scanned(connection: Connection, statement: str, parameters: Any) -> list[str]:
    """The growing tables that a statement reads from end to end, or would if there were many rows."""
    if connection.dialect.name == "postgresql":
        lines = [str(row[0]) for row in connection.exec_driver_sql("EXPLAIN " + statement, parameters)]
        return [name for name in re.findall(r"Seq Scan on (\w+)", "\n".join(lines)) if name in GROWING]
    names = {alias: name for name, alias in re.findall(r"(\w+) AS (\w+)", statement)}
    lines = [str(row[-1]) for row in connection.exec_driver_sql("EXPLAIN QUERY PLAN " + statement, parameters)]
    found = [(re.match(r"SCAN (\w+)", line), line) for line in lines if not PARTIAL.search(line)]
    read = [names.get(scan[1], scan[1]) for scan, _ in found if scan]
    return [name for name in read if name in GROWING]


def test_nothing_that_people_or_jobs_do_reads_a_growing_table_from_end_to_end(
    database: Database, database_url: str, tmp_path: Path
) -> None:
    with at_rest(tmp_path, database_url, FEW) as (fusen, asking):
        told = everything(fusen, asking)
        with fusen.store.database.reading() as connection:
            if database.file is None:  # whatever can be reached by an index is
                connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
            found = {}
            for statement, parameters in told:
                if not any(words in statement for words in ALLOWED):
                    found[statement] = scanned(connection, statement, parameters)
    assert len(found) > 150
    assert {statement: scans for statement, scans in found.items() if scans} == {}
