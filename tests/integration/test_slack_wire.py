"""Requests to Slack end with the patience for them, also where nothing gets through any more."""

from __future__ import annotations

import socket
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from arxiv_server import ArxivServer
from house import Slackers
from loopback import LoopbackServer, Quiet
from playground_driving import BOT_TOKEN, until
from slack_sdk import WebClient
from started import fusen_run

from bot import slack_wire
from bot.slack_wire import PROMPT_SECONDS, Begun, client_of, give_up_with_the_request, proxy_of
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


def test_slack_is_reached_through_the_proxy_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    class Proxy(Quiet):
        def do_POST(self) -> None:
            self.answer(b'{"ok": true}' if self.path == "http://slack.test/api/auth.test" else b"{}")

    with LoopbackServer(Proxy) as proxy:
        monkeypatch.setenv("http_proxy", proxy.origin)
        monkeypatch.setenv("no_proxy", "bypassed.test")
        try:
            give_up_with_the_request()
            assert client_of("http://slack.test/api/", BOT_TOKEN).auth_test()["ok"]
        finally:
            urllib.request.install_opener(None)  # type: ignore[arg-type] # as it is at first
        assert proxy_of("https://slack.test/api/") == proxy.origin
        assert proxy_of("https://bypassed.test/api/") is None


def test_the_playground_works_behind_a_proxy(tmp_path: Path) -> None:
    nobody = "http://127.0.0.1:9"
    proxies = dict.fromkeys(("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY"), nobody)
    with fusen_run(tmp_path, **proxies, NO_PROXY="") as started:
        people = Slackers(started.playground)
        ts = people.paste("https://arxiv.org/abs/1706.03762")
        card = people.card(ts, "Attention Is All You Need")
        people.act("click", member="aiko", channel=people.channel("papers"), ts=card["ts"], text="Reading")
        until(lambda: people.whispers("aiko"))
