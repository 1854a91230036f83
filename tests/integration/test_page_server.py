"""The web server itself: where it listens, and how it ends."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from urllib3 import HTTPConnectionPool
from waitress import trigger

from bot.web import WebServer
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
