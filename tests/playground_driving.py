"""Driving a playground in tests: its HTTP interface, and an app that records what it is sent."""

import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from slack_sdk import WebClient
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.client import BaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse

from playground import Playground

PAPERS, GENERAL, PRIVATE = "C0000PAPERS", "C000GENERAL", "C000PRIVATE"
AIKO, BEN, BOT = "U000000AIKO", "U0000000BEN", "U0000000BOT"
AIKO_DM, BEN_DM = "D000000AIKO", "D0000000BEN"
BOT_TOKEN, APP_TOKEN = "xoxb-playground-bot", "xapp-playground-app"
AIKO_TOKEN, BEN_TOKEN = "xoxp-playground-aiko", "xoxp-playground-ben"


WAIT = 60.0
"""Seconds: far more than anything takes, on a machine that does much else at the same time."""


def until(wanted: Callable[[], Any], seconds: float = WAIT) -> Any:
    """Return the first true answer; fail when there is none in time. What takes long is asked for less often."""
    end, pause = time.monotonic() + seconds, 0.02
    while time.monotonic() < end:
        answer = wanted()
        if answer:
            return answer
        time.sleep(pause)
        pause = min(0.2, pause * 1.2)
    raise AssertionError("it did not happen in time")


def client(place: Playground | str, token: str) -> WebClient:
    """Return a Slack client for this token."""
    base = place if isinstance(place, str) else place.url
    return WebClient(token, base_url=f"{base}/api/", timeout=int(WAIT))


class Driver:
    """The playground's own HTTP interface."""

    def __init__(self, url: str) -> None:
        self.url = url

    def get(self, path: str) -> Any:
        with urllib.request.urlopen(f"{self.url}/playground/{path}", timeout=WAIT) as answer:
            return json.load(answer)

    def post(self, path: str, **body: Any) -> Any:
        request = urllib.request.Request(
            f"{self.url}/playground/{path}",
            json.dumps(body).encode(),
            {"Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=WAIT) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as refusal:
            return json.load(refusal)

    def state(self) -> Any:
        return self.get("state")

    def whispers(self, member: str) -> list[Any]:
        return list(self.get(f"ephemeral?member={member}")["messages"])

    def views(self, member: str) -> Any:
        return self.get(f"views?member={member}")


class Recorder:
    """An app in Socket Mode that keeps each request; `answer` says whether and how it acknowledges."""

    def __init__(
        self, url: str, answer: Callable[[SocketModeRequest], dict[str, Any] | None] = lambda _: {}
    ) -> None:
        self.requests: list[SocketModeRequest] = []
        self._answer = answer
        self._lock = threading.Lock()
        self._client = SocketModeClient(APP_TOKEN, web_client=WebClient(APP_TOKEN, base_url=f"{url}/api/"))
        self._client.socket_mode_request_listeners.append(self._hear)

    def _hear(self, socket: BaseSocketModeClient, request: SocketModeRequest) -> None:
        with self._lock:
            self.requests.append(request)
        payload = self._answer(request)
        if payload is not None:
            socket.send_socket_mode_response(SocketModeResponse(request.envelope_id, payload or None))

    @property
    def events(self) -> list[dict[str, Any]]:
        with self._lock:
            return [request.payload["event"] for request in self.requests if request.type == "events_api"]

    def of(self, kind: str, subtype: str | None = None) -> list[dict[str, Any]]:
        """Return the events of a type and subtype."""
        return [e for e in self.events if e["type"] == kind and e.get("subtype") == subtype]

    def __enter__(self) -> "Recorder":
        self._client.connect()
        return self

    def __exit__(self, *_: object) -> None:
        in_background(self._client.close)


def in_background(close: Callable[[], None]) -> None:
    """Close a Slack client without waiting: its threads take seconds to notice."""

    def quietly() -> None:
        # The SDK stumbles over its own socket when the server was killed before.
        with suppress(AttributeError, OSError):
            close()

    threading.Thread(target=quietly, daemon=True).start()
