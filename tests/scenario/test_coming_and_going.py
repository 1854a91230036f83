"""Invited to a channel Fusen says what it keeps, once; removed, it unpublishes what came only from there."""

from __future__ import annotations

from typing import Any

import pytest
from house import House, shown, until

BOT = "fusen"


def made(house: House, name: str, private: bool = False) -> str:
    """A channel of Aiko's without the bot."""
    told = house.clients["aiko"].conversations_create(name=name, is_private=private)
    return str(told["channel"]["id"])


def invited(house: House, channel: str) -> None:
    house.act("invite", member="aiko", channel=channel, user=BOT)


def removed(house: House, channel: str) -> None:
    house.act("kick", member="aiko", channel=channel, user=BOT)


def said(house: House, channel: str) -> list[dict[str, Any]]:
    """What the bot has said in a channel outside threads."""
    return [post for post in house.posts(channel) if post.get("bot_id")]


def pasted(house: House, channel: str, paper: str) -> str:
    ts = house.paste(f"https://arxiv.org/abs/{paper}", member="aiko", channel=channel)
    house.card(ts, paper, channel=channel)
    return ts


def test_invited_to_a_public_channel_fusen_says_once_what_will_be_published(house: House) -> None:
    channel = made(house, "reading")
    house.post("misbehave", deliver_twice=1)
    invited(house, channel)
    (welcome,) = until(lambda: said(house, channel))
    words = shown(welcome)
    assert "aiko invited me" in words
    assert "published on" in words
    assert "/note tag" in words
    house.act("click", member="aiko", channel=channel, ts=welcome["ts"], action_id="verb:help")
    until(lambda: [one for one in house.whispers("aiko") if one["channel"] == channel])
    removed(house, channel)
    invited(house, channel)
    pasted(house, channel, "2311.40001")
    assert said(house, channel) == [welcome]


def test_invited_to_a_private_channel_fusen_says_that_all_stays_there(house: House) -> None:
    channel = made(house, "canary-private", private=True)
    invited(house, channel)
    (welcome,) = until(lambda: said(house, channel))
    assert "stay here" in shown(welcome)
    assert "published on" not in shown(welcome)


