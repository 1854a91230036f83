"""Who reads what, as people see it: the claim on card and page until it ends, the read mark for oneself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from house import House, shown, until
from playground_driving import BOT

from bot.composition.stores import stored
from bot.settings import read
from papers.readers import Readers


def pasted(house: House, paper: str, channel: str = "papers", member: str = "ben") -> str:
    ts = house.paste(f"https://arxiv.org/abs/{paper}", member=member, channel=channel)
    house.card(ts, paper, channel=channel, member=member)
    return ts


def press_reading(house: House, ts: str, paper: str, member: str) -> None:
    card = house.card(ts, paper)
    house.act("click", member=member, channel="papers", ts=card["ts"], action_id="verb:reading")


def after(house: House, days: int) -> None:
    """Let days go by, for claims."""
    with stored(read(house.environment)) as stores:
        Readers(stores.shelves, lambda _job: None, lambda: datetime.now(UTC) + timedelta(days=days)).expire()


def test_a_claim_by_button_is_on_the_card_and_the_page_until_it_ends(house: House) -> None:
    ts = pasted(house, "2405.00001")
    page = "papers/arxiv/2405.00001.html"
    press_reading(house, ts, "2405.00001", "aiko")
    house.card(ts, "reading now: aiko")
    until(lambda: any("読んでいる" in shown(one) for one in house.whispers("aiko")))
    until(lambda: "has been reading this since" in house.page(page))
    after(house, 13)
    assert "reading now: aiko" in house.command("/note show 2405.00001")
    after(house, 15)
    until(lambda: "reading now" not in shown(house.card(ts, "2405.00001")), 30)
    until(lambda: "has been reading this since" not in house.page(page), 30)


def test_the_button_pressed_again_puts_the_paper_down(house: House) -> None:
    ts = pasted(house, "2405.00002")
    press_reading(house, ts, "2405.00002", "ben")
    house.card(ts, "reading now: ben")
    assert "2405.00002" in house.command("/note list reading")
    press_reading(house, ts, "2405.00002", "ben")
    until(lambda: "reading now" not in shown(house.card(ts, "2405.00002")))
    assert "2405.00002" not in house.command("/note list reading")


@pytest.mark.parametrize(
    ("member", "way", "label", "done"),
    [
        ("ben", "card", "Put down", "no longer reading"),
        ("ben", "mention", "Put down", "no longer reading"),
        ("aiko", "mention", "読むのをやめる", "表示をやめました"),
    ],
)
def test_the_answer_puts_down_the_paper_that_it_names(
    house: House, member: str, way: str, label: str, done: str
) -> None:
    paper = {"card": "2405.00011", "mention": {"ben": "2405.00012", "aiko": "2405.00013"}[member]}[way]
    ts = pasted(house, paper)
    house.card(house.paste("https://arxiv.org/abs/2405.00010"), "2405.00010")  # the channel's last is another
    if way == "card":
        press_reading(house, ts, paper, member)
    else:
        house.paste(f"<@{BOT}> reading", member=member, thread=ts)
    answer = until(lambda: next((one for one in house.whispers(member) if paper in shown(one)), None))
    assert answer["thread_ts"] == ts
    assert "/note" not in shown(answer)
    (button,) = answer["blocks"][-1]["elements"]
    assert button["text"]["text"] == label
    house.card(ts, f"reading now: {member}")
    house.act("click", member=member, channel="papers", ts=answer["ts"], action_id=button["action_id"])
    until(lambda: any(done in shown(one) and paper in shown(one) for one in house.whispers(member)))
    until(lambda: "reading now" not in shown(house.card(ts, paper)))
    assert not any(label in shown(one) for one in house.whispers(member) if paper in shown(one))


def test_read_and_unread_are_seen_by_oneself_alone(house: House) -> None:
    ts = pasted(house, "2405.00003")
    house.command("/note reading")
    house.card(ts, "reading now: ben")
    assert "for your eyes only" in house.command("/note read")
    until(lambda: "reading now" not in shown(house.card(ts, "2405.00003")))
    assert "read by you" in house.command("/note show")
    assert "read by you" not in house.command("/note show", member="aiko")
    assert "2405.00003" in house.command("/note list read")
    assert "2405.00003" not in house.command("/note list unread")
    assert "2405.00003" in house.command("/note list unread", member="aiko")
    house.command("/note tag read")
    assert "2405.00003" in house.command("/note list #read", member="aiko")
    assert "Marked as unread" in house.command("/note unread")
    assert "2405.00003" in house.command("/note list unread")


def test_read_is_in_the_papers_menu(house: House) -> None:
    ts = pasted(house, "2405.00004")
    card = house.card(ts, "2405.00004")
    house.act("click", member="ben", channel="papers", ts=card["ts"], action_id="verb:menu")
    menu = until(lambda: next((one for one in house.whispers("ben") if "Mark as unread" in shown(one)), None))
    house.act("click", member="ben", channel="papers", ts=menu["ts"], action_id="verb:read")
    until(lambda: "2405.00004" in house.command("/note list read"))


def test_the_menu_of_a_paper_says_what_its_reading_button_does(house: House) -> None:
    ts = pasted(house, "2405.00005")
    card = house.card(ts, "2405.00005")
    assert "読み始める" not in shown(card)

    def menu(says: str) -> dict[str, Any]:
        house.act("click", member="aiko", channel="papers", ts=card["ts"], action_id="verb:menu")

        def menus() -> list[dict[str, Any]]:
            return [one for one in house.whispers("aiko") if "verb:show" in str(one) and says in shown(one)]

        return dict(until(menus)[0])

    begin = menu("読んでいる\n")
    assert "読むのをやめる" not in shown(begin)
    house.act("click", member="aiko", channel="papers", ts=begin["ts"], action_id="verb:reading")
    house.card(ts, "reading now: aiko")
    end = menu("読むのをやめる")
    assert "読んでいる\n" not in shown(end)
    house.act("click", member="aiko", channel="papers", ts=end["ts"], action_id="verb:reading")
    until(lambda: "reading now" not in shown(house.card(ts, "2405.00005")))
