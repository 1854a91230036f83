"""Who is in a channel, how that changes, and what the app is told of it."""

from collections.abc import Iterator

import pytest
from playground_driving import (
    AIKO,
    AIKO_TOKEN,
    BEN,
    BEN_TOKEN,
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

from playground import Command, Playground, SlackApp


@pytest.fixture
def place() -> Iterator[Playground]:
    with Playground(app=SlackApp(commands=(Command("/note"),)), unfurl_seconds=None) as running:
        yield running


@pytest.fixture
def driver(place: Playground) -> Driver:
    return Driver(place.url)


@pytest.fixture
def reading(place: Playground) -> str:
    """A public channel of Aiko's without the app."""
    return str(client(place, AIKO_TOKEN).conversations_create(name="reading")["channel"]["id"])


def may_post(bot: WebClient, channel: str) -> str:
    try:
        bot.chat_postMessage(channel=channel, text="x")
    except SlackApiError as refusal:
        return str(refusal.response["error"])
    return "ok"


def test_an_invited_app_hears_who_invited_it_and_may_speak(
    place: Playground, driver: Driver, reading: str
) -> None:
    bot = client(place, BOT_TOKEN)
    assert may_post(bot, reading) == "not_in_channel"
    with Recorder(place.url) as app:
        assert driver.post("command", member="aiko", channel=reading, text="/invite @fusen")["ok"]
        joined = until(lambda: app.of("member_joined_channel"))[0]
        said = until(lambda: app.of("message", "channel_join"))[0]
    assert (joined["user"], joined["inviter"], joined["channel"]) == (BOT, AIKO, reading)
    assert (joined["channel_type"], joined["team"]) == ("C", "T00PLAYGRND")
    assert (said["user"], said["inviter"], said["text"]) == (BOT, AIKO, f"<@{BOT}> has joined the channel")
    assert app.of("app_mention") == []
    assert may_post(bot, reading) == "ok"
    assert bot.conversations_members(channel=reading)["members"] == [AIKO, BOT]


@pytest.mark.parametrize(("channel", "kind"), [(PAPERS, "channel_left"), (PRIVATE, "group_left")])
def test_a_removed_app_hears_that_and_nothing_more(
    place: Playground, driver: Driver, channel: str, kind: str
) -> None:
    bot = client(place, BOT_TOKEN)
    with Recorder(place.url) as app:
        assert driver.post("command", member="aiko", channel=channel, text="/kick @fusen")["ok"]
        driver.post("say", member="aiko", channel=channel, text="alone at last")
        left = until(lambda: app.of(kind))[0]
        driver.post("say", member="aiko", channel="general", text="a later one")
        until(lambda: app.of("message"))
    assert (left["channel"], left["actor_id"]) == (channel, AIKO)
    assert [e["type"] for e in app.events] == [kind, "message"]
    assert may_post(bot, channel) == ("not_in_channel" if channel == PAPERS else "channel_not_found")


def test_people_come_and_go(place: Playground, driver: Driver) -> None:
    with Recorder(place.url) as app:
        assert driver.post("leave", member="ben", channel=PAPERS)["members"] == [BOT, AIKO]
        assert driver.post("join", member="ben", channel=PAPERS)["ok"]
        assert driver.post("kick", member="aiko", channel=PAPERS, user="ben")["ok"]
        assert driver.post("invite", member="aiko", channel=PRIVATE, user="ben")["ok"]
        until(lambda: len(app.of("member_joined_channel")) == 2 and len(app.of("member_left_channel")) == 2)
        told = until(lambda: app.of("message", "channel_leave")[1:] and app.of("message", "channel_leave"))
    assert {e["channel_type"] for e in app.of("member_joined_channel")} == {"C", "G"}
    assert {e["user"] for e in app.of("member_left_channel")} == {BEN}
    assert f"<@{BEN}> was removed from the channel by <@{AIKO}>" in [e["text"] for e in told]


def test_refusals_are_slacks(place: Playground, driver: Driver, reading: str) -> None:
    ben = {"member": "ben"}
    assert driver.post("invite", **ben, channel=reading, user="fusen")["error"] == "not_in_channel"
    assert driver.post("kick", **ben, channel=PAPERS, user="ben")["error"] == "cant_kick_self"
    assert driver.post("kick", **ben, channel="general", user="fusen")["error"] == "cant_kick_from_general"
    assert driver.post("leave", **ben, channel="general")["error"] == "cant_leave_general"
    assert driver.post("join", **ben, channel=PRIVATE)["error"] == "channel_not_found"
    assert driver.post("invite", **ben, channel=PAPERS, user="fusen")["error"] == "already_in_channel"
    assert driver.post("invite", **ben, channel=PAPERS, user="nobody")["error"] == "user_not_found"
    assert driver.post("command", **ben, channel=PAPERS, text="/invite")["error"] == "user_not_found"
    assert "/invite failed" in driver.whispers("ben")[0]["text"]
    outside = client(place, BEN_TOKEN)
    with pytest.raises(SlackApiError, match="not_in_channel"):
        outside.conversations_kick(channel=reading, user=AIKO)
