"""The playground going wrong on demand, and living on after a kill."""

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playground_driving import (
    AIKO,
    AIKO_TOKEN,
    APP_TOKEN,
    BOT_TOKEN,
    PAPERS,
    Driver,
    Recorder,
    client,
    until,
)
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry.builtin_handlers import RateLimitErrorRetryHandler

from playground import Playground, SlackError, StoreInUse


@pytest.fixture
def place() -> Iterator[Playground]:
    with Playground(unfurl_seconds=None) as running:
        yield running


@pytest.fixture
def driver(place: Playground) -> Driver:
    return Driver(place.url)


@pytest.fixture
def bot(place: Playground) -> WebClient:
    web = client(place, BOT_TOKEN)
    web.retry_handlers.clear()
    return web


def texts(web: WebClient) -> list[str]:
    return [m["text"] for m in web.conversations_history(channel=PAPERS)["messages"]]


def test_429_names_the_wait_and_ends_after_the_ordered_times(driver: Driver, bot: WebClient) -> None:
    driver.post("misbehave", method="chat.postMessage", how="429", times=2, seconds=3)
    for _ in range(2):
        with pytest.raises(SlackApiError) as caught:
            bot.chat_postMessage(channel=PAPERS, text="x")
        assert caught.value.response.status_code == 429
        assert caught.value.response.headers["Retry-After"] == "3"
        assert caught.value.response["error"] == "ratelimited"
    assert bot.auth_test()["ok"]
    assert bot.chat_postMessage(channel=PAPERS, text="x")["ok"]
    assert texts(bot) == ["x"]


def test_a_client_that_waits_as_told_gets_through(driver: Driver, bot: WebClient) -> None:
    driver.post("misbehave", method="*", how="429", times=1, seconds=1)
    bot.retry_handlers.append(RateLimitErrorRetryHandler(max_retry_count=1))
    assert bot.chat_postMessage(channel=PAPERS, text="x")["ok"]


def test_500_does_nothing(driver: Driver, bot: WebClient) -> None:
    driver.post("misbehave", method="chat.postMessage", how="500")
    with pytest.raises(SlackApiError) as caught:
        bot.chat_postMessage(channel=PAPERS, text="x")
    assert caught.value.response.status_code == 500
    assert texts(bot) == []


def test_a_cut_answer_leaves_the_message_posted(driver: Driver, bot: WebClient) -> None:
    driver.post("misbehave", method="chat.postMessage", how="cut")
    with pytest.raises((urllib.error.URLError, ConnectionError, OSError)):
        bot.chat_postMessage(channel=PAPERS, text="posted all the same")
    assert texts(bot) == ["posted all the same"]


def test_a_hanging_call_does_nothing(place: Playground, driver: Driver, bot: WebClient) -> None:
    driver.post("misbehave", method="chat.postMessage", how="hang", seconds=5)
    hasty = WebClient(BOT_TOKEN, base_url=place.api_url, timeout=1, retry_handlers=[])
    with pytest.raises((TimeoutError, urllib.error.URLError)):
        hasty.chat_postMessage(channel=PAPERS, text="x")
    assert texts(bot) == []


def test_orders_are_checked_and_taken_back(driver: Driver, bot: WebClient) -> None:
    assert driver.post("misbehave", method="auth.test", how="dance")["error"] == "invalid_arguments"
    assert driver.post("misbehave", method="auth.test", how="500", times=-1)["error"] == "invalid_arguments"
    driver.post("misbehave", method="auth.test", how="500", times=100)
    assert driver.post("misbehave", reset=True)["misbehaviour"]["calls"] == []
    assert bot.auth_test()["ok"]


def test_a_request_url_must_return_the_challenge(place: Playground, driver: Driver) -> None:
    with pytest.raises(SlackError, match="url_verification_failed"):
        place.set_request_url(f"{place.url}/playground/state")
    assert driver.post("request_url", url="http://127.0.0.1:1/")["error"] == "url_verification_failed"
    assert driver.state()["app"]["request_url"] == ""


def test_stopping_is_quick_even_with_a_hanging_call_and_an_open_socket(place: Playground, driver: Driver) -> None:
    with Recorder(place.url) as app:
        page = urllib.request.urlopen(f"{place.url}/playground/live?member=aiko", timeout=5)
        client(place, AIKO_TOKEN).chat_postMessage(channel=PAPERS, text="x")
        until(lambda: app.events)
        before = time.monotonic()
        place.stop()
        assert time.monotonic() - before < 10
        page.close()
    place.stop()


