"""Hostile input at every door: refused or passed over, never an unexpected error; pages alone are served.

A few hundred inputs a door; `make soak SOAK=fuzz` gives as many as one likes.
"""

from __future__ import annotations

import json
import logging
import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random
from urllib.parse import urlencode, urlsplit

import pytest
from arxiv_feed import made_up, new_feed
from hypothesis import HealthCheck, given
from hypothesis import settings as chosen
from hypothesis import strategies as st

from arxiv_api.answers import open_reply
from arxiv_api.gateway import ARXIV_API, answer_about
from arxiv_api.wire import Reply
from bot.web import LONGEST_REQUEST, WebServer
from papers.errors import SourceUnavailable
from papers.paper import PaperId
from soak.doors import DOORS
from soak.fuzzing import SLOW_SECONDS, Tally, knock
from soak.payloads import EVENTS, INTERACTIONS, command
from soak.slack_doors import Listening, listening, signed
from soak.web_doors import CANARY, PAGE, exchange, furnish

NUMBERS = {
    "commands": 20,
    "mentions": 20,
    "interactions": 40,
    "events": 60,
    "beside": 60,
    "backups": 40,
    "restoring": 1,
}


@pytest.mark.parametrize("name", DOORS)
def test_nothing_unexpected_comes_of_hostile_input(name: str, tmp_path: Path) -> None:
    with DOORS[name](tmp_path) as door:
        tally = Tally(door.name, SLOW_SECONDS)

        @chosen(
            max_examples=NUMBERS.get(name, 200),
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
        )
        @given(st.randoms(use_true_random=True))
        def send(random: Random) -> None:
            knock(door, door.make(random), tally)
            assert not tally.surprises

        send()
    assert tally.inputs


# Slack's requests


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listening]:
    with listening(tmp_path_factory.mktemp("hostile")) as made:
        yield made


def body(number: int, **more: object) -> str:
    return json.dumps({**EVENTS[0], "event_id": f"EvReplay{number}", **more})


def kept(house: Listening, number: int, folder: Path) -> int:
    with closing(sqlite3.connect(folder / "fusen.db")) as at:
        found = at.execute("SELECT count(*) FROM inbox WHERE event_id = ?", (f"EvReplay{number}",)).fetchone()
    return int(found[0])


