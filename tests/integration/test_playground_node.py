"""Bolt for Node in the playground: an app of another language and maker, over Socket Mode and signed HTTP."""

import os
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from node_packages import NODE, installed, needs_node
from playground_driving import AIKO_DM, AIKO_TOKEN, PAPERS, Driver, client, until

from playground import Playground

SOURCE = Path(__file__).parent / "node"


@pytest.fixture(scope="module")
def app_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the app and its packages."""
    return installed(SOURCE, tmp_path_factory.mktemp("node"))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(params=["socket", "http"])
def driver(request: pytest.FixtureRequest, app_folder: Path) -> Iterator[Driver]:
    with Playground(unfurl_seconds=None) as place:
        port = free_port()
        environment = os.environ | {"API": place.api_url, "MODE": request.param, "PORT": str(port)}
        process = subprocess.Popen(
            [str(NODE), "app.js"], cwd=app_folder, env=environment, stdout=subprocess.PIPE, text=True
        )
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "ready\n"
            if request.param == "http":
                place.set_request_url(f"http://127.0.0.1:{port}/slack/events")
            yield Driver(place.url)
        finally:
            process.kill()
            process.wait()


@needs_node
def test_a_node_app_hears_answers_and_opens_modals(driver: Driver) -> None:
    aiko = client(driver.url, AIKO_TOKEN)
    root = driver.post("say", member="aiko", channel="papers", text="ping @fusen")["ts"]
    reply = until(lambda: aiko.conversations_replies(channel=PAPERS, ts=root)["messages"][1:])[0]
    assert reply["text"] == "pong"
    until(lambda: "reactions" in aiko.reactions_get(channel=PAPERS, timestamp=root)["message"])

    assert driver.post("command", member="ben", channel="papers", text="/shout hello")["ok"]
    until(lambda: [m["text"] for m in driver.whispers("ben")] == ["HELLO"])

    assert driver.post("click", member="aiko", channel="papers", ts=reply["ts"], text="More")["ok"]
    until(lambda: driver.views("aiko")["views"])
    refused = driver.post("view/submit", member="aiko", values={"value": "bad"})
    assert refused["errors"] == {"word": "Not this word"}
    assert driver.post("view/submit", member="aiko", values={"value": "good"})["ok"]
    until(lambda: aiko.conversations_history(channel=AIKO_DM)["messages"])
    assert aiko.conversations_history(channel=AIKO_DM)["messages"][0]["text"] == "good 7"
    until(lambda: not driver.state()["pending_events"])
    assert driver.state()["given_up_events"] == []
