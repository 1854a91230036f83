"""What the playground tells an app, when it tells it again, and in which shape."""

import itertools
import json
from collections.abc import Iterator

import pytest
from playground_driving import (
    AIKO,
    AIKO_DM,
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
from real_data import REAL_DATA, needs_real_data
from slack_sdk import WebClient

from playground import Playground, SlackApp

SAMPLES = REAL_DATA / "slack_samples"


@pytest.fixture
def place() -> Iterator[Playground]:
    with Playground(unfurl_seconds=None, retry_after=(0.0, 0.05, 0.1), ack_seconds=1.5) as running:
        yield running


@pytest.fixture
def driver(place: Playground) -> Driver:
    return Driver(place.url)


@pytest.fixture
def aiko(place: Playground) -> WebClient:
    return client(place, AIKO_TOKEN)


@pytest.fixture
def bot(place: Playground) -> WebClient:
    return client(place, BOT_TOKEN)


def test_a_message_comes_with_everything_slack_sends(place: Playground, aiko: WebClient) -> None:
    with Recorder(place.url) as app:
        ts = aiko.chat_postMessage(channel=PAPERS, text="hello")["ts"]
        until(lambda: app.events)
        payload = app.requests[0].payload
    event = payload["event"]
    assert payload["type"] == "event_callback"
    assert payload["event_id"].startswith("Ev")
    assert payload["authorizations"][0] == {
        "enterprise_id": None,
        "team_id": "T00PLAYGRND",
        "user_id": BOT,
        "is_bot": True,
        "is_enterprise_install": False,
    }
    assert (event["channel"], event["channel_type"], event["ts"], event["event_ts"]) == (PAPERS, "channel", ts, ts)
    assert event["blocks"][0]["type"] == "rich_text"


@needs_real_data
@pytest.mark.parametrize(
    ("name", "kind", "subtype"),
    [
        ("21_message_changed", "message", "message_changed"),
        ("22_message_deleted", "message", "message_deleted"),
        ("24_message_thread_broadcast", "message", "thread_broadcast"),
        ("25_message_bot_new_style", "message", None),
    ],
)
def test_no_key_of_slacks_own_samples_is_missing(
    place: Playground, driver: Driver, bot: WebClient, name: str, kind: str, subtype: str | None
) -> None:
    sample = json.loads((SAMPLES / f"{name}.json").read_text())
    with Recorder(place.url) as app:
        ts = driver.post("say", member="aiko", channel=PAPERS, text="one")["ts"]
        driver.post("say", member="aiko", channel=PAPERS, text="two", thread_ts=ts, broadcast=True)
        driver.post("edit", member="aiko", channel=PAPERS, ts=ts, text="three")
        gone = driver.post("say", member="aiko", channel=PAPERS, text="four")["ts"]
        driver.post("delete", member="aiko", channel=PAPERS, ts=gone)
        bot.chat_postMessage(channel=PAPERS, text="five")
        wanted = (lambda e: "bot_id" in e) if "bot" in name else (lambda e: True)
        event = until(lambda: next(filter(wanted, app.of(kind, subtype)), None))
        payload = app.requests[0].payload
    # Slack leaves these out or adds them from time to time; an app must not need them.
    loose = {"enterprise_id", "authed_users", "team", "is_locked"}
    assert set(sample) - set(payload) <= loose
    assert set(sample["event"]) - set(event) <= loose
    for part in ("message", "previous_message", "root", "bot_profile"):
        assert set(sample["event"].get(part, {})) - set(event.get(part, {})) <= loose | {"edited"}


def test_a_mention_arrives_twice_with_one_ts(place: Playground, aiko: WebClient) -> None:
    with Recorder(place.url) as app:
        ts = aiko.chat_postMessage(channel=PAPERS, text="@fusen tag NLP")["ts"]
        until(lambda: len(app.events) == 2)
        ids = {request.payload["event_id"] for request in app.requests}
        mention = app.of("app_mention")[0]
    assert mention["text"] == f"<@{BOT}> tag NLP"
    assert [e["ts"] for e in app.events] == [ts, ts]
    assert len(ids) == 2


def test_a_direct_message_is_a_message_alone(place: Playground, aiko: WebClient) -> None:
    with Recorder(place.url) as app:
        aiko.chat_postMessage(channel=AIKO_DM, text=f"<@{BOT}> hello")
        aiko.chat_postMessage(channel=PAPERS, text="next")
        until(lambda: len(app.events) == 2)
    assert [e["channel_type"] for e in app.of("message")] == ["im", "channel"]


def test_the_apps_own_posts_come_back_with_its_bot_id(place: Playground, bot: WebClient) -> None:
    with Recorder(place.url) as app:
        bot.chat_postMessage(channel=PAPERS, text=f"I am <@{BOT}>")
        event = until(lambda: app.of("message"))[0]
    assert (event["bot_id"], event["user"]) == ("B00PLAYGRND", BOT)
    assert app.of("app_mention") == []


def test_a_pasted_link_is_followed_by_a_hidden_change_with_the_same_text() -> None:
    with Playground(unfurl_seconds=0.05) as place, Recorder(place.url) as app:
        client(place, AIKO_TOKEN).chat_postMessage(channel=PAPERS, text="https://arxiv.org/abs/1706.03762")
        change = until(lambda: app.of("message", "message_changed"))[0]
    assert change["hidden"] is True
    assert change["message"]["text"] == change["previous_message"]["text"]
    assert change["message"]["attachments"][0]["from_url"] == "https://arxiv.org/abs/1706.03762"
    assert "edited" not in change["message"]


def test_an_edited_mention_comes_as_a_change_and_once_more_as_a_mention(place: Playground, driver: Driver) -> None:
    with Recorder(place.url) as app:
        ts = driver.post("say", member="aiko", channel=PAPERS, text="@fusen tga NLP")["ts"]
        driver.post("edit", member="aiko", channel=PAPERS, ts=ts, text="@fusen tag NLP")
        until(lambda: len(app.of("app_mention")) == 2 and app.of("message", "message_changed"))
        first, again = app.of("app_mention")
        assert len({request.payload["event_id"] for request in app.requests}) == 4
    assert (again["ts"], again["edited"]["user"], "edited" in first) == (ts, AIKO, False)
    assert again["text"] == f"<@{BOT}> tag NLP"
    assert again["event_ts"] != first["event_ts"]


def test_edits_deletions_and_tombstones(place: Playground, driver: Driver, bot: WebClient) -> None:
    with Recorder(place.url) as app:
        ts = driver.post("say", member="aiko", channel=PAPERS, text="before")["ts"]
        driver.post("edit", member="aiko", channel=PAPERS, ts=ts, text="after")
        bot.chat_postMessage(channel=PAPERS, text="reply", thread_ts=ts)
        driver.post("delete", member="aiko", channel=PAPERS, ts=ts)
        changes = until(lambda: app.of("message", "message_changed")[1:] and app.of("message", "message_changed"))
    edit = next(c for c in changes if "edited" in c["message"])
    stone = next(c for c in changes if c["message"].get("subtype") == "tombstone")
    assert (edit["previous_message"]["text"], edit["message"]["text"]) == ("before", "after")
    assert edit["message"]["edited"]["user"] == AIKO
    assert stone["previous_message"]["text"] == "after"
    assert app.of("message", "message_deleted") == []


def test_people_joining_leaving_and_reacting(place: Playground, driver: Driver, bot: WebClient) -> None:
    ben = client(place, BEN_TOKEN)
    with Recorder(place.url) as app:
        ts = bot.chat_postMessage(channel=PAPERS, text="x")["ts"]
        driver.post("react", member="ben", channel=PAPERS, ts=ts, name="eyes")
        driver.post("react", member="ben", channel=PAPERS, ts=ts, name="eyes", remove=True)
        ben.conversations_leave(channel=PAPERS)
        ben.conversations_join(channel=PAPERS)
        client(place, AIKO_TOKEN).conversations_kick(channel=PRIVATE, user=BOT)
        until(lambda: app.of("group_left") and app.of("member_joined_channel") and app.of("reaction_removed"))
    added = app.of("reaction_added")[0]
    assert added["item"] == {"type": "message", "channel": PAPERS, "ts": ts}
    assert (added["user"], added["item_user"]) == (BEN, BOT)
    assert app.of("group_left")[0]["channel"] == PRIVATE


def test_nothing_is_told_of_conversations_without_the_app(place: Playground, aiko: WebClient) -> None:
    made = aiko.conversations_create(name="without")["channel"]["id"]
    between = aiko.conversations_open(users=BEN)["channel"]["id"]
    with Recorder(place.url) as app:
        for channel in (made, between, PAPERS):
            aiko.chat_postMessage(channel=channel, text="x")
        until(lambda: app.events)
    assert [e["channel"] for e in app.events] == [PAPERS]


def test_only_subscribed_events_are_sent() -> None:
    with Playground(app=SlackApp(events=frozenset({"message.im", "app_mention"}))) as place:
        with Recorder(place.url) as app:
            aiko = client(place, AIKO_TOKEN)
            aiko.chat_postMessage(channel=PAPERS, text="@fusen hello")
            aiko.chat_postMessage(channel=AIKO_DM, text="hello")
            until(lambda: len(app.events) == 2)
        assert sorted(e["type"] for e in app.events) == ["app_mention", "message"]


def test_events_wait_for_a_connection(place: Playground, aiko: WebClient, driver: Driver) -> None:
    sent = [aiko.chat_postMessage(channel=PAPERS, text=f"m{n}")["ts"] for n in range(3)]
    assert len(driver.state()["pending_events"]) == 3
    with Recorder(place.url) as app:
        until(lambda: len(app.events) == 3)
        until(lambda: not driver.state()["pending_events"])
    assert sorted(e["ts"] for e in app.events) == sent


def test_what_is_not_acknowledged_comes_again_and_is_given_up_at_last(
    place: Playground, aiko: WebClient, driver: Driver
) -> None:
    with Recorder(place.url, lambda _: None) as app:
        aiko.chat_postMessage(channel=PAPERS, text="x")
        until(lambda: driver.state()["given_up_events"])
        requests = list(app.requests)
    assert [r.retry_attempt for r in requests] == [0, 1, 2, 3]
    assert [r.retry_reason for r in requests][1:] == ["timeout"] * 3
    assert len({r.payload["event_id"] for r in requests}) == 1
    assert driver.state()["pending_events"] == []


def test_an_acknowledgement_on_the_second_try_is_enough(
    place: Playground, aiko: WebClient, driver: Driver
) -> None:
    tries = itertools.count()
    with Recorder(place.url, lambda _: None if next(tries) == 0 else {}) as app:
        aiko.chat_postMessage(channel=PAPERS, text="x")
        until(lambda: len(app.requests) == 2 and not driver.state()["pending_events"])
    assert driver.state()["given_up_events"] == []


def test_a_lost_acknowledgement_brings_the_event_again(place: Playground, aiko: WebClient, driver: Driver) -> None:
    driver.post("misbehave", lose_acks=1)
    with Recorder(place.url) as app:
        aiko.chat_postMessage(channel=PAPERS, text="x")
        until(lambda: len(app.requests) == 2)
    assert app.requests[1].retry_attempt == 1
    assert driver.state()["misbehaviour"]["happened"] == ["acknowledgement lost"]


def test_an_event_can_be_delivered_twice(place: Playground, aiko: WebClient, driver: Driver) -> None:
    driver.post("misbehave", deliver_twice=1)
    with Recorder(place.url) as app:
        aiko.chat_postMessage(channel=PAPERS, text="x")
        aiko.chat_postMessage(channel=PAPERS, text="y")
        until(lambda: len(app.requests) == 3)
    ids = [r.payload["event_id"] for r in app.requests]
    assert len(set(ids)) == 2


def test_each_payload_goes_to_one_of_several_connections(
    place: Playground, aiko: WebClient, driver: Driver
) -> None:
    with Recorder(place.url) as one, Recorder(place.url) as two:
        assert driver.state()["connections"] == 2
        for n in range(10):
            aiko.chat_postMessage(channel=PAPERS, text=f"m{n}")
        until(lambda: len(one.events) + len(two.events) == 10)
        assert one.events
        assert two.events


def test_a_client_comes_back_after_a_disconnect(place: Playground, aiko: WebClient, driver: Driver) -> None:
    with Recorder(place.url) as app:
        assert driver.post("disconnect")["closed"] == 1
        aiko.chat_postMessage(channel=PAPERS, text="x")
        until(lambda: app.events)


def test_what_a_cut_connection_had_not_acknowledged_goes_to_the_next(
    place: Playground, aiko: WebClient, driver: Driver
) -> None:
    with Recorder(place.url, lambda _: None) as first:
        aiko.chat_postMessage(channel=PAPERS, text="x")
        until(lambda: first.events)
        assert driver.post("disconnect", hard=True)["closed"] == 1
        with Recorder(place.url) as second:
            until(lambda: second.events)
            until(lambda: not driver.state()["pending_events"])
    assert second.requests[0].retry_attempt == 1
    assert second.requests[0].payload["event_id"] == first.requests[0].payload["event_id"]


def test_any_other_event_can_be_sent(place: Playground, driver: Driver) -> None:
    with Recorder(place.url) as app:
        driver.post("event", event={"type": "tokens_revoked", "tokens": {"bot": [BOT]}})
        until(lambda: app.of("tokens_revoked"))
    assert driver.post("event", event={})["error"] == "invalid_arguments"


def test_a_socket_needs_a_fresh_ticket(place: Playground, bot: WebClient) -> None:
    link = client(place, "xapp-playground-app").apps_connections_open(app_token="xapp-playground-app")["url"]
    assert link.startswith(place.url.replace("http", "ws"))
    with Recorder(place.url) as app:
        assert app.events == []