def test_nothing_is_parsed_or_logged_of_a_request_that_slack_has_not_signed(
    house: Listening, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    now = str(int(time.time()))
    for said in (
        f'{{"broken": "{CANARY}',
        f"payload={CANARY}",
        CANARY,
        f"ssl_check=1&x={CANARY}",
        "\ud800" + CANARY,
    ):
        for headers in (
            {},
            signed(b"another body", now),
            {"X-Slack-Request-Timestamp": f"soon {CANARY}", "X-Slack-Signature": CANARY},
            {"X-Slack-Request-Timestamp": now, "X-Slack-Signature": "v0=\xe9"},
        ):
            assert house.post(said, "application/json", headers) == 401
    assert CANARY not in caplog.text
    assert not [one for one in caplog.records if one.levelno >= logging.WARNING]


def test_a_signed_request_that_cannot_be_read_is_refused_and_not_told_in_the_log(
    house: Listening, caplog: pytest.LogCaptureFixture
) -> None:
    for said in (
        "{",
        f'["{CANARY}"]',
        '{"event": 5}',
        '{"a": ' + "[" * 5000 + "]" * 5000 + "}",
        "payload=x",
        "\ud800",
    ):
        assert house.post(said, "application/json") in (400, 401), said[:20]
    assert CANARY not in caplog.text
    assert not [one for one in caplog.records if one.levelno >= logging.ERROR]


def test_a_replay_within_the_window_is_harmless_and_outside_refused(tmp_path: Path) -> None:
    with listening(tmp_path) as house:
        moment = str(int(time.time()))
        headers = signed(body(1).encode(), moment)
        assert [house.post(body(1), "application/json", headers) for _ in range(3)] == [200] * 3
        assert kept(house, 1, tmp_path) == 1
        for away in (-301, 400):
            old = signed(body(2).encode(), str(int(moment) + away))
            assert house.post(body(2), "application/json", old) == 401
        # Nor is another moment in the header of any use: it is signed too.
        assert (
            house.post(body(2), "application/json", headers | {"X-Slack-Request-Timestamp": moment + "0"}) == 401
        )
        assert kept(house, 2, tmp_path) == 0


def test_requests_of_another_workspace_are_passed_over(house: Listening, caplog: pytest.LogCaptureFixture) -> None:
    foreign = body(3, authorizations=[{"team_id": "T2"}], team_id="T2")
    assert house.post(foreign, "application/json") == 200
    form = "application/x-www-form-urlencoded"
    assert house.post(urlencode(command("help") | {"team_id": "T2"}), form) == 404
    click = {**INTERACTIONS[0], "team": {"id": "T2"}}
    assert house.post(urlencode({"payload": json.dumps(click)}), form) == 404
    house.work()
    house.complaints.raise_any()


def test_a_click_without_an_address_for_its_answer_breaks_nothing(house: Listening) -> None:
    click = {**INTERACTIONS[0], "actions": [{"action_id": "verb:read", "value": "999"}], "response_url": ""}
    assert house.post(urlencode({"payload": json.dumps(click)}), "application/x-www-form-urlencoded") == 200
    house.complaints.raise_any()


def test_requests_that_are_too_long_are_refused_before_they_are_taken_in(house: Listening) -> None:
    port = urlsplit(house.fusen.pages_address).port or 0
    head = f"POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Length: {LONGEST_REQUEST + 1}\r\n\r\n"
    assert b" 413 " in exchange(port, head.encode())[:20]
    assert b" 405 " in exchange(port, b"GET /slack/events HTTP/1.1\r\nHost: x\r\n\r\n")[:20]


def test_figures_are_told_to_whoever_accepts_nonsense(house: Listening) -> None:
    port = urlsplit(house.fusen.pages_address).port or 0
    for accepted in ("application/openmetrics-text;version=x", "application/openmetrics-text;version=²", ";;,"):
        head = f"GET /metrics HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAccept: {accepted}\r\n\r\n"
        assert b" 200 " in exchange(port, head.encode())[:20]


# The published pages


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    server = WebServer(furnish(tmp_path_factory.mktemp("web")), "127.0.0.1", 0, {})
    server.start()
    yield urlsplit(server.address).port or 0
    server.stop()


def get(port: int, path: str, method: str = "GET") -> bytes:
    return exchange(port, f"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())


@pytest.mark.parametrize("path", ["/", "/tags/llm.html", "/inside/llm.html", "/%E6%97%A5%E6%9C%AC%E8%AA%9E.html"])
def test_pages_are_served_and_links_within_their_folder_are_followed(port: int, path: str) -> None:
    answer = get(port, path)
    assert b" 200 " in answer[:20] and answer.endswith(PAGE.encode())


@pytest.mark.parametrize(
    "path",
    [
        *(
            "/../secret.txt",
            "/tags/../../secret.txt",
            "/%2e%2e/secret.txt",
            "/%2E%2E%2fsecret.txt",
            "/..%5csecret.txt",
        ),
        *("/tags/%252e%252e/secret.txt", "//etc/passwd", "/%2fetc/passwd", "/etc/passwd", "file:///etc/passwd"),
        *("/secret.txt", "/out/secret.txt", "/out/", "/folder/secret.txt", "/loop", "/pipe", "/pipe/"),
        *(
            "/.fusen-pages",
            "/.git/config",
            "/tags/../.git/config",
            "/%2egit/config",
            "/tags/%00",
            "/%00",
            "/index.html%00",
        ),
        *("/" + "a" * 300, "/" + "a/" * 3000, "/%ff%fe", "/%c0%ae%c0%ae/secret.txt"),
        *("http://[", "http://]x/", "http://[x]/"),
    ],
)
def test_nothing_but_pages_is_served(port: int, path: str) -> None:
    answer = get(port, path)
    assert answer[9:12] in (b"404", b"400"), answer[:200]
    assert CANARY.encode() not in answer and b"root:" not in answer


@pytest.mark.parametrize(
    "head",
    [
        b"GET a://" + b"0" * 200_000 + b" x",
        b"GET a://" + b"/x" * 100_000 + b" HTTP/\xc2\xb2",
        b"GET / HTTP/1.1\r\nX:" + b" " * 200_000 + b"\x01",
        b"GET / HTTP/1.1\r\nX:\r\n" + b" " * 200_000 + b"y",
    ],
)
def test_a_head_that_is_long_and_fits_nothing_is_refused(port: int, head: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(head + b"\r\n\r\n")
        assert b" 400 " in line.recv(100)


def test_blanks_before_a_value_are_none_of_it(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port), timeout=20) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nRange:" + b" " * 200_000 + b"bytes=0-4\r\n\r\n")
        assert b" 206 " in line.recv(100)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "X" * 300])
def test_pages_are_only_read(port: int, method: str) -> None:
    assert get(port, "/", method)[9:12] == b"405"


# arXiv


def test_an_answer_of_arxiv_that_is_nested_without_end_is_no_answer() -> None:
    nest = b"<a>" * 5000 + b"</a>" * 5000
    answer = new_feed([made_up("2306.00001")]).replace(b"</entry>", nest + b"</entry>")
    with pytest.raises(SourceUnavailable):
        answer_about([PaperId("arxiv", "2306.00001")], ARXIV_API, lambda _: open_reply(Reply(200, None, answer)))
