"""Two acts at once on PostgreSQL, in every order of their statements: nothing is left to chance."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from itertools import count
from threading import Event, get_ident
from typing import Any

from sqlalchemy import event, text

from storage.engine import Database

Act = Callable[[], object]
_WAITING = text(
    "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
)


def rounds(database: Database, acts: Callable[[int], tuple[Act, Act]]) -> Iterator[int]:
    """Do two acts at once, once for each statement of the first: there it stops until the second is done or waits.

    `acts` gives both for a round by its number: each round has something of its own to act on. Gives the number
    when both are done. Raises what one of them raised.
    """
    with ThreadPoolExecutor(2) as threads:
        for number in count():
            if not _round(database, threads, *acts(number), before=number):
                assert number, "the first act asks nothing of the database"
                return
            yield number


def _round(database: Database, threads: ThreadPoolExecutor, first: Act, second: Act, before: int) -> bool:
    """Do both; False if the first has too few statements to stop before this one."""
    stopped, go_on = Event(), Event()
    asked, of_first = count(), list[int]()

    def stop(*_: Any) -> None:
        if get_ident() in of_first and next(asked) == before:
            stopped.set()
            go_on.wait()

    def act() -> None:
        of_first.append(get_ident())
        try:
            first()
        finally:
            of_first.clear()

    event.listen(database.engine, "before_cursor_execute", stop)
    try:
        acting = threads.submit(act)
        while not stopped.wait(0.01) and not acting.done():
            pass
        other = threads.submit(second)
        while not other.done() and not waits(database):
            wait([other], 0.01)
        go_on.set()
        for done in (acting, other):
            done.result()
    finally:
        go_on.set()
        event.remove(database.engine, "before_cursor_execute", stop)
    return stopped.is_set()


def waits(database: Database) -> bool:
    """Whether somebody waits for a lock of somebody else's."""
    with database.engine.connect() as connection:
        return bool(connection.scalar(_WAITING))
