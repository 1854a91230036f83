"""Channels shared with another organization: its people are told of the channel, and of nothing else."""

from __future__ import annotations

import pytest
from house import House, shown, until
from slack_sdk import WebClient


@pytest.fixture(scope="module")
def dana(house: House) -> WebClient:
    """Somebody of another organization, who is in #general; before she came a paper was told of there."""
    house.card(house.paste("https://arxiv.org/abs/2402.00001", member="aiko"), "2402.00001")
    line = house.card(house.paste("arXiv:2402.00001", channel="general"), "shared before", "general")
    assert "by aiko in #papers" in shown(line)
    token = house.act("stranger", channel="general", name="dana")["token"]
    house.clients["dana"] = WebClient(token, base_url=f"{house.url}/api/", retry_handlers=[])
    return house.clients["dana"]


def whispered(house: House, text: str) -> str:
    """What Fusen answers to Dana alone when she speaks to it in the shared channel."""
    before = len(house.whispers("dana"))
    bot = house.state()["app"]["user_id"]
    house.paste(f"<@{bot}> {text}", member="dana", channel="general")
    return shown(until(lambda: house.whispers("dana")[before:])[0])


def test_what_stood_there_before_the_strangers_came_tells_no_more_of_other_channels(
    house: House, dana: WebClient
) -> None:
    def said() -> str:
        posts = house.posts("general")
        return "\n".join(shown(one) for post in posts for one in house.answers(post["ts"], "general"))

    until(lambda: "shared with another organization" in said() and "#papers" not in said())
    assert "aiko" not in said()
    assert "2402.00001" in said()


def test_a_stranger_gets_a_card_for_what_colleagues_shared_before(house: House, dana: WebClient) -> None:
    house.card(house.paste("https://arxiv.org/abs/2402.00002", member="aiko"), "2402.00002")
    house.command("/note tag 2402.00002 InHouse")
    house.card(house.paste("https://arxiv.org/abs/2402.00004", member="aiko"), "2402.00004")
    ts = house.paste("https://arxiv.org/abs/2402.00002", member="dana", channel="general")
    card = shown(house.card(ts, "2402.00002", "general"))
    assert "shared with another organization" in card
    assert not any(word in card for word in ("aiko", "#papers", "before", "InHouse"))
    told = whispered(house, "show 2402.00002")
    assert "dana" in told
    assert not any(word in told for word in ("aiko", "papers", "InHouse"))
    assert "2402.00004" in house.command("/note related 2402.00002")
    assert "2402.00004" not in whispered(house, "related 2402.00002")
    assert "InHouse" not in whispered(house, "tags")


def test_what_is_said_in_a_shared_channel_is_published_only_if_the_workspace_wants_that(
    house: House, dana: WebClient
) -> None:
    ts = house.paste("https://arxiv.org/abs/2402.00003", member="dana", channel="general")
    house.card(ts, "2402.00003", "general")
    house.paste("said to both of us", member="dana", channel="general", thread=ts)
    until(lambda: "said to both of us" in house.command("/note show 2402.00003", channel="general"))
    # To the colleagues elsewhere it is new.
    here = house.paste("https://arxiv.org/abs/2402.00003")
    assert "dana" not in shown(house.card(here, "2402.00003"))
    until(lambda: "2402.00003" in house.site())
    assert "said to both of us" not in house.site()
    assert "said to both of us" not in house.command("/note show 2402.00003")
    house.command("/note settings publish-external yes")
    until(lambda: "said to both of us" in house.site())
    house.command("/note settings publish-external no")
    until(lambda: "said to both of us" not in house.site())


@pytest.mark.parametrize(
    "words", ["settings names no", "digest", "digest list", "follow Aiko", "emoji", "tags rename A, B", "backfill"]
)
def test_the_workspaces_own_business_is_not_a_strangers(house: House, dana: WebClient, words: str) -> None:
    assert "people of the workspace that I belong to" in whispered(house, words)


def test_a_stranger_settles_what_is_their_own_and_is_shown_no_more(house: House, dana: WebClient) -> None:
    told = whispered(house, "settings named no")
    assert "Your name on pages and in digests: no" in told
    assert "time zone" not in told.lower()
    told = whispered(house, "settings")
    assert "Your name on pages and in digests: no" in told
    assert "time zone" not in told.lower()


def test_a_stranger_cannot_try_out_who_works_here(house: House, dana: WebClient) -> None:
    ts = house.paste("https://arxiv.org/abs/2402.00006", member="dana", channel="general")
    house.card(ts, "2402.00006", "general")
    for words in ("with ", ""):
        told = [whispered(house, f"tag 2402.00006 {words}@{name}") for name in ("aiko", "nobodyhere")]
        assert told[0] == told[1].replace("nobodyhere", "aiko")
        assert "may mention a person" in told[0]


def test_colleagues_settle_in_a_shared_channel_what_is_theirs(house: House, dana: WebClient) -> None:
    assert "time zone" in house.command("/note settings", channel="general").lower()
    assert "shared with another organization" in house.command("/note follow LLM here", channel="general")


def test_before_a_stranger_tags_or_comments_it_is_said_who_will_see_it(house: House, dana: WebClient) -> None:
    ts = house.paste("https://arxiv.org/abs/2402.00005", member="dana", channel="general")
    card = house.card(ts, "2402.00005", "general")
    for button in ("Tag", "Comment"):
        house.act("click", member="dana", channel=house.channel("general"), ts=card["ts"], text=button)
        assert "People of other organizations" in shown(house.modal("dana", "other organizations"))
        house.act("view/close", member="dana", all=True)
