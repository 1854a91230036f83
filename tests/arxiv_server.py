"""A stand-in for arXiv's query API and archive on loopback: it makes up papers and misbehaves when told to.

In a test: `with ArxivServer() as server: ... server.url ... server.log`. By itself, for tests with several
processes: `python tests/arxiv_server.py --port 0 --delay 0.4 --log hits.jsonl` prints its address first.
"""

from __future__ import annotations

import argparse
import json
import os
import select
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

from arxiv_feed import FeedPaper, error_feed, made_up, new_feed
from arxiv_records import XML, oai_error, raw_record
from loopback import ADDRESS, LoopbackServer, Quiet

ATOM = "application/atom+xml; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Hit:
    """One request to the API: monotonic arrival, how many were then active (with this one), what it asked."""

    arrived: float
    active: int
    ids: tuple[str, ...]
    query: dict[str, str]
    user_agent: str


class Visit:
    """One request as a behaviour sees it."""

    def __init__(self, handler: Quiet, server: ArxivServer, ids: tuple[str, ...]) -> None:
        self.handler = handler
        self.server = server
        self.ids = ids

    def papers(self) -> list[FeedPaper]:
        """The papers asked for that the server knows, in its own order: by id, not as asked."""
        return [self.server.paper(i) for i in sorted(set(self.ids)) if i not in self.server.unknown]

    def answer(self, body: bytes, status: int = 200, kind: str = ATOM, **headers: str) -> None:
        self.handler.answer(body, status, kind, **headers)

    def pause(self, seconds: float) -> None:
        """Wait, but not beyond the end of the server. Raises ConnectionError when the client has gone."""
        until = time.monotonic() + seconds
        client = self.handler.connection
        while (left := until - time.monotonic()) > 0 and not self.server.stopped.is_set():
            if select.select([client], [], [], min(left, 0.05))[0] and not client.recv(1, socket.MSG_PEEK):
                raise ConnectionResetError("the client has gone")


Behaviour = Callable[[Visit], None]


def good(visit: Visit) -> None:
    visit.answer(new_feed(visit.papers()))


def late(seconds: float) -> Behaviour:
    """A good answer, but only after some seconds."""

    def behave(visit: Visit) -> None:
        visit.pause(seconds)
        good(visit)

    return behave


def hang(visit: Visit) -> None:
    """Accept the request and never answer."""
    visit.pause(3600)


def drip(visit: Visit, every: float = 0.1) -> None:
    """Send the body byte by byte."""
    body = new_feed(visit.papers())
    visit.handler.head(200, ATOM, len(body))
    _drip(visit, body, every)


