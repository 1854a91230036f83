"""What machines ask of a running Fusen: is it alive, is it ready, and its figures."""

from __future__ import annotations

import hmac
import threading
from collections.abc import Callable, Iterable, Mapping
from ipaddress import ip_address
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from prometheus_client import make_wsgi_app

from bot.figures import Figures
from bot.host_names import asked_for, is_this_machine
from papers.database_errors import DatabaseUnreachable

PASSED_ON = ("HTTP_X_FORWARDED_FOR", "HTTP_FORWARDED", "HTTP_X_REAL_IP")
"""By these a proxy tells that somebody else is asking."""


class Health:
    """The answers. `look` raises DatabaseUnreachable; `ticks` says whether the clock still runs.

    With a `token` the figures are for those who bear it, without one for this machine alone.
    """

    def __init__(
        self,
        figures: Figures,
        stopped: threading.Event,
        look: Callable[[], object],
        ticks: Callable[[], bool],
        token: str,
    ) -> None:
        self._stopped = stopped
        self._look = look
        self._ticks = ticks
        self._token = token
        self._started = threading.Event()
        self._figures: WSGIApplication = make_wsgi_app(figures.registry)
        figures.tell_ready(lambda: not self.hindrance())

    def started(self) -> None:
        """All is running from now on."""
        self._started.set()

    def hindrance(self) -> str:
        """Why no work should be sent here; empty when it may."""
        if self._stopped.is_set():
            return "stopping"
        if not self._started.is_set():
            return "starting"
        try:
            self._look()
        except DatabaseUnreachable:
            return "no database"
        return ""

    @property
    def doors(self) -> Mapping[str, WSGIApplication]:
        """The answers by their paths."""
        return {"/healthz": self._alive, "/readyz": self._ready, "/metrics": self._measure}

    def _alive(self, _environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        ill = self._started.is_set() and not self._stopped.is_set() and not self._ticks()
        return plain(start_response, "503 Service Unavailable" if ill else "200 OK", "stuck" if ill else "alive")

    def _ready(self, _environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        hindrance = self.hindrance()
        return plain(start_response, "503 Service Unavailable" if hindrance else "200 OK", hindrance or "ready")

    def _measure(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        if not self._may_measure(environ):
            return plain(start_response, "403 Forbidden", "Set METRICS_TOKEN, and send it as a bearer token.")
        try:
            return self._figures(environ, start_response)
        except (TypeError, ValueError):
            # The library stumbles over a version, in what the client accepts, that is no number.
            return self._figures({**environ, "HTTP_ACCEPT": ""}, start_response)

    def _may_measure(self, environ: WSGIEnvironment) -> bool:
        if self._token:
            given = str(environ.get("HTTP_AUTHORIZATION", ""))
            return hmac.compare_digest(given.encode("latin-1", "replace"), f"Bearer {self._token}".encode())
        # A page of another site may ask from within a browser here.
        name = asked_for(environ)
        if any(one in environ for one in PASSED_ON) or (name and not is_this_machine(name)):
            return False
        try:
            return ip_address(str(environ.get("REMOTE_ADDR", ""))).is_loopback
        except ValueError:
            return False


def plain(start_response: StartResponse, status: str, text: str) -> Iterable[bytes]:
    """Answer with a line of text that nobody keeps."""
    body = f"{text}\n".encode()
    headers = [
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Length", str(len(body))),
        ("Cache-Control", "no-store"),
    ]
    start_response(status, headers)
    return [body]


def not_yet(_environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
    """Answers for Slack's door until it opens: Slack delivers again."""
    return plain(start_response, "503 Service Unavailable", "starting")
