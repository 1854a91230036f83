"""The clock: it runs the jobs when somebody nudges, and APScheduler sweeps in case nobody does."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime

from apscheduler.schedulers.background import BackgroundScheduler

from bot.jumps import Every, SetBack
from papers.errors import FusenError
from papers.nudges import Carrier, Job

log = logging.getLogger(__name__)

SWEEP_SECONDS: Mapping[Job, float] = {
    Job.HANDLE_EVENTS: 2,
    Job.FETCH_PAPERS: 5,
    Job.READ_PAGES: 5,
    Job.LEARN_HISTORIES: 10,
    Job.TRANSLATE: 10,
    Job.FETCH_IMAGES: 30,
    Job.POST_MESSAGES: 5,
    Job.REFRESH_CARDS: 10,
    Job.LEARN_NAMES: 30,
    Job.OWE_DIGESTS: 30,
    Job.EXPIRE_CLAIMS: 60,
    Job.TELL_FOLLOWERS: 5,
    Job.REFRESH_HOMES: 5,
    Job.WATCH_PAPERS: 3600,
    Job.RELATE_NOTES: 10,
    Job.INDEX_NOTES: 3600,
    Job.READ_PAST: 10,
    Job.PUBLISH_PAGES: 10,
    Job.SEND_PAGES: 10,
    Job.PRUNE: 3600,
}
"""How often each job runs unasked. Nudges come first: this is the delay where one was lost or not carried."""

RESTS: Mapping[Job, float] = {Job.PUBLISH_PAGES: 3, Job.RELATE_NOTES: 1}
"""For how many times as long as it ran a job rests, at most `LONGEST_REST` seconds.

In a busy hour these would else run all the time: what they do for one change they can as well do for many, later,
and leave the processor to the jobs that somebody waits for.
"""

LONGEST_REST = 10.0

HOLD: Mapping[Job, float] = {Job.HANDLE_EVENTS: 0.02}
"""For how many seconds a job holds back before it runs: Slack, which waits to hear that its event is stored, goes
first.
"""

REPEAT_SECONDS = 60.0
"""How long a job that fails in the same way again and again says nothing more of it."""

STUCK_SECONDS = 120
"""A clock that has not swept for so long will never do so again."""


class Clock:
    """Runs each job in a thread of its own, one run at a time; a nudge during a run makes it run once more."""

    def __init__(
        self,
        around: Callable[[Job], AbstractContextManager[None]] = lambda _: nullcontext(),
        carrier: Carrier | None = None,
    ) -> None:
        """`around` is entered for each run of a job; `carrier` tells other processes of what there is to do."""
        self._around = around
        self._carrier = carrier
        self._ticked = time.monotonic()
        # No run is ever too late, and a pile of missed runs is one run.
        self._scheduler = BackgroundScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "misfire_grace_time": None}
        )
        self._set_back = SetBack(self._scheduler)
        self._threads = ThreadPoolExecutor(len(Job), "job")
        self._jobs: dict[Job, Callable[[], object]] = {}
        self._lock = threading.Lock()
        self._running: dict[Job, bool] = {}
        self._rested: dict[Job, float] = {}
        self._trouble: dict[Job, tuple[str, float]] = {}
        self._stopping = threading.Event()

    def start(self, jobs: Mapping[Job, Callable[[], object]]) -> None:
        """Run these jobs from now on: each at once, then by nudge and by sweep."""
        self._jobs = dict(jobs)
        self._scheduler.start()
        self._set_back.start()
        for job in self._jobs:
            self._scheduler.add_job(
                self._sweep, Every(SWEEP_SECONDS[job]), args=[job], next_run_time=datetime.now(UTC)
            )
        if self._carrier:
            self._carrier.start(self.nudge_here)

    def ticks(self) -> bool:
        """Whether this clock swept of late: the shortest sweep is every two seconds."""
        return time.monotonic() - self._ticked < STUCK_SECONDS

    def stop(self) -> None:
        """Start nothing any more and wait for what is running."""
        with self._lock:
            self._stopping.set()
        self._set_back.stop()
        if self._carrier:
            self._carrier.stop()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=True)
        self._threads.shutdown(wait=True)

    def nudge(self, job: Job) -> None:
        """Run the job soon. Other processes are told if it runs here already, or is none of this process's jobs.

        What can begin here at once will be done: who is told of it too would only look in vain.
        """
        if not self._begin(job) and self._carrier:
            self._carrier.send(job)

    def nudge_here(self, job: Job) -> None:
        """Run the job soon, in this process alone."""
        self._begin(job)

    def _begin(self, job: Job) -> bool:
        """Run the job soon, or if it runs already, once more when it ends; then, and if it is none, False."""
        with self._lock:
            if self._stopping.is_set() or job not in self._jobs:
                return False
            if job in self._running:
                self._running[job] = True
                return False
            self._running[job] = False
            # The scheduler would do it too, but takes longer to begin than most runs take.
            self._threads.submit(self._run, job)
        return True

    def wake(self, job: Job, when: datetime) -> None:
        """Nudge the job at a time. A later call for the same job replaces an earlier one."""
        with self._lock:
            if self._stopping.is_set():
                return
        self._scheduler.add_job(
            self.nudge_here, "date", run_date=when, args=[job], id=f"wake-{job}", replace_existing=True
        )

    def _sweep(self, job: Job) -> None:
        self._ticked = time.monotonic()
        self.nudge_here(job)

    def _run(self, job: Job) -> None:
        while not self._stopping.wait(max(self._rested.get(job, 0.0) - time.monotonic(), HOLD.get(job, 0.0))):
            with self._lock:
                self._running[job] = False  # whatever was wished for until now, this run does
            began = time.monotonic()
            try:
                with self._around(job):
                    self._jobs[job]()
                self._trouble.pop(job, None)
            except FusenError as error:
                self._tell(job, str(error))
            except Exception:  # whatever it was, the job must run again at the next sweep
                log.exception("the job %s failed; it runs again", job)
            ended = time.monotonic()
            self._rested[job] = ended + min(RESTS.get(job, 0.0) * (ended - began), LONGEST_REST)
            with self._lock:
                if not self._running[job]:
                    del self._running[job]
                    return

    def _tell(self, job: Job, trouble: str) -> None:
        said, at = self._trouble.get(job, ("", 0.0))
        if trouble != said or time.monotonic() - at >= REPEAT_SECONDS:
            self._trouble[job] = trouble, time.monotonic()
            log.warning("the job %s runs again later: %s", job, trouble)
