"""Clocks that jump while jobs wait for their time."""

from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.background import BackgroundScheduler

from bot.jumps import Every, SetBack


def test_a_host_that_slept_for_years_runs_each_job_once() -> None:
    every, now = Every(2), datetime(2026, 11, 21, tzinfo=UTC)
    assert every.get_next_fire_time(None, now) == now
    assert every.get_next_fire_time(now, now) == now + timedelta(seconds=2)
    later = now + timedelta(days=20_000)
    assert every.get_next_fire_time(now, later) == later + timedelta(seconds=2)


def test_jobs_run_in_their_time_though_the_clock_was_set_back() -> None:
    scheduler, ran = BackgroundScheduler(timezone=UTC), threading.Event()
    scheduler.start()
    try:
        # To the scheduler it is the same whether the clock went back by a day or the job is a day away.
        tomorrow = datetime.now(UTC) + timedelta(days=1, seconds=1)
        scheduler.add_job(ran.set, Every(30), next_run_time=tomorrow)
        assert not ran.wait(0.1)
        SetBack(scheduler).bring_forward(86_400)
        assert ran.wait(60)
    finally:
        scheduler.shutdown()
