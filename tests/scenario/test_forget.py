"""Being forgotten, from the question in Slack to the last byte of the pages and of the database's file."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from house import House, running, shown, until
from sqlalchemy import text

from bot.composition.stores import stored
from bot.settings import read
from papers.digest_order import Scope
from papers.digests import Subject
from papers.digests import written as asked_for
from papers.note import Audience, Message
from papers.periods import Period
from papers.work import Owed, PostKind

CANARY = "Kanarienvogel"
TEAM = "T00PLAYGRND"


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
    until(lambda: "ben" in house.site())


def test_what_was_asked_before_and_comes_after_being_forgotten_is_not_done(house: House) -> None:
    bot = f"<@{house.playground.bot_user_id}>"
    ts = house.paste("https://arxiv.org/abs/2312.40010", member="aiko")
    house.card(ts, "2312.40010")
    told = asked(house, "ben")
    house.post("misbehave", deliver_late=1, seconds=4)
    house.paste(f"{bot} tag {CANARY}", member="ben", thread=ts)
    house.act("click", member="ben", channel=told["channel"], ts=told["ts"], action_id="verb:forget")
    until(lambda: any("I have forgotten you" in shown(one) for one in house.whispers("ben")))

    def is_handled() -> bool:
        with house.database.reading() as connection:
            late = "SELECT finished_at FROM inbox WHERE body LIKE :words"
            return connection.scalar(text(late), {"words": f"%tag {CANARY}%"}) is not None

    until(is_handled)
    assert CANARY not in shown(house.card(ts, "0 comments"))
    assert CANARY not in house.command("/note tags", member="aiko")


def written(house: House, channels: list[str]) -> dict[str, str]:
    """All that the bot has written and Aiko can read, by channel and time stamp."""
    said: dict[str, str] = {}
    for channel in channels:
        for post in house.posts(channel):
            thread = house.thread(post["ts"], channel) if post.get("reply_count") else []
            for message in (post, *thread):
                if message.get("bot_id"):
                    ours = [message["text"], message["blocks"], message.get("metadata")]
                    said[f"{channel}/{message['ts']}"] = json.dumps(ours, ensure_ascii=False)
    return said


def test_no_word_of_the_bot_in_slack_names_whoever_is_forgotten_nor_do_answers_or_files(
    tmp_path: Path,
) -> None:
    with running(tmp_path, f"sqlite:///{tmp_path}/fusen.db") as house:
        room = made_known_everywhere(house)
        rooms = ["papers", "general", room, house.direct("aiko")]
        named = re.compile(rf"\bben\b|{house.ids['ben']}")

        def naming() -> list[str]:
            return [said for said in written(house, rooms).values() if named.search(said)]

        # Card, seen line, word to a follower, word to a channel, gathering, digest, welcome, reading of the past.
        until(lambda: len(naming()) == 8)
        before = written(house, rooms)
        told = asked(house, "ben")
        house.act("click", member="ben", channel=told["channel"], ts=told["ts"], action_id="verb:forget")
        until(lambda: not naming())
        after = written(house, rooms)
        # The word to who followed him alone.
        assert len(before.keys() - after.keys()) == 1
        assert not after.keys() - before.keys()
        until(lambda: not named.search(house.site()))
        for typed in ("show 2312.41001", "list", "search canary", "digest", "agenda", "follow", "settings"):
            answer = house.command(f"/note {typed}", member="aiko")
            assert answer
            assert not named.search(answer), typed


def made_known_everywhere(house: House) -> str:
    """Ben does whatever lets the bot speak of him. Returns a channel that he made."""
    for member in ("aiko", "ben"):
        house.command("/note help", member=member)
    made = house.clients["ben"].conversations_create(name="rooms")["channel"]["id"]
    house.act("invite", member="ben", channel=made, user="fusen")
    house.act("join", member="aiko", channel=made)
    house.command("/note follow @ben", member="aiko")
    house.command("/note follow Chan here", channel="general")
    house.command("/note backfill")
    first = house.paste("https://arxiv.org/abs/2312.41001 canary")
    house.card(first, "2312.41001")
    house.command("/note reading")
    house.command("/note comment canary in a mine")
    again = house.paste("https://arxiv.org/abs/2312.41001", member="aiko", channel="general")
    house.card(again, "ben", channel="general")
    back = house.paste("https://arxiv.org/abs/2312.41002", channel=made)
    house.card(back, "2312.41002", channel=made)

    def told() -> int:
        return len([post for post in house.posts(house.direct("aiko")) if "2312.4100" in shown(post)])

    until(lambda: told() == 2)
    house.clients["ben"].chat_delete(channel=made, ts=back)
    until(lambda: not house.answers(back, channel=made) and told() == 1)
    theirs = house.paste("https://arxiv.org/abs/2312.41003", member="aiko")
    house.card(theirs, "2312.41003")
    house.command("/note tag Chan", member="aiko")
    owe_weekly(house, first)
    return str(made)


def owe_weekly(house: House, ts: str) -> None:
    """Let a digest and a gathering fall due with the paper of a message."""
    now = datetime.now(UTC)
    general = house.channel("general")
    week = Period(now - timedelta(days=1), now + timedelta(days=1))
    body = asked_for(Subject(Audience(TEAM, general), Scope.WORKSPACE), week)
    with stored(read(house.environment)) as stores, stores.shelves.writing() as shelf:
        (note_id,) = shelf.notes.of_thread(Message(TEAM, house.channel("papers"), ts))
        shelf.outbox.owe(Owed(TEAM, "weekly", PostKind.DIGEST, general, body=body), now, now)
        gathering = Owed(TEAM, "gathered", PostKind.GATHERING, house.ids["aiko"], body=json.dumps([note_id]))
        shelf.outbox.owe(gathering, now, now)
