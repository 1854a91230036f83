"""The door to the published pages, knocked at with raw bytes; everybody on the network may do so."""

from __future__ import annotations

import logging
import os
import re
import socket
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from urllib.parse import quote, urlsplit

from bot.web import WebServer
from soak.fuzzing import Door, Surprise
from soak.mutation import garbled
from soak.slack_doors import Complaints, listening

CANARY = "never-to-be-served"
PAGE = "<!doctype html><title>A page</title>" + "<p>for everybody</p>" * 100

_METHODS = (
    *("GET",) * 12,
    "HEAD",
    "POST",
    "PUT",
    "DELETE",
    "OPTIONS",
    "TRACE",
    "CONNECT",
    "get",
    "PROPFIND",
    "X" * 300,
)
_PARTS = (
    *(
        "..",
        ".",
        "",
        "%2e%2e",
        "%2E.",
        "..%2f",
        "%2f",
        "%5c..%5c",
        "\\..",
        "....//",
        "..;",
        "%00",
        "\x00",
        "%c0%ae%c0%ae",
    ),
    *(
        "index.html",
        "tags",
        "llm.html",
        "secret.txt",
        "inside",
        "out",
        "folder",
        ".fusen-pages",
        ".git",
        "config",
        "~",
    ),
    *(
        "%252e%252e",
        "%",
        "%zz",
        "etc",
        "passwd",
        "a" * 300,
        "日本語.html",
        "%E6%97%A5",
        "\ud800",
        "*",
        "?x=1",
        "#x",
        "con",
    ),
    *(
        "index.html.gz",
        "index.html/",
        "//",
        "loop",
        "unreadable.html",
        "pipe",
        "404.html",
        ";x",
        "%0d%0aX: y",
        ":80",
    ),
)
_WHOLE = (
    *(
        "/",
        "/index.html",
        "/tags/llm.html",
        "/tags",
        "/inside/llm.html",
        "/%E6%97%A5%E6%9C%AC%E8%AA%9E.html",
        "/404.html",
    ),
    *(
        "/out/secret.txt",
        "/secret.txt",
        "/.git/config",
        "/.fusen-pages",
        "/folder/secret.txt",
        "/out/",
        "/pipe",
        "/loop",
    ),
    *(
        "/../secret.txt",
        "/tags/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/..%2fsecret.txt",
        "//etc/passwd",
        "/tags/%00",
    ),
)
_BESIDE = (
    *(
        "/",
        "/style.css",
        "/healthz",
        "/metrics",
        "/metrics?name[]=%ff&name[]=",
        f"/metrics?{'a&' * 3000}",
        "/slack/events",
    ),
    *(
        "/sign-in",
        "/sign-in?to=%00%ff//evil.example",
        "/sign-in/callback?state=%ff&code=x",
        "/sign-in/callback",
        "/sign-out",
    ),
)
_HEADERS = (
    *(
        f"Range: {one}"
        for one in ("bytes=0-9", "bytes=9-0", "bytes=-5", "bytes=²-", "bytes=0-1,3-4", "x", "bytes=--")
    ),
    *(f"Range: bytes={'9' * times}-" for times in (1, 30, 5000)),
    *(f"If-None-Match: {one}" for one in ("*", '"-gz"', "x")),
    *(
        f"If-Modified-Since: {one}"
        for one in ("yesterday", "Wed, 21 Oct 99999 07:28:00 GMT", "Thu, 99 Jan 2020 99:99:99")
    ),
    *("If-Modified-Since: Mon, 01 Jan 0001 00:00:00 +9999", "If-Modified-Since: Thu, 01 Jan 1970 00:00:00 -9999"),
    *(f"Accept-Encoding: {one}" for one in ("gzip", "gzip;q=0, br", "gzip;q=\xff", "gzip," * 2000, "*")),
    *(
        'Cookie: fusen_session=x; a="',
        "Cookie: ;=;",
        "Host: evil.example",
        "Host: \x00",
        "X-Forwarded-For: 127.0.0.1",
    ),
    *(
        "Forwarded: for=x",
        "Transfer-Encoding: chunked",
        "Transfer-Encoding: x",
        "Content-Length: -1",
        "Content-Length: x",
    ),
    *("Accept: application/openmetrics-text;version=²", f"Accept: {'a/b;q=x,' * 300}", f"Cookie: {'a=b;' * 900}"),
    *('Cookie: fusen_sign_in="\\999"; fusen_session=a.b.c', "Sec-Fetch-Site: x", "Accept-Encoding: gzip;q=abc"),
    *("Content-Length: 0", "Authorization: Bearer é", f"Accept-Language: {'ja,' * 3000}", "Upgrade: websocket"),
    *(f"X:{' ' * 30_000}y", f"X:{' ' * 30_000}\x01"),
    *(f"X: {'y' * 9000}", f"X: {'y' * 300_000}", ": empty", "no colon", "Expect: x"),
)
_LEAKS = re.compile(rb"root:x?:0:0|\[core\]")


