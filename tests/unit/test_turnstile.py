"""How turns at the gate follow each other, with a clock that jumps."""

from __future__ import annotations

import threading
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import pairwise

import pytest
from fakes import FakeClock, FakeGate
from hypothesis import given, settings
from hypothesis import strategies as st

from arxiv_api.timing import POLITE, Timing
from arxiv_api.turnstile import Slot, TurnLost, Turnstile
from papers.errors import SourceThrottled, SourceUnavailable

PATIENT = Timing(patience=10**9)


def turnstile(clock: FakeClock, gate: FakeGate, timing: Timing = POLITE) -> Turnstile:
    return Turnstile(gate, "arxiv", timing, now=clock, sleep=clock.sleep)


@dataclass
class Request:
    """One request on the wire, and what its sender left at the gate."""

    sent: float
    ended: float | None = None
    left: float | None = None
    asked_for: float = 0.0

    def end(self, now: float) -> None:
        # A request never outlives its deadline; so it ends by itself when its sender is frozen or dead.
        self.ended = min(now, self.sent + PATIENT.deadline)


class Actor:
    """A process that takes one turn; it may be frozen between any two steps, or die."""

    def __init__(self, stile: Turnstile, clock: FakeClock, wire: list[Request]) -> None:
        self.clock = clock
        self.wire = wire
        self.began = clock()
        self.turn: AbstractContextManager[Slot] = stile.turn()
        self.slot = self.turn.__enter__()
        self.held_until = clock() + PATIENT.worst + PATIENT.gap
        self.request: Request | None = None
        self.state = "holds"

    def send(self) -> None:
        if self.state != "holds":
            return
        try:
            self.slot.use()
            self.slot.check_fresh()
        except TurnLost:
            self.state = "done"
            return
        self.request = Request(self.clock())
        self.wire.append(self.request)
        self.state = "asks"

    def finish(self, outcome: str, seconds: float) -> None:
        if self.state != "asks" or self.request is None:
            return
        self.request.end(self.clock())
        if outcome == "answered":
            self.slot.answered()
        elif outcome != "unexpected":
            self.request.asked_for = seconds if outcome == "throttled" else 0.0
            self.slot.failed(self.request.asked_for)
        self.state = "done"

    def leave(self) -> None:
        if self.state in ("dead", "gone"):
            return
        if self.state == "asks":
            self.finish("unexpected", 0.0)
        if self.request and self.clock() < self.held_until:
            self.request.left = self.clock()
        self.turn.__exit__(None, None, None)
        self.state = "gone"

    def die(self) -> None:
        if self.state == "asks" and self.request:
            self.request.end(self.clock())
        if self.state != "gone":
            self.state = "dead"


SECONDS = st.floats(0, 120)
OUTCOME = st.sampled_from(["answered", "failed", "throttled", "unexpected"])
STEP = st.one_of(
    st.tuples(st.just("begin")),
    st.tuples(st.just("turn"), OUTCOME, SECONDS),
    st.tuples(st.just("send"), st.integers(0, 5)),
    st.tuples(st.just("finish"), st.integers(0, 5), OUTCOME, SECONDS),
    st.tuples(st.just("leave"), st.integers(0, 5)),
    st.tuples(st.just("die"), st.integers(0, 5)),
    st.tuples(st.just("pass"), st.floats(0, 60)),
)


def play(steps: list[tuple]) -> list[Request]:
    clock, wire, actors = FakeClock(), [], []
    gate = FakeGate(clock)
    for name, *rest in steps:
        if name in ("begin", "turn"):
            actors.append(Actor(turnstile(clock, gate, PATIENT), clock, wire))
            if name == "turn":
                actors[-1].send()
                actors[-1].finish(*rest)
                actors[-1].leave()
        elif name == "pass":
            clock.sleep(rest[0])
        elif actors:
            actor = actors[-1 - rest[0] % len(actors)]
            getattr(actor, name)(*rest[1:])
    for request in wire:
        if request.ended is None:
            request.end(clock())
    return wire


