"""The gateway against a server that misbehaves in every way that arXiv or the road to it is known to."""

from __future__ import annotations

import gzip
import multiprocessing
import os
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import arxiv_server as behaviour
import pytest
from arxiv_server import ArxivServer, Behaviour
from fakes import FakeGate, FileGate

from arxiv_api.gateway import ArxivGateway
from arxiv_api.timing import Timing
from arxiv_api.wire import CHUNK, LONGEST_BODY
from papers.errors import SourceError, SourceRefused, SourceThrottled, SourceUnavailable
from papers.paper import ARXIV, PaperId
from papers.source import Answer, Gate

GAP = 0.05
QUICK = Timing(gap=GAP, connect=1, read=2, deadline=2, worst=5, patience=20, first_pause=0.2, longest_pause=0.8)
CONTACT = "papers@example.org"
# A sleep may end a little early by the clock that is read afterwards.
EPSILON = 0.005


@pytest.fixture
def server() -> Iterator[ArxivServer]:
    with ArxivServer() as running:
        yield running


@pytest.fixture
def gate() -> FakeGate:
    return FakeGate()


@pytest.fixture
def gateway(server: ArxivServer, gate: FakeGate) -> ArxivGateway:
    return ArxivGateway(gate, CONTACT, server.url, QUICK)


def ids(*names: str) -> list[PaperId]:
    return [PaperId(ARXIV, name) for name in names]


def ask(gateway: ArxivGateway, *names: str) -> Answer:
    with gateway.turn() as turn:
        return turn.ask(ids(*names))


def found(answer: Answer) -> list[str]:
    return [record.paper_id.id for record in answer.found]


def test_papers_come_back_in_one_request_that_says_who_asks(server: ArxivServer, gateway: ArxivGateway) -> None:
    answer = ask(gateway, "2310.00002", "hep-th/9901001", "2310.00001")
    assert found(answer) == ["2310.00002", "hep-th/9901001", "2310.00001"]
    (hit,) = server.log
    assert hit.user_agent.startswith("Fusen/")
    assert CONTACT in hit.user_agent
    assert hit.query["max_results"] == "3"


def test_a_hundred_papers_are_one_request_and_more_are_refused(server: ArxivServer, gateway: ArxivGateway) -> None:
    names = [f"2310.{n:05}" for n in range(1, 101)]
    assert found(ask(gateway, *names)) == names
    with pytest.raises(ValueError, match="101"):
        ask(gateway, *names, "2310.00101")
    assert len(server.log) == 1


def test_an_empty_list_sends_nothing(server: ArxivServer, gateway: ArxivGateway) -> None:
    with pytest.raises(ValueError, match="0"):
        ask(gateway)
    assert server.log == []


@pytest.mark.parametrize("name", ["abc", "2313.13671", "0808.05394", "math.GT/0309136", "2310.13671v2", "a,b", ""])
def test_a_bad_id_is_refused_here_and_never_sent(server: ArxivServer, gateway: ArxivGateway, name: str) -> None:
    with pytest.raises(SourceRefused):
        ask(gateway, "2310.00001", name)
    assert server.log == []


def test_a_paper_named_twice_is_asked_for_once(server: ArxivServer, gateway: ArxivGateway) -> None:
    assert found(ask(gateway, "2310.00001", "2310.00001")) == ["2310.00001"]
    assert server.log[0].ids == ("2310.00001",)


def test_unknown_papers_are_missing(server: ArxivServer, gateway: ArxivGateway) -> None:
    server.unknown.add("2310.00002")
    answer = ask(gateway, "2310.00001", "2310.00002")
    assert (found(answer), answer.missing) == (["2310.00001"], tuple(ids("2310.00002")))


def test_papers_that_nobody_asked_for_are_ignored(server: ArxivServer, gateway: ArxivGateway) -> None:
    server.misbehave(behaviour.unasked("2310.09999", "cs/0503050"))
    server.unknown.add("2310.00002")
    answer = ask(gateway, "2310.00001", "2310.00002")
    assert (found(answer), answer.missing) == (["2310.00001"], tuple(ids("2310.00002")))


