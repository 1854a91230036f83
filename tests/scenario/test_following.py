"""Following tags, people and channels: told once, quietly, and only of what anybody may see."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from house import House, running, shown, until

CANARY = "2311.50099"


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """A Fusen whose names and languages are known."""
    folder = tmp_path_factory.mktemp("house")
    with running(folder, f"sqlite:///{folder}/fusen.db") as made:
        for member in ("aiko", "ben"):
            made.command("/note help", member=member)
        yield made


def pasted(house: House, paper: str, member: str = "ben", channel: str = "papers") -> str:
    ts = house.paste(f"https://arxiv.org/abs/{paper}", member=member, channel=channel)
    house.card(ts, paper, channel=channel, member=member)
    return ts


def told(house: House, paper: str, member: str = "aiko", channel: str = "") -> list[dict[str, Any]]:
    """What the bot has told a member, or a channel outside threads, of a paper."""
    where = channel or house.direct(member)
    title = house.arxiv.paper(paper).title
    return [post for post in house.posts(where, member) if post.get("bot_id") and title in shown(post)]


def awaited(house: House, paper: str, member: str = "aiko", channel: str = "") -> dict[str, Any]:
    (one,) = until(lambda: told(house, paper, member, channel))
    return dict(one)


def test_a_person_who_is_followed_is_told_of_once_under_redelivery_and_never_in_private(house: House) -> None:
    assert "ben" in house.command("/note follow @ben", member="aiko")
    private = house.clients["ben"].conversations_create(name="bens-private", is_private=True)["channel"]["id"]
    house.act("invite", member="ben", channel=private, user="fusen")
    pasted(house, CANARY, channel=private)
    house.post("misbehave", deliver_twice=1)
    pasted(house, "2311.50001")
    said = awaited(house, "2311.50001")
    assert "フォロー" in shown(said)
    assert "#papers" in shown(said)
    house.command("/note tag 2311.50001 Told")
    house.command("/note comment 2311.50001 more to say")
    pasted(house, "2311.50002")
    awaited(house, "2311.50002")
    assert len(told(house, "2311.50001")) == 1
    assert not told(house, CANARY)
    house.act("click", member="aiko", channel=house.direct("aiko"), ts=said["ts"], text="解除: ben")
    until(lambda: any("解除しました" in shown(one) for one in house.whispers("aiko")))
    assert "まだ何もフォロー" in house.command("/note follow", member="aiko")


def test_a_tag_is_followed_through_the_papers_menu_and_its_window(house: House) -> None:
    ts = pasted(house, "2311.50003", member="aiko")
    house.command("/note tag Windowed", member="aiko")
    card = house.card(ts, "#Windowed")
    house.act("click", member="ben", channel="papers", ts=card["ts"], action_id="verb:menu")
    menu = until(lambda: next((one for one in house.whispers("ben") if "Windowed" in shown(one)), None))
    house.act("click", member="ben", channel="papers", ts=menu["ts"], action_id="verb:follow")
    view = house.modal("ben", "How often")
    (known,) = [one["element"] for one in view["blocks"] if one.get("block_id") == "known_tags"]
    chosen = known["initial_options"]
    assert [option["value"] for option in chosen] == ["Windowed"]
    house.act("view/submit", member="ben", values={})
    assert "You follow #Windowed now" in shown(house.modal("ben", "You follow"))
    house.act("view/close", member="ben", all=True)
    pasted(house, "2311.50004", member="aiko")
    house.command("/note tag windowed", member="aiko")
    awaited(house, "2311.50004", member="ben")
    assert not told(house, "2311.50003", member="ben")
    assert "You no longer follow #Windowed" in house.command("/note unfollow windowed")


def test_people_and_channels_are_chosen_in_the_window_of_the_shortcut(house: House) -> None:
    house.act("shortcut", member="aiko", callback_id="follow_notes")
    house.modal("aiko", "通知の頻度")
    values = {
        "people": {"people": [house.ids["ben"]]},
        "channels": {"channels": [house.channel("general")]},
        "frequency": {"frequency": "weekly"},
    }
    house.act("view/submit", member="aiko", values=values)
    words = shown(house.modal("aiko", "フォローしました"))
    assert "ben" in words
    assert "#general" in words
    listed = house.command("/note follow", member="aiko")
    assert listed.count("週に一度") == 2
    pasted(house, "2311.50005", channel="general")
    assert "解除しました" in house.command("/note unfollow @ben, #general", member="aiko")
    assert not told(house, "2311.50005")


def test_a_channel_follows_names_who_set_it_up_and_anyone_ends_it(house: House) -> None:
    assert "This channel follows #Chan now" in house.command("/note follow Chan here", channel="general")
    assert "ben" in house.command("/note follow", member="aiko", channel="general")
    pasted(house, "2311.50006", member="aiko")
    house.command("/note tag Chan", member="aiko")
    said = awaited(house, "2311.50006", channel="general")
    assert "set up by ben" in shown(said)
    pasted(house, "2311.50007", member="aiko", channel="general")
    house.command("/note tag Chan", member="aiko", channel="general")
    house.command("/note unfollow Chan here", member="aiko", channel="general")
    assert "フォローしていません" in house.command("/note unfollow Chan here", member="aiko", channel="general")
    assert len(told(house, "2311.50007", channel="general")) == 0


def test_a_tag_and_the_person_behind_it_are_one_notice_and_nobody_is_told_of_their_own_acts(house: House) -> None:
    house.command("/note follow Both, @ben", member="aiko")
    house.command("/note follow Both, @aiko")
    pasted(house, "2311.50021")
    house.command("/note tag 2311.50021 Both")
    said = awaited(house, "2311.50021")
    pasted(house, "2311.50022", member="aiko")
    house.command("/note tag 2311.50022 Both", member="aiko")
    awaited(house, "2311.50022", member="ben")
    assert [one["ts"] for one in told(house, "2311.50021")] == [said["ts"]]
    assert not told(house, "2311.50021", member="ben")
    assert not told(house, "2311.50022", member="aiko")
    house.command("/note unfollow Both, @ben", member="aiko")
    house.command("/note unfollow Both, @aiko")


def test_what_was_told_of_a_deleted_share_goes_with_it(house: House) -> None:
    house.command("/note follow @ben", member="aiko")
    ts = pasted(house, "2311.50031")
    awaited(house, "2311.50031")
    house.act("delete", member="ben", channel="papers", ts=ts)
    until(lambda: not told(house, "2311.50031"))
    house.command("/note unfollow @ben", member="aiko")


def test_what_cannot_be_followed_is_refused_with_what_to_do(house: House) -> None:
    house.paste(f"<@{house.playground.bot_user_id}> follow <#C000PRIVATE>")
    refused = until(lambda: next((one for one in house.whispers("ben") if "Only public" in shown(one)), None))
    assert "lab-private" not in shown(refused)
    assert "following yourself" in house.command("/note follow @ben")
    assert "already get their card here" in house.command("/note follow #papers here")
    assert "This channel follows" not in house.command("/note follow")
    assert "“here” is for channels" in house.command("/note follow LLM here", channel=house.direct("ben"))
    assert "None of this is followed" in house.command("/note unfollow Nothing")
