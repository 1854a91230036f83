"""Fusen in this process, with a playground for its Slack and its clock at rest: jobs are done when asked for."""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from arxiv_api.timing import POLITE, Timing
from bench.events.requests import CHANNEL, MEMBER, SECRET, Caller, command, enveloped, event
from bot import settings
from bot.composition.fusen import Fusen
from bot.composition.stores import Stored, stored
from papers.nudges import Job
from playground import Playground, SlackApp

MANIFEST = Path(__file__).resolve().parents[2] / "slack_app_manifest.json"
AT_ONCE = (Job.HANDLE_EVENTS, Job.POST_MESSAGES, Job.REFRESH_CARDS, Job.REFRESH_HOMES)
"""The jobs that follow what people do."""

_times = itertools.count(1)


class Resting:
    """A Fusen that does nothing by itself. Times are in seconds."""

    def __init__(self, fusen: Fusen, store: Stored, playground: Playground) -> None:
        fusen.listen()
        self.fusen = fusen
        self.store = store
        self.playground = playground
        where = urlsplit(fusen.pages_address)
        self._caller = Caller(str(where.hostname), int(where.port or 0))

    def type(self, text: str) -> tuple[float, str]:
        """Type a slash command; returns how long the answer took, and what it says."""
        took, body = self._caller.hear(*command(text))
        return took, _said(json.loads(body)) if body else ""

    def post(self, text: str, thread_ts: str = "") -> tuple[float, str]:
        """Let Slack tell of a message; returns how long it took to be stored, and its time stamp."""
        body, kind = event(text, thread_ts)
        return self._caller.ask(body, kind), str(json.loads(body)["event"]["ts"])

    def tell(self, said: Mapping[str, Any]) -> float:
        """Let Slack tell of something else; returns how long it took to be stored."""
        return self._caller.ask(*enveloped(said))

    def react(self, emoji: str, ts: str) -> float:
        """Let a member react to a message of the channel."""
        item = {"type": "message", "channel": CHANNEL, "ts": ts}
        return self.tell(
            {"type": "reaction_added", "user": MEMBER, "reaction": emoji, "item": item, "event_ts": _moment()}
        )

    def open_home(self, member: str = MEMBER) -> float:
        """Let a member look at Fusen's Home."""
        return self.tell({"type": "app_home_opened", "tab": "home", "user": member, "channel": "D0000HOME"})

    def work(self, *jobs: Job) -> float:
        """Do these jobs now; returns how long they took."""
        begun = time.perf_counter()
        for job in jobs:
            self.fusen.work(job)
        return time.perf_counter() - begun

    def close(self) -> None:
        """Hang up."""
        self._caller.close()


def _moment() -> str:
    return f"{1_650_000_000 + next(_times)}.000000"


def _said(value: Any) -> str:
    """All that an answer says, as one text."""
    if isinstance(value, dict):
        own = value["text"] if isinstance(value.get("text"), str) else ""
        return " ".join(filter(None, (own, *(_said(one) for one in value.values() if not isinstance(one, str)))))
    return " ".join(filter(None, map(_said, value))) if isinstance(value, list) else ""


@contextmanager
def resting(folder: Path, database_url: str, timing: Timing = POLITE, **environment: str) -> Iterator[Resting]:
    """Start it over a database; its pages would go below `folder`."""
    with ExitStack() as closing:
        app = SlackApp.from_manifest(json.loads(MANIFEST.read_text(encoding="utf-8")))
        playground = closing.enter_context(Playground(app=app))
        chosen = settings.read(
            {
                "SLACK_BOT_TOKEN": playground.bot_token,
                "SLACK_SIGNING_SECRET": SECRET,
                "SLACK_API_URL": playground.api_url,
                "DATABASE_URL": database_url,
                "ARXIV_API_URL": "http://127.0.0.1:9/",
                "ARXIV_OAI_URL": "",
                "PAGES_FOLDER": str(folder / "pages"),
                "PAGES_PORT": "0",
                **environment,
            }
        )
        store = closing.enter_context(stored(chosen))
        fusen = Fusen(chosen, store, threading.Event(), timing=timing)
        closing.callback(fusen.stop)
        rests = Resting(fusen, store, playground)
        closing.callback(rests.close)
        yield rests
