"""The playground's Web API as Slack's own client libraries see it."""

import asyncio
import json
import re
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from playground_driving import (
    AIKO,
    AIKO_DM,
    AIKO_TOKEN,
    APP_TOKEN,
    BEN,
    BEN_DM,
    BEN_TOKEN,
    BOT,
    BOT_TOKEN,
    PAPERS,
    PRIVATE,
    Driver,
    client,
)
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from playground import Playground
from playground.web_api import METHODS


@pytest.fixture
def place() -> Iterator[Playground]:
    with Playground(unfurl_seconds=None) as running:
        yield running


@pytest.fixture
def bot(place: Playground) -> WebClient:
    return client(place, BOT_TOKEN)


@pytest.fixture
def aiko(place: Playground) -> WebClient:
    return client(place, AIKO_TOKEN)


@pytest.fixture
def ben(place: Playground) -> WebClient:
    return client(place, BEN_TOKEN)


def refusal(call, *args, **kwargs) -> str:
    with pytest.raises(SlackApiError) as caught:
        call(*args, **kwargs)
    return str(caught.value.response["error"])


def test_each_token_is_who_it_says(place: Playground, bot: WebClient, aiko: WebClient) -> None:
    assert bot.auth_test()["bot_id"] == "B00PLAYGRND"
    assert bot.auth_test()["user_id"] == BOT
    assert aiko.auth_test()["user_id"] == AIKO
    assert "bot_id" not in aiko.auth_test().data


def test_wrong_tokens_are_refused(place: Playground, bot: WebClient) -> None:
    assert refusal(client(place, "xoxb-other").auth_test) == "invalid_auth"
    assert refusal(client(place, "").auth_test) == "not_authed"
    assert refusal(client(place, APP_TOKEN).auth_test) == "not_allowed_token_type"
    assert refusal(bot.apps_connections_open, app_token=BOT_TOKEN) == "not_allowed_token_type"
    assert refusal(client(place, AIKO_TOKEN).views_publish, user_id=AIKO, view={}) == "not_allowed_token_type"


def test_a_revoked_token_is_refused_until_restored(place: Playground, bot: WebClient) -> None:
    driver = Driver(place.url)
    assert driver.post("revoke", token=BOT_TOKEN)["ok"]
    assert refusal(bot.auth_test) == "token_revoked"
    assert driver.post("restore", token=BOT_TOKEN)["ok"]
    assert bot.auth_test()["ok"]
    assert bot.auth_revoke()["revoked"] is True
    assert refusal(bot.auth_test) == "token_revoked"


@pytest.mark.filterwarnings("ignore:The top-level `text` argument is missing")
def test_unknown_methods_and_conversations_are_named_as_in_slack(bot: WebClient) -> None:
    assert refusal(bot.api_call, "chat.sing") == "unknown_method"
    assert refusal(bot.chat_postMessage, channel="C123", text="x") == "channel_not_found"
    assert refusal(bot.chat_postMessage, channel=PAPERS, text="  ") == "no_text"
    assert refusal(bot.users_info, user="U404") == "user_not_found"
    assert refusal(bot.conversations_replies, channel=PAPERS, ts="1.000000") == "thread_not_found"
    assert refusal(bot.chat_postMessage, channel=PAPERS, text="x", thread_ts="1.0") == "thread_not_found"
    assert refusal(bot.reactions_add, channel=PAPERS, timestamp="1.0", name="eyes") == "message_not_found"
    assert refusal(bot.conversations_list, types="secret") == "invalid_types"
    assert refusal(bot.conversations_list, limit=5000) == "invalid_limit"


def test_a_member_posts_as_a_person_does(aiko: WebClient) -> None:
    message = aiko.chat_postMessage(channel="#papers", text="See https://arxiv.org/abs/2310.13671 & more")[
        "message"
    ]
    assert message["user"] == AIKO
    assert "bot_id" not in message
    assert message["client_msg_id"]
    assert message["text"] == "See <https://arxiv.org/abs/2310.13671> &amp; more"
    parts = message["blocks"][0]["elements"][0]["elements"]
    assert {"type": "link", "url": "https://arxiv.org/abs/2310.13671"} in parts


def test_an_app_posts_with_its_bot_profile(bot: WebClient) -> None:
    message = bot.chat_postMessage(channel=PAPERS, text="a & b <https://x.org|x>")["message"]
    assert (message["bot_id"], message["app_id"], message["user"]) == ("B00PLAYGRND", "A00PLAYGRND", BOT)
    assert message["bot_profile"]["name"] == "fusen"
    assert message["text"] == "a &amp; b <https://x.org|x>"
    assert "client_msg_id" not in message


