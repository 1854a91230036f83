"""The present: hosts whose clocks are wrong agree all the same, where they have a database between them."""

from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

from sqlalchemy import create_engine

from storage.engine import Database
from storage.present import Present

NEAR = timedelta(seconds=20)  # the machine may be slow


def test_the_time_is_that_of_the_server_however_the_host_s_clock_is_set(database: Database) -> None:
    wrong = {"by": 3600.0}
    present = Present(database, lambda: time.time() + wrong["by"])
    for by in (3600.0, -86_400.0, 40 * 86_400.0):
        wrong["by"] = by
        off = present() - datetime.now(UTC)
        assert abs(off - timedelta(seconds=by if database.file else 0)) < NEAR


def test_without_an_answer_the_host_s_clock_is_as_good_as_any() -> None:
    engine = create_engine("postgresql+psycopg://127.0.0.1:1/nowhere")
    present = Present(Database(engine, engine, "nowhere", None), lambda: 1000.0)
    assert present() == datetime.fromtimestamp(1000.0, UTC)
