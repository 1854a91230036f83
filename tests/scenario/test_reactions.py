"""Emoji under a paper's message or its card: the fourth way to a verb, without a word from Fusen."""

from __future__ import annotations

from typing import Any

from house import House, shown, until


def pasted(house: House, *papers: str, channel: str = "papers", member: str = "ben") -> str:
    links = " ".join(f"https://arxiv.org/abs/{paper}" for paper in papers)
    ts = house.paste(links, channel=channel, member=member)
    for paper in papers:
        house.card(ts, paper, channel=channel, member=member)
    return ts


def react(house: House, name: str, ts: str, member: str = "ben", channel: str = "papers", **how: Any) -> None:
    house.act("react", member=member, channel=house.channel(channel), ts=ts, name=name, **how)


def tell(house: House, kind: str, name: str, ts: str, minute: int, user: str) -> None:
    """Slack tells of a reaction, whatever happened before."""
    item = {"type": "message", "channel": house.channel("papers"), "ts": ts}
    event = {
        "type": kind,
        "user": user,
        "reaction": name,
        "item": item,
        "event_ts": f"{1800000000 + minute}.000100",
    }
    house.act("event", event=event)


def shows(house: House, ts: str, paper: str, words: str) -> bool:
    return words in shown(house.card(ts, paper))


def test_a_reaction_tags_and_its_removal_untags_without_a_word(house: House) -> None:
    told = house.command("/note emoji :robot_face: tag Robots")
    assert ":robot_face: tag Robots" in told
    assert ":eyes: reading" in house.command("/note emoji")
    ts = pasted(house, "2406.00001")
    before = len(house.whispers("aiko"))
    react(house, "robot_face", ts, "aiko")
    house.card(ts, "#Robots")
    react(house, "robot_face", ts, "aiko", remove=True)
    until(lambda: shows(house, ts, "2406.00001", "No tags yet"))
    assert len(house.whispers("aiko")) == before
    assert len(house.answers(ts)) == 1


def test_eyes_on_the_card_say_that_one_is_reading_and_a_check_ends_it(house: House) -> None:
    ts = pasted(house, "2406.00002")
    card = house.card(ts, "2406.00002")
    react(house, "eyes", card["ts"], "aiko")
    house.card(ts, "reading now: aiko")
    react(house, "white_check_mark", ts, "aiko")
    until(lambda: not shows(house, ts, "2406.00002", "reading now"))
    assert "2406.00002" in house.command("/note list read", member="aiko")
    react(house, "white_check_mark", ts, "aiko", remove=True)
    until(lambda: "2406.00002" not in house.command("/note list read", member="aiko"))


def test_a_removal_delivered_before_its_addition_leaves_nothing(house: House) -> None:
    ts = pasted(house, "2406.00003")
    tell(house, "reaction_removed", "eyes", ts, 2, house.ids["aiko"])
    tell(house, "reaction_added", "eyes", ts, 1, house.ids["aiko"])
    # Events of one thread are handled in order: when this is done, the others are.
    react(house, "eyes", ts, "ben")
    house.card(ts, "reading now: ben")
    assert not shows(house, ts, "2406.00003", "aiko")


def test_the_tone_of_skin_does_not_matter_and_switched_off_is_off(house: House) -> None:
    house.command("/note emoji :raised_hands: tag Applause")
    house.command("/note emoji :eyes: off")
    try:
        ts = pasted(house, "2406.00004")
        react(house, "eyes", ts)
        tell(house, "reaction_added", "raised_hands::skin-tone-3", ts, 1, house.ids["ben"])
        house.card(ts, "#Applause")
        assert not shows(house, ts, "2406.00004", "reading now")
    finally:
        assert ":eyes: reading" in house.command("/note emoji :eyes: reading")


def test_a_message_about_several_papers_and_the_bots_own_reactions_are_passed_over(house: House) -> None:
    several = pasted(house, "2406.00005", "2406.00006")
    ts = pasted(house, "2406.00007")
    react(house, "eyes", several)
    tell(house, "reaction_added", "eyes", ts, 1, house.state()["app"]["user_id"])
    react(house, "eyes", house.card(several, "2406.00006")["ts"], "aiko")
    until(lambda: shows(house, several, "2406.00006", "reading now: aiko"))
    assert not shows(house, several, "2406.00005", "reading now")
    react(house, "eyes", ts, "ben")
    house.card(ts, "reading now: ben")
    assert shown(house.card(ts, "reading now")).count("reading now: ben") == 1


def test_a_reaction_in_a_private_channel_leaves_no_trace_outside(house: House) -> None:
    house.command("/note emoji :lock: tag HushReaction")
    public = pasted(house, "2406.00008")
    private = pasted(house, "2406.00008", channel="lab-private", member="aiko")
    for name in ("eyes", "lock"):
        react(house, name, private, "aiko", "lab-private")
    until(lambda: "HushReaction" in house.command("/note show 2406.00008", "aiko", "lab-private"))
    until(lambda: "aiko さんが読んでいます" in house.command("/note show 2406.00008", "aiko", "lab-private"))
    # What is done in public after it is published after it.
    react(house, "robot_face", public)
    house.command("/note tag PublishedLater")
    until(lambda: "PublishedLater" in house.site())
    assert "HushReaction" not in house.site()
    assert "has been reading this" not in house.page("papers/arxiv/2406.00008.html")
    for outside in (house.command("/note show 2406.00008"), shown(house.card(public, "2406.00008"))):
        assert "HushReaction" not in outside
        assert "reading now" not in outside
