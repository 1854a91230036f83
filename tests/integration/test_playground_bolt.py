"""Bolt for Python in the playground, over Socket Mode and over signed HTTP: the same app, the same answers."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from loopback import LoopbackServer, Quiet
from playground_driving import (
    AIKO,
    AIKO_DM,
    AIKO_TOKEN,
    APP_TOKEN,
    BOT_TOKEN,
    PAPERS,
    Driver,
    client,
    in_background,
    until,
)
from slack_bolt import App, BoltRequest
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from playground import Command, Playground, Shortcut, SlackApp

SECRET = "playground-signing-secret"
APP = SlackApp(
    name="helper",
    commands=(Command("/note", "Notes", "[text]"), Command("/quiet"), Command("/escaped", should_escape=True)),
    shortcuts=(Shortcut("message", "Keep this", "keep"), Shortcut("global", "Start", "start")),
)


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def modal(title: str, **more: Any) -> dict[str, Any]:
    field = {"type": "plain_text_input", "action_id": "value", "max_length": 10}
    block = {"type": "input", "block_id": "word", "label": plain("Word"), "element": field}
    view = {"type": "modal", "callback_id": "word_modal", "title": plain(title), "submit": plain("Save")}
    return view | {"blocks": [block]} | more


CARD = [
    {"type": "section", "text": {"type": "mrkdwn", "text": "*card*"}},
    {
        "type": "actions",
        "block_id": "card",
        "elements": [
            {"type": "button", "action_id": "open", "text": plain("Open"), "value": "42"},
            {"type": "button", "action_id": "replace", "text": plain("Replace")},
            {
                "type": "static_select",
                "action_id": "pick",
                "options": [{"text": plain("One"), "value": "1"}, {"text": plain("Two"), "value": "2"}],
            },
        ],
    },
]


class Seen:
    """What the app was told, for the tests to look at."""

    def __init__(self) -> None:
        self.bodies: list[dict[str, Any]] = []
        self.errors: list[str] = []


def build(base_url: str, seen: Seen) -> App:
    app = App(
        client=WebClient(BOT_TOKEN, base_url=base_url),
        signing_secret=SECRET,
        token_verification_enabled=True,
    )

    @app.use
    def remember(body: dict[str, Any], next: Callable[[], None]) -> None:
        seen.bodies.append(body)
        next()

    add_listeners(app)
    add_modal(app, seen)
    return app


def add_listeners(app: App) -> None:
    @app.event("message")
    def hear(event: dict[str, Any], client: WebClient) -> None:
        if "card" in event.get("text", "") and not event.get("subtype"):
            client.chat_postMessage(channel=event["channel"], thread_ts=event["ts"], text="card", blocks=CARD)

    @app.command("/note")
    def note(ack: Callable[..., Any], command: dict[str, str], respond: Callable[..., Any]) -> None:
        if command["text"] == "loud":
            ack(response_type="in_channel", text="said aloud")
        elif command["text"] == "later":
            ack()
            respond("answered later")
        else:
            ack(f"you said: {command['text']}")

    @app.command("/escaped")
    def escaped(ack: Callable[..., Any], command: dict[str, str]) -> None:
        ack(f"`{command['text']}`")

    @app.event("app_home_opened")
    def home(event: dict[str, Any], client: WebClient) -> None:
        blocks = [{"type": "section", "text": plain(f"Home of {event['user']}")}]
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": blocks})


def add_modal(app: App, seen: Seen) -> None:
    @app.action("open")
    def opened(ack: Callable[..., Any], body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=modal("First"))
        try:
            client.views_open(trigger_id=body["trigger_id"], view=modal("Again"))
        except SlackApiError as refusal:
            seen.errors.append(refusal.response["error"])

    @app.action("replace")
    def replace(ack: Callable[..., Any], respond: Callable[..., Any]) -> None:
        ack()
        respond(text="replaced", replace_original=True)

    @app.action("pick")
    def pick(ack: Callable[..., Any]) -> None:
        ack()

    @app.view("word_modal")
    def submitted(ack: Callable[..., Any], view: dict[str, Any]) -> None:
        word = view["state"]["values"]["word"]["value"]["value"]
        answers: dict[str, dict[str, Any]] = {
            "bad": {"response_action": "errors", "errors": {"word": "Not this word"}},
            "update": {"response_action": "update", "view": modal("Second")},
            "push": {"response_action": "push", "view": modal("On top", notify_on_close=True)},
            "clear": {"response_action": "clear"},
        }
        ack(**answers.get(word, {}))

    @app.view_closed("word_modal")
    def closed(ack: Callable[..., Any]) -> None:
        ack()

    @app.shortcut("keep")
    @app.shortcut("start")
    def shortcut(ack: Callable[..., Any], body: dict[str, Any], client: WebClient) -> None:
        ack()
        client.views_open(trigger_id=body["trigger_id"], view=modal("From shortcut"))


def serve_http(app: App) -> LoopbackServer:
    """Serve a Bolt app over HTTP as a team would behind its web server."""

    class Handler(Quiet):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            answer = app.dispatch(BoltRequest(body=body, headers={k: [v] for k, v in self.headers.items()}))
            self.send_response(answer.status)
            for name, values in answer.headers.items():
                for value in values:
                    self.send_header(name, value)
            self.end_headers()
            self.wfile.write((answer.body or "").encode())

    return LoopbackServer(Handler)


@pytest.fixture
def place() -> Iterator[Playground]:
    with Playground(app=APP, unfurl_seconds=None, retry_after=(0.0, 0.1, 0.1)) as running:
        yield running


@pytest.fixture(params=["socket", "http"])
def seen(request: pytest.FixtureRequest, place: Playground) -> Iterator[Seen]:
    seen = Seen()
    app = build(place.api_url, seen)
    if request.param == "socket":
        handler = SocketModeHandler(app, APP_TOKEN, web_client=WebClient(APP_TOKEN, base_url=place.api_url))
        handler.connect()
        yield seen
        in_background(handler.close)
        return
    with serve_http(app) as server:
        place.set_request_url(f"{server.origin}/slack/events")
        yield seen


@pytest.fixture
def driver(place: Playground) -> Driver:
    return Driver(place.url)


@pytest.fixture
def card(place: Playground, seen: Seen) -> str:
    """The ts of a card that the app posted in a thread."""
    aiko = client(place, AIKO_TOKEN)
    root = aiko.chat_postMessage(channel=PAPERS, text="a card please")["ts"]
    thread = until(lambda: aiko.conversations_replies(channel=PAPERS, ts=root)["messages"][1:])
    return str(thread[0]["ts"])


def top(driver: Driver) -> str:
    views = driver.views("aiko")["views"]
    return views[-1]["title"]["text"] if views else ""


def test_a_command_is_answered_to_one_member(seen: Seen, driver: Driver) -> None:
    answer = driver.post("command", member="aiko", channel="papers", text="/note hello @ben & you")
    assert answer["answer"] == {"text": "you said: hello @ben & you"}
    assert [m["text"] for m in driver.whispers("aiko")] == ["you said: hello @ben &amp; you"]
    assert driver.whispers("ben") == []
    body = seen.bodies[-1]
    assert (body["command"], body["user_id"], body["channel_id"]) == ("/note", AIKO, PAPERS)


def test_a_command_can_be_answered_aloud_and_later(place: Playground, seen: Seen, driver: Driver) -> None:
    driver.post("command", member="aiko", channel=PAPERS, text="/note loud")
    history = client(place, AIKO_TOKEN).conversations_history(channel=PAPERS)["messages"]
    assert [m["text"] for m in history] == ["said aloud"]
    driver.post("command", member="aiko", channel=PAPERS, text="/note later")
    until(lambda: [m["text"] for m in driver.whispers("aiko")] == ["answered later"])


def test_an_escaped_command_names_people_and_links_as_slack_does(seen: Seen, driver: Driver) -> None:
    driver.post("command", member="aiko", channel=PAPERS, text="/escaped @ben #papers https://x.org a<b")
    assert seen.bodies[-1]["text"] == f"<@U0000000BEN> <#{PAPERS}> <https://x.org> a&lt;b"


def test_commands_are_refused_as_slack_refuses_them(seen: Seen, driver: Driver) -> None:
    ts = driver.post("say", member="aiko", channel=PAPERS, text="root")["ts"]
    in_thread = driver.post("command", member="aiko", channel=PAPERS, text="/note x", thread_ts=ts)
    assert in_thread["error"] == "not_supported_in_threads"
    assert driver.post("command", member="aiko", channel=PAPERS, text="/unknown")["error"] == "unknown_command"
    assert (
        driver.post("command", member="ben", channel="lab-private", text="/note x")["error"] == "channel_not_found"
    )
    assert "not supported in threads" in driver.whispers("aiko")[0]["text"]


def test_a_command_without_a_listener_fails_for_the_person(seen: Seen, driver: Driver) -> None:
    answer = driver.post("command", member="aiko", channel=PAPERS, text="/quiet")
    assert answer["error"] in ("operation_timeout", "dispatch_failed")
    assert "/quiet failed" in driver.whispers("aiko")[0]["text"]


def test_a_click_carries_the_message_and_opens_a_modal_once(seen: Seen, driver: Driver, card: str) -> None:
    assert driver.post("click", member="aiko", channel=PAPERS, ts=card, text="Open")["ok"]
    until(lambda: top(driver) == "First" and seen.errors)
    body = next(b for b in seen.bodies if b.get("type") == "block_actions")
    assert body["message"]["ts"] == card
    assert body["container"]["thread_ts"] == body["message"]["thread_ts"]
    assert (body["actions"][0]["value"], body["actions"][0]["block_id"]) == ("42", "card")
    assert seen.errors == ["exchanged_trigger_id"]


def test_a_choice_carries_the_option(seen: Seen, driver: Driver, card: str) -> None:
    driver.post("click", member="aiko", channel=PAPERS, ts=card, action_id="pick", value="2")
    assert seen.bodies[-1]["actions"][0]["selected_option"]["text"]["text"] == "Two"
    wrong = driver.post("click", member="aiko", channel=PAPERS, ts=card, action_id="pick", value="3")
    assert wrong["error"] == "invalid_arguments"
    assert driver.post("click", member="aiko", channel=PAPERS, ts=card, text="Nope")["error"] == "action_not_found"


def test_the_original_can_be_replaced(place: Playground, seen: Seen, driver: Driver, card: str) -> None:
    driver.post("click", member="aiko", channel=PAPERS, ts=card, action_id="replace")
    aiko = client(place, AIKO_TOKEN)
    until(lambda: aiko.conversations_replies(channel=PAPERS, ts=card)["messages"][1]["text"] == "replaced")


def test_a_modal_goes_through_errors_update_push_and_clear(seen: Seen, driver: Driver, card: str) -> None:
    driver.post("click", member="aiko", channel=PAPERS, ts=card, text="Open")
    until(lambda: top(driver) == "First")
    empty = driver.post("view/submit", member="aiko")
    assert empty["errors"] == {"word": "Please complete this required field."}
    long = driver.post("view/submit", member="aiko", values={"value": "x" * 11})
    assert long["errors"] == {"word": "Must be less than 11 characters."}
    bad = driver.post("view/submit", member="aiko", values={"word": {"value": "bad"}})
    assert bad["errors"] == {"word": "Not this word"}
    assert top(driver) == "First"
    driver.post("view/submit", member="aiko", values={"value": "update"})
    assert top(driver) == "Second"
    driver.post("view/submit", member="aiko", values={"value": "push"})
    assert top(driver) == "On top"
    assert len(driver.views("aiko")["views"]) == 2
    driver.post("view/close", member="aiko")
    assert seen.bodies[-1]["type"] == "view_closed"
    assert top(driver) == "Second"
    driver.post("view/submit", member="aiko", values={"value": "push"})
    driver.post("view/submit", member="aiko", values={"value": "clear"})
    assert driver.views("aiko")["views"] == []


def test_shortcuts_reach_the_app(seen: Seen, driver: Driver) -> None:
    ts = driver.post("say", member="aiko", channel=PAPERS, text="keep me")["ts"]
    driver.post("shortcut", member="aiko", callback_id="keep", channel=PAPERS, message_ts=ts)
    body = next(b for b in seen.bodies if b.get("type") == "message_action")
    assert (body["message"]["text"], body["channel"]["id"]) == ("keep me", PAPERS)
    until(lambda: top(driver) == "From shortcut")
    driver.post("view/submit", member="aiko", values={"value": "ok"})
    assert driver.views("aiko")["views"] == []
    driver.post("shortcut", member="ben", callback_id="start")
    until(lambda: driver.views("ben")["views"])


def test_the_home_tab_is_published_for_one_member(seen: Seen, driver: Driver) -> None:
    driver.post("home/open", member="aiko")
    home = until(lambda: driver.views("aiko")["home"])
    assert home["blocks"][0]["text"]["text"] == f"Home of {AIKO}"
    assert driver.views("ben")["home"] is None
    opened = next(b["event"] for b in seen.bodies if b.get("event", {}).get("type") == "app_home_opened")
    assert (opened["channel"], opened["tab"]) == (AIKO_DM, "home")


def test_a_late_trigger_is_expired() -> None:
    with Playground(trigger_seconds=0.0) as place:
        seen = Seen()
        app = build(place.api_url, seen)
        app.action("late")(lambda ack: ack())
        handler = SocketModeHandler(app, APP_TOKEN, web_client=WebClient(APP_TOKEN, base_url=place.api_url))
        handler.connect()
        bot = client(place, BOT_TOKEN)
        button = {"type": "button", "action_id": "late", "text": plain("Late")}
        ts = bot.chat_postMessage(channel=PAPERS, text="x", blocks=[{"type": "actions", "elements": [button]}])[
            "ts"
        ]
        Driver(place.url).post("click", member="aiko", channel=PAPERS, ts=ts, action_id="late")
        in_background(handler.close)
        with pytest.raises(SlackApiError) as caught:
            bot.views_open(trigger_id=seen.bodies[-1]["trigger_id"], view=modal("Too late"))
        assert caught.value.response["error"] == "expired_trigger_id"
        with pytest.raises(SlackApiError) as caught:
            bot.views_open(trigger_id="never given", view=modal("Unknown"))
        assert caught.value.response["error"] == "invalid_trigger_id"
