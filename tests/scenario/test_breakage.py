"""When something breaks that nobody foresaw: the person gets a reference, and the log the whole story."""

from __future__ import annotations

import logging
import re
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from house import House, running, shown, until
from sqlalchemy import Connection, Engine, event


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with running(tmp_path, f"sqlite:///{tmp_path}/fusen.db") as made:
        yield made


@contextmanager
def broken(house: House, table: str = "workspaces") -> Iterator[None]:
    """The database lacks a table, so that every use case that needs it fails, and the running jobs with it."""
    path = house.environment["DATABASE_URL"].removeprefix("sqlite:///")

    def rename(before: str, after: str) -> None:
        database = sqlite3.connect(path, timeout=30)
        # Only the name: what refers to the table keeps referring to it by its old name.
        database.execute("PRAGMA legacy_alter_table=ON")
        database.execute("PRAGMA foreign_keys=OFF")
        database.execute(f"ALTER TABLE {before} RENAME TO {after}")
        database.commit()
        database.close()

    rename(table, "hidden_away")
    try:
        yield
    finally:
        rename("hidden_away", table)


def reference(told: str) -> str:
    found = re.search(r"\b[0-9a-f]{8}\b", told)
    assert found, told
    return found[0]


def logged(caplog: pytest.LogCaptureFixture, name: str) -> None:
    """The log has the reference with a traceback."""
    records = [record for record in caplog.records if name in record.getMessage()]
    assert records
    assert records[0].levelno == logging.ERROR
    assert records[0].exc_info
    assert records[0].exc_info[2] is not None


def test_a_command_that_breaks_is_answered_with_a_reference(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    house.command("/note help")
    with broken(house):
        told = house.command("/note list")
        assert "Something broke on my side" in told
        assert "問題が起きた" in told
        assert "Traceback" not in told
        logged(caplog, reference(told))
    assert "Nothing found" in house.command("/note list")


def test_a_click_that_breaks_whispers_a_reference(house: House, caplog: pytest.LogCaptureFixture) -> None:
    ts = house.paste("https://arxiv.org/abs/2311.00001")
    card = house.card(ts, "2311.00001")
    with broken(house):
        house.act("click", member="ben", channel="papers", ts=card["ts"], action_id="verb:tag")
        told = until(
            lambda: next((said for one in house.whispers("ben") if "broke" in (said := shown(one))), None)
        )
        logged(caplog, reference(told))
    assert not house.views("ben")["views"]


def test_an_answer_that_slack_does_not_take_is_logged_without_its_words(
    house: House, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.command("/note add 2311.00003")
    card = until(lambda: next((post for post in house.posts() if "2311.00003" in shown(post)), None))
    monkeypatch.setattr("playground.grants.RESPONSE_USES", 0)
    house.act("click", member="ben", channel="papers", ts=card["ts"], action_id="verb:menu")
    until(lambda: any("not taken: HTTP 404" in record.getMessage() for record in caplog.records))
    assert "2311.00003" not in "".join(r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING)


def test_a_modal_that_breaks_stays_open_with_what_was_typed_and_a_reference(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    ts = house.paste("https://arxiv.org/abs/2311.00002")
    card = house.card(ts, "2311.00002")
    house.act("click", member="ben", channel="papers", ts=card["ts"], action_id="verb:comment")
    view = house.modal("ben")
    with broken(house):
        house.act("view/submit", member="ben", values={"comment": {"comment": "written with care"}})
        told = str(house.errors("ben")[view["id"]])
        logged(caplog, reference(told))
        assert house.views("ben")
    house.act("view/submit", member="ben", values={"comment": {"comment": "written with care"}})
    assert not house.views("ben")["views"]
    assert "written with care" in house.command("/note show 2311.00002")


def test_an_event_that_cannot_be_stored_comes_again_and_is_not_lost(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    with broken(house, "inbox"):
        ts = house.paste("https://arxiv.org/abs/2311.00003")
        until(lambda: any("could not be stored" in record.getMessage() for record in caplog.records))
    house.card(ts, "2311.00003")
    assert len(house.answers(ts)) == 1


DISKS: dict[str | None, Callable[[], bool]] = {}
"""Whether the disk of a database is full for the thread that asks, by the file."""


@event.listens_for(Engine, "begin")  # from the start: to listen later fails where another thread begins just then
def let_grow(connection: Connection) -> None:
    if is_full := DISKS.get(connection.engine.url.database):
        # 1 is no more than there are.
        connection.exec_driver_sql(f"PRAGMA max_page_count={1 if is_full() else 1_000_000}")


@contextmanager
def full(house: House, for_jobs: bool = False) -> Iterator[None]:
    """The database's disk takes nothing more; `for_jobs` only of what the jobs write."""
    file = house.database.engine.url.database
    DISKS[file] = lambda: not for_jobs or threading.current_thread().name.startswith("job")
    try:
        yield
    finally:
        DISKS[file] = lambda: False


def test_what_a_full_disk_does_not_take_is_told_and_what_slack_tells_again_is_stored(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    ts = house.paste("https://arxiv.org/abs/2311.00006")
    house.card(ts, "2311.00006")
    long = "words " * 3000
    with full(house):
        told = house.command(f"/note comment 2311.00006 {long}")
        assert "database cannot be used right now" in told
        assert "データベース" in told
        other = house.paste(f"https://arxiv.org/abs/2311.00007 {long}")
        until(lambda: any("could not be stored: The disk" in record.getMessage() for record in caplog.records))
    house.card(other, "2311.00007")
    assert len(house.answers(other)) == 1
    with full(house, for_jobs=True):
        house.paste(f"<@{house.state()['app']['user_id']}> comment {long}", thread=ts)
        until(lambda: any("handle-events runs again" in record.getMessage() for record in caplog.records))
    house.card(ts, "1 comment")
    assert not any(record.exc_info for record in caplog.records if record.levelno >= logging.ERROR)


def test_an_empty_tag_modal_says_what_to_do(house: House) -> None:
    ts = house.paste("https://arxiv.org/abs/2311.00004")
    house.card(ts, "2311.00004")
    house.command("/note tag known")
    other = house.paste("https://arxiv.org/abs/2311.00005")
    card = house.card(other, "2311.00005")
    house.act("click", member="aiko", channel="papers", ts=card["ts"], action_id="verb:tag")
    view = house.modal("aiko")
    house.act("view/submit", member="aiko", values={"new_tags": {"new_tags": ""}})
    assert "タグを選ぶか" in str(house.errors("aiko")[view["id"]])
