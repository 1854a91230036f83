"""How requests travel to Slack: over connections that are given up together with the request."""

from __future__ import annotations

import io
import socket
import time
import urllib.request
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from slack_sdk import WebClient, WebhookClient

_UNHEARD = getattr(socket, "TCP_USER_TIMEOUT", None)  # Linux; other systems give up by themselves, later
_SECONDS = 10

PROMPT_SECONDS = 8.0
"""What is not on its way after so long is not sent any more: somebody else may have sent it."""

ANSWER_SECONDS = 30.0
"""How long an answer may take to come; the patience of Slack's client is for each read of it."""


def give_up_with_the_request() -> None:
    """Let no request reach Slack long after it was begun here: by then it may have been made again.

    A machine that cannot send keeps what it was given, also after the connection was closed, and sends it when
    the network is back, minutes later (RFC 793, 3.5; tcp(7), TCP_USER_TIMEOUT). One that falls asleep while it
    sends goes on when it wakes up. Slack's client takes no connections from us, but asks the opener that urllib
    has for the process.
    """
    urllib.request.install_opener(urllib.request.build_opener(Proxies, _Plain, _Secure))


def client_of(api_url: str, token: str | None = None, **chosen: Any) -> WebClient:
    """Slack's client for the Web API, which goes through a proxy where urllib would, and not by its own rule.

    That rule takes any proxy of the environment for every address, whatever NO_PROXY says and for this machine
    too, and then asks an opener of its own.
    """
    client = WebClient(token=token, base_url=api_url, **chosen)
    client.proxy = None
    return client


def answer_to(response_url: str) -> WebhookClient:
    """Slack's client for the address at which a click is answered, in the same way."""
    client = WebhookClient(response_url)
    client.proxy = None
    return client


def proxy_of(url: str) -> str | None:
    """The proxy that the environment names for sockets to the host of this address, if they need one."""
    host = urlsplit(url).hostname or ""
    if _is_this_machine(host) or urllib.request.proxy_bypass(host):
        return None
    proxies = urllib.request.getproxies()
    return proxies.get("https") or proxies.get("http")


@dataclass(frozen=True, slots=True)
class Begun:
    """When something was begun, by two clocks: sleep shows on the wall alone, and the wall's may be set."""

    wall: float
    steady: float

    @classmethod
    def now(cls) -> Begun:
        """Just now."""
        return cls(time.time(), time.monotonic())

    def too_late(self, now: Begun) -> bool:
        """Whether it took too long, by either clock."""
        return max(now.wall - self.wall, now.steady - self.steady) > PROMPT_SECONDS


class _Bounded(io.RawIOBase):
    """The bytes of an answer while there is time for them: one sent now and then keeps nobody waiting."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._bytes = sock.makefile("rb", buffering=0)
        self._until = time.monotonic() + ANSWER_SECONDS

    def readable(self) -> bool:
        return True

    def readinto(self, into: Any) -> int | None:
        left = self._until - time.monotonic()
        if left <= 0:
            raise TimeoutError("the answer came too slowly")
        patience = self._sock.gettimeout()
        self._sock.settimeout(left if patience is None else min(left, patience))
        return self._bytes.readinto(into)

    def close(self) -> None:
        self._bytes.close()
        super().close()


class _Answer(HTTPResponse):
    def __init__(self, sock: socket.socket, *args: Any, **kwargs: Any) -> None:
        super().__init__(sock, *args, **kwargs)
        self.fp.close()  # nothing was read from it
        self.fp = io.BufferedReader(_Bounded(sock))


class _ShortLived(HTTPConnection):
    response_class = _Answer

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._begun = Begun.now()

    def connect(self) -> None:
        super().connect()
        _limit(self.sock)

    def send(self, data: Any) -> None:
        _check(self._begun)  # the body comes after the head: without it Slack does nothing
        super().send(data)


class _ShortLivedSecure(_ShortLived, HTTPSConnection):
    """The same under TLS: `super()` above is then the connection that speaks it."""


class Proxies(urllib.request.ProxyHandler):
    """The proxies of the environment, which cannot reach this machine's own loopback, where the playground is."""

    def proxy_open(self, req: urllib.request.Request, proxy: str, type: str) -> Any:
        """Ask through the proxy, unless it is this machine that is asked."""
        return None if _is_this_machine(req.host) else super().proxy_open(req, proxy, type)


class _Plain(urllib.request.HTTPHandler):
    def http_open(self, req: urllib.request.Request) -> HTTPResponse:
        return self.do_open(_ShortLived, req)


class _Secure(urllib.request.HTTPSHandler):
    def https_open(self, req: urllib.request.Request) -> HTTPResponse:
        return self.do_open(_ShortLivedSecure, req)


def _is_this_machine(host: str) -> bool:
    name = urlsplit(f"//{host}").hostname or ""
    try:
        return ip_address(name).is_loopback
    except ValueError:
        return name == "localhost" or name.endswith(".localhost")


def _limit(connection: socket.socket) -> None:
    if _UNHEARD is not None:
        connection.setsockopt(socket.IPPROTO_TCP, _UNHEARD, _SECONDS * 1000)


def _check(begun: Begun) -> None:
    if begun.too_late(Begun.now()):
        raise TimeoutError("too late to be sent")
