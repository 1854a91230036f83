"""Requests to Slack end with the patience for them, also where nothing gets through any more."""

from __future__ import annotations

import socket
import time
import urllib.request
from collections.abc import Iterator

import pytest
from arxiv_server import ArxivServer
from loopback import LoopbackServer, Quiet
from playground_driving import BOT_TOKEN
from slack_sdk import WebClient

from bot import slack_wire
from bot.slack_wire import PROMPT_SECONDS, Begun, give_up_with_the_request
from playground import Playground


@pytest.fixture
def opener() -> Iterator[None]:
    give_up_with_the_request()
    yield
    urllib.request.install_opener(None)  # type: ignore[arg-type] # as it is at first


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="only Linux lets us say so")
def test_what_was_given_up_is_not_sent_when_the_network_is_back(opener: None) -> None:
    with ArxivServer() as server, urllib.request.urlopen(server.url, timeout=60) as answer:
        connection = answer.fp.raw._sock
        assert connection.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT) == 10_000
        assert answer.status == 200


def test_a_host_that_slept_while_it_sent_does_not_go_on() -> None:
    begun, long = Begun(1000.0, 10.0), PROMPT_SECONDS + 1
    assert not begun.too_late(Begun(1001.0, 11.0))
    assert begun.too_late(Begun(1000.0 + long, 11.0))
    assert begun.too_late(Begun(0.0, 10.0 + long))


def test_what_is_sent_in_time_arrives_whole(opener: None) -> None:
    with Playground() as slack:
        assert WebClient(BOT_TOKEN, base_url=slack.api_url).auth_test()["ok"]


def test_an_answer_that_never_ends_is_given_up(opener: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(slack_wire, "ANSWER_SECONDS", 0.5)

    class Dripping(Quiet):
        def do_POST(self) -> None:
            self.head(200, "application/json", 200)
            for _ in range(200):
                self.wfile.write(b" ")
                self.wfile.flush()
                time.sleep(0.1)

    with LoopbackServer(Dripping) as slack, pytest.raises(TimeoutError):
        WebClient(BOT_TOKEN, base_url=f"{slack.origin}/api/").auth_test()
