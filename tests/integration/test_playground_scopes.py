"""What a manifest's scopes and subscriptions let the app do and hear, seen with reactions."""

from collections.abc import Iterator
from typing import Any

import pytest
from playground_driving import (
    AIKO,
    AIKO_TOKEN,
    BEN,
    BOT,
    BOT_TOKEN,
    PAPERS,
    PRIVATE,
    Driver,
    Recorder,
    client,
    until,
)
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from playground import Playground, Shortcut, SlackApp

REACTIONS = ("reaction_added", "reaction_removed")


def manifest(scopes: tuple[str, ...], events: tuple[str, ...]) -> dict[str, Any]:
    return {
        "display_information": {"name": "helper"},
        "oauth_config": {"scopes": {"bot": list(scopes)}},
        "settings": {"event_subscriptions": {"bot_events": list(events)}},
    }


def place_for(scopes: tuple[str, ...], events: tuple[str, ...]) -> Playground:
    return Playground(app=SlackApp.from_manifest(manifest(scopes, events)), unfurl_seconds=None)


@pytest.fixture
def place() -> Iterator[Playground]:
    with place_for(("reactions:read", "reactions:write", "chat:write", "channels:read"), REACTIONS) as running:
        yield running


@pytest.fixture
def bot(place: Playground) -> WebClient:
    return client(place, BOT_TOKEN)


def refusal(call: Any, **what: Any) -> dict[str, Any]:
    with pytest.raises(SlackApiError) as caught:
        call(**what)
    return dict(caught.value.response.data)


def test_reactions_of_members_and_of_the_app_are_told(place: Playground, bot: WebClient) -> None:
    driver = Driver(place.url)
    with Recorder(place.url) as app:
        ts = driver.post("say", member="aiko", channel=PAPERS, text="x")["ts"]
        driver.post("react", member="ben", channel=PAPERS, ts=ts, name=":bookmark:")
        bot.reactions_add(channel=PAPERS, timestamp=ts, name="eyes")
        driver.post("react", member="ben", channel=PAPERS, ts=ts, name="bookmark", remove=True)
        until(lambda: len(app.events) == 3)
    by_user = {(e["type"], e["user"], e["reaction"]) for e in app.events}
    assert by_user == {
        ("reaction_added", BEN, "bookmark"),
        ("reaction_added", BOT, "eyes"),
        ("reaction_removed", BEN, "bookmark"),
    }
    for event in app.events:
        assert event["item"] == {"type": "message", "channel": PAPERS, "ts": ts}
        assert event["item_user"] == AIKO
        assert float(event["event_ts"]) > float(ts)
    assert bot.reactions_get(channel=PAPERS, timestamp=ts)["message"]["reactions"] == [
        {"name": "eyes", "users": [BOT], "count": 1}
    ]


def test_reactions_are_refused_as_slack_refuses_them(place: Playground, bot: WebClient) -> None:
    driver = Driver(place.url)
    ts = driver.post("say", member="aiko", channel=PAPERS, text="x")["ts"]
    where = {"channel": PAPERS, "timestamp": ts}
    assert refusal(bot.reactions_add, **where, name="No Such Name")["error"] == "invalid_name"
    assert refusal(bot.reactions_remove, **where, name="eyes")["error"] == "no_reaction"
    bot.reactions_add(**where, name="eyes")
    assert refusal(bot.reactions_add, **where, name="eyes")["error"] == "already_reacted"
    assert refusal(bot.reactions_add, channel=PAPERS, timestamp="soon", name="eyes")["error"] == "bad_timestamp"
    what = {"member": "ben", "channel": PAPERS, "ts": ts}
    assert driver.post("react", **what, name="")["error"] == "invalid_name"
    assert driver.post("react", **what, name="eyes", remove=True)["error"] == "no_reaction"


def test_without_the_scope_nothing_is_heard_and_nothing_may_be_done() -> None:
    with place_for(("chat:write", "channels:history"), (*REACTIONS, "message.channels")) as place:
        driver, bot = Driver(place.url), client(place, BOT_TOKEN)
        with Recorder(place.url) as app:
            ts = driver.post("say", member="aiko", channel=PAPERS, text="x")["ts"]
            driver.post("react", member="ben", channel=PAPERS, ts=ts, name="eyes")
            driver.post("say", member="aiko", channel=PAPERS, text="y")
            until(lambda: len(app.of("message")) == 2)
            assert [e["type"] for e in app.events] == ["message", "message"]
        refused = refusal(bot.reactions_add, channel=PAPERS, timestamp=ts, name="eyes")
        assert refused["error"] == "missing_scope"
        assert refused["needed"] == "reactions:write"
        assert refused["provided"] == "channels:history,chat:write"
        assert refusal(bot.conversations_history, channel=PRIVATE)["needed"] == "groups:history"
        assert bot.conversations_history(channel=PAPERS)["messages"]


def test_reactions_where_the_app_is_not_are_not_told(place: Playground) -> None:
    aiko, driver = client(place, AIKO_TOKEN), Driver(place.url)
    made = aiko.conversations_create(name="without")["channel"]["id"]
    with Recorder(place.url) as app:
        for channel in (made, PAPERS):
            ts = driver.post("say", member="aiko", channel=channel, text="x")["ts"]
            driver.post("react", member="aiko", channel=channel, ts=ts, name="eyes")
        until(lambda: app.events)
    assert [e["item"]["channel"] for e in app.events] == [PAPERS]


def test_an_app_has_at_most_ten_shortcuts() -> None:
    ten = tuple(Shortcut("global", f"Do {n}", f"do_{n}") for n in range(10))
    assert SlackApp(shortcuts=ten).shortcuts == ten
    with pytest.raises(ValueError, match="at most 10"):
        SlackApp(shortcuts=(*ten, Shortcut("global", "Do more", "more")))