def drip_headers(visit: Visit) -> None:
    """Send the headers byte by byte."""
    _drip(visit, b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nX-Filler: " + b"x" * 10_000, 0.1)


def status(code: int, body: bytes = b"", kind: str = "text/plain", **headers: str) -> Behaviour:
    """Answer with this status; `Retry_After="30"` and the like become headers."""
    return lambda visit: visit.answer(body, code, kind, **headers)


def replay(body: bytes, code: int = 200, kind: str = ATOM) -> Behaviour:
    """Answer with this very body."""
    return lambda visit: visit.answer(body, code, kind)


def html(visit: Visit) -> None:
    visit.answer(
        b"<!DOCTYPE html>\n<html><body><h1>arXiv is being looked after</h1></body></html>", kind="text/html"
    )


def cut(keep: float = 0.6) -> Behaviour:
    """A feed that ends too early, though the length announced is that of what is sent."""

    def behave(visit: Visit) -> None:
        body = new_feed(visit.papers())
        visit.answer(body[: int(len(body) * keep)])

    return behave


def hang_up(visit: Visit) -> None:
    """Announce a whole feed, send half of it and close the connection."""
    body = new_feed(visit.papers())
    visit.handler.head(200, ATOM, len(body))
    visit.handler.wfile.write(body[: len(body) // 2])


def overclaim(extra: int = 1) -> Behaviour:
    """Say that there are more papers than are sent."""
    return lambda visit: visit.answer(new_feed(visit.papers(), total=len(visit.papers()) + extra))


def unasked(*ids: str) -> Behaviour:
    """Send papers that nobody asked for before those that were."""
    return lambda visit: visit.answer(new_feed([*map(made_up, ids), *visit.papers()]))


def complaint(code: int, problem: str = "incorrect id format for abc") -> Behaviour:
    return lambda visit: visit.answer(error_feed(problem, new=code == 400), code)


def redirect(visit: Visit) -> None:
    visit.answer(b"", 301, Location=visit.server.url + "?id_list=" + ",".join(visit.ids))


def tell(visit: Visit) -> None:
    """The archive's good answer: the licence and versions of the paper, or that it knows no such paper."""
    (asked,) = visit.ids
    known = asked not in visit.server.unknown
    visit.answer(raw_record(visit.server.paper(asked)) if known else oai_error("idDoesNotExist"), kind=XML)


class ArxivServer(LoopbackServer):
    """The stand-in. Every well-formed id is a paper, unless it is in `unknown`; `put` sets what one says.

    `misbehave` queues behaviours for the next requests, one each; then, and else, `usual` is what it does.
    The archive has a log (`asked`) and behaviours (`misbehave_archive`) of its own.
    """

    def __init__(
        self, port: int = 0, delay: float = 0.0, log_file: Path | None = None, host: str = ADDRESS
    ) -> None:
        super().__init__(_handler_for(self), port, host)
        self.log: list[Hit] = []
        self.asked: list[Hit] = []
        self.unknown: set[str] = set()
        self.usual: Behaviour = late(delay) if delay else good
        self._papers: dict[str, FeedPaper] = {}
        self._next: deque[Behaviour] = deque()
        self._next_of_archive: deque[Behaviour] = deque()
        self._lock = threading.Lock()
        self._active = 0
        self._log_file = log_file

    @property
    def url(self) -> str:
        return f"{self.origin}/api/query"

    @property
    def oai_url(self) -> str:
        return f"{self.origin}/oai"

    def put(self, *papers: FeedPaper) -> None:
        """From now on these papers say this."""
        self._papers.update({paper.id: paper for paper in papers})

    def paper(self, arxiv_id: str) -> FeedPaper:
        return self._papers.get(arxiv_id) or made_up(arxiv_id)

    def misbehave(self, *behaviours: Behaviour) -> None:
        self._next.extend(behaviours)

    def misbehave_archive(self, *behaviours: Behaviour) -> None:
        self._next_of_archive.extend(behaviours)

    def gaps(self) -> list[float]:
        """Seconds between the arrivals of one request and the next, of whichever kind."""
        arrivals = sorted(hit.arrived for hit in self.log + self.asked)
        return [later - earlier for earlier, later in pairwise(arrivals)]

    def most_active(self) -> int:
        """The most requests that were ever active at once."""
        return max((hit.active for hit in self.log + self.asked), default=0)

    def serve(self, handler: Quiet) -> None:
        """Answer one request (called in a thread of its own)."""
        query = {k: v[0] for k, v in parse_qs(urlsplit(handler.path).query).items()}
        ids = tuple(i for i in query.get("id_list", "").split(",") if i)
        with self._lock:
            self._active += 1
            self._note(Hit(time.monotonic(), self._active, ids, query, handler.headers.get("User-Agent", "")))
            behave = self._next.popleft() if self._next else self.usual
        try:
            behave(Visit(handler, self, ids))
        finally:
            with self._lock:
                self._active -= 1

    def serve_archive(self, handler: Quiet) -> None:
        """Answer one question to the archive."""
        query = {k: v[0] for k, v in parse_qs(urlsplit(handler.path).query).items()}
        ids = (query.get("identifier", "").removeprefix("oai:arXiv.org:"),)
        with self._lock:
            self._active += 1
            agent = handler.headers.get("User-Agent", "")
            self.asked.append(Hit(time.monotonic(), self._active, ids, query, agent))
            behave = self._next_of_archive.popleft() if self._next_of_archive else tell
        try:
            behave(Visit(handler, self, ids))
        finally:
            with self._lock:
                self._active -= 1

    def _note(self, hit: Hit) -> None:
        self.log.append(hit)
        if self._log_file:
            line = json.dumps(asdict(hit)) + "\n"
            fd = os.open(self._log_file, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
            try:
                os.write(fd, line.encode())  # one write a line: a kill cuts none
            finally:
                os.close(fd)


def _handler_for(server: ArxivServer) -> type[Quiet]:
    class Handler(Quiet):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.close_connection = True
            self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if urlsplit(self.path).path == "/api/query":
                server.serve(self)
            elif urlsplit(self.path).path == "/oai":
                server.serve_archive(self)
            else:
                self.send_error(404)

        def do_HEAD(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

    return Handler


def _drip(visit: Visit, data: bytes, every: float) -> None:
    for value in data:
        visit.handler.wfile.write(bytes([value]))
        visit.handler.wfile.flush()
        visit.pause(every)
        if visit.server.stopped.is_set():
            return


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--delay", type=float, default=0.0, help="seconds before each answer")
    parser.add_argument("--log", type=Path, help="one JSON line per request is appended to this file")
    options = parser.parse_args(arguments)
    with ArxivServer(options.port, options.delay, options.log) as server:
        print(server.url, flush=True)
        try:
            threading.Event().wait()
        except KeyboardInterrupt:
            return


if __name__ == "__main__":
    main()
