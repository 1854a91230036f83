"""The log of a working Fusen at its most talkative: each event can be followed, and nothing private is told."""

from __future__ import annotations

import io
import json
import logging
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from house import House, running
from playground_driving import WAIT, until

from bot import logs, tracing
from papers.note import Message

CANARY = "canary-0b5e"
SIGNING = "playground-signing-secret"


@contextmanager
def listening(**environment: str) -> Iterator[io.StringIO]:
    """Everything that is logged meanwhile, in JSON, at the lowest level."""
    root, heard = logging.getLogger(), io.StringIO()
    before = root.handlers[:], root.level, {name: logging.getLogger(name).level for name in logs.OURS}
    logs.set_up({"FUSEN_LOG": "json", "FUSEN_LOG_LEVEL": "debug", **environment}, stream=heard)
    try:
        yield heard
    finally:
        root.handlers[:] = before[0]
        root.setLevel(before[1])
        for name, level in before[2].items():
            logging.getLogger(name).setLevel(level)


def lines(heard: io.StringIO) -> list[dict[str, str]]:
    return [json.loads(line) for line in heard.getvalue().splitlines()]


def followed(heard: io.StringIO, trace: str) -> list[str]:
    return [one["message"] for one in lines(heard) if one["trace"] == trace]


def break_table(folder: Path, before: str, after: str) -> None:
    database = sqlite3.connect(folder / "fusen.db", timeout=WAIT)
    database.execute("PRAGMA legacy_alter_table=ON")
    database.execute("PRAGMA foreign_keys=OFF")
    database.execute(f"ALTER TABLE {before} RENAME TO {after}")
    database.commit()
    database.close()


def forge(address: str) -> None:
    headers = {"Content-Type": "application/json", "X-Slack-Request-Timestamp": "1", "X-Slack-Signature": "v0=0"}
    body = json.dumps({"type": "event_callback", "token": f"{CANARY}-token", "event": {"text": CANARY}}).encode()
    with pytest.raises(HTTPError):
        urlopen(Request(address, body, headers), timeout=WAIT)


def talk(house: House, folder: Path, heard: io.StringIO) -> str:
    """Let Ben say things that are nobody's business, in every way there is. Returns the message of his link."""
    ts = house.paste(f"{CANARY} https://arxiv.org/abs/2306.00001")
    house.card(ts, "2306.00001")
    house.paste(f"{CANARY} is my opinion", thread=ts)
    house.card(ts, "1 comment")
    house.command(f"/note tag {CANARY}")
    house.command(f"/note {CANARY}")
    house.command(f"/note add https://{CANARY}.example/{CANARY}")
    house.clients["ben"].chat_postMessage(channel=house.direct("ben"), text=f"search {CANARY}")
    card = house.card(ts, f"#{CANARY}")
    house.act("click", member="ben", channel="papers", ts=card["ts"], action_id="verb:comment")
    house.act("view/submit", member="ben", values={"comment": {"comment": CANARY}})
    secret = house.paste(f"{CANARY} https://arxiv.org/abs/2306.00002", member="aiko", channel="lab-private")
    house.card(secret, "2306.00002", channel="lab-private")
    forge(house.fusen.pages_address + "slack/events")
    break_table(folder, "comments", "hidden_away")
    try:
        house.paste(f"{CANARY} broken", thread=ts)
        until(lambda: "could not be handled" in heard.getvalue())
    finally:
        break_table(folder, "hidden_away", "comments")
    return ts


def test_each_event_can_be_followed_to_its_page_and_nothing_private_is_told(tmp_path: Path) -> None:
    secrets = {"SLACK_BOT_TOKEN": "xoxb-playground-bot", "SLACK_SIGNING_SECRET": SIGNING}
    with listening(**secrets) as heard:
        database = f"sqlite:///{tmp_path}/fusen.db"
        with running(tmp_path, database, SLACK_APP_TOKEN="", SLACK_SIGNING_SECRET=SIGNING) as house:
            house.playground.set_request_url(house.fusen.pages_address + "slack/events")
            ts = talk(house, tmp_path, heard)
            trace = tracing.of_message(Message(house.state()["team"]["id"], house.channel("papers"), ts))
            until(lambda: any("pages are" in said for said in followed(heard, trace)))
        told = heard.getvalue()
    for step in ("stored", "handled", "stands in Slack", "is up to date", "pages are up to date"):
        assert any(step in said for said in followed(heard, trace)), step
    for private in (CANARY, "xoxb-", SIGNING, "opinion", "2306.0000"):
        assert private not in told, [line for line in told.splitlines() if private in line][:3]
    errors = [one for one in lines(heard) if "error" in one]
    assert any("OperationalError, raised at:" in one["error"] for one in errors)


def test_what_others_say_is_cut_where_they_cite_and_secrets_are_hidden_anywhere() -> None:
    address = "postgresql://fusen:p%40ssword-1@host/fusen"
    with listening(DATABASE_URL=address, METRICS_TOKEN="a-metrics-token") as heard:
        quoted = "canary"
        theirs, ours = logging.getLogger("slack_bolt.App"), logging.getLogger("bot.anything")
        theirs.warning("Unhandled request ({'text': 'canary'})")
        theirs.debug("body: canary")
        theirs.error("Failed to run a listener: canary")
        ours.info("%s and %s, %s", "xoxb-1-2-abc", "p@ssword-1", "a-metrics-token")
        try:
            raise ValueError(quoted)
        except ValueError:
            ours.exception("it broke")
    assert "canary" not in heard.getvalue()
    told = lines(heard)
    assert [one["message"] for one in told] == [
        "Unhandled request",
        "Failed to run a listener",
        f"{logs.HIDDEN} and {logs.HIDDEN}, {logs.HIDDEN}",
        "it broke",
    ]
    assert "ValueError, raised at:" in told[-1]["error"]
    assert "test_discreet_logs.py" in told[-1]["error"]


def test_each_of_the_secrets_in_the_settings_is_hidden() -> None:
    secret = {name: f"s3cret-of-{name}" for name in logs.SECRETS}
    address = "postgresql://host/fusen?user=fusen&password=s3cret%2Bof+it&sslpassword=s3cret-of-a-key"
    with listening(DATABASE_URL=address, **secret) as heard:
        for told in (*secret.values(), "s3cret%2Bof+it", "s3cret+of it", "s3cret+of+it", "s3cret-of-a-key"):
            logging.getLogger("bot").warning("it is %s", told)
    assert {one["message"] for one in lines(heard)} == {f"it is {logs.HIDDEN}"}


def test_by_default_it_is_lines_of_warnings_and_verbose_means_more() -> None:
    with listening(FUSEN_LOG="", FUSEN_LOG_LEVEL="loud") as heard:
        logging.getLogger("bot.x").info("quiet")
        with tracing.tracing("abc"):
            logging.getLogger("bot.x").warning("said")
        logs.set_up({}, verbose=True, stream=heard)
        logging.getLogger("bot.x").info("more")
    said, more = heard.getvalue().splitlines()
    assert said.endswith("Z WARNING bot.x [abc] said"[1:])
    assert more.endswith("INFO bot.x [-] more")
