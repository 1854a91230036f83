"""The doors to Slack: events, commands, mentions, clicks and modals, signed, over HTTP and all the way in."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from random import Random
from typing import Any
from unittest.mock import patch
from urllib.parse import urlencode, urlsplit

from urllib3 import HTTPConnectionPool

from arxiv_api.timing import POLITE
from bot import handling, settings
from bot.composition.fusen import Fusen
from bot.composition.stores import stored
from bot.verbs import REGISTRY
from bot.web import LONGEST_REQUEST
from papers.nudges import Job
from soak.fuzzing import Door, Surprise
from soak.mutation import as_json, mutated, odd_text
from soak.payloads import EVENTS, INTERACTIONS, LINKS, MENTION, command
from soak.slack_stub import SlackStub

SECRET = "a secret for signing"
_PAST = ("1700000000", "0", "", "9" * 40, "nan", "-1", "²", "1e9", " 1")


class Complaints(logging.Handler):
    """All that is logged as an error while it listens."""

    def __init__(self) -> None:
        super().__init__(logging.ERROR)
        self.heard: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep it."""
        self.heard.append(record)

    def raise_any(self) -> None:
        """Raise what was logged since, if anything was."""
        heard, self.heard = self.heard, []
        for record in heard:
            if record.exc_info and record.exc_info[1]:
                raise record.exc_info[1]
        if heard:
            raise Surprise(f"logged: {heard[0].getMessage()}")


class Listening:
    """A Fusen that hears what is posted to it, and whatever it complains of."""

    def __init__(self, fusen: Fusen, complaints: Complaints, reply_address: str) -> None:
        self.fusen = fusen
        self.complaints = complaints
        self.reply_address = reply_address
        self._pool = HTTPConnectionPool("127.0.0.1", urlsplit(fusen.pages_address).port, timeout=60)

    def post(self, body: str, kind: str, headers: Mapping[str, str] | None = None) -> int:
        """Post a body, signed unless other headers are given. Returns the status of the answer."""
        said = body.encode("utf-8", "surrogatepass")
        told = headers if headers is not None else signed(said, str(int(time.time())))
        answer = self._pool.request(
            "POST", "/slack/events", body=said, headers={"Content-Type": kind, **told}, retries=False
        )
        return answer.status

    def work(self) -> None:
        """Work through what was taken in."""
        self.fusen.work(Job.HANDLE_EVENTS)


def signed(body: bytes, moment: str, secret: str = SECRET) -> dict[str, str]:
    """The headers by which Slack proves a body of a moment to be its own."""
    signature = hmac.new(secret.encode(), f"v0:{moment}:".encode() + body, hashlib.sha256).hexdigest()
    return {"X-Slack-Request-Timestamp": moment, "X-Slack-Signature": f"v0={signature}"}


@contextmanager
def listening(folder: Path, **more: str) -> Iterator[Listening]:
    """Start one, with a database and pages of its own in a folder, and no way out of this machine.

    `more` are further settings.
    """
    with ExitStack() as closing:
        # One input comes after the other here: there are no more to wait for.
        closing.enter_context(patch.object(handling, "GATHERING", 0.0))
        stub = closing.enter_context(SlackStub())
        told = {
            "SLACK_BOT_TOKEN": "xoxb-fuzz",
            "SLACK_SIGNING_SECRET": SECRET,
            "SLACK_API_URL": stub.address,
            "DATABASE_URL": f"sqlite:///{folder}/fusen.db",
            "ARXIV_API_URL": "http://127.0.0.1:9/",
            "PAGES_FOLDER": str(folder / "pages"),
            "PAGES_PORT": "0",
            **more,
        }
        chosen = settings.read(told)
        stores = closing.enter_context(stored(chosen))
        fusen = Fusen(chosen, stores, threading.Event(), timing=POLITE)
        closing.callback(fusen.stop)
        fusen.listen()
        complaints = Complaints()
        logging.getLogger().addHandler(complaints)
        closing.callback(logging.getLogger().removeHandler, complaints)
        yield Listening(fusen, complaints, stub.address + "respond")


def _door(house: Listening, name: str, make: Callable[[Random], tuple[str, str]]) -> Door:
    """A door whose inputs are bodies with their content types, signed."""

    def enter(given: tuple[str, str]) -> bool:
        status = house.post(*given)
        house.work()
        house.complaints.raise_any()
        if status >= 500:
            raise Surprise(f"answered with {status}")
        return status >= 400

    return Door(name, make, enter)


@contextmanager
def events(folder: Path) -> Iterator[Door]:
    """Slack's Events API."""
    with listening(folder) as house:
        yield _door(house, "events", _event)


@contextmanager
def commands(folder: Path) -> Iterator[Door]:
    """What is typed after the slash command, by people; at times the whole form is odd."""
    with listening(folder) as house:
        _settle_in(house)

        def make(random: Random) -> tuple[str, str]:
            form = command(_typed(random))
            if random.random() < 0.2:
                form = {
                    str(key): value if isinstance(value, str) else as_json(value)
                    for key, value in _odd(random, form)
                }
            form["response_url"] = house.reply_address
            return urlencode(form, errors="replace"), "application/x-www-form-urlencoded"

        yield _door(house, "slash text", make)


def _odd(random: Random, form: dict[str, str]) -> list[tuple[Any, Any]]:
    changed = mutated(random, form)
    return list(changed.items()) if isinstance(changed, dict) else []


