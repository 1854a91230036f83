"""The whole of Fusen, running in a test: the real bot, a playground for its Slack, a stand-in for its arXiv."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import urlopen

from arxiv_server import ArxivServer
from judges import judge
from playground_driving import WAIT, Driver, until
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from web_server import WebServer

from arxiv_api.timing import POLITE, Timing
from bot import settings
from bot.composition.fusen import Fusen
from bot.composition.stores import stored
from playground import Playground, SlackApp
from playground.seed import TEAM_ID
from storage.engine import Database

QUICK = Timing(gap=0.2, connect=5, read=5, deadline=10, worst=20, first_pause=1, longest_pause=2)
LOADING = ("One moment", "読み込んで")
MANIFEST = Path(__file__).resolve().parent.parent / "slack_app_manifest.json"
APP = SlackApp.from_manifest(json.loads(MANIFEST.read_text(encoding="utf-8")))


class Slackers(Driver):
    """What people do in the playground, through Slack's own client and the playground's driving interface."""

    def __init__(self, url: str) -> None:
        super().__init__(url)
        told = self.get("members")["members"]
        self.clients = {
            member["name"]: WebClient(member["token"], base_url=f"{url}/api/", retry_handlers=[])
            for member in told
        }
        channels = {c["name"]: c["id"] for member in told for c in member["channels"] if c.get("name")}
        self.channels: Mapping[str, str] = channels
        self.ids = {member["name"]: member["id"] for member in told}

    def channel(self, name: str) -> str:
        return self.channels.get(name, name)

    def paste(self, text: str, member: str = "ben", channel: str = "papers", thread: str | None = None) -> str:
        """Post as a person; returns the time stamp."""
        told = self.clients[member].chat_postMessage(channel=self.channel(channel), text=text, thread_ts=thread)
        return str(told["ts"])

    def type(self, text: str, member: str = "ben", channel: str = "papers") -> str:
        """Post as a person at the keyboard: no mishap ordered for the Web API befalls it."""
        return str(self.act("say", member=member, channel=self.channel(channel), text=text)["ts"])

    def direct(self, member: str) -> str:
        """The channel of a member's direct messages with the bot."""
        told = self.state()
        opened = self.clients[member].conversations_open(users=[told["app"]["user_id"]])
        return str(opened["channel"]["id"])

    def thread(self, ts: str, channel: str = "papers", member: str = "aiko") -> list[dict[str, Any]]:
        """The messages of a thread after its first; none once the thread is gone."""
        try:
            told = self.clients[member].conversations_replies(channel=self.channel(channel), ts=ts)
        except SlackApiError as refusal:
            if refusal.response["error"] != "thread_not_found":
                raise
            return []
        return list(told["messages"])[1:]

    def answers(self, ts: str, channel: str = "papers", member: str = "aiko") -> list[dict[str, Any]]:
        """What the bot wrote in a thread."""
        return [message for message in self.thread(ts, channel, member) if message.get("bot_id")]

    def card(
        self, ts: str, says: str, channel: str = "papers", member: str = "aiko", seconds: float = WAIT
    ) -> dict[str, Any]:
        """The bot's answer in a thread that says something, awaited."""
        return until(
            lambda: next((m for m in self.answers(ts, channel, member) if says in shown(m)), None), seconds
        )

    def posts(self, channel: str = "papers", member: str = "aiko") -> list[dict[str, Any]]:
        """The messages of a channel outside threads, newest first."""
        return list(
            self.clients[member].conversations_history(channel=self.channel(channel), limit=200)["messages"]
        )

    def command(self, text: str, member: str = "ben", channel: str = "papers") -> str:
        """Type a slash command; returns what its ephemeral answer shows."""
        told = self.act("command", member=member, channel=self.channel(channel), text=text)
        return shown(told["answer"])

    def modal(self, member: str = "ben", says: str = "") -> dict[str, Any]:
        """The modal in front of a member, once it is filled and says something."""

        def filled() -> Any:
            views = self.views(member)["views"]
            loading = any(words in shown(views[-1]) for words in LOADING) if views else True
            return not loading and says in shown(views[-1]) and views[-1]

        return dict(until(filled))

    def errors(self, member: str) -> dict[str, Any]:
        """What the open modals of a member complain of."""
        return dict(self.views(member)["errors"])

    def complaints(self) -> list[dict[str, str]]:
        """What of all that Fusen has sent Slack would refuse, or a screen reader would not say."""
        return list(self.state()["complaints"])

    def act(self, deed: str, **what: Any) -> dict[str, Any]:
        """Do what Slack has no public method for; fail if the playground refuses."""
        told = dict(self.post(deed, **what))
        assert told["ok"], told
        return told


