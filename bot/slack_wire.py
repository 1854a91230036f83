"""How requests travel to Slack: over connections that are given up together with the request."""

from __future__ import annotations

import socket
import urllib.request
from http.client import HTTPConnection, HTTPResponse, HTTPSConnection

_UNHEARD = getattr(socket, "TCP_USER_TIMEOUT", None)  # Linux; other systems give up by themselves, later
_SECONDS = 10


def give_up_with_the_request() -> None:
    """Let no request reach Slack long after it was given up here: by then it may have been made again.

    A machine that cannot send keeps what it was given, also after the connection was closed, and sends it when
    the network is back, minutes later (RFC 793, 3.5; tcp(7), TCP_USER_TIMEOUT). Slack's client takes no
    connections from us, but asks the opener that urllib has for the process.
    """
    urllib.request.install_opener(urllib.request.build_opener(_Plain, _Secure))


class _ShortLived(HTTPConnection):
    def connect(self) -> None:
        super().connect()
        _limit(self.sock)


class _ShortLivedSecure(HTTPSConnection):
    def connect(self) -> None:
        super().connect()
        _limit(self.sock)


class _Plain(urllib.request.HTTPHandler):
    def http_open(self, req: urllib.request.Request) -> HTTPResponse:
        return self.do_open(_ShortLived, req)


class _Secure(urllib.request.HTTPSHandler):
    def https_open(self, req: urllib.request.Request) -> HTTPResponse:
        return self.do_open(_ShortLivedSecure, req)


def _limit(connection: socket.socket) -> None:
    if _UNHEARD is not None:
        connection.setsockopt(socket.IPPROTO_TCP, _UNHEARD, _SECONDS * 1000)