def test_a_server_that_claims_more_than_it_sends_gets_no_second_request(
    server: ArxivServer, gateway: ArxivGateway
) -> None:
    server.misbehave(behaviour.overclaim(2))
    server.unknown.add("2310.00002")
    answer = ask(gateway, "2310.00001", "2310.00002")
    assert found(answer) == ["2310.00001"]
    assert answer.missing == ()
    assert len(server.log) == 1


OUTAGES: dict[str, Behaviour] = {
    "hang": behaviour.hang,
    "slow body": behaviour.drip,
    "slow headers": behaviour.drip_headers,
    "503": behaviour.status(503),
    "500": behaviour.status(500, b"<html>"),
    "404": behaviour.status(404),
    "redirect": behaviour.redirect,
    "web page": behaviour.html,
    "empty body": behaviour.replay(b""),
    "cut": behaviour.cut(),
    "hang up": behaviour.hang_up,
    "strange encoding": behaviour.status(200, b"not gzip", Content_Encoding="gzip"),
    "other complaint": behaviour.complaint(200, "something went wrong"),
}


@pytest.mark.parametrize("outage", OUTAGES.values(), ids=OUTAGES.keys())
def test_an_outage_is_an_outage_after_one_request_and_the_gate_rests(
    server: ArxivServer, gate: FakeGate, gateway: ArxivGateway, outage: Behaviour
) -> None:
    server.misbehave(outage)
    began = time.monotonic()
    with pytest.raises(SourceUnavailable):
        ask(gateway, "2310.00001")
    # Without the deadline the slowest of these would last a minute, the hanging one an hour.
    assert time.monotonic() - began < 20
    assert len(server.log) == 1
    wait, failures = gate.state(ARXIV)
    assert failures == 1
    assert GAP < wait <= QUICK.first_pause


def test_a_small_answer_that_unpacks_to_a_huge_one_is_not_swallowed(
    server: ArxivServer, gateway: ArxivGateway
) -> None:
    huge = gzip.compress(b" " * (LONGEST_BODY + CHUNK))
    server.misbehave(behaviour.status(200, huge, Content_Encoding="gzip"))
    with pytest.raises(SourceUnavailable, match="too long"):
        ask(gateway, "2310.00001")


def test_nobody_listening_is_an_outage(gate: FakeGate) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    with pytest.raises(SourceUnavailable):
        ask(ArxivGateway(gate, CONTACT, f"http://127.0.0.1:{port}", QUICK), "2310.00001")
    assert gate.state(ARXIV)[1] == 1


@pytest.mark.parametrize("wish", [behaviour.complaint(400), behaviour.complaint(200), behaviour.status(400)])
def test_a_refusal_is_one_request_and_no_outage(
    server: ArxivServer, gate: FakeGate, gateway: ArxivGateway, wish: Behaviour
) -> None:
    gate.shut(ARXIV, 0.0, failures=2)
    server.misbehave(wish)
    with pytest.raises(SourceRefused):
        ask(gateway, "2310.00001")
    wait, failures = gate.state(ARXIV)
    assert (len(server.log), failures) == (1, 0)
    assert wait <= GAP


def in_half_a_minute() -> str:
    return format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)


@pytest.mark.parametrize("code", [429, 503])
@pytest.mark.parametrize("retry_after", [lambda: "30", in_half_a_minute], ids=["seconds", "date"])
def test_a_wait_asked_for_is_kept(
    server: ArxivServer, gate: FakeGate, gateway: ArxivGateway, code: int, retry_after: Callable[[], str]
) -> None:
    server.misbehave(behaviour.status(code, b"Rate exceeded.", Retry_After=retry_after()))
    with pytest.raises(SourceThrottled) as caught:
        ask(gateway, "2310.00001")
    assert caught.value.seconds == pytest.approx(30, abs=5)
    assert gate.state(ARXIV)[0] == pytest.approx(30, abs=5)
    with pytest.raises(SourceUnavailable):
        ask(gateway, "2310.00001")
    assert len(server.log) == 1