def shown(message: Mapping[str, Any]) -> str:
    """All that a message shows, as one text, the way Slack would read it to a person."""
    pieces: list[str] = []

    def walk(value: Any) -> None:
        if isinstance(value, Mapping):
            if isinstance(value.get("text"), str):
                pieces.append(value["text"])
            for inner in value.values():
                walk(inner)
        elif isinstance(value, list):
            for inner in value:
                walk(inner)

    walk(message.get("blocks") or [{"text": message.get("text", "")}])
    return re.sub(r"[\u200b]", "", "\n".join(pieces))


class House(Slackers):
    """A running Fusen with its surroundings."""

    def __init__(
        self,
        playground: Playground,
        arxiv: ArxivServer,
        web: WebServer,
        fusen: Fusen,
        database: Database,
        pages: Path,
        environment: dict[str, str],
    ) -> None:
        super().__init__(playground.url)
        self.playground = playground
        self.arxiv = arxiv
        self.web = web
        self.fusen = fusen
        self.database = database
        self.pages = pages
        self.environment = environment

    def page(self, path: str) -> str:
        """A published page as the web server gives it, as soon as it is there: pages are not built at once."""

        def read() -> bytes:
            try:
                with urlopen(self.fusen.pages_address + path, timeout=WAIT) as answer:
                    return bytes(answer.read())
            except HTTPError as refused:
                if refused.code != 404:
                    raise
                return b""

        return str(until(read).decode())

    def site(self) -> str:
        """Every published file of every flavour, one after the other."""
        texts = []
        folders = (self.pages, Path(self.environment["JEKYLL_FOLDER"]))
        for file in sorted(file for folder in folders for file in folder.rglob("*")):
            # While pages are written, what is laid aside for a moment may be gone before it is read.
            with suppress(FileNotFoundError, IsADirectoryError):
                texts.append(file.read_text(encoding="utf-8", errors="replace"))
        return "\n".join(texts)


@contextmanager
def running(
    folder: Path,
    database_url: str,
    pace: str = "quick",
    before: Callable[[Slackers], object] = lambda _: None,
    archive: bool = False,
    team: str = TEAM_ID,
    **environment: str,
) -> Iterator[House]:
    """Start everything in this process, and stop it in the end.

    `before` is what people do in Slack before Fusen comes. With `archive`, licences and versions are asked for.
    `team` is the workspace's id.
    """
    with ExitStack() as closing:
        arxiv, web = closing.enter_context(ArxivServer()), closing.enter_context(WebServer())
        playground = closing.enter_context(
            Playground(
                # Slack waits 3 s for an acknowledgement; a machine that does much else may need more.
                retry_after=(0.5, 1.0, 2.0),
                ack_seconds=8,
                trigger_seconds=WAIT,
                team=team,
                app=APP,
                judge=judge,
            )
        )
        before(Slackers(playground.url))
        told = {
            "SLACK_BOT_TOKEN": playground.bot_token,
            "SLACK_APP_TOKEN": playground.app_token,
            "SLACK_API_URL": playground.api_url,
            "DATABASE_URL": database_url,
            "ARXIV_API_URL": arxiv.url,
            "ARXIV_OAI_URL": arxiv.oai_url if archive else "",
            "PAGES_FOLDER": str(folder / "pages"),
            "JEKYLL_FOLDER": str(folder / "jekyll"),
            "PAGES_PORT": "0",
            **environment,
        }
        chosen = settings.read(told)
        stores = closing.enter_context(stored(chosen))
        fusen = Fusen(
            chosen, stores, threading.Event(), timing=POLITE if pace == "real" else QUICK, network=web.network
        )
        closing.callback(fusen.stop)
        fusen.start()
        house = House(playground, arxiv, web, fusen, stores.database, folder / "pages", told)
        yield house
        assert house.complaints() == []
