"""Sample papers stand in while arXiv cannot be reached, and only then."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread

import arxiv_server as behaviour
import pytest
from arxiv_server import ArxivServer
from fakes import FakeGate

from arxiv_api.gateway import ArxivGateway
from arxiv_api.samples import SAMPLE, SampledSource, reachable
from arxiv_api.timing import Timing
from papers.errors import SourceLeftAlone, SourceRefused, SourceUnavailable
from papers.paper import ARXIV, PaperId
from papers.source import Answer

QUICK = Timing(gap=0.05, connect=2, read=2, deadline=2, worst=6, patience=30, first_pause=0.3)
ATTENTION = PaperId(ARXIV, "1706.03762")
OTHER = PaperId(ARXIV, "2310.00001")


@pytest.fixture
def server() -> Iterator[ArxivServer]:
    with ArxivServer() as running:
        yield running


@pytest.fixture
def gate() -> FakeGate:
    return FakeGate()


def sampled(server: ArxivServer, gate: FakeGate, down: bool = False) -> SampledSource:
    return SampledSource(ArxivGateway(gate, "papers@example.org", server.url, QUICK), down)


def ask(source: SampledSource, *papers: PaperId) -> Answer:
    with source.turn() as turn:
        return turn.ask(papers)


def test_while_arxiv_answers_its_word_counts_for_samples_too(server: ArxivServer, gate: FakeGate) -> None:
    (record,) = ask(sampled(server, gate), ATTENTION).found
    assert record.origin == ARXIV
    assert len(server.log) == 1


def test_when_arxiv_fails_the_samples_are_answered_and_the_others_stay_open(
    server: ArxivServer, gate: FakeGate
) -> None:
    server.usual = behaviour.status(503)
    source = sampled(server, gate)
    answer = ask(source, OTHER, ATTENTION)
    assert [(r.title, r.origin) for r in answer.found] == [("Attention Is All You Need", SAMPLE)]
    assert answer.missing == ()
    assert source.wait_seconds() == 0


def test_a_sample_never_waits_for_a_source_known_to_be_down(server: ArxivServer, gate: FakeGate) -> None:
    gate.shut(ARXIV, 3600, failures=9)
    source = sampled(server, gate, down=True)
    assert source.wait_seconds() == 0
    began = time.monotonic()
    assert ask(source, ATTENTION, OTHER).missing == ()
    with pytest.raises(SourceLeftAlone):
        ask(source, OTHER)
    assert time.monotonic() - began < QUICK.patience
    assert server.log == []
    assert gate.state(ARXIV)[1] == 9


def test_a_gate_shut_by_an_outage_of_yesterday_does_not_keep_samples_back(
    server: ArxivServer, gate: FakeGate
) -> None:
    gate.shut(ARXIV, 900, failures=9)
    (record,) = ask(sampled(server, gate), ATTENTION).found
    assert record.origin == SAMPLE


def test_without_a_sample_in_the_question_the_outage_is_told(server: ArxivServer, gate: FakeGate) -> None:
    server.usual = behaviour.status(503)
    with pytest.raises(SourceUnavailable, match="503"):
        ask(sampled(server, gate), OTHER)


def test_the_return_of_the_source_is_noticed(server: ArxivServer, gate: FakeGate) -> None:
    source = sampled(server, gate, down=True)
    assert ask(source, OTHER).found[0].origin == ARXIV
    time.sleep(QUICK.gap)
    assert ask(source, ATTENTION).found[0].origin == ARXIV


def test_a_refusal_is_no_outage(server: ArxivServer, gate: FakeGate) -> None:
    server.usual = behaviour.complaint(400)
    source = sampled(server, gate)
    for asked in ((ATTENTION, OTHER), (ATTENTION,)):
        with pytest.raises(SourceRefused):
            ask(source, *asked)


def test_a_server_that_answers_is_reachable_and_is_not_asked_for_papers(server: ArxivServer) -> None:
    assert reachable(server.url, timeout=30)
    assert server.log == []


@pytest.mark.parametrize(("status", "there"), [(501, True), (404, True), (500, True), (502, False), (503, False)])
def test_only_a_proxy_that_finds_nobody_means_unreachable(status: int, there: bool) -> None:
    class Answering(BaseHTTPRequestHandler):
        def do_HEAD(self) -> None:
            self.send_error(status)

    with HTTPServer(("127.0.0.1", 0), Answering) as one:
        Thread(target=one.handle_request, daemon=True).start()
        assert reachable(f"http://127.0.0.1:{one.server_port}/api/query", timeout=30) is there


def test_a_closed_port_and_a_silent_server_are_not_reachable() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        assert not reachable(f"http://127.0.0.1:{port}/api/query", timeout=0.3)
    assert not reachable(f"http://127.0.0.1:{port}/api/query", timeout=0.3)


def test_the_stand_in_for_arxiv_runs_by_itself_and_keeps_its_log_in_a_file(gate: FakeGate, tmp_path: Path) -> None:
    script, log = Path(behaviour.__file__), tmp_path / "hits.jsonl"
    process = subprocess.Popen([sys.executable, script, "--delay", "0.05", "--log", log], stdout=subprocess.PIPE)
    try:
        assert process.stdout is not None
        url = process.stdout.readline().decode().strip()
        with ArxivGateway(gate, "papers@example.org", url, QUICK).turn() as turn:
            assert turn.ask([OTHER]).found[0].paper_id == OTHER
    finally:
        process.kill()
        process.communicate()
    assert '"2310.00001"' in log.read_text()
