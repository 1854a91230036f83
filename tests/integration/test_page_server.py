"""The web server itself: where it listens, and how it ends."""

from __future__ import annotations

import os
import select
import socket
import time
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from http.client import HTTPResponse
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from prometheus_client import make_wsgi_app
from urllib3 import HTTPConnectionPool
from waitress import trigger

from bot.admission import Admission
from bot.composition.surroundings import TEMPLATES
from bot.health import not_yet, plain
from bot.settings import read
from bot.web import SLACK_PATH, WebServer
from publishing.bucket import content_type
from soak.web_doors import furnish


def test_a_host_with_several_addresses_is_served_at_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    addresses, found = ("127.0.0.1", "127.0.0.2"), socket.getaddrinfo

    def both(_host: str, *more: Any, **named: Any) -> list[Any]:
        return [one for host in addresses for one in found(host, *more, **named)]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    server = WebServer(furnish(tmp_path), "localhost", port, {})
    server.start()
    monkeypatch.undo()
    for address in addresses:
        with socket.create_connection((address, port)) as line:
            line.sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
            assert b" 200 " in line.recv(100)
    server.stop()
    for address in addresses:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection((address, port))


def test_the_list_of_a_folder_is_served_under_its_own_name_and_under_that_of_the_folder(tmp_path: Path) -> None:
    for path in ("index.html", "tags/index.html"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(f"this is {path}")
    (tmp_path / "odd" / "index.html").mkdir(parents=True)
    server = WebServer(tmp_path, "127.0.0.1", 0, {})
    server.start()
    pool = HTTPConnectionPool("127.0.0.1", urlsplit(server.address).port)
    asked = {
        path: pool.request("GET", path, redirect=False)
        for path in ("/", "/index.html", "/tags/", "/tags/index.html", "/odd/index.html", "/none/index.html")
    }
    server.stop()
    assert [answer.status for answer in asked.values()] == [200, 200, 200, 200, 404, 404]
    assert asked["/"].data == asked["/index.html"].data == b"this is index.html"
    assert asked["/tags/"].data == asked["/tags/index.html"].data == b"this is tags/index.html"


@pytest.mark.parametrize("path", ["/index.html", "/none.html", "/door", "/measured"])
def test_an_answer_to_head_has_no_body_and_the_next_answer_follows(tmp_path: Path, path: str) -> None:
    server = WebServer(furnish(tmp_path), "127.0.0.1", 0, {"/door": not_yet, "/measured": make_wsgi_app()})
    server.start()
    asked = f"HEAD {path} HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    with socket.create_connection(("127.0.0.1", urlsplit(server.address).port), 20) as line:
        line.sendall(asked.encode())
        answered = line.makefile("rb").read()
    server.stop()
    after_head = answered.partition(b"\r\n\r\n")[2]
    assert after_head.startswith(b"HTTP/1.1 200 OK\r\n")


def test_every_kind_of_file_is_served_as_it_is_sent_to_a_bucket(tmp_path: Path) -> None:
    paths = [
        "index.html",
        "feed.xml",
        "feed.json",
        "sitemap.xml",
        "sitemap.2024-03.xml",
        "robots.txt",
        "style.css",
    ]
    paths += [f"tags/llm.{end}" for end in ("html", "xml", "json", "bib", "md")]
    paths += [f"people/f00d.{end}" for end in ("html", "xml", "json")]
    for path in paths:
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text("x")
    server = WebServer(tmp_path, "127.0.0.1", 0, {})
    server.start()
    pool = HTTPConnectionPool("127.0.0.1", urlsplit(server.address).port)
    served = {path: pool.request("GET", f"/{path}").headers["Content-Type"].partition(";")[0] for path in paths}
    server.stop()
    assert served == {path: content_type(path).partition(";")[0] for path in paths}


def test_a_request_that_does_not_become_whole_is_not_waited_for(tmp_path: Path) -> None:
    server = WebServer(furnish(tmp_path), "127.0.0.1", 0, {}, patience=0.2)
    server.start()
    asked, begun = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n", b"POST / HTTP/1.1\r\nContent-Length: 9999\r\n\r\n"
    with ExitStack() as lines:
        resting, *slow = (
            lines.enter_context(socket.create_connection(("127.0.0.1", urlsplit(server.address).port), 20))
            for _ in range(5)
        )
        for line, said in zip(
            (resting, *slow), (asked, b"GET / HTTP/1.1\r\n", begun, asked + asked[:9], b""), strict=True
        ):
            line.sendall(said)
        assert _status(resting) == 200 and _status(slow[2]) == 200
        for line in slow:
            with suppress(ConnectionError):  # whoever still talks is hung up on
                while not select.select([line], [], [], 0.02)[0]:
                    line.sendall(b"a" if line is not slow[3] else b"")
                assert line.recv(1) == b""
        resting.sendall(asked)
        assert _status(resting) == 200, "who has asked for nothing is not late"
    server.stop()


def test_a_hundred_connections_of_others_keep_nobody_waiting(tmp_path: Path) -> None:
    server = WebServer(furnish(tmp_path), "127.0.0.1", 0, {})
    server.start()
    with ExitStack() as lines:
        for _ in range(110):
            line = socket.create_connection(("127.0.0.1", urlsplit(server.address).port), 20)
            lines.enter_context(line).sendall(b"GET / HTTP/1.1\r\n")
        line.sendall(b"\r\n")
        assert _status(line) == 200
    server.stop()


@pytest.mark.parametrize(
    ("settings", "answered", "refused"),
    [
        (
            {},
            ("", "localhost:8020", "LOCALHOST", "notes.localhost", "127.0.0.1:9", "[::1]:8020", "192.0.2.7"),
            ("evil.example:8020", "127.0.0.1.evil.example", "localhost.evil.example", "papers.example.org"),
        ),
        (
            {"PAGES_ADDRESS": "https://Papers.example.org/notes/"},
            ("papers.example.org", "papers.example.org:443", "papers.example.org.", "localhost"),
            ("evil.example", "other.papers.example.org"),
        ),
        ({"PAGES_ADDRESS": "https://論文.example/"}, ("xn--7dv834f.example",), ("evil.example",)),
        ({"HOST": "0.0.0.0"}, ("fusen:8020", "lab.example.org", "10.0.0.7:8020"), ()),  # names are not known here
    ],
    ids=["this machine", "an address", "an address in Japanese", "other machines"],
)
def test_pages_for_this_machine_are_read_by_no_other_site_through_a_browser_here(
    tmp_path: Path, settings: dict[str, str], answered: Sequence[str], refused: Sequence[str]
) -> None:
    admission = Admission(read(settings), TEMPLATES / "web", {})
    doors = {SLACK_PATH: lambda _environ, start: plain(start, "200 OK", "heard")}
    server = WebServer(furnish(tmp_path), "127.0.0.1", 0, doors, admission.before)
    server.start()
    pool = HTTPConnectionPool("127.0.0.1", urlsplit(server.address).port)
    told = {host: pool.request("GET", "/index.html", headers={"Host": host}) for host in (*answered, *refused)}
    heard = [pool.request("POST", SLACK_PATH, headers={"Host": host}).status for host in refused]
    server.stop()
    assert {host: told[host].status for host in answered} == dict.fromkeys(answered, 200)
    assert {host: told[host].status for host in refused} == dict.fromkeys(refused, 403)
    assert all("PAGES_ADDRESS" in told[host].data.decode() for host in refused)
    assert heard == [200] * len(refused), "Slack's own requests are signed"


def _status(line: socket.socket) -> int:
    """The status of an answer, which is read to its end."""
    answer = HTTPResponse(line)
    answer.begin()
    answer.read()
    return answer.status


def test_a_server_that_is_woken_while_it_is_stopped_stops_all_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write

    def after_somebody_else(descriptor: int, what: bytes) -> int:
        write(descriptor, b"x")
        time.sleep(0.1)
        return write(descriptor, what)

    server = WebServer(furnish(tmp_path), "127.0.0.1", 0, {})
    server.start()
    monkeypatch.setattr(trigger.os, "write", after_somebody_else)
    server.stop()
    monkeypatch.undo()
    host, port = server.address.removeprefix("http://").rstrip("/").split(":")
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection((host, int(port)))
