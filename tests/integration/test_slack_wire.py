"""Requests to Slack end with the patience for them, also where nothing gets through any more."""

from __future__ import annotations

import socket
import urllib.request
from collections.abc import Iterator

import pytest
from arxiv_server import ArxivServer

from bot.slack_wire import give_up_with_the_request


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
