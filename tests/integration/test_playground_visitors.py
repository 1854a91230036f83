"""Messages of other apps, other teams and Slack itself; messages with files; and long histories."""

import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playground_driving import (
    AIKO,
    BEN,
    BOT_TOKEN,
    GENERAL,
    PAPERS,
    Driver,
    Recorder,
    client,
    until,
)
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from playground import Playground


@pytest.fixture
def place() -> Iterator[Playground]:
    with Playground(unfurl_seconds=None) as running:
        yield running


@pytest.fixture
def driver(place: Playground) -> Driver:
    return Driver(place.url)


@pytest.fixture
def bot(place: Playground) -> WebClient:
    return client(place, BOT_TOKEN)


def test_another_app_posts_in_both_ways(place: Playground, driver: Driver) -> None:
    with Recorder(place.url) as app:
        new = driver.post("bot", channel="papers", name="feeds", text="<https://arxiv.org/abs/1706.03762>")
        old = driver.post("bot", channel="papers", name="hook", text="old", classic=True)
        driver.post("bot", channel="papers", name="feeds", text="in the thread", thread_ts=old["ts"])
        until(lambda: len(app.events) == 3)
    plain = next(e for e in app.of("message") if e["ts"] == new["ts"])
    classic = app.of("message", "bot_message")[0]
    assert plain["bot_id"] == plain["bot_profile"]["id"] != "B00PLAYGRND"
    assert (plain["app_id"], plain["bot_profile"]["name"]) == (plain["bot_profile"]["app_id"], "feeds")
    assert plain["blocks"][0]["elements"][0]["elements"][0]["url"] == "https://arxiv.org/abs/1706.03762"
    assert (classic["username"], classic["text"]) == ("hook", "old")
    assert "user" not in classic
    assert "bot_profile" not in classic
    assert any(e.get("thread_ts") == old["ts"] for e in app.of("message"))


def test_a_stranger_comes_with_their_own_team(place: Playground, driver: Driver, bot: WebClient) -> None:
    with Recorder(place.url) as app:
        user = driver.post("stranger", channel="papers", name="dana")["user"]
        ts = driver.post("say", member="dana", channel="papers", text="hello")["ts"]
        driver.post("react", member="dana", channel="papers", ts=ts, name="eyes")
        until(lambda: app.of("reaction_added") and app.of("message") and app.of("member_joined_channel"))
        said = app.of("message")[0]
        envelope = next(r.payload for r in app.requests if r.payload["event"]["type"] == "message")
    assert said["user"] == user["id"]
    assert {said["team"], said["user_team"], said["source_team"]} == {user["team_id"]} != {"T00PLAYGRND"}
    assert said["user_profile"]["team"] == user["team_id"]
    assert envelope["is_ext_shared_channel"] is True
    assert envelope["team_id"] == "T00PLAYGRND"
    assert app.of("member_joined_channel")[0]["team"] == user["team_id"]
    assert bot.users_info(user=user["id"])["user"]["is_stranger"] is True
    assert bot.conversations_info(channel=PAPERS)["channel"]["is_ext_shared"] is True
    assert user["id"] not in {m["id"] for m in bot.users_list()["members"]}


def test_a_stranger_sees_and_may_do_less(place: Playground, driver: Driver) -> None:
    token = driver.post("stranger", channel="papers", name="dana")["token"]
    outside = client(place, token)
    with pytest.raises(SlackApiError, match="channel_not_found"):
        outside.conversations_history(channel=GENERAL)
    assert outside.conversations_history(channel=PAPERS)["ok"]
    here = {"member": "dana", "channel": "papers"}
    assert driver.post("command", **here, text="/note x")["error"] == "restricted_action"
    assert driver.post("shortcut", member="dana", callback_id="x")["error"] == "restricted_action"
    assert driver.post("stranger", channel="papers", name="aiko")["error"] == "name_taken"


def test_files_come_with_the_message_and_only_for_a_token(place: Playground, driver: Driver) -> None:
    files = [{"name": "私の 文献.bib", "mimetype": "text/x-bibtex", "content": "@article{a}"}]
    with Recorder(place.url) as app:
        shared = driver.post("file", member="aiko", channel="papers", text="my list", files=files)
        event = until(lambda: app.of("message", "file_share"))[0]
    file = event["files"][0]
    assert (event["text"], event["ts"], file["user"]) == ("my list", shared["ts"], AIKO)
    assert (file["name"], file["filetype"], file["size"], file["mode"]) == ("私の 文献.bib", "bib", 11, "hosted")
    asked = urllib.request.Request(file["url_private"], headers={"Authorization": f"Bearer {BOT_TOKEN}"})
    with urllib.request.urlopen(asked) as answer:
        assert answer.read() == b"@article{a}"
    with urllib.request.urlopen(file["url_private"]) as answer:
        assert answer.headers.get_content_type() == "text/html"
    bare = driver.post("file", member="aiko", channel="papers", files=files)["message"]
    assert bare["text"] == ""
    assert "blocks" not in bare
    assert driver.post("file", member="aiko", channel="papers", files=[])["error"] == "invalid_arguments"


