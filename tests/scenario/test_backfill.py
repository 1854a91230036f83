"""Reading a channel's past: what was shared before Fusen came is kept, quietly and once."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from house import House, Slackers, running, shown, until
from playground_driving import BOT

CANARY = "canary of the private past"


def the_past(people: Slackers) -> None:
    """Two pages of talk with five papers, one of them twice, a discussion, and words said to the bot."""
    rooms = [people.channel(name) for name in ("papers", "lab-private")]
    for room in rooms:
        people.clients["aiko"].conversations_kick(channel=room, user=BOT)
    first = people.paste("Worth reading: https://arxiv.org/abs/2301.00001")
    people.paste("Section 2 is the useful part", member="aiko", thread=first)
    people.paste("see also https://arxiv.org/abs/2301.00004", member="aiko", thread=first)
    people.paste(f"<@{people.state()['app']['user_id']}> what is this?", member="aiko", thread=first)
    people.paste(f"https://arxiv.org/abs/2301.00006 <@{BOT}> tag LLM", member="aiko", thread=first)
    for number in range(110):
        people.paste(f"talk {number}")
        if number == 60:
            people.paste("https://arxiv.org/abs/2301.00002v3 and https://arxiv.org/abs/2301.00003", member="aiko")
    people.paste(f"<@{people.state()['app']['user_id']}> reading group today: https://arxiv.org/abs/2301.00005")
    people.paste("again: https://arxiv.org/pdf/2301.00001")
    people.paste(f"https://arxiv.org/abs/2301.00009 {CANARY}", member="aiko", channel="lab-private")
    for room in rooms:
        people.clients["aiko"].conversations_invite(channel=room, users=[BOT])


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with running(tmp_path, f"sqlite:///{tmp_path}/fusen.db", before=the_past) as made:
        yield made


def report(house: House, channel: str = "papers", says: str = "Finished") -> str:
    """What the bot tells of its reading, once it says something."""
    return str(
        until(
            lambda: next(
                (said for post in house.posts(channel) if post.get("bot_id") and says in (said := shown(post))),
                None,
            ),
            60,
        )
    )


def test_the_past_of_a_channel_is_kept_once_with_its_discussion_and_without_cards(house: House) -> None:
    assert "I am reading this channel's past" in house.command("/note backfill 30")
    assert "reading this channel's past already" in house.command("/note backfill")
    told = report(house)
    assert re.search(r"11\d messages read", told)
    assert "7 new papers" in told  # shares: one paper was shared twice
    assert "ben" in told
    listed = house.command("/note list")
    assert all(f"2301.0000{number}" in listed for number in range(1, 7))
    assert "2301.00009" not in listed
    shown_note = house.command("/note show 2301.00001")
    assert "Section 2 is the useful part" in shown_note
    assert "what is this?" not in shown_note
    assert "tag LLM" not in shown_note
    assert not any("2301.00001" in shown(post) for post in house.posts() if post.get("bot_id"))
    old = next(post["ts"] for post in house.posts() if "Worth reading" in shown(post))
    assert not house.answers(old)
    # The past is read again: nothing is new, and what follows in the old thread is a comment as ever.
    house.command("/note backfill 30")
    until(lambda: len([p for p in house.posts() if p.get("bot_id") and "Finished" in shown(p)]) == 2, 60)
    assert any("0 new papers" in shown(post) for post in house.posts() if post.get("bot_id"))
    house.paste("I read it today", thread=old)
    until(lambda: "I read it today" in house.command("/note show 2301.00001"))


def test_slack_asking_for_patience_only_delays_it_and_a_private_past_stays_private(house: House) -> None:
    house.act("misbehave", method="conversations.history", how="429", times=1, seconds=1)
    house.command("/note backfill", member="aiko", channel="lab-private")
    until(lambda: house.state()["misbehaviour"]["happened"])
    assert "1 new paper" in report(house, "lab-private")
    until(lambda: "2301.00009" in house.command("/note list", member="aiko", channel="lab-private"))
    assert "2301.00009" not in house.command("/note list")
    assert CANARY not in house.site()
    assert "2301.00009" not in house.site()


def test_it_is_stopped_and_answered_in_the_language_of_who_asks(house: House) -> None:
    assert "読み込んでいません" in house.command("/note backfill stop", member="aiko")
    assert "1〜3650" in house.command("/note backfill 0", member="aiko")
    assert "履歴を読み込みます" in house.command("/note backfill", member="aiko")
    house.command("/note backfill stop")
    report(house)
