"""Being forgotten, from the question in Slack to the last byte of the pages and of the database's file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from house import House, shown, until

CANARY = "Kanarienvogel"


def files(house: House) -> list[Path]:
    database = Path(house.environment["DATABASE_URL"].removeprefix("sqlite:///"))
    return [database, database.with_name(database.name + "-wal"), *house.pages.rglob("*")]


def lies_about(house: House, words: str) -> bool:
    return any(words.encode() in file.read_bytes() for file in files(house) if file.is_file())


def asked(house: House, member: str) -> dict[str, Any]:
    """The answer that explains, with its button."""
    house.command("/note forget", member=member)
    told: dict[str, Any] = house.whispers(member)[-1]
    return told


def test_forget_explains_in_both_languages_and_asks_before_anything_goes(house: House) -> None:
    for member, says, sure in (
        ("ben", "but without your name", "Forget you?"),
        ("aiko", "名前を外して", "削除しますか"),
    ):
        told = asked(house, member)
        assert says in shown(told)
        (button,) = told["blocks"][-1]["elements"]
        assert button["style"] == button["confirm"]["style"] == "danger"
        assert sure in button["confirm"]["title"]["text"]
    assert house.command("/note forget everything", member="ben").count("without your name")


def test_whoever_asks_is_forgotten_in_pages_cards_digest_and_file(house: House) -> None:
    ts = house.paste("https://arxiv.org/abs/2312.40001", member="ben")
    house.card(ts, "2312.40001")
    house.paste(f"{CANARY} says ben", member="ben", thread=ts)
    house.paste(f"I agree with <@{house.ids['ben']}>", member="aiko", thread=ts)
    house.command("/note tag Stays", member="ben")
    house.command(f"/note comment {CANARY} typed", member="ben")
    house.paste(f"<@{house.playground.bot_user_id}> show 2312.40001", member="aiko")
    house.paste(f"<@{house.playground.bot_user_id}> comment {CANARY} mentioned", member="ben", thread=ts)
    again = house.paste("https://arxiv.org/abs/2312.40001", member="aiko", channel="general")
    line = house.card(again, "shared before by ben", channel="general")
    card = house.card(ts, "4 comments")
    until(lambda: CANARY in house.site() and "I agree with" in house.site() and ">ben<" in house.site())
    told = asked(house, "ben")
    assert "your 3 comments" in shown(told)
    house.act("click", member="ben", channel=told["channel"], ts=told["ts"], action_id="verb:forget")
    until(lambda: any("I have forgotten you (3 comments deleted)" in shown(one) for one in house.whispers("ben")))
    until(lambda: CANARY not in house.site() and "ben" not in house.site())
    assert "I agree with @someone" in house.site()
    house.card(ts, "1 comment")
    house.card(again, "shared before by somebody", channel="general")
    assert "#Stays" in shown(house.card(ts, "1 comment"))
    assert {card["ts"], line["ts"]} == {
        house.card(ts, "1 comment")["ts"],
        house.answers(again, "general")[0]["ts"],
    }
    until(lambda: not lies_about(house, CANARY))
    # Known again only when they want to be.
    house.command("/note list", member="ben")
    late = house.paste("https://arxiv.org/abs/2312.40002", member="ben")
    house.card(late, "2312.40002")
    until(lambda: "2312.40002" in house.site())
    assert "ben" not in house.site()
    house.command("/note settings named yes", member="ben")
    house.command("/note list", member="ben")
    until(lambda: "ben" in house.site())