def test_a_paper_added_before_fusen_came_gets_its_card_after_the_welcome_and_once(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    channel = made(house, "too-early")
    for paper in ("2311.40005", "2311.40006"):
        assert "/invite" in house.command(f"/note add {paper}", member="aiko", channel=channel)
    until(lambda: [one for one in caplog.records if "not_in_channel" in one.getMessage()][1:])
    house.command("/note undo", member="aiko", channel=channel)
    invited(house, channel)
    card, welcome = until(lambda: len(found := said(house, channel)) > 1 and found)
    assert "aiko invited me" in shown(welcome)
    assert "2311.40005" in shown(card)
    reply = house.paste("read it at last", member="aiko", channel=channel, thread=card["ts"])
    assert reply
    shows = "/note show 2311.40005"
    until(lambda: "read it at last" in house.command(shows, member="aiko", channel=channel))
    removed(house, channel)
    invited(house, channel)
    pasted(house, channel, "2311.40007")
    assert [one["ts"] for one in said(house, channel)] == [card["ts"], welcome["ts"]]


def test_other_people_coming_and_going_are_not_greeted(house: House) -> None:
    channel = made(house, "quiet")
    invited(house, channel)
    until(lambda: said(house, channel))
    house.act("join", member="ben", channel=channel)
    house.act("leave", member="ben", channel=channel)
    pasted(house, channel, "2311.40002")
    assert len(said(house, channel)) == 1


def test_what_came_only_from_a_channel_goes_from_the_pages_with_fusen_and_comes_back_with_it(
    house: House,
) -> None:
    channel = made(house, "leaving")
    invited(house, channel)
    ts = pasted(house, channel, "2311.40003")
    pasted(house, channel, "2311.40004")
    pasted(house, "papers", "2311.40004")
    titles = [house.arxiv.paper(paper).title for paper in ("2311.40003", "2311.40004")]
    until(lambda: all(title in house.site() for title in titles))
    removed(house, channel)
    until(lambda: titles[0] not in house.site())
    assert titles[1] in house.site()
    assert "Nothing found" in house.command("/note search 2311.40003")
    assert "2311.40003" in house.command("/note search 2311.40003", member="aiko", channel=channel)
    house.command("/note tag 2311.40003 Away", member="aiko", channel=channel)
    invited(house, channel)
    until(lambda: titles[0] in house.site())
    house.card(ts, "#Away", channel=channel)


def test_a_channel_made_private_takes_what_was_shared_in_it_off_the_pages_at_once(house: House) -> None:
    channel = made(house, "closing")
    invited(house, channel)
    pasted(house, channel, "2311.40015")
    titles = [house.arxiv.paper(paper).title for paper in ("2311.40015", "2311.40016")]
    until(lambda: titles[0] in house.site())
    house.act("convert", member="aiko", channel=channel)
    until(lambda: titles[0] not in house.site())
    pasted(house, channel, "2311.40016")
    assert "Nothing found" in house.command("/note search 2311.40015")
    assert "2311.40015" in house.command("/note search 2311.40015", member="aiko", channel=channel)
    house.act("convert", member="aiko", channel=channel, private=False)
    until(lambda: all(title in house.site() for title in titles))


def test_the_people_of_a_private_channel_are_told_that_it_is_public_now_and_its_welcome_says_so(
    house: House,
) -> None:
    channel = made(house, "opening", private=True)
    invited(house, channel)
    pasted(house, channel, "2311.40019")
    until(lambda: any("This conversation is private" in shown(post) for post in house.posts(channel, "aiko")))

    def told() -> list[str]:
        said = [shown(post) for post in house.posts(channel, "aiko") if post.get("bot_id")]
        return [one for one in said if "This channel is public" in one]

    for _ in ("at first", "on the same day again"):
        house.act("convert", member="aiko", channel=channel, private=False)
        until(lambda: len(told()) == 2)
        assert sum("the older ones too" in one for one in told()) == 1
        house.act("convert", member="aiko", channel=channel)
        until(lambda: not told())
    assert any("This conversation is private" in shown(post) for post in house.posts(channel, "aiko"))


def test_a_channel_that_was_opened_by_a_slip_is_told_once_it_is_opened_for_good(house: House) -> None:
    channel = made(house, "slip", private=True)
    invited(house, channel)
    pasted(house, channel, "2311.40032")
    for private in (False, True, False):
        house.act("convert", member="aiko", channel=channel, private=private)
    until(lambda: house.arxiv.paper("2311.40032").title in house.site())
    until(lambda: sum("the older ones too" in shown(post) for post in house.posts(channel, "aiko")) == 1)


def test_that_a_channel_is_public_does_not_stay_said_in_a_private_one_though_the_answer_was_lost(
    house: House,
) -> None:
    channel = made(house, "lost-opening", private=True)
    invited(house, channel)
    pasted(house, channel, "2311.40034")
    house.act("misbehave", method="chat.postMessage", how="cut", times=1)
    house.act("convert", member="aiko", channel=channel, private=False)
    until(lambda: any("the older ones too" in shown(post) for post in said(house, channel)))
    house.act("convert", member="aiko", channel=channel)
    until(lambda: not any("the older ones too" in shown(post) for post in said(house, channel)))


def test_a_welcome_whose_answer_was_lost_says_that_the_channel_is_private_by_now(house: House) -> None:
    channel = made(house, "lost-welcome")
    house.act("misbehave", method="chat.postMessage", how="cut", times=1)
    invited(house, channel)
    until(lambda: said(house, channel))
    house.act("convert", member="aiko", channel=channel)
    until(lambda: "stay here" in shown(said(house, channel)[0]))
    assert len(said(house, channel)) == 1


def unheard(house: House, deed: str, **what: str) -> None:
    """Do something of which Slack tells Fusen only much later."""
    house.post("misbehave", deliver_late=99, seconds=600)
    house.act(deed, **what)
    house.post("misbehave", reset=True)


def closed_unheard(house: House, name: str, paper: str, *members: str) -> tuple[str, str]:
    """A channel that was made private, of which Fusen was not told, and the title of its published paper."""
    channel = made(house, name)
    invited(house, channel)
    for member in members:
        house.act("join", member=member, channel=channel)
    pasted(house, channel, paper)
    title = house.arxiv.paper(paper).title
    until(lambda: title in house.site())
    unheard(house, "convert", member="aiko", channel=channel)
    return channel, title


def test_that_a_channel_is_private_is_known_from_whatever_is_said_in_it(house: House) -> None:
    channel, title = closed_unheard(house, "missed", "2311.40017")
    house.paste("lunch?", member="aiko", channel=channel)
    until(lambda: title not in house.site())
    pasted(house, channel, "2311.40018")
    assert "Nothing found" in house.command("/note search 2311.40018")
    assert house.arxiv.paper("2311.40018").title not in house.site()


def test_a_mention_that_comes_before_its_message_does_not_hide_that_the_channel_is_private(house: House) -> None:
    channel, title = closed_unheard(house, "mentioned", "2311.40025")
    house.post("misbehave", deliver_late=1, seconds=3)  # of the two events of a mention, the message itself
    text = f"https://arxiv.org/abs/2311.40026 <@{house.state()['app']['user_id']}>"
    house.card(house.paste(text, member="aiko", channel=channel), "2311.40026", channel=channel)
    until(lambda: title not in house.site())
    assert house.arxiv.paper("2311.40026").title not in house.site()
    assert "Nothing found" in house.command("/note search 2311.40026")


def test_that_a_channel_is_private_is_known_from_what_other_bots_say_in_it(house: House) -> None:
    channel, title = closed_unheard(house, "built", "2311.40027")
    house.act("bot", channel=channel, name="builds", text="green", classic=True)
    until(lambda: title not in house.site())


def test_somebody_who_leaves_a_private_channel_does_not_take_fusen_along(house: House) -> None:
    channel, title = closed_unheard(house, "ben-leaves", "2311.40029", "ben")
    house.post("misbehave", method="conversations.info", how="500", times=100)
    house.act("leave", member="ben", channel=channel)
    until(lambda: title not in house.site())
    assert "/invite" not in house.command("/note digest here", member="aiko", channel=channel)
    house.post("misbehave", reset=True)


def test_a_stranger_who_comes_is_not_greeted_by_fusen(house: House) -> None:
    ts = house.paste("https://arxiv.org/abs/2311.40030", channel="general")
    house.card(ts, "2311.40030", channel="general")
    before = said(house, "general")
    house.post("misbehave", deliver_late=1, seconds=600)  # channel_shared
    house.act("stranger", channel="general", name="dana")
    house.card(ts, "shared with another organization", channel="general")
    pasted(house, "papers", "2311.40031")
    assert said(house, "general") == before


def test_what_is_typed_in_a_private_channel_is_not_published_though_it_was_public_before(house: House) -> None:
    channel, title = closed_unheard(house, "typed", "2311.40020")
    assert "保存しました" in house.command("/note add 2311.40021", member="aiko", channel=channel)
    assert "Nothing found" in house.command("/note search 2311.40021")
    until(lambda: title not in house.site())


def test_a_click_in_a_private_channel_tells_that_it_is_private(house: House) -> None:
    channel, title = closed_unheard(house, "clicked", "2311.40033")
    (welcome,) = said(house, channel)
    house.act("click", member="aiko", channel=channel, ts=welcome["ts"], action_id="verb:help")
    until(lambda: title not in house.site())


def test_a_channel_that_became_private_while_fusen_was_away_stays_private(house: House) -> None:
    channel = made(house, "awayprivate")
    invited(house, channel)
    ts = pasted(house, channel, "2311.40022")
    title = house.arxiv.paper("2311.40022").title
    until(lambda: title in house.site())
    removed(house, channel)
    until(lambda: title not in house.site())
    house.act("convert", member="aiko", channel=channel)
    invited(house, channel)
    house.command("/note tag 2311.40022 Back", member="aiko", channel=channel)
    house.card(ts, "#Back", channel=channel)
    assert "Nothing found" in house.command("/note search 2311.40022")
    assert title not in house.site()


def test_what_was_said_while_a_channel_was_private_does_not_close_it_again(house: House) -> None:
    channel = made(house, "reopened", private=True)
    invited(house, channel)
    ts = house.paste("look at this", member="aiko", channel=channel)
    house.paste("nice", member="aiko", channel=channel, thread=ts)
    pasted(house, channel, "2311.40023")
    house.act("convert", member="aiko", channel=channel, private=False)
    until(lambda: any("the older ones too" in shown(post) for post in said(house, channel)))
    house.post("misbehave", method="conversations.info", how="500", times=100)
    house.act("edit", member="aiko", channel=channel, ts=ts, text="look at https://arxiv.org/abs/2311.40024")
    house.card(ts, "1 comment", channel=channel)
    title = house.arxiv.paper("2311.40024").title
    until(lambda: title in house.site())