def furnish(folder: Path) -> Path:
    """A folder of pages, and beside it and in it what is none: returns the folder."""
    pages, outside = folder / "pages", folder / "outside"
    for made in (pages / "tags", pages / ".git", outside):
        made.mkdir(parents=True)
    for name in ("index.html", "tags/llm.html", "日本語.html", "404.html"):
        (pages / name).write_text(PAGE, encoding="utf-8")
    for secret in (
        outside / "secret.txt",
        outside / "index.html",
        pages / ".git" / "config",
        pages / ".fusen-pages",
    ):
        secret.write_text(CANARY * 100, encoding="utf-8")
    (folder / "secret.txt").write_text(CANARY)
    (pages / "out").symlink_to(outside)
    (pages / "secret.txt").symlink_to(outside / "secret.txt")
    (pages / "folder").symlink_to("..")
    (pages / "loop").symlink_to("loop")
    (pages / "inside").symlink_to("tags")
    os.mkfifo(pages / "pipe")
    return pages


def exchange(port: int, request: bytes) -> bytes:
    """Send raw bytes and return the answer: until it is whole, the server closes, or waits for more."""
    told = b""
    with socket.create_connection(("127.0.0.1", port), timeout=0.7) as line:
        try:
            line.sendall(request)
            while not _is_whole(told) and (piece := line.recv(65536)):
                told += piece
        except (TimeoutError, ConnectionError):
            pass  # it waits for more of the request, or has had enough of it
    return told


def _is_whole(answer: bytes) -> bool:
    head, parted, body = answer.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)\r\ncontent-length: (\d+)", head)
    return bool(parted and length and len(body) >= int(length[1]))


def check(answer: bytes) -> bool:
    """Whether the answer refuses. Raises Surprise for what no answer may be."""
    head, _, body = answer.partition(b"\r\n\r\n")
    if b"gzip" in head and body[:2] == b"\x1f\x8b":
        body = zlib.decompressobj(31).decompress(body)
    if CANARY.encode() in body or _LEAKS.search(body):
        raise Surprise("something that is no page was served")
    status = re.match(rb"HTTP/1\.[01] (\d{3}) ", head)
    if answer and not status:
        raise Surprise(f"no answer in HTTP: {head[:60]!r}")
    code = int(status[1]) if status else 400
    # 501 and 505 are about what waitress does not speak, and 431 about what is too long.
    if code >= 500 and code not in (501, 505):
        raise Surprise(f"answered with {code}")
    return code >= 400


@contextmanager
def pages(folder: Path) -> Iterator[Door]:
    """Paths, methods and headers, as raw bytes."""
    server = WebServer(furnish(folder), "127.0.0.1", 0, {})
    server.start()
    port = urlsplit(server.address).port or 0
    complaints = Complaints()
    logging.getLogger().addHandler(complaints)

    def enter(request: bytes) -> bool:
        answer = exchange(port, request)
        complaints.raise_any()
        return check(answer)

    try:
        yield Door("paths and headers", _request, enter)
    finally:
        logging.getLogger().removeHandler(complaints)
        server.stop()


@contextmanager
def doors_beside_pages(folder: Path) -> Iterator[Door]:
    """The paths before the pages: the sign-in, what machines ask, and Slack's own without its signature."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    more = {"PAGES_READERS": "members", "SLACK_CLIENT_ID": "1.2", "SLACK_CLIENT_SECRET": "a secret for people"}
    address = f"http://127.0.0.1:{port}/"
    with listening(folder, PAGES_PORT=str(port), PAGES_ADDRESS=address, **more) as house:

        def enter(request: bytes) -> bool:
            answer = exchange(port, request)
            house.complaints.raise_any()
            return check(answer)

        yield Door("sign-in and health", lambda random: _request(random, _BESIDE), enter)


def _request(random: Random, whole: Sequence[str] = _WHOLE) -> bytes:
    path = "/" + "/".join(random.choice(_PARTS) for _ in range(random.choice((0, 1, 1, 2, 2, 3, 4, 8, 400))))
    if random.random() < 0.4:
        path = random.choice(whole)
    elif random.random() < 0.2:
        path = quote(path, safe=random.choice(("/", "", "/%")), errors="replace")
    if random.random() < 0.05:
        path = (
            random.choice(("http://evil.example", "http://[", "a://" + "0" * 8000, "", "*", "file://", "//"))
            + path
        )
    headers = "".join(f"{random.choice(_HEADERS)}\r\n" for _ in range(random.choice((0, 1, 1, 2, 5))))
    version = random.choice((*("HTTP/1.1",) * 9, "HTTP/1.0", "HTTP/9.9", "HTTP/²", ""))
    text = f"{random.choice(_METHODS)} {path} {version}\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n"
    request = text.encode("utf-8", "surrogatepass")
    if random.random() < 0.1:
        request = garbled(random, request[:-4])[:200_000] + b"\r\n\r\n"
    # The end of a body in chunks: else the server would rightly wait for it.
    return request + b"0\r\n\r\n"
