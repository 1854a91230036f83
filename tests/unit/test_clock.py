"""The clock: jobs that take long rest, however often they are nudged."""

from __future__ import annotations

import logging
import threading
import time
from itertools import pairwise

import pytest
from house import until

from bot import clock as clocks
from bot.clock import RESTS, Clock
from papers.database_errors import DatabaseUnreachable
from papers.nudges import Job


def test_a_job_that_is_nudged_all_the_time_rests_for_several_times_as_long_as_it_ran() -> None:
    runs: list[tuple[float, float]] = []

    def publish() -> None:
        began = time.monotonic()
        time.sleep(0.05)
        runs.append((began, time.monotonic()))
        clock.nudge(Job.PUBLISH_PAGES)

    clock = Clock()
    clock.start({Job.PUBLISH_PAGES: publish})
    until(lambda: len(runs) > 3)
    clock.stop()
    for (began, ended), (next_began, _) in pairwise(runs):
        assert next_began - ended >= RESTS[Job.PUBLISH_PAGES] * (ended - began)


def test_a_clock_that_stops_does_not_run_what_rests() -> None:
    ran = threading.Semaphore(0)

    def publish() -> None:
        time.sleep(2)
        ran.release()

    clock = Clock()
    clock.start({Job.PUBLISH_PAGES: publish})
    assert ran.acquire(timeout=60)
    clock.nudge(Job.PUBLISH_PAGES)
    clock.stop()
    assert not ran.acquire(blocking=False)


@pytest.mark.parametrize(
    ("seconds", "told"), [(60.0, ["gone", "locked", "gone"]), (0.0, ["gone"] * 3 + ["locked", "gone"])]
)
def test_a_job_that_fails_again_in_the_same_way_says_so_once_a_minute(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch, seconds: float, told: list[str]
) -> None:
    monkeypatch.setattr(clocks, "REPEAT_SECONDS", seconds)
    reasons = iter(("gone", "gone", "gone", "locked", "", "gone"))
    done = threading.Event()

    def fail() -> None:
        reason = next(reasons, None)
        if reason is None:
            done.set()
            return
        clock.nudge(Job.PRUNE)
        if reason:
            raise DatabaseUnreachable("fusen.db", reason)

    clock = Clock()
    with caplog.at_level(logging.WARNING, "bot.clock"):
        clock.start({Job.PRUNE: fail})
        assert done.wait(60)
        clock.stop()
    assert [record.getMessage().split("cannot be used: ")[1].split(".")[0] for record in caplog.records] == told