@given(st.lists(STEP, max_size=40))
@settings(max_examples=400, deadline=None)
def test_whoever_is_frozen_or_dies_no_two_requests_meet_and_every_pause_is_kept(steps: list[tuple]) -> None:
    wire = play(steps)
    for earlier, later in pairwise(wire):
        assert earlier.ended is not None
        assert later.sent >= earlier.ended + PATIENT.gap - 1e-6
        if earlier.left is not None:
            assert later.sent >= earlier.left + earlier.asked_for - 1e-6


def test_a_process_frozen_before_it_sends_gives_its_turn_up() -> None:
    frozen = [("begin",), ("pass", 45.0), ("begin",), ("send", 0), ("send", 1)]
    assert len(play(frozen)) == 1


def test_a_dead_holder_keeps_the_gate_shut_for_the_longest_request_and_a_pause() -> None:
    first, second = play([("begin",), ("send", 0), ("die", 0), ("begin",), ("send", 0)])
    assert second.sent - first.sent == pytest.approx(POLITE.worst + POLITE.gap, abs=0.1)


def test_failures_in_a_row_make_the_pauses_grow_and_an_answer_ends_them() -> None:
    clock = FakeClock()
    gate = FakeGate(clock)
    stile = turnstile(clock, gate, PATIENT)
    pauses = []
    for _ in range(10):
        with stile.turn() as slot:
            slot.use()
            slot.failed()
        pauses.append(gate.state("arxiv")[0])
    assert pauses == [10, 20, 40, 80, 160, 320, 640, 900, 900, 900]
    with stile.turn() as slot:
        slot.use()
        slot.answered()
    assert gate.state("arxiv") == (POLITE.gap, 0)


def test_an_unused_turn_costs_no_pause_and_forgets_no_failure() -> None:
    clock = FakeClock()
    gate = FakeGate(clock)
    gate.shut("arxiv", 5.0, failures=3)
    with turnstile(clock, gate).turn():
        pass
    assert gate.state("arxiv") == (0.0, 3)


def test_a_long_outage_is_not_waited_for() -> None:
    clock = FakeClock()
    gate = FakeGate(clock)
    gate.shut("arxiv", 600.0, failures=7)
    began = clock()
    with pytest.raises(SourceUnavailable), turnstile(clock, gate).turn():
        pass
    assert clock() == began


def test_a_long_wait_asked_for_by_arxiv_is_told_with_its_length() -> None:
    clock = FakeClock()
    gate = FakeGate(clock)
    gate.shut("arxiv", 600.0)
    with pytest.raises(SourceThrottled) as caught, turnstile(clock, gate).turn():
        pass
    assert caught.value.seconds == pytest.approx(600.0)


def test_naps_at_the_gate_are_short_enough_to_see_an_early_release() -> None:
    clock, naps = FakeClock(), []
    gate = FakeGate(clock)
    gate.shut("arxiv", 2.5)

    def sleep(seconds: float) -> None:
        naps.append(seconds)
        clock.sleep(seconds)

    with Turnstile(gate, "arxiv", POLITE, now=clock, sleep=sleep).turn():
        pass
    assert naps == [1.0, 1.0, 0.5]


def test_stopping_ends_the_waiting() -> None:
    gate, stop = FakeGate(), threading.Event()
    gate.shut("arxiv", 30.0)
    stop.set()
    with pytest.raises(SourceUnavailable), Turnstile(gate, "arxiv", POLITE, stop).turn():
        pass


def test_one_turn_is_one_question() -> None:
    clock = FakeClock()
    with turnstile(clock, FakeGate(clock)).turn() as slot:
        slot.use()
        with pytest.raises(RuntimeError):
            slot.use()


def test_times_that_let_a_request_outlive_its_turn_are_refused() -> None:
    with pytest.raises(ValueError, match="worst"):
        Timing(connect=5, read=10, deadline=30, worst=40)