@contextmanager
def mentions(folder: Path) -> Iterator[Door]:
    """What is said to Fusen in channels, in threads and in direct messages."""
    with listening(folder) as house:
        _settle_in(house)

        def make(random: Random) -> tuple[str, str]:
            event = json.loads(json.dumps(MENTION))
            said = _typed(random)
            if random.random() < 0.5:
                event["event"] |= {"channel": "D1", "channel_type": "im", "type": "message"}
            else:
                said = random.choice(("", said)) + f"<@UBOT> {said}"
            if random.random() < 0.5:
                event["event"]["thread_ts"] = "1700000000.000100"
            moment = f"{random.randint(1, 2_000_000_000)}.{random.randint(0, 999_999):06}"
            event["event"] |= {"text": said, "ts": moment, "event_ts": moment}
            event["event_id"] = f"Ev{random.getrandbits(60):x}"
            return as_json(event), "application/json"

        yield _door(house, "mentions", make)


@contextmanager
def interactions(folder: Path) -> Iterator[Door]:
    """Clicks, choices, shortcuts and modals."""
    with listening(folder) as house:
        _settle_in(house)

        def make(random: Random) -> tuple[str, str]:
            payload = mutated(random, random.choice(INTERACTIONS))
            # Where to answer is no part of what a person can choose, and nothing here may leave this machine.
            if isinstance(payload, dict) and "response_url" in payload:
                payload["response_url"] = house.reply_address
            return urlencode({"payload": as_json(payload)}, errors="replace"), "application/x-www-form-urlencoded"

        yield _door(house, "clicks and modals", make)


@contextmanager
def unsigned(folder: Path) -> Iterator[Door]:
    """Requests that Slack has not signed, or not now."""
    with listening(folder) as house:

        def make(random: Random) -> tuple[str, str, dict[str, str]]:
            body, kind = _event(random)
            return (
                body,
                random.choice((kind, "application/x-www-form-urlencoded", "text/x")),
                _forged(random, body),
            )

        def enter(given: tuple[str, str, dict[str, str]]) -> bool:
            status = house.post(*given)
            house.complaints.raise_any()
            # Of what is longer than anything that Slack sends not even the signature is looked at.
            if status != (413 if len(given[0].encode("utf-8", "surrogatepass")) > LONGEST_REQUEST else 401):
                raise Surprise(f"a request that is not signed was answered with {status}")
            return True

        yield Door("unsigned requests", make, enter)


def _forged(random: Random, body: str) -> dict[str, str]:
    said, now = body.encode("utf-8", "surrogatepass"), str(int(time.time()))
    headers = random.choice(
        (
            {},
            signed(said, now, secret="another"),
            signed(said + b" ", now),
            signed(said, str(int(now) - random.randint(301, 10**9))),
            signed(said, str(int(now) + random.randint(600, 10**9))),
            signed(said, "1") | {"X-Slack-Request-Timestamp": random.choice(_PAST).encode().decode("latin-1")},
            {
                "X-Slack-Request-Timestamp": now,
                "X-Slack-Signature": random.choice(("é", "v0=", "v1=x", "v0=" + "0" * 64)),
            },
            {"X-Slack-Request-Timestamp": now},
        )
    )
    return {name: value.encode("utf-8").decode("latin-1") for name, value in headers.items()}


def _event(random: Random) -> tuple[str, str]:
    payload = mutated(random, random.choice(EVENTS))
    if isinstance(payload, dict) and random.random() < 0.9:
        # Else most would be told twice.
        payload["event_id"] = f"Ev{random.getrandbits(60):x}"
    body = as_json(payload)
    if random.random() < 0.02:
        body = body[: random.randint(0, len(body))]
    return body, "application/json"


def _typed(random: Random) -> str:
    """What somebody types: mostly a verb of ours, a paper, and whatever."""
    start = [random.choice(sorted(REGISTRY))] if random.random() < 0.8 else []
    if random.random() < 0.5:
        start.append(random.choice(LINKS))
    return " ".join((*start, odd_text(random, (*LINKS, *_WORDS), 6)))


_WORDS = (
    *(
        "last",
        "off",
        "on",
        "all",
        "here",
        "LLM",
        "#LLM",
        "日本語",
        "<@U1>",
        "<#C1|papers>",
        "<!channel>",
        "by",
        "-",
        ",",
    ),
    *(
        "mon 09:00",
        "weekly",
        "9" * 400,
        "2024",
        "undo",
        "language",
        "ja",
        "zone",
        "Asia/Tokyo",
        '"',
        "'",
        "*",
        "%",
        "_",
    ),
    *(
        "NEAR(",
        "AND",
        "OR",
        "NOT",
        "a*",
        "^",
        '"a" "b',
        "\\",
        "tag:",
        "author:",
        "2306.00001v99",
        ":eyes:",
        "\x00",
    ),
)


def _settle_in(house: Listening) -> None:
    """Two papers are there already, for clicks and commands to be about."""
    for number, link in enumerate(LINKS[:2], start=1):
        event = json.loads(json.dumps(MENTION))
        moment = f"170000000{number}.000100"
        event["event"] |= {"type": "message", "text": link, "ts": moment, "event_ts": moment}
        event["event_id"] = f"EvFirst{number}"
        house.post(as_json(event), "application/json")
    house.work()
