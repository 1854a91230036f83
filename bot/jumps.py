"""Jobs that run again and again in their time, though the host's clock jumps: it was set, or the host slept."""

from __future__ import annotations

import logging
import threading
import time
from contextlib import suppress
from datetime import datetime, timedelta

from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.base import BaseTrigger

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
STEP_SECONDS = 1.0
"""Clocks that are set right by and by never go back by so much within `LOOK_SECONDS`."""


class Every(BaseTrigger):  # type: ignore[misc] # APScheduler gives no types
    """Runs a job every so many seconds; after a gap once, and then goes on from there.

    APScheduler's own interval lists all the runs that were missed, to make one of them: after months that a clock
    jumped over this takes minutes, and all memory.
    """

    def __init__(self, seconds: float) -> None:
        self._pause = timedelta(seconds=seconds)

    def get_next_fire_time(self, previous_fire_time: datetime | None, now: datetime) -> datetime:
        """The next run, always later than `now` unless it is the first."""
        if previous_fire_time is None:
            return now
        due = previous_fire_time + self._pause
        return due if due > now else now + self._pause


class SetBack:
    """Looks at the clock for as long as a scheduler runs, and brings its jobs forward when it was set back.

    The scheduler knows of each job the time of day when it runs next. After an hour has been taken back, it would
    sweep again in an hour.
    """

    def __init__(self, scheduler: BackgroundScheduler) -> None:
        self._scheduler = scheduler
        self._ended = threading.Event()
        self._watch = threading.Thread(target=self._look, name="set-back", daemon=True)

    def start(self) -> None:
        """Look from now on."""
        self._watch.start()

    def stop(self) -> None:
        """Look no longer."""
        self._ended.set()

    def _look(self) -> None:
        before = time.time() - time.monotonic()
        while not self._ended.wait(LOOK_SECONDS):
            now = time.time() - time.monotonic()
            if now < before - STEP_SECONDS:
                self.bring_forward(before - now)
            before = now

    def bring_forward(self, seconds: float) -> None:
        """Let every job run so many seconds sooner."""
        log.warning("the clock was set back by %.0f s", seconds)
        for job in self._scheduler.get_jobs():
            with suppress(JobLookupError):  # it runs just now
                job.modify(next_run_time=job.next_run_time - timedelta(seconds=seconds))
