"""Signed requests as Slack sends them, and how long their answers take."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from http.client import HTTPConnection
from itertools import count
from statistics import quantiles
from typing import Any, Protocol
from urllib.parse import urlencode

SECRET = "playground-signing-secret"
APP_TOKEN = "xapp-playground-app"
TEAM, CHANNEL, MEMBER = "T00PLAYGRND", "C0000PAPERS", "U0000000BEN"
PATH = "/slack/events"
_numbers = count(1)


def event(text: str, thread_ts: str = "") -> tuple[bytes, str]:
    """The body and its type of a message that a person posted, each time another one."""
    number = next(_numbers)
    ts = f"{1_700_000_000 + number // 1_000_000}.{number % 1_000_000:06}"
    said: dict[str, Any] = {
        "type": "message",
        "channel": CHANNEL,
        "channel_type": "channel",
        "user": MEMBER,
        "team": TEAM,
        "text": text,
        "ts": ts,
        "event_ts": ts,
    }
    if thread_ts:
        said["thread_ts"] = thread_ts
    return enveloped(said)


def enveloped(said: Mapping[str, Any]) -> tuple[bytes, str]:
    """The body and its type of any event, as a new delivery."""
    body = {
        "type": "event_callback",
        "team_id": TEAM,
        "api_app_id": "A0000FUSEN",
        "event": said,
        "event_id": f"Ev{next(_numbers):012}",
        "event_time": 1_700_000_000,
    }
    return json.dumps(body).encode(), "application/json"


def command(text: str) -> tuple[bytes, str]:
    """The body and its type of a slash command."""
    typed = {
        "command": "/note",
        "text": text,
        "team_id": TEAM,
        "channel_id": CHANNEL,
        "channel_name": "papers",
        "user_id": MEMBER,
        "user_name": "ben",
        "trigger_id": f"{next(_numbers)}.1",
        "response_url": "http://127.0.0.1:9/response",
    }
    return urlencode(typed).encode(), "application/x-www-form-urlencoded"


class Way(Protocol):
    """A way on which Slack asks one thing after another."""

    def ask(self, body: bytes, kind: str, /) -> float:
        """Ask, and return the seconds until the answer."""
        ...

    def close(self) -> None:
        """Hang up."""
        ...


class Caller:
    """One connection that is kept open, over which Slack asks one thing after another."""

    def __init__(self, host: str, port: int) -> None:
        self._connection = HTTPConnection(host, port, timeout=60)

    def ask(self, body: bytes, kind: str) -> float:
        """Send it signed; return the seconds until the answer. Raises RuntimeError if that is not 200."""
        return self.hear(body, kind)[0]

    def hear(self, body: bytes, kind: str) -> tuple[float, bytes]:
        """The same, with what was answered."""
        stamp = str(int(time.time()))
        signed = hmac.new(SECRET.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        headers = {
            "Content-Type": kind,
            "X-Slack-Request-Timestamp": stamp,
            "X-Slack-Signature": f"v0={signed}",
        }
        begun = time.perf_counter()
        self._connection.request("POST", PATH, body, headers)
        answer = self._connection.getresponse()
        told = answer.read()
        took = time.perf_counter() - begun
        if answer.status != 200:
            raise RuntimeError(f"HTTP {answer.status}: {told[:200]!r}")
        return took, told

    def close(self) -> None:
        """Hang up."""
        self._connection.close()


def one_after_another(
    way: Callable[[], Way], clients: int, seconds: float, what: Callable[[], tuple[bytes, str]]
) -> list[float]:
    """What some clients waited for each answer, in seconds, each asking again as soon as it is answered."""
    end = time.monotonic() + seconds
    waited: list[list[float]] = [[] for _ in range(clients)]

    def ask(mine: list[float]) -> None:
        caller = way()
        while time.monotonic() < end:
            mine.append(caller.ask(*what()))
        caller.close()

    _together([partial(ask, mine) for mine in waited])
    return [one for mine in waited for one in mine]


def at_a_pace(
    way: Callable[[], Way],
    a_second: float,
    seconds: float,
    what: Callable[[], tuple[bytes, str]],
    clients: int = 16,
) -> list[float]:
    """What is waited for each answer, in seconds, from when the request was due: being late counts too."""
    begun = time.monotonic() + 0.2
    due = iter([begun + number / a_second for number in range(int(a_second * seconds))])
    taking = threading.Lock()
    waited: list[list[float]] = [[] for _ in range(clients)]

    def ask(mine: list[float]) -> None:
        caller = way()
        while True:
            with taking:
                moment = next(due, None)
            if moment is None:
                break
            time.sleep(max(0.0, moment - time.monotonic()))
            caller.ask(*what())
            mine.append(time.monotonic() - moment)
        caller.close()

    _together([partial(ask, mine) for mine in waited])
    return [one for mine in waited for one in mine]


def _together(acts: Sequence[Callable[[], None]]) -> None:
    failures: list[BaseException] = []

    def tried(act: Callable[[], None]) -> None:
        try:
            act()
        except (OSError, RuntimeError) as failure:
            failures.append(failure)

    threads = [threading.Thread(target=tried, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]


def row(waited: Sequence[float]) -> str:
    """The waiting times in words, in milliseconds."""
    cuts = quantiles(waited, n=1000)
    named = {"p50": cuts[499], "p99": cuts[989], "p99.9": cuts[998], "most": max(waited)}
    return (
        f"{len(waited):7,} answers: "
        + ", ".join(f"{name} {value * 1000:.2f}" for name, value in named.items())
        + " ms"
    )