def test_a_file_stays_over_a_restart(tmp_path: Path) -> None:
    data = tmp_path / "workspace.sqlite"
    with Playground(data=data, unfurl_seconds=None) as place:
        driver = Driver(place.url)
        driver.post("stranger", channel="papers", name="dana")
        sent = driver.post("file", member="dana", channel="papers", files=[{"name": "a.txt", "content": "x"}])
        path = sent["message"]["files"][0]["url_private"].removeprefix(place.url)
    with Playground(data=data, unfurl_seconds=None) as place:
        asked = urllib.request.Request(place.url + path, headers={"Authorization": f"Bearer {BOT_TOKEN}"})
        with urllib.request.urlopen(asked) as answer:
            assert answer.read() == b"x"
        channels = Driver(place.url).get("members")["members"][-1]["channels"]
        assert [c["name"] for c in channels] == ["papers"]


def test_me_messages_broadcasts_previews_and_stones(place: Playground, driver: Driver) -> None:
    with Recorder(place.url) as app:
        driver.post("command", member="aiko", channel="papers", text="/me nods")
        me = until(lambda: app.of("message", "me_message"))[0]
        root = driver.post("say", member="aiko", channel="papers", text="see https://x.org/a")["ts"]
        driver.post("say", member="ben", channel="papers", text="so do I", thread_ts=root, broadcast=True)
        cast = until(lambda: app.of("message", "thread_broadcast"))[0]
        assert driver.post("unfurl", channel="papers", ts=root)["ok"]
        preview = until(lambda: app.of("message", "message_changed"))[0]
        driver.post("delete", member="aiko", channel="papers", ts=root)
        stone = until(lambda: app.of("message", "message_changed")[1:])[0]
    assert (me["user"], me["text"]) == (AIKO, "nods")
    assert "blocks" not in me
    assert (cast["user"], cast["root"]["ts"]) == (BEN, root)
    assert preview["hidden"] is True
    assert preview["message"]["text"] == preview["previous_message"]["text"]
    assert stone["message"]["subtype"] == "tombstone"
    nothing = driver.post("say", member="aiko", channel="papers", text="no link")["ts"]
    assert driver.post("unfurl", channel="papers", ts=nothing)["error"] == "no_links"


def test_the_app_is_told_that_it_misses_events(place: Playground, driver: Driver) -> None:
    with Recorder(place.url) as app:
        driver.post("rate_limited")
        payload = until(lambda: app.requests)[0].payload
        until(lambda: not driver.state()["pending_events"])
    assert (payload["type"], payload["team_id"]) == ("app_rate_limited", "T00PLAYGRND")
    assert payload["minute_rate_limited"] % 60 == 0
    assert "event" not in payload


def test_pages_of_history_stay_whole_while_people_talk(driver: Driver, bot: WebClient) -> None:
    sent = [driver.post("say", member="aiko", channel="papers", text=f"m{n}")["ts"] for n in range(7)]
    seen: list[str] = []
    cursor = ""
    while True:
        page = bot.conversations_history(channel=PAPERS, limit=2, cursor=cursor, latest=sent[-1], inclusive=True)
        seen += [m["ts"] for m in page["messages"]]
        driver.post("say", member="ben", channel="papers", text="meanwhile")
        if not page["has_more"]:
            break
        cursor = page["response_metadata"]["next_cursor"]
    assert seen == sent[::-1]
    first = bot.conversations_history(channel=PAPERS, limit=3)
    driver.post("say", member="ben", channel="papers", text="between two pages")
    second = bot.conversations_history(channel=PAPERS, limit=3, cursor=first["response_metadata"]["next_cursor"])
    pages = [m["ts"] for page in (first, second) for m in page["messages"]]
    assert len(set(pages)) == 6
    assert pages == sorted(pages, reverse=True)
    for wrong in ("at:2", "bmV4dA==", "%"):
        with pytest.raises(SlackApiError, match="invalid_cursor"):
            bot.conversations_history(channel=PAPERS, cursor=wrong)
    with pytest.raises(SlackApiError, match="invalid_ts_latest"):
        bot.conversations_history(channel=PAPERS, latest="now")


def test_replies_page_and_take_bounds(driver: Driver, bot: WebClient) -> None:
    root = driver.post("say", member="aiko", channel="papers", text="root")["ts"]
    sent = [
        driver.post("say", member="ben", channel="papers", text=f"r{n}", thread_ts=root)["ts"] for n in range(5)
    ]
    seen: list[str] = []
    cursor = ""
    while True:
        page = bot.conversations_replies(channel=PAPERS, ts=root, limit=2, cursor=cursor)
        seen += [m["ts"] for m in page["messages"]]
        if not page["has_more"]:
            break
        cursor = page["response_metadata"]["next_cursor"]
    assert seen == [root, *sent]
    bounded = bot.conversations_replies(channel=PAPERS, ts=root, oldest=sent[1], latest=sent[3])["messages"]
    assert [m["ts"] for m in bounded] == [root, sent[2]]
    inclusive = bot.conversations_replies(channel=PAPERS, ts=root, oldest=sent[3], inclusive=True)["messages"]
    assert [m["ts"] for m in inclusive] == [root, *sent[3:]]


def test_admins_are_told_from_members(bot: WebClient) -> None:
    assert bot.users_info(user=AIKO)["user"]["is_admin"] is True
    assert bot.users_info(user=BEN)["user"]["is_admin"] is False