@pytest.mark.parametrize("code", [429, 200])
def test_rate_exceeded_without_a_time_rests_by_our_own_measure(
    server: ArxivServer, gate: FakeGate, gateway: ArxivGateway, code: int
) -> None:
    server.misbehave(behaviour.status(code, b"Rate exceeded."))
    with pytest.raises(SourceThrottled) as caught:
        ask(gateway, "2310.00001")
    assert caught.value.seconds == QUICK.first_pause
    assert gate.state(ARXIV)[1] == 1


def test_an_outage_is_asked_ever_more_seldom_and_ends_with_the_first_answer(
    server: ArxivServer, gate: FakeGate, gateway: ArxivGateway
) -> None:
    server.misbehave(*[behaviour.status(503)] * 4)
    for _ in range(4):
        with pytest.raises(SourceUnavailable):
            ask(gateway, "2310.00001")
    assert found(ask(gateway, "2310.00001")) == ["2310.00001"]
    assert gate.state(ARXIV)[1] == 0
    assert [gap >= least - EPSILON for gap, least in zip(server.gaps(), (0.2, 0.4, 0.8, 0.8), strict=True)] == [
        True
    ] * 4


def test_one_turn_is_one_request(server: ArxivServer, gateway: ArxivGateway) -> None:
    with gateway.turn() as turn:
        turn.ask(ids("2310.00001"))
        with pytest.raises(RuntimeError):
            turn.ask(ids("2310.00002"))
    assert len(server.log) == 1


def test_a_turn_that_was_held_too_long_sends_nothing(
    server: ArxivServer, gate: FakeGate, gateway: ArxivGateway
) -> None:
    with gateway.turn() as turn:
        time.sleep(QUICK.latest_start + 0.1)
        with pytest.raises(SourceUnavailable):
            turn.ask(ids("2310.00001"))
    assert server.log == []
    assert gate.state(ARXIV)[1] == 0


def test_a_proxy_of_the_environment_is_not_asked_for_this_machine(
    gateway: ArxivGateway, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    assert found(ask(gateway, "2310.00001")) == ["2310.00001"]


def ask_often(gate: Gate, url: str, contact: str, first: int, times: int) -> None:
    """Ask for one paper after another, whatever happens (also run in processes of their own)."""
    gateway = ArxivGateway(gate, contact, url, QUICK)
    for n in range(first, first + times):
        try:
            ask(gateway, f"2310.{n:05}")
        except SourceError as error:
            print(error)


def assert_polite(server: ArxivServer, answer_time: float) -> None:
    assert server.most_active() == 1
    assert min(server.gaps()) >= GAP + answer_time - EPSILON


def test_threads_share_one_pace(server: ArxivServer, gate: FakeGate) -> None:
    server.usual = behaviour.late(0.03)
    threads = [
        threading.Thread(target=ask_often, args=(gate, server.url, CONTACT, 1 + 10 * n, 8)) for n in range(3)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({hit.ids for hit in server.log}) == len(server.log) == 24
    assert_polite(server, 0.03)


def test_processes_share_one_pace(server: ArxivServer, tmp_path: Path) -> None:
    server.usual = behaviour.late(0.03)
    gate = FileGate(tmp_path / "gate.db")
    spawn = multiprocessing.get_context("spawn")
    processes = [
        spawn.Process(target=ask_often, args=(gate, server.url, f"process {n}", 1 + 10 * n, 8)) for n in range(2)
    ]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert len({hit.user_agent for hit in server.log}) == 2
    assert len({hit.ids for hit in server.log}) == len(server.log) == 16
    assert_polite(server, 0.03)


def test_a_process_killed_while_it_asks_frees_the_gate_by_itself(server: ArxivServer, tmp_path: Path) -> None:
    server.misbehave(behaviour.hang)
    gate = FileGate(tmp_path / "gate.db")
    process = multiprocessing.get_context("spawn").Process(
        target=ask_often, args=(gate, server.url, "the one to be killed", 1, 1)
    )
    process.start()
    while not server.log:
        time.sleep(0.01)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    gateway = ArxivGateway(gate, CONTACT, server.url, QUICK)
    assert found(ask(gateway, "2310.00001")) == ["2310.00001"]
    # The killed one took its turn before its request arrived here; only its hold keeps the next one waiting.
    (gap,) = server.gaps()
    assert gap > QUICK.worst - QUICK.latest_start
    assert server.most_active() == 1
