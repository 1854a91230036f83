"""Working through the inbox: one event that cannot be handled is given up at last, and stops no other."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import select
from stored import NOW, TEAM, settle

from bot.handling import MOST_ATTEMPTS, Handling
from papers.work import Event
from storage.engine import Database
from storage.shelves import StoredShelves
from storage.tables import inbox


@pytest.mark.parametrize("body", ['{"event": ', "[]"])
def test_an_event_that_cannot_be_read_is_given_up_at_last_and_those_behind_it_are_handled(
    database: Database, body: str
) -> None:
    shelves, now, counted = StoredShelves(database, TEAM), [NOW], Counter[tuple[str, str]]()
    with shelves.writing() as shelf:
        settle(shelf)
        shelf.inbox.put([Event("bad", TEAM, body, "k1", "t1"), Event("good", TEAM, "{}", "k2", "t2")], NOW)
    handle = handling(shelves, now, counted)
    handle()
    assert rows(database) == {"bad": (1, False, True), "good": (1, True, False)}
    for _ in range(2 * MOST_ATTEMPTS):
        now[0] += timedelta(minutes=1)
        handle()
    assert rows(database)["bad"] == (MOST_ATTEMPTS, True, True)
    assert counted == {("other", "handled"): 1, ("other", "put_off"): MOST_ATTEMPTS - 1, ("other", "given_up"): 1}


def handling(shelves: StoredShelves, now: list[datetime], counted: Counter[tuple[str, str]]) -> Handling:
    """For events of which nobody needs to hear."""
    nobody = cast("Any", SimpleNamespace(today=NOW.date, bot_user="fusen", told_beside=lambda *_: None))
    return Handling(
        shelves, nobody, nobody, nobody, nobody, "UBOT", lambda: now[0], lambda *one: counted.update([one])
    )


def rows(database: Database) -> dict[str, tuple[int, bool, bool]]:
    """How often each event was taken up, whether it is finished, and whether there was an error."""
    with database.reading() as connection:
        found = connection.execute(select(inbox)).all()
    return {row.event_id: (row.attempts, row.finished_at is not None, bool(row.error)) for row in found}
