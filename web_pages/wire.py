"""One HTTP request to a machine whose address was checked: bounded in time and size, no cookie, no redirect."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, Timeout
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError, NewConnectionError, SSLError
from urllib3.response import BaseHTTPResponse

from papers.errors import PageUnavailable
from web_pages.network import Deadline, Network

LONGEST_BODY = 2 * 1024 * 1024
CHUNK = 64 * 1024
CONNECT_SECONDS = 5.0

ACCEPT = "text/html,application/xhtml+xml;q=0.9,application/pdf;q=0.8,*/*;q=0.1"
HTML = ("text/html", "application/xhtml+xml")


@dataclass(frozen=True, slots=True)
class Reply:
    """What a server sent back: the status, its headers by their names in small letters, and the body's beginning.

    Only a body of HTML is read, and of that at most two megabytes.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def kind(self) -> str:
        """The media type, without parameters."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()


class NobodyThere(PageUnavailable):
    """No answer began, for want of a connection or of TLS: the server may still speak another scheme."""


def exchange(
    scheme: str,
    host: str,
    path: str,
    user_agent: str,
    network: Network,
    deadline: Deadline,
    most: int = LONGEST_BODY,
) -> Reply:
    """Ask `host` for `path` and read the answer. The name is looked up once, and that very address is asked.

    Of the body `most` bytes are read.

    Certificates are checked against the name. No proxy is used: behind one nobody could check the address.
    Raises PageUnavailable, NobodyThere where there is no connection.
    """
    addresses = network.addresses(host, deadline)
    headers = {"User-Agent": user_agent, "Accept": ACCEPT, "Accept-Encoding": "gzip", "Connection": "close"}
    with _Watchdog(deadline.remaining(host)) as watchdog:
        answered = False
        pool = _pool(scheme, host, network.ports[scheme], addresses, watchdog.guard)
        try:
            left = deadline.remaining(host)
            response = pool.urlopen(
                "GET",
                path,
                headers=headers,
                redirect=False,
                retries=False,
                preload_content=False,
                timeout=Timeout(connect=min(CONNECT_SECONDS, left), read=left),
            )
            answered = True
            reply = Reply(response.status, _lowered(response.headers), _body(response, most))
        except (OSError, HTTPError, ValueError) as error:
            # A status line or header out of this world is a ValueError of the standard library's.
            raise _trouble(error, host, answered, watchdog.has_bitten) from error
        finally:
            pool.close()
        if watchdog.has_bitten:
            # Where no length was announced, a cut connection looks like the end of the body.
            raise PageUnavailable(host, "timeout")
        return reply


def _body(response: BaseHTTPResponse, most: int) -> bytes:
    kind = response.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    if response.status != 200 or kind not in HTML:
        return b""
    body = bytearray()
    # Unpacked piece by piece: what is packed small and unpacks without end is cut at the same length.
    for chunk in response.stream(CHUNK, decode_content=True):
        body += chunk
        if len(body) >= most:
            break
    return bytes(body[:most])


def _lowered(headers: Mapping[str, str]) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _trouble(error: Exception, host: str, answered: bool, cut: bool) -> PageUnavailable:
    if cut or "timed out" in str(error).lower():
        return PageUnavailable(host, "timeout")
    if isinstance(error, SSLError) and "CERTIFICATE_VERIFY_FAILED" in str(error):
        return PageUnavailable(host, "its certificate is not trusted")
    if answered:
        return PageUnavailable(host, "the connection broke")
    return NobodyThere(host, "no connection")


def _pool(
    scheme: str, host: str, port: int, addresses: Sequence[str], connected: Callable[[socket.socket], None]
) -> HTTPConnectionPool:
    """A pool whose connections go to these addresses, whatever the name would be looked up to by now."""

    def connect(connection: HTTPConnection) -> socket.socket:
        sock = _connect(connection, addresses, port)
        connected(sock)
        return sock

    class Plain(HTTPConnection):
        def _new_conn(self) -> socket.socket:
            return connect(self)

    class Secure(HTTPSConnection):
        def _new_conn(self) -> socket.socket:
            return connect(self)

    pool = HTTPSConnectionPool(host, port) if scheme == "https" else HTTPConnectionPool(host, port)
    pool.ConnectionCls = Secure if scheme == "https" else Plain
    return pool


def _connect(connection: HTTPConnection, addresses: Sequence[str], port: int) -> socket.socket:
    timeout: Any = connection.timeout  # seconds by now
    failed: OSError | None = None
    for address in addresses[:3]:
        try:
            return socket.create_connection((address, port), timeout)
        except OSError as error:
            failed = error
    raise NewConnectionError(connection, f"no connection: {failed}") from failed


class _Watchdog:
    """Cuts the connection when all has lasted too long.

    Time-outs of sockets are per read: a server that sends a byte a second never meets them.
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
        with self._lock:
            if self._sock is not None:
                self._sock.close()
                self._sock = None

    def guard(self, sock: socket.socket) -> None:
        """Watch this connection from now on."""
        with self._lock:
            # TLS takes the socket itself over; a second handle to the connection stays ours.
            self._sock = sock.dup()
            if self.has_bitten:
                _cut(self._sock)

    def _bite(self) -> None:
        with self._lock:
            self.has_bitten = True
            if self._sock is not None:
                _cut(self._sock)


def _cut(sock: socket.socket) -> None:
    with suppress(OSError):  # closed already
        sock.shutdown(socket.SHUT_RDWR)
