"""One HTTP exchange with arXiv, bounded in time and size: no retry, no redirect, no connection left open."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import ip_address
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.exceptions import HTTPError

from arxiv_api.timing import Timing
from papers.errors import SourceUnavailable

# A full batch in which every paper has some three thousand authors stays below this.
LONGEST_BODY = 32 * 1024 * 1024
CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Reply:
    """What the server sent back: the status, its Retry-After header as it came, and the whole body."""

    status: int
    retry_after: str | None
    body: bytes


def exchange(
    method: str,
    url: str,
    user_agent: str,
    timing: Timing,
    before_sending: Callable[[], None] = lambda: None,
) -> Reply:
    """Send one request and read the answer within `timing.deadline` seconds.

    `before_sending` is called when the connection stands and nothing is sent yet; what it raises ends the
    call. Raises SourceUnavailable when there is no whole answer in time.
    """
    with _Watchdog(timing.deadline) as watchdog, requests.Session() as session:

        def connected(sock: socket.socket) -> None:
            watchdog.guard(sock)
            before_sending()

        # A proxy of the environment cannot reach this machine's own loopback.
        session.trust_env = not is_loopback(url)
        session.mount("https://", _GuardedAdapter(connected))
        session.mount("http://", _GuardedAdapter(connected))
        try:
            with session.request(
                method,
                url,
                # Closed after each answer: between two polite requests lies longer than servers keep a line.
                headers={"User-Agent": user_agent, "Connection": "close"},
                timeout=(timing.connect, timing.read),
                stream=True,
                allow_redirects=False,
            ) as response:
                body = _whole_body(response)
                reply = Reply(response.status_code, response.headers.get("Retry-After"), body)
        except (OSError, HTTPError) as error:  # requests' own errors are OSErrors; some of urllib3's slip through
            raise SourceUnavailable(_reason(error, watchdog)) from error
        if watchdog.has_bitten:
            # Where no length was announced, a cut connection looks like the end of the body.
            raise SourceUnavailable("timeout")
        return reply


def is_loopback(url: str) -> bool:
    """Whether the address is this machine's own."""
    host = urlsplit(url).hostname or ""
    with suppress(ValueError):
        return ip_address(host).is_loopback
    return host == "localhost" or host.endswith(".localhost")


def _whole_body(response: requests.Response) -> bytes:
    body = bytearray()
    for chunk in response.iter_content(CHUNK):
        body += chunk
        if len(body) > LONGEST_BODY:
            raise SourceUnavailable("the answer is too long")
    return bytes(body)


def _reason(error: Exception, watchdog: _Watchdog) -> str:
    if watchdog.has_bitten or isinstance(error, requests.Timeout) or "timed out" in str(error).lower():
        return "timeout"
    return "no connection" if isinstance(error, requests.ConnectionError) else "the connection broke"


class _Watchdog:
    """Cuts the connection when the whole exchange has lasted too long.

    The time-outs of requests are per read: a server that sends a byte a second, in the body or in the
    headers, never meets them.
    """

    def __init__(self, seconds: float) -> None:
        self.has_bitten = False
        self._lock = threading.Lock()
        self._sock: socket.socket | None = None
        self._timer = threading.Timer(seconds, self._bite)
        self._timer.daemon = True

    def __enter__(self) -> Self:
        self._timer.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()

    def guard(self, sock: socket.socket) -> None:
        """Watch this connection from now on."""
        with self._lock:
            self._sock = sock
            if self.has_bitten:
                _cut(sock)

    def _bite(self) -> None:
        with self._lock:
            self.has_bitten = True
            if self._sock is not None:
                _cut(self._sock)


def _cut(sock: socket.socket) -> None:
    with suppress(OSError):  # closed already
        # The plain method: that of a TLS socket would drop its state under a reader in another thread.
        socket.socket.shutdown(sock, socket.SHUT_RDWR)


class _GuardedAdapter(HTTPAdapter):
    """Sends like its base, and hands each new connection to a function before anything is sent on it."""

    def __init__(self, connected: Callable[[socket.socket], None]) -> None:
        super().__init__(max_retries=0)
        self._connected = connected

    def get_connection_with_tls_context(self, *args: Any, **kwargs: Any) -> HTTPConnectionPool:
        """Return the pool of the address, its connections guarded."""
        pool: Any = super().get_connection_with_tls_context(*args, **kwargs)
        connected = self._connected

        class Guarded(pool.ConnectionCls):  # type: ignore[misc] # plain or TLS: known only here
            def connect(self) -> None:
                super().connect()
                connected(self.sock)

        pool.ConnectionCls = Guarded
        guarded: HTTPConnectionPool = pool
        return guarded
