"""A process that can store nothing leaves Slack's events to the others."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from playground_driving import APP_TOKEN, BOT_TOKEN, Driver, until
from slack_bolt import App
from slack_sdk import WebClient

from bot.socket_mode import SocketMode
from papers.errors import DatabaseUnreachable
from playground import Playground


@pytest.fixture
def slack() -> Iterator[Playground]:
    with Playground() as playground:
        yield playground


def test_slack_s_events_go_to_others_until_something_can_be_stored_again(slack: Playground) -> None:
    driver, asked, able = Driver(slack.url), threading.Event(), threading.Event()

    def look() -> None:
        asked.set()
        if not able.is_set():
            raise DatabaseUnreachable("db", "gone")

    app = App(client=WebClient(BOT_TOKEN, base_url=slack.api_url), signing_secret="none", token=BOT_TOKEN)
    sockets = SocketMode(app, APP_TOKEN, slack.api_url)
    sockets.connect()
    try:
        until(lambda: driver.state()["connections"] == 1)
        sockets.rest(look)
        sockets.rest(look)
        assert asked.wait(60)
        until(lambda: driver.state()["connections"] == 0)
        able.set()
        until(lambda: driver.state()["connections"] == 1)
    finally:
        sockets.close()