# Persistence


def launch(data: Path, port: int = 0) -> tuple[subprocess.Popen[str], str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "playground", "--data", str(data), "--port", str(port), "--retry-after", "0.1,0.1"],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout is not None
    line = process.stdout.readline()
    assert line.startswith("Playground: http://127.0.0.1:")
    return process, line.split()[1]


def test_everything_survives_kill_9(tmp_path: Path) -> None:
    data = tmp_path / "workspace.sqlite"
    process, url = launch(data)
    try:
        bot, aiko, driver = client(url, BOT_TOKEN), client(url, AIKO_TOKEN), Driver(url)
        metadata = {"event_type": "card", "event_payload": {"n": 1}}
        root = aiko.chat_postMessage(channel=PAPERS, text="root")["ts"]
        reply = bot.chat_postMessage(channel=PAPERS, text="card", thread_ts=root, metadata=metadata)["ts"]
        aiko.reactions_add(channel=PAPERS, timestamp=reply, name="eyes")
        made = aiko.conversations_create(name="made")["channel"]["id"]
        bot.views_publish(user_id=AIKO, view={"type": "home", "blocks": [{"type": "divider"}]})
        driver.post("revoke", token="xoxp-playground-ben")
        pending = set(driver.state()["pending_events"])
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()
    process, again = launch(data, int(url.rsplit(":", 1)[1]))
    try:
        assert again == url
        thread = bot.conversations_replies(channel=PAPERS, ts=root, include_all_metadata=True)["messages"]
        assert [m["ts"] for m in thread] == [root, reply]
        assert thread[1]["metadata"] == metadata
        assert thread[1]["reactions"][0]["name"] == "eyes"
        assert aiko.conversations_info(channel=made)["channel"]["name"] == "made"
        assert driver.views("aiko")["home"]["blocks"][0]["type"] == "divider"
        with pytest.raises(SlackApiError, match="token_revoked"):
            client(url, "xoxp-playground-ben").auth_test()
        assert set(driver.state()["pending_events"]) == pending
        assert bot.chat_postMessage(channel=PAPERS, text="later")["ts"] > reply
        with Recorder(url) as app:
            until(lambda: not driver.state()["pending_events"])
        assert pending <= {request.payload["event_id"] for request in app.requests}
        with pytest.raises(StoreInUse):
            Playground(data=data).start()
    finally:
        process.terminate()
        assert process.wait(60) == 0
    with Playground(data=data) as place:
        assert Driver(place.url).state()["pending_events"] == []


def test_an_event_taken_but_not_acknowledged_comes_again_after_a_kill(tmp_path: Path) -> None:
    process, url = launch(tmp_path / "workspace.sqlite")
    try:
        with Recorder(url, lambda _: None) as first:
            ts = client(url, AIKO_TOKEN).chat_postMessage(channel=PAPERS, text="x")["ts"]
            until(lambda: first.events)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    process, url = launch(tmp_path / "workspace.sqlite")
    try:
        with Recorder(url) as second:
            assert until(lambda: second.events)[0]["ts"] == ts
    finally:
        process.terminate()
        process.wait()


def test_a_manifest_says_what_the_app_has_registered(tmp_path: Path) -> None:
    manifest = {
        "display_information": {"name": "Helper"},
        "features": {
            "bot_user": {"display_name": "helper"},
            "slash_commands": [{"command": "/help-me", "description": "Helps"}],
            "shortcuts": [{"type": "global", "name": "Start", "callback_id": "start", "description": "x"}],
        },
        "settings": {"event_subscriptions": {"bot_events": ["message.im"]}},
    }
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    process = subprocess.Popen(
        [sys.executable, "-m", "playground", "--manifest", str(tmp_path / "manifest.json")],
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert process.stdout is not None
    url = process.stdout.readline().split()[1]
    app = Driver(url).state()["app"]
    process.terminate()
    assert (app["name"], app["events"]) == ("helper", ["message.im"])
    assert app["commands"][0]["name"] == "/help-me"
    assert app["shortcuts"][0]["callback_id"] == "start"
    assert process.wait(60) == 0
    assert app["app_token"] == APP_TOKEN
