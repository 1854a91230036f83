"""What reading and claiming cost: a constant number of queries, and no look at rows that are finished."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Connection, event, text, update
from stored import ANYBODY, DAY, MINUTE, NOW, PUBLIC, TEAM, message, paper, say, settle, share, store, tag

from papers.emoji import ActingReaction, EmojiVerb, Meaning, Reaction
from papers.home import HomeWish
from papers.homes import Homes
from papers.note import Audience, Workspace
from papers.periods import Period, WeeklyTime
from papers.shelf import Shelf
from papers.work import Event, message_key
from storage import tables
from storage.engine import Database
from storage.shelves import StoredShelves

HERE = Audience(TEAM, PUBLIC)
TODAY = Period(NOW - DAY, NOW + DAY)
MANY = 5_000
READS: dict[str, Callable[[Shelf], object]] = {
    "all": lambda shelf: shelf.notes.select(ANYBODY),
    "tag": lambda shelf: shelf.notes.select(HERE, tag="llm"),
    "words": lambda shelf: shelf.notes.search(HERE, ["language", "said"], limit=20),
    "period": lambda shelf: shelf.notes.select(ANYBODY, period=TODAY),
    "tags": lambda shelf: shelf.tags.counted(ANYBODY),
    "thread": lambda shelf: shelf.notes.of_thread(message(PUBLIC, "1.9", "1.0")),
    "recent": lambda shelf: shelf.notes.recent_in(HERE, 5),
    "paper": lambda shelf: shelf.notes.of_paper(paper(1), ANYBODY),
}


@contextmanager
def statements(database: Database) -> Iterator[list[tuple[str, Any]]]:
    """The statements that reach the database meanwhile, with their parameters."""
    seen: list[tuple[str, Any]] = []

    def keep(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_more: Any) -> None:
        if not statement.startswith(("BEGIN", "PRAGMA")):
            seen.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", keep)
    try:
        yield seen
    finally:
        event.remove(database.engine, "before_cursor_execute", keep)


def counted(database: Database) -> dict[str, int]:
    counts = {}
    for name, read in READS.items():
        with StoredShelves(database).reading() as shelf, statements(database) as seen:
            assert read(shelf)
        counts[name] = len(seen)
    return counts


def add_notes(shelf: Shelf, first: int, last: int) -> None:
    for number in range(first, last):
        note_id = share(shelf, paper(number), PUBLIC, f"{number}.0")
        store(shelf, paper(number))
        tag(shelf, note_id, PUBLIC, f"llm, tag{number % 10}")
        say(shelf, note_id, PUBLIC, f"{number}.1", "said so", thread_ts=f"{number}.0")


def test_a_home_takes_as_few_queries_with_60_notes_as_with_5(database: Database) -> None:
    shelves = StoredShelves(database)
    homes = Homes(shelves, lambda _job: None, lambda: NOW, WeeklyTime.parse("mon 09:00"))

    def queries() -> int:
        with statements(database) as seen:
            assert homes.of(HomeWish(1, TEAM, "U1", "D1", 1, 1), ("C_A", "C_B")).waiting
        return len(seen)

    with shelves.writing() as shelf:
        settle(shelf)
        add_notes(shelf, 1, 6)
        share(shelf, paper(99), PUBLIC, "99.0")
        store(shelf, paper(99))
    few = queries()
    with shelves.writing() as shelf:
        add_notes(shelf, 6, 61)
        for number in range(30, 60):
            shelf.readers.mark_read(number, "r", "U1", NOW)
            shelf.readers.claim(number, "c", "U1", PUBLIC, NOW, NOW + DAY)
    assert queries() == few
    assert few <= 20


def test_reading_60_notes_takes_as_many_queries_as_reading_5(database: Database) -> None:
    with StoredShelves(database).writing() as shelf:
        settle(shelf)
        add_notes(shelf, 1, 6)
    few = counted(database)
    with StoredShelves(database).writing() as shelf:
        add_notes(shelf, 6, 61)
    assert counted(database) == few
    assert max(few.values()) <= 11


def test_stamping_many_notes_takes_as_many_queries_as_stamping_one(database: Database) -> None:
    with StoredShelves(database).writing() as shelf:
        settle(shelf)
        for number in range(30):
            shelf.directory.ensure_workspace(Workspace(f"W{number}"), NOW)
        counts = []
        for teams in (1, 30):
            number = teams
            shelf.papers.want(paper(number), NOW, NOW)
            for team in range(teams):
                shelf.notes.ensure(f"W{team}", paper(number), NOW)
            with statements(database) as seen:
                store(shelf, paper(number))
            counts.append(len(seen))
    assert counts[0] == counts[1]


def test_notes_beyond_any_limit_on_parameters_are_read(full: Database) -> None:
    with StoredShelves(full).reading() as shelf:
        found = shelf.notes.select(ANYBODY)
    assert len(found) == MANY
    assert all(len(one.shares) == 1 for one in found)


def _values(connection: Connection, table: Any, rows: list[dict[str, Any]]) -> None:
    connection.execute(table.insert(), rows)


@pytest.fixture
def full(database: Database) -> Database:
    """5,000 notes whose work is done, and a few rows of work that is not."""
    with StoredShelves(database).writing() as shelf:
        settle(shelf)
    ids = range(1, MANY + 1)
    work = {"wanted_at": NOW, "attempts": 1}
    with database.writing() as connection:
        _values(
            connection,
            tables.papers,
            [{**work, "source": "arxiv", "source_id": str(n), "due": NOW if n > MANY - 5 else None} for n in ids],
        )
        _values(
            connection,
            tables.notes,
            [{"workspace": TEAM, "paper_id": n, "change": n} for n in ids],
        )
        by = {"workspace": TEAM, "member": "U1", "channel": PUBLIC}
        _values(
            connection,
            tables.shares,
            [{**by, "note_id": n, "origin": "m", "ts": f"{n}.0", "shared_at": NOW + n * MINUTE} for n in ids],
        )
        _values(
            connection,
            tables.claims,
            [{**by, "note_id": n, "origin": "m", "claimed_at": NOW, "until": NOW + n * MINUTE} for n in ids],
        )
        _values(
            connection,
            tables.reads,
            [{"workspace": TEAM, "member": "U1", "note_id": n, "origin": "m", "read_at": NOW} for n in ids],
        )
        _values(
            connection,
            tables.outbox,
            [
                {
                    "workspace": TEAM,
                    "key": str(n),
                    "kind": "card",
                    "channel": PUBLIC,
                    "note_id": n,
                    "ts": f"{n}.5" if n < MANY - 5 else None,
                    "owed_at": NOW,
                    "due": NOW,
                    "posted_at": NOW if n < MANY - 5 else None,
                    "shown": n if n > 5 else 0,
                    "note_change": n,
                }
                for n in ids
            ],
        )
        _values(
            connection,
            tables.inbox,
            [
                {
                    "event_id": f"E{n}",
                    "workspace": TEAM,
                    "body": "{}",
                    "thread": f"thread{n % 50}",
                    "message_key": f"thread{n % 50}" if n == MANY else None,
                    "received_at": NOW,
                    "due": NOW,
                    "finished_at": NOW if n < MANY - 5 else None,
                }
                for n in ids
            ],
        )
        connection.execute(update(tables.members).values(forgotten_at=NOW + DAY))
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    return database


REACTED = ActingReaction(Reaction(message(PUBLIC, "7.0"), "U1", "x", NOW), 7, Meaning(EmojiVerb.TAG, "x"), NOW)
WORK: dict[str, Callable[[Shelf], object]] = {
    "inbox.claim": lambda shelf: shelf.inbox.claim(10, NOW, MINUTE),
    "outbox.claim": lambda shelf: shelf.outbox.claim(10, NOW, MINUTE),
    "outbox.claim_outdated": lambda shelf: shelf.outbox.claim_outdated(10, NOW, MINUTE),
    "outbox.next_due": lambda shelf: shelf.outbox.next_due(),
    "papers.waiting": lambda shelf: shelf.papers.waiting(NOW),
    "papers.claim": lambda shelf: shelf.papers.claim(10, NOW, MINUTE),
    "inbox.reopen": lambda shelf: shelf.inbox.reopen("thread1", NOW, but=MANY),
    "inbox.put": lambda shelf: shelf.inbox.put([Event("E", TEAM, "{}", "key", "thread1")], NOW),
    "inbox.last_change": lambda shelf: shelf.inbox.last_change("C1/1.0") is None,
    "outbox.shows": lambda shelf: shelf.outbox.shows(message(PUBLIC, "7.5")),
    "oblivion.clear_events": lambda shelf: shelf.oblivion.clear_events(NOW) is None,
    "reactions.beside": lambda shelf: shelf.reactions.beside(REACTED) is not None,
    "notes.shared_by": lambda shelf: shelf.notes.shared_by(message(PUBLIC, "7.0")),
    "notes.of_thread": lambda shelf: shelf.notes.of_thread(message(PUBLIC, "7.9", "7.0")),
    "notes.noted_threads": lambda shelf: shelf.notes.noted_threads(
        [message_key(TEAM, PUBLIC, f"{n}.0") for n in range(10)]
    ),
    "notes.recent_in": lambda shelf: shelf.notes.recent_in(HERE, 11),
    "readers.expire": lambda shelf: shelf.readers.expire(NOW + 30 * DAY, 10),
    "readers.read_among": lambda shelf: shelf.readers.read_among("U1", [7, 8]),
    "notes.get": lambda shelf: shelf.notes.get(7, HERE),
    "notes.withdraw": lambda shelf: shelf.notes.withdraw(message(PUBLIC, "7.0"), NOW),
}
# A partial index holds what is unfinished only: to read it from end to end is what it is for.
FULL_SCAN = re.compile(
    r"SCAN (papers|notes|shares|claims|reads|inbox|outbox)\b"
    r"(?! USING (?:COVERING )?INDEX ix_(?:papers_due|inbox_open|outbox_))"
    r"|Seq Scan on (papers|notes|shares|claims|reads|inbox|outbox)\b"
)


def plan(connection: Connection, statement: str, parameters: Any) -> str:
    explain = "EXPLAIN " if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN "
    return "\n".join(str(row[-1]) for row in connection.exec_driver_sql(explain + statement, parameters))


def test_no_claim_and_no_answer_to_one_message_reads_a_whole_table(full: Database) -> None:
    scans = {}
    for name, act in WORK.items():
        with StoredShelves(full).writing() as shelf, statements(full) as seen:
            assert act(shelf)
        with full.writing() as connection:
            plans = [plan(connection, statement, parameters) for statement, parameters in seen]
        scans[name] = [one for one in plans if FULL_SCAN.search(one)]
    assert {name: found for name, found in scans.items() if found} == {}


def test_the_look_at_plans_would_notice_a_whole_table(full: Database) -> None:
    with full.writing() as connection:
        connection.execute(text("SELECT 1"))
        parameters: Any = {} if connection.dialect.name == "postgresql" else ()
        assert FULL_SCAN.search(plan(connection, "SELECT * FROM inbox WHERE error = 'x'", parameters))


# PostgreSQL knows how many rows a workspace has.
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_is_to_be_posted_is_looked_for_among_what_is_owed_alone(database: Database) -> None:
    with StoredShelves(database, TEAM).writing() as shelf, statements(database) as seen:
        shelf.outbox.claim(1, NOW, MINUTE, behind=[PUBLIC])
        shelf.outbox.claim_outdated(1, NOW, MINUTE)
        shelf.outbox.next_due()
    with database.reading() as connection:
        plans = [plan(connection, *told) for told in list(seen)]
    assert len(plans) == 4
    for one in plans:
        assert re.search("INDEX ix_outbox_(owed|outdated)", one) and "TEMP B-TREE" not in one, one
