"""The figures that Prometheus reads: what this process has done, and what waits in the database.

Labels are words of the program (kinds, jobs, methods, outcomes), never anything that a person wrote. Each
process tells of itself; what waits is the database's, so all processes tell the same of that.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import ParamSpec, TypeVar

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.gc_collector import GCCollector
from prometheus_client.platform_collector import PlatformCollector
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from bot.payloads.events import KINDS
from papers.backlog import Backlog
from papers.database_errors import DatabaseUnreachable
from papers.errors import FusenError, SourceRefused, SourceThrottled
from papers.nudges import Job
from papers.paper import PaperId
from papers.source import Answer, Source, Turn
from papers.targets import Sent

P = ParamSpec("P")
T = TypeVar("T")

SECONDS = (0.01, 0.03, 0.1, 0.3, 1, 3, 10, 30, 100)


class Figures:
    """What this process counts. `registry` holds it all."""

    def __init__(self) -> None:
        self.registry = registry = CollectorRegistry()
        for collect in (ProcessCollector, PlatformCollector, GCCollector):
            collect(registry=registry)
        self._events = Counter(
            "fusen_events", "What came from Slack, by kind and outcome.", ["kind", "outcome"], registry=registry
        )
        # A rise is seen only of what is there from the beginning, and the guide has alarms for these.
        self._events.labels("event", "not_stored")
        for kind in KINDS:
            self._events.labels(kind, "given_up")
        self._jobs = Histogram(
            "fusen_job_seconds",
            "Runs of jobs, by outcome.",
            ["job", "outcome"],
            buckets=SECONDS,
            registry=registry,
        )
        self._slack = Histogram(
            "fusen_slack_seconds",
            "Calls to Slack, by method and outcome.",
            ["method", "outcome"],
            buckets=SECONDS,
            registry=registry,
        )
        self._arxiv = Histogram(
            "fusen_arxiv_seconds",
            "Requests to arXiv, by outcome.",
            ["outcome"],
            buckets=SECONDS,
            registry=registry,
        )
        self._publishing = Histogram(
            "fusen_publishing_seconds", "Builds of a workspace's pages.", buckets=SECONDS, registry=registry
        )
        self._sent = Counter(
            "fusen_pages_sent", "Files sent to places beside the folder.", ["target", "what"], registry=registry
        )
        self._late = Gauge(
            "fusen_pages_late_seconds", "For how long a place has lacked something.", ["target"], registry=registry
        )
        self._left_out = Gauge(
            "fusen_notes_left_out", "Notes that cannot be rendered and stand on no page.", registry=registry
        )
        self._ready = Gauge("fusen_ready", "1 while this process is at work.", registry=registry)

    def event(self, kind: str, outcome: str) -> None:
        """Something of this kind came from Slack, or was handled."""
        self._events.labels(kind, outcome).inc()

    @contextmanager
    def job(self, job: Job) -> Iterator[None]:
        """A run of a job."""
        began, outcome = time.perf_counter(), "failed"
        try:
            yield
            outcome = "done"
        except FusenError:
            outcome = "put_off"
            raise
        finally:
            self._jobs.labels(job.value, outcome).observe(time.perf_counter() - began)

    def slack(self, method: str, outcome: str, seconds: float) -> None:
        """A call to Slack."""
        self._slack.labels(method, outcome).observe(seconds)

    def arxiv(self, outcome: str, seconds: float) -> None:
        """A request to arXiv."""
        self._arxiv.labels(outcome).observe(seconds)

    def publishing(self, publish: Callable[P, T]) -> Callable[P, T]:
        """The same act, with its time taken."""

        def timed(*args: P.args, **kwargs: P.kwargs) -> T:
            with self._publishing.time():
                return publish(*args, **kwargs)

        return timed

    def sent(self, target: str, sent: Sent) -> None:
        """Pages were sent to a place."""
        self._sent.labels(target, "put").inc(sent.put)
        self._sent.labels(target, "removed").inc(sent.removed)

    def tell_late(self, late: Callable[[], Mapping[str, float]]) -> None:
        """How long each place has waited is asked whenever Prometheus asks."""

        def of(name: str) -> float:
            return late()[name]

        for name in late():
            self._late.labels(name).set_function(partial(of, name))

    def tell_left_out(self, left_out: Callable[[], int]) -> None:
        """How many notes stand on no page is asked whenever Prometheus asks."""
        self._left_out.set_function(lambda: float(left_out()))

    def tell_ready(self, ready: Callable[[], bool]) -> None:
        """Whether this process is at work is asked whenever Prometheus asks."""
        self._ready.set_function(lambda: float(ready()))

    def tell_connected(self, connected: Callable[[], bool]) -> None:
        """Whether Slack is heard by socket is asked whenever Prometheus asks."""
        gauge = Gauge("fusen_slack_connected", "1 while the socket to Slack stands.", registry=self.registry)
        gauge.set_function(lambda: float(connected()))

    def tell_leaving(self, leaving: Callable[[], bool]) -> None:
        """Whether all is to be deleted is asked whenever Prometheus asks."""

        def told() -> float:
            try:
                return float(leaving())
            except DatabaseUnreachable:
                return math.nan

        said = "1 while the workspace's notes are to be deleted: Slack told that it took Fusen away."
        Gauge("fusen_workspace_leaving", said, registry=self.registry).set_function(told)

    def tell_backlogs(self, waiting: Callable[[], Sequence[Backlog]], now: Callable[[], datetime]) -> None:
        """What waits is read from the database whenever Prometheus asks."""
        self.registry.register(_Backlogs(waiting, now))


class _Backlogs(Collector):
    def __init__(self, waiting: Callable[[], Sequence[Backlog]], now: Callable[[], datetime]) -> None:
        self._waiting = waiting
        self._now = now

    def collect(self) -> Iterator[GaugeMetricFamily]:
        up = GaugeMetricFamily("fusen_database_up", "1 while the database answers.")
        depth = GaugeMetricFamily("fusen_queue_depth", "What waits, at most 10,000 counted.", labels=["queue"])
        age = GaugeMetricFamily("fusen_queue_age_seconds", "How long the oldest has waited.", labels=["queue"])
        try:
            backlogs = self._waiting()
        except DatabaseUnreachable:
            up.add_metric([], 0)
            yield up
            return
        up.add_metric([], 1)
        for one in backlogs:
            waited = (self._now() - one.oldest).total_seconds() if one.oldest else 0.0
            depth.add_metric([one.queue.value], one.count)
            age.add_metric([one.queue.value], max(0.0, waited))
        yield from (up, depth, age)


class CountedSource:
    """A source of papers whose requests are counted."""

    def __init__(self, source: Source, count: Callable[[str, float], None]) -> None:
        self.batch_size = source.batch_size
        self._source = source
        self._count = count

    @contextmanager
    def turn(self) -> Iterator[Turn]:
        """Wait for a turn of the source."""
        with self._source.turn() as turn:
            yield _CountedTurn(turn, self._count)

    def wait_seconds(self) -> float:
        """How long a turn would have to wait, in seconds."""
        return self._source.wait_seconds()

    def in_trouble(self) -> bool:
        """Whether the source failed to answer when it was last asked."""
        return self._source.in_trouble()


class _CountedTurn:
    def __init__(self, turn: Turn, count: Callable[[str, float], None]) -> None:
        self._turn = turn
        self._count = count

    def ask(self, paper_ids: Sequence[PaperId]) -> Answer:
        """Ask, and count what came of it."""
        began, outcome = time.perf_counter(), "unavailable"
        try:
            answer = self._turn.ask(paper_ids)
            outcome = "answered"
            return answer
        except SourceThrottled:
            outcome = "throttled"
            raise
        except SourceRefused:
            outcome = "refused"
            raise
        finally:
            self._count(outcome, time.perf_counter() - began)
