"""Opening the way to Slack by socket: refused tokens are told in words, and Slack's bad days are waited out."""

from __future__ import annotations

import asyncio
import json
import logging
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from aiohttp import web
from house import Slackers
from loopback import LoopbackServer, Quiet
from playground_driving import Driver, until
from slack_bolt import Ack, App
from slack_sdk import WebClient
from slack_sdk.socket_mode.builtin import client
from slack_sdk.socket_mode.builtin.connection import ConnectionState
from started import ROOT, fusen_run

from bot import socket_mode
from bot.blocks import TEXT, TOGETHER
from bot.connecting import SlackRefused, insist
from bot.figures import Figures
from bot.slack import Slack
from bot.socket_mode import SocketMode
from playground import Playground
from playground.sockets import Sockets


def settings(playground: Playground, app_token: str) -> dict[str, str]:
    return {
        "SLACK_BOT_TOKEN": playground.bot_token,
        "SLACK_APP_TOKEN": app_token,
        "SLACK_API_URL": playground.api_url,
        "ARXIV_API_URL": "http://127.0.0.1:9/",
    }


def test_an_app_token_that_slack_refuses_ends_the_start_with_a_sentence(tmp_path: Path) -> None:
    with Playground() as playground:
        chosen = {**settings(playground, "xapp-hunter2"), "PAGES_PORT": "0", "PYTHONPATH": str(ROOT)}
        told = subprocess.run(
            [sys.executable, "-m", "bot.main", "run"],
            cwd=tmp_path,
            env=chosen,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
    assert told.returncode == 1
    assert "Slack does not accept the tokens (invalid_auth)" in told.stderr
    assert "Traceback" not in told.stderr
    assert "hunter2" not in told.stderr
    assert "As you gave" not in told.stderr, "that the token stands in the environment is no news"


@pytest.mark.parametrize("reason", ["missing_scope", "not_allowed_token_type"])
def test_a_token_that_may_not_do_this_is_not_tried_for_ever(reason: str) -> None:
    class Refusing(Quiet):
        def do_POST(self) -> None:
            self.answer(json.dumps({"ok": False, "error": reason}).encode())

    with LoopbackServer(Refusing) as slack:
        asking = Slack("xoxb-hunter2", f"{slack.origin}/api/")
        with pytest.raises(SlackRefused, match=reason):
            insist(asking.identity, threading.Event())


def test_a_socket_that_slack_cannot_open_at_the_start_is_asked_for_again(tmp_path: Path) -> None:
    with Playground() as playground:
        driver = Driver(playground.url)
        for how in ("500", "cut"):
            driver.post("misbehave", method="apps.connections.open", how=how, times=1)
        with fusen_run(tmp_path, **settings(playground, playground.app_token)) as started:
            assert started.process.poll() is None
            assert driver.state()["connections"] == 1


def test_a_socket_that_cannot_be_opened_again_is_told_by_the_log_and_the_figures(
    caplog: pytest.LogCaptureFixture,
) -> None:
    figures = Figures()
    with Playground() as playground:
        driver = Driver(playground.url)
        app = App(client=WebClient(playground.bot_token, base_url=playground.api_url))
        way = SocketMode(app, playground.app_token, playground.api_url)
        figures.tell_connected(way.is_connected)
        way.connect()
        assert figures.registry.get_sample_value("fusen_slack_connected") == 1
        driver.post("revoke", token=playground.app_token)
        tries = "Failed to check the current session"
        driver.post("disconnect", hard=True)
        until(lambda: "not heard" in caplog.text)
        assert figures.registry.get_sample_value("fusen_slack_connected") == 0
        driver.post("misbehave", method="apps.connections.open", how="500", times=1)
        until(lambda: not driver.state()["misbehaviour"]["calls"])  # it has been tried again
        assert [(one.levelname, one.message) for one in caplog.records if "not heard" in one.message] == [
            ("ERROR", "Slack is not heard: it does not accept SLACK_APP_TOKEN (token_revoked)")
        ]
        assert not {one.message for one in caplog.records if one.message.startswith(tries) or "WSS" in one.message}
        driver.post("restore", token=playground.app_token)
        until(lambda: "Slack is heard again" in caplog.text)
        assert figures.registry.get_sample_value("fusen_slack_connected") == 1
        way.close()


def test_slack_is_heard_though_its_receiver_began_while_the_socket_was_opened(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The receiver may look between the line that gives it a socket and the one that gives the word to end."""
    begins = threading.Event()
    logger = logging.Logger("begins early")
    logger.setLevel(logging.INFO)
    logger.addFilter(
        lambda record: begins.set() or True if record.getMessage().startswith("Starting to") else True
    )

    class Early(ConnectionState):
        def __init__(self) -> None:
            super().__init__()
            begins.wait(1)

    with Playground() as playground:
        driver = Driver(playground.url)
        app = App(client=WebClient(playground.bot_token, base_url=playground.api_url), logger=logger)
        heard: list[str] = []
        app.event("message")(lambda event: heard.append(event["text"]))
        way = SocketMode(app, playground.app_token, playground.api_url)
        monkeypatch.setattr(client, "ConnectionState", Early)
        way.connect()
        assert begins.is_set()
        driver.post("disconnect", hard=True)
        Slackers(playground.url).paste("still here")
        until(lambda: heard == ["still here"])
        way.close()


def test_a_socket_that_answers_no_ping_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its other side was cut off, or forgot it, before a single answer came."""
    serve, mute = Sockets.serve, threading.Event()

    async def dead_at_first(self: Sockets, request: web.Request) -> web.StreamResponse:
        if mute.is_set():
            return await serve(self, request)
        mute.set()
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await asyncio.sleep(120)  # nothing is read, nothing answered
        return socket

    monkeypatch.setattr(Sockets, "serve", dead_at_first)
    monkeypatch.setattr(socket_mode, "PING_SECONDS", 0.25)
    with Playground() as playground:
        app = App(client=WebClient(playground.bot_token, base_url=playground.api_url))
        way = SocketMode(app, playground.app_token, playground.api_url)
        way.connect()
        assert mute.is_set()
        until(lambda: Driver(playground.url).state()["connections"] == 1)
        way.close()


@pytest.mark.parametrize("sign", ["紙", "😀"])
def test_the_longest_answer_reaches_who_asked(sign: str) -> None:
    with Playground() as playground:
        app = App(client=WebClient(playground.bot_token, base_url=playground.api_url))

        @app.command("/note")
        def take(ack: Ack) -> None:
            words = [{"type": "section", "text": {"type": "mrkdwn", "text": sign * 2900}} for _ in range(4)]
            assert sum(len(one["text"]["text"]) for one in words) > 0.95 * TOGETHER
            ack(text=sign * TEXT, blocks=words)

        way = SocketMode(app, playground.app_token, playground.api_url)
        way.connect()
        assert sign * 2900 in Slackers(playground.url).command("/note tags")
        way.close()