def test_all_three_wire_forms_mean_the_same(place: Playground) -> None:
    token = {"Authorization": f"Bearer {BOT_TOKEN}"}
    url = f"{place.api_url}conversations.info"
    form = urllib.request.Request(url, f"channel={PAPERS}".encode(), token)
    query = urllib.request.Request(f"{url}?channel={PAPERS}", headers=token)
    body = urllib.request.Request(
        url, json.dumps({"channel": PAPERS}).encode(), token | {"Content-Type": "application/json"}
    )
    in_form = urllib.request.Request(url, f"channel={PAPERS}&token={BOT_TOKEN}".encode())
    for request in (form, query, body, in_form):
        with urllib.request.urlopen(request) as answer:
            assert json.load(answer)["channel"]["name"] == "papers"


def test_the_asynchronous_client_is_served_too(place: Playground) -> None:
    async def talk() -> list[str]:
        web = AsyncWebClient(BOT_TOKEN, base_url=place.api_url)
        posted = await web.chat_postMessage(channel=PAPERS, text="hello")
        await web.reactions_add(channel=PAPERS, timestamp=posted["ts"], name="eyes")
        history = await web.conversations_history(channel=PAPERS)
        user = await web.users_info(user=AIKO)
        info = await web.conversations_info(channel=PAPERS)
        return [history["messages"][0]["reactions"][0]["name"], user["user"]["name"], info["channel"]["name"]]

    assert asyncio.run(talk()) == ["eyes", "aiko", "papers"]


def test_history_is_newest_first_and_pages_without_gaps(bot: WebClient) -> None:
    sent = [bot.chat_postMessage(channel=PAPERS, text=f"m{n}")["ts"] for n in range(7)]
    bot.chat_postMessage(channel=PAPERS, text="a reply", thread_ts=sent[0])
    seen, cursor = [], ""
    while True:
        page = bot.conversations_history(channel=PAPERS, limit=3, cursor=cursor)
        seen += [m["ts"] for m in page["messages"]]
        if not page["has_more"]:
            break
        cursor = page["response_metadata"]["next_cursor"]
    assert seen == sent[::-1]


def test_history_takes_bounds_in_and_out(bot: WebClient) -> None:
    sent = [bot.chat_postMessage(channel=PAPERS, text=f"m{n}")["ts"] for n in range(4)]
    between = bot.conversations_history(channel=PAPERS, oldest=sent[0], latest=sent[3])["messages"]
    assert [m["ts"] for m in between] == [sent[2], sent[1]]
    inclusive = bot.conversations_history(channel=PAPERS, oldest=sent[3], latest=sent[3], inclusive=True)[
        "messages"
    ]
    assert [m["ts"] for m in inclusive] == [sent[3]]


def test_replies_begin_with_the_parent_and_count(bot: WebClient, aiko: WebClient) -> None:
    root = aiko.chat_postMessage(channel=PAPERS, text="root")["ts"]
    first = bot.chat_postMessage(channel=PAPERS, text="one", thread_ts=root)
    aiko.chat_postMessage(channel=PAPERS, text="two", thread_ts=first["ts"])
    thread = bot.conversations_replies(channel=PAPERS, ts=root)["messages"]
    assert [m["text"] for m in thread] == ["root", "one", "two"]
    assert thread[0]["reply_count"] == 2
    assert thread[0]["reply_users"] == [BOT, AIKO]
    assert thread[2]["parent_user_id"] == AIKO
    assert len(bot.conversations_history(channel=PAPERS)["messages"]) == 1


def test_metadata_comes_back_only_when_asked_for(bot: WebClient) -> None:
    metadata = {"event_type": "card", "event_payload": {"key": "k1"}}
    bot.chat_postMessage(channel=PAPERS, text="card", metadata=metadata)
    assert "metadata" not in bot.conversations_history(channel=PAPERS)["messages"][0]
    shown = bot.conversations_history(channel=PAPERS, include_all_metadata=True)["messages"][0]
    assert shown["metadata"] == metadata
    assert refusal(bot.chat_postMessage, channel=PAPERS, text="x", metadata={"event_type": "x"}) == (
        "invalid_metadata_schema"
    )


