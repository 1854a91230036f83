"""`python -m bench.search [NOTES] [--database URL]`: recall, times and the index's cost over made-up notes.

The words searched for are taken from the notes; what has to be found is what a scan of all texts finds.
Times are of one statement's caller in this process, without reading the notes that were found.
"""

from __future__ import annotations

import argparse
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from functools import partial
from random import Random
from statistics import median, quantiles

from sqlalchemy import Connection, event, func, select

from bench.publish.content import SEED, made
from bench.publish.stocking import TEAM, stocked_at
from papers.note import Audience
from storage import tables
from storage.engine import Database
from storage.search_index import index_some
from storage.searching import search

QUERIES, BEST_OF, SHOWN, RECALLED = 40, 3, 20, 12
_KANJI = re.compile(r"[\u4e00-\u9fff]{2}")
_JAPANESE = re.compile(r"[\u30a1-\u30ff\u4e00-\u9fff]{4}")
_LONG = re.compile(r"[\u3041-\u30ff\u4e00-\u9fff]{8}")
_ENGLISH = re.compile(r"(?<![a-z])[a-z]{4,}(?![a-z])")
KINDS = {"English word": _ENGLISH, "2 kanji": _KANJI, "4 characters": _JAPANESE, "8 characters": _LONG}
EVERYBODY = Audience(TEAM)


def _words(texts: dict[int, str], kind: re.Pattern[str], most: int) -> list[str]:
    """Words of a kind from notes drawn at random."""
    random, found = Random(SEED), list[str]()
    ids = sorted(texts)
    for _ in range(most * 50):
        here = kind.findall(texts[random.choice(ids)])
        if here:
            found.append(random.choice(here))
        if len(found) == most:
            break
    return found


def _texts(connection: Connection) -> dict[int, str]:
    """All that search looks at, by note."""
    rows = connection.execute(
        select(tables.notes.c.id, tables.papers.c.folded).join_from(tables.notes, tables.papers)
    )
    found = {row.id: row.folded for row in rows}
    for row in connection.execute(select(tables.comments.c.note_id, tables.comments.c.folded)):
        found[row.note_id] += "\n" + row.folded
    return found


class Stopwatch:
    """Measures what the database takes of the time, and what all takes."""

    def __init__(self, database: Database) -> None:
        self._begun = self._spent = 0.0
        event.listen(database.engine, "before_cursor_execute", self._begin)
        event.listen(database.engine, "after_cursor_execute", self._end)

    def _begin(self, *_: object) -> None:
        self._begun = time.perf_counter()

    def _end(self, *_: object) -> None:
        self._spent += time.perf_counter() - self._begun

    def milliseconds(self, act: Callable[[], object]) -> tuple[float, float]:
        """The best of some runs: in the database, and altogether."""
        return min(self._once(act) for _ in range(BEST_OF))

    def _once(self, act: Callable[[], object]) -> tuple[float, float]:
        self._spent, begun = 0.0, time.perf_counter()
        act()
        return self._spent * 1000, (time.perf_counter() - begun) * 1000


def _row(name: str, times: Iterable[tuple[float, float]], more: str = "") -> str:
    both = list(zip(*times, strict=True))
    told = (f"p50 {median(some):6.2f} ms, p95 {quantiles(some, n=20)[-1]:6.2f} ms" for some in both)
    return f"{name:28} database {next(told)}; with the caller {next(told)}{more}"


def _recall(connection: Connection, texts: dict[int, str], kind: str, words: list[str]) -> str:
    wanted = hits = 0
    for word in words[:RECALLED]:
        looked = rf"(?<![^\W_]){re.escape(word)}(?![^\W_])" if kind == "English word" else re.escape(word)
        those = {note for note, said in texts.items() if re.search(looked, said)}
        found = set(search(connection, EVERYBODY, [word], len(texts), False))
        wanted, hits = wanted + len(those), hits + len(those & found)
    return f"   recall {hits / wanted:.3f} of {wanted}"


def measure(database: Database) -> None:
    """Print what was measured."""
    watch = Stopwatch(database)
    with database.reading() as connection:
        texts = _texts(connection)
        for kind, pattern in KINDS.items():
            words = _words(texts, pattern, QUERIES)
            recall = _recall(connection, texts, kind, words)
            for best in (False, True):

                def one(word: str, best: bool = best) -> tuple[float, float]:
                    return watch.milliseconds(lambda: search(connection, EVERYBODY, [word], SHOWN, best))

                order = "best match" if best else "newest first"
                sys.stdout.write(_row(f"{kind}, {order}", map(one, words), "" if best else recall) + "\n")
        pairs = [
            f"{a} {b}".split()
            for a, b in zip(_words(texts, _ENGLISH, QUERIES), _words(texts, _KANJI, QUERIES), strict=True)
        ]
        times = [watch.milliseconds(partial(search, connection, EVERYBODY, pair, SHOWN, False)) for pair in pairs]
        sys.stdout.write(_row("two words, newest first", times) + "\n")


def main() -> None:
    """Measure as the command line says."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("notes", type=int, nargs="?", default=10_000)
    asked.add_argument("--database", metavar="URL", help="an empty PostgreSQL database instead of an SQLite file")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        database = stocked_at(given.database or f"sqlite:///{folder}/bench.db", made(given.notes))
        begun, began = time.process_time(), time.monotonic()
        more = given.notes
        while more:
            with database.writing() as connection:
                more = index_some(connection, 100)
        spent, took = time.process_time() - begun, time.monotonic() - began
        if database.file is None:
            with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("VACUUM ANALYZE")
        with database.reading() as connection:
            terms = connection.scalar(select(func.count()).select_from(tables.note_terms))
        sys.stdout.write(
            f"{database.engine.dialect.name}, {given.notes} notes, {terms} terms; indexing {took:.1f} s, "
            f"{spent:.1f} s of CPU here, {spent / given.notes * 1000:.2f} ms a note\n"
        )
        measure(database)
        database.close()


if __name__ == "__main__":
    main()
