"""The view of a Home: Slack takes it whatever people write, it pings nobody, and it says what a member may do."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from judges import judge
from written import (
    BEN,
    HOSTILE,
    LANGUAGES,
    MESSAGES,
    NOW,
    WORDS,
    assert_parted,
    bare,
    note,
    share,
    workspace,
    worst,
)

from bot.home import BLOCKS, HomeView
from bot.payloads.home import channel_of
from papers.digest_order import ComingDigest, DigestOrder, Scope
from papers.follows import MOST, Follow, Follower, Silence, Target, TargetKind
from papers.home import FirstSteps, Home
from papers.homes import DIGESTS, READ, READING, UNREAD, WAITING
from papers.note import Channel, ChannelKind, Note
from papers.periods import WeeklyTime
from playground.payload_checks import check_view

VIEW = HomeView(MESSAGES, "@fusen")
SECRET = Channel("C9", "lab-private", ChannelKind.PRIVATE)


def full(of: Note, text: str) -> Home:
    """A Home that has as much of everything as it can have, all of it alike."""
    kinds = (TargetKind.TAG, TargetKind.MEMBER, TargetKind.CHANNEL)
    targets = [Target(kinds[number % 3], f"k{number}", text[:190]) for number in range(MOST)]
    order = DigestOrder("T1", "C1", Scope.TAG, text[:190])
    return Home(
        "U1",
        reading=tuple(replace(of, id=1000 + number) for number in range(READING)),
        unread=tuple(replace(of, id=2000 + number) for number in range(UNREAD)),
        read=tuple(replace(of, id=4000 + number) for number in range(READ)),
        waiting=tuple(replace(of, id=3000 + number) for number in range(WAITING)),
        follows=tuple(Follow(Follower("T1", "U1"), one, True, BEN, NOW, Silence.FOLLOWED) for one in targets),
        digests=(
            ComingDigest(
                order, Channel("C1", text[:80]), WeeklyTime.parse("fri 17:00"), text[:190], can_come=False
            ),
        )
        * DIGESTS,
    )


def view(home: Home, language: str = "en") -> dict[str, Any]:
    return VIEW.view(home, "D1", workspace(language), language)


def texts(value: Any, kind: str) -> Iterator[str]:
    """The texts of a kind in a view."""
    if isinstance(value, dict):
        if value.get("type") == kind and isinstance(value.get("text"), str):
            yield value["text"]
        for inner in value.values():
            yield from texts(inner, kind)
    elif isinstance(value, list):
        for inner in value:
            yield from texts(inner, kind)


def words(value: Any) -> str:
    return "\n".join((*texts(value, "mrkdwn"), *texts(value, "plain_text")))


def buttons(made: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    for block in made["blocks"]:
        found += [one for one in (block.get("elements") or [block.get("accessory")]) if one]
    return [one for one in found if one["type"] == "button"]


def test_a_home_neither_turns_its_direction_nor_hides_a_letter() -> None:
    text = "Safe \u202egnp.exe\u202c \U000e0041\U000e0042 "
    made = view(full(worst(1, text), text * 40))
    read_aloud = [one["accessibility_label"] for one in buttons(made) if "accessibility_label" in one]
    assert "Safe gnp.exe" in words(made)
    assert any("Safe gnp.exe" in one for one in read_aloud)
    assert not re.search("[\u202a-\u202e\U000e0000-\U000e007f]", words(made) + "".join(read_aloud))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("text", [HOSTILE, "&", "大規模言語モデルの評価、", "# big\n\n:: small\n\n"])
def test_slack_takes_the_fullest_home_whatever_is_written(text: str, language: str) -> None:
    made = view(full(worst(1, text), text * 40), language)
    check_view(made, "home")
    assert judge("view", made) == []
    assert len(made["blocks"]) < BLOCKS
    ids = [block["block_id"] for block in made["blocks"] if "block_id" in block]
    assert len(set(ids)) == len(ids)
    for marked in texts(made, "mrkdwn"):
        assert not re.search(r"[<>&]", bare(marked)), marked[:300]
        assert_parted(marked)


@pytest.mark.parametrize("language", LANGUAGES)
def test_an_empty_home_says_how_each_part_is_filled(language: str) -> None:
    made = view(Home("U1"), language)
    check_view(made, "home")
    said = words(made)
    for key in ("home_reading_none", "home_no_papers", "home_follows_none"):
        assert WORDS[language](key) in said
    assert "/invite @fusen" in said


def test_the_first_steps_say_which_is_done_in_words_and_go_when_both_are() -> None:
    done = WORDS["en"]("home_done")
    assert done not in words(view(Home("U1")))
    assert words(view(Home("U1", steps=FirstSteps(said=True)))).count(done) == 1
    for over in (FirstSteps(shared=True, said=True), FirstSteps(dismissed=True)):
        assert WORDS["en"]("home_welcome") not in words(view(Home("U1", steps=over)))


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_home_with_room_for_no_more_unread_papers_says_where_the_others_are(language: str) -> None:
    home = full(note(), "x")
    assert "/note list unread" in json.dumps(view(home, language))
    assert "/note list unread" not in json.dumps(view(replace(home, unread=home.unread[1:]), language))


def test_a_digest_that_cannot_come_says_what_keeps_it_away() -> None:
    coming = ComingDigest(
        DigestOrder("T1", "C1", Scope.WORKSPACE), Channel("C1", "llm"), WeeklyTime.parse("fri 17:00")
    )
    told = "\n".join(texts(view(Home("U1", digests=(coming, replace(coming, can_come=False)))), "mrkdwn"))
    away = "I am not in #llm, so it cannot come. Write there: /invite @fusen"
    assert [away in one for one in told.splitlines() if "Weekly digest" in one] == [False, True]


def test_each_button_tells_a_screen_reader_for_which_paper_it_is() -> None:
    one = replace(note(), shares=(share(),))
    made = view(Home("U1", reading=(one,), unread=(one,), read=(one,), waiting=(one,)))
    about = [button for button in buttons(made) if button.get("value", "").partition(":")[0] == "1"]
    assert len(about) == 5
    assert all("Attention" in button["accessibility_label"] for button in about)


def test_one_acts_where_everybody_sees_the_paper_else_where_it_was_shared() -> None:
    public, secret = share(), replace(share(), channel=SECRET)
    for shares, where in (((secret, public), "C1"), ((secret,), "C9")):
        made = view(Home("U1", waiting=(note(shares=shares),)))
        (place,) = [block["block_id"] for block in made["blocks"] if block.get("accessory")]
        assert channel_of(place) == where
        assert ("lab-private" in words(made)) == (where == "C9")
    assert json.loads(made["private_metadata"]) == {"channel": "D1"}