def test_only_the_author_edits_and_deletes(bot: WebClient, aiko: WebClient, ben: WebClient) -> None:
    ts = aiko.chat_postMessage(channel=PAPERS, text="mine")["ts"]
    assert refusal(ben.chat_update, channel=PAPERS, ts=ts, text="theirs") == "cant_update_message"
    assert refusal(bot.chat_delete, channel=PAPERS, ts=ts) == "cant_delete_message"
    changed = aiko.chat_update(channel=PAPERS, ts=ts, text="mine, again")["message"]
    assert (changed["text"], changed["edited"]["user"]) == ("mine, again", AIKO)
    aiko.chat_delete(channel=PAPERS, ts=ts)
    assert refusal(aiko.chat_delete, channel=PAPERS, ts=ts) == "message_not_found"
    assert bot.conversations_history(channel=PAPERS)["messages"] == []


def test_an_update_with_text_alone_takes_the_blocks_away(bot: WebClient) -> None:
    divider = {"type": "divider"}
    ts = bot.chat_postMessage(channel=PAPERS, text="x", blocks=[divider], attachments=[{"text": "below"}])["ts"]
    quiet = bot.chat_update(channel=PAPERS, ts=ts, text="y", blocks=[divider, divider])["message"]
    assert "edited" not in quiet
    assert quiet["attachments"][0]["text"] == "below"
    bare = bot.chat_update(channel=PAPERS, ts=ts, text="z", attachments=[])["message"]
    assert [block["type"] for block in bare["blocks"]] == ["rich_text"]
    assert "attachments" not in bare


def test_a_deleted_parent_leaves_a_tombstone_over_its_replies(bot: WebClient, aiko: WebClient) -> None:
    root = aiko.chat_postMessage(channel=PAPERS, text="root")["ts"]
    bot.chat_postMessage(channel=PAPERS, text="reply", thread_ts=root)
    aiko.chat_delete(channel=PAPERS, ts=root)
    thread = bot.conversations_replies(channel=PAPERS, ts=root)["messages"]
    assert [m.get("subtype") for m in thread] == ["tombstone", None]
    assert thread[0]["user"] == "USLACKBOT"


def test_reactions_are_counted_by_person(bot: WebClient, aiko: WebClient) -> None:
    ts = bot.chat_postMessage(channel=PAPERS, text="x")["ts"]
    aiko.reactions_add(channel=PAPERS, timestamp=ts, name="eyes")
    bot.reactions_add(channel=PAPERS, timestamp=ts, name="eyes")
    assert refusal(aiko.reactions_add, channel=PAPERS, timestamp=ts, name="eyes") == "already_reacted"
    assert bot.reactions_get(channel=PAPERS, timestamp=ts)["message"]["reactions"] == [
        {"name": "eyes", "users": [AIKO, BOT], "count": 2}
    ]
    aiko.reactions_remove(channel=PAPERS, timestamp=ts, name="eyes")
    assert refusal(aiko.reactions_remove, channel=PAPERS, timestamp=ts, name="eyes") == "no_reaction"


def test_a_private_channel_exists_only_for_its_members(bot: WebClient, aiko: WebClient, ben: WebClient) -> None:
    kinds = "public_channel,private_channel,im"
    assert PRIVATE in [c["id"] for c in aiko.conversations_list(types=kinds)["channels"]]
    assert PRIVATE not in [c["id"] for c in ben.conversations_list(types=kinds)["channels"]]
    assert PRIVATE not in [c["id"] for c in ben.users_conversations(user=AIKO, types=kinds)["channels"]]
    for call in (
        ben.conversations_info,
        ben.conversations_history,
        ben.conversations_members,
        ben.conversations_join,
    ):
        assert refusal(call, channel=PRIVATE) == "channel_not_found"
    assert refusal(ben.conversations_history, channel=AIKO_DM) == "channel_not_found"
    bot.conversations_leave(channel=PRIVATE)
    assert refusal(bot.conversations_history, channel=PRIVATE) == "channel_not_found"


def test_an_app_reads_and_writes_only_where_it_is(bot: WebClient, aiko: WebClient) -> None:
    made = aiko.conversations_create(name="reading")["channel"]["id"]
    assert refusal(bot.chat_postMessage, channel=made, text="x") == "not_in_channel"
    assert refusal(bot.conversations_history, channel=made) == "not_in_channel"
    assert bot.conversations_info(channel=made)["channel"]["is_member"] is False
    bot.conversations_join(channel=made)
    assert bot.chat_postMessage(channel=made, text="x")["ok"]
    aiko.conversations_archive(channel=made)
    assert refusal(bot.chat_postMessage, channel=made, text="x") == "is_archived"


def test_members_are_invited_and_leave(bot: WebClient, aiko: WebClient, ben: WebClient) -> None:
    made = aiko.conversations_create(name="secret", is_private=True)["channel"]["id"]
    aiko.conversations_invite(channel=made, users=f"{BEN},{BOT}")
    assert ben.conversations_members(channel=made)["members"] == [AIKO, BEN, BOT]
    assert refusal(aiko.conversations_invite, channel=made, users=BEN) == "already_in_channel"
    ben.conversations_leave(channel=made)
    assert refusal(ben.conversations_info, channel=made) == "channel_not_found"
    assert refusal(ben.conversations_create, name="secret") == "name_taken"
    assert refusal(ben.conversations_create, name="Not Good") == "invalid_name_specials"


def test_direct_conversations_are_opened_once(bot: WebClient, aiko: WebClient) -> None:
    assert bot.conversations_open(users=BEN)["channel"]["id"] == BEN_DM
    assert bot.chat_postMessage(channel=AIKO, text="hi")["channel"] == AIKO_DM
    between = aiko.conversations_open(users=BEN)["channel"]["id"]
    assert aiko.conversations_open(users=BEN)["channel"]["id"] == between
    assert refusal(bot.conversations_info, channel=between) == "channel_not_found"


def test_people_have_language_and_zone(bot: WebClient) -> None:
    user = bot.users_info(user=AIKO, include_locale=True)["user"]
    assert (user["locale"], user["tz"], user["is_bot"]) == ("ja-JP", "Asia/Tokyo", False)
    assert "locale" not in bot.users_info(user=AIKO)["user"]
    assert {m["name"] for m in bot.users_list()["members"]} == {"fusen", "aiko", "ben"}


def test_whispers_reach_one_member(place: Playground, bot: WebClient) -> None:
    ts = bot.chat_postEphemeral(channel=PAPERS, user=AIKO, text="psst")["message_ts"]
    driver = Driver(place.url)
    assert [m["text"] for m in driver.whispers("aiko")] == ["psst"]
    assert driver.whispers("ben") == []
    assert bot.conversations_history(channel=PAPERS)["messages"] == []
    assert refusal(bot.chat_update, channel=PAPERS, ts=ts, text="x") == "message_not_found"
    assert refusal(bot.chat_postEphemeral, channel=PRIVATE, user=BEN, text="x") == "user_not_in_channel"


def test_a_permalink_leads_to_the_page(place: Playground, bot: WebClient) -> None:
    ts = bot.chat_postMessage(channel=PAPERS, text="x")["ts"]
    link = bot.chat_getPermalink(channel=PAPERS, message_ts=ts)["permalink"]
    assert link == f"{place.url}/archives/{PAPERS}/p{ts.replace('.', '')}"
    with urllib.request.urlopen(link) as answer:
        assert answer.headers["Content-Security-Policy"].startswith("default-src 'none'")
    assert refusal(bot.chat_getPermalink, channel=PAPERS, message_ts="1.0") == "message_not_found"


def test_other_web_sites_are_kept_out(place: Playground) -> None:
    url = f"{place.url}/playground/state"
    for headers in ({"Host": "evil.example"}, {"Origin": "http://evil.example"}):
        with pytest.raises(urllib.error.HTTPError) as caught:
            urllib.request.urlopen(urllib.request.Request(url, headers=headers))
        assert caught.value.code == 403
    form = urllib.request.Request(f"{place.url}/playground/revoke", f"token={BOT_TOKEN}".encode())
    with pytest.raises(urllib.error.HTTPError) as caught:
        urllib.request.urlopen(form)
    assert caught.value.code == 400
    assert client(place, BOT_TOKEN).auth_test()["ok"]


def test_the_readme_names_every_method_and_only_real_deeds(place: Playground) -> None:
    readme = (Path(__file__).parents[2] / "playground" / "README.md").read_text()
    listed = re.search(r"^`(api\.test [^`]+)`", readme, re.MULTILINE)
    assert listed is not None
    assert set(listed[1].split()) == set(METHODS)
    calls = re.findall(r"post ([a-z_/]+) '(\{[^']*\})'", readme)
    assert len({name for name, _ in calls}) > 15
    driver = Driver(place.url)
    for name, body in calls:
        assert driver.post(name, **json.loads(body)).get("error") != "unknown_method"
