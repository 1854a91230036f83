"""Real payloads of Slack go through the whole app: nothing breaks, and only what a person shared is kept."""

from __future__ import annotations

import hashlib
import hmac
import json
import logging
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import pytest
from house import House, running, until
from playground_driving import WAIT
from real_data import REAL_DATA, needs_real_data

SAMPLES = REAL_DATA / "slack_samples"
SECRET = "playground-signing-secret"

SHARED_BY_A_PERSON = {
    "21_message_changed": "an edit",
    "23_message_file_share": "words beside a file",
    "24_message_thread_broadcast": "a reply that is sent to the channel too",
    "29_message_org_wide_install": "a message",
    "30_message_changed_with_attachments_unfurl": "an edit beside a file",
    "51_socket_envelope_slash": "a paper typed after the command",
    "53_slash_form_enterprise": "a paper typed after the command",
}
"""The samples in which somebody shares the link by an act of their own."""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    url = f"sqlite:///{tmp_path}/fusen.db"
    with running(tmp_path, url, SLACK_APP_TOKEN="", SLACK_SIGNING_SECRET=SECRET) as made:
        yield made


def with_link(value: Any, link: str, team: str) -> Any:
    """The payload with a paper's link wherever it has a text, as if it came to our workspace."""
    if isinstance(value, dict):
        made = {key: with_link(inner, link, team) for key, inner in value.items()}
        if isinstance(made.get("team_id"), str):
            made["team_id"] = team
        if isinstance(made.get("text"), str):
            made["text"] = f"{made['text']} {link}"
        return made
    if isinstance(value, list):
        return [with_link(inner, link, team) for inner in value]
    return team if isinstance(value, str) and value.startswith("T") and value[1:].isalnum() else value


def wrapped(told: dict[str, Any], number: int, team: str) -> dict[str, Any]:
    """The payload in its envelope: some samples are the inner event alone."""
    if told.get("type") != "message":
        return told
    event = {"channel": "C111", "event_ts": f"1.{number}", **told}
    return {"type": "event_callback", "team_id": team, "event_id": f"Ev{number}", "event": event}


def send(address: str, payload: dict[str, Any]) -> int:
    """Post a payload as Slack does and return the status of the answer."""
    form = "command" in payload
    interactive = not form and payload.get("type") not in (
        "event_callback",
        "app_rate_limited",
        "url_verification",
    )
    told = urlencode(payload) if form else urlencode({"payload": json.dumps(payload)}) if interactive else None
    body = (told or json.dumps(payload)).encode()
    stamp = str(int(time.time()))
    signature = hmac.new(SECRET.encode(), f"v0:{stamp}:".encode() + body, hashlib.sha256).hexdigest()
    headers = {
        "Content-Type": "application/x-www-form-urlencoded" if told else "application/json",
        "X-Slack-Request-Timestamp": stamp,
        "X-Slack-Signature": f"v0={signature}",
    }
    try:
        with urlopen(Request(address, body, headers), timeout=WAIT) as answer:
            return int(answer.status)
    except HTTPError as refused:
        return refused.code


def rows(house: House, query: str) -> list[Any]:
    """What stands in the database."""
    with closing(sqlite3.connect(house.environment["DATABASE_URL"].removeprefix("sqlite:///"), timeout=30)) as at:
        return at.execute(query).fetchall()


@needs_real_data
def test_every_real_payload_goes_through_and_only_what_a_person_shared_is_kept(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    address, team = house.fusen.pages_address + "slack/events", house.state()["team"]["id"]
    sent: dict[str, str] = {}
    for number, file in enumerate(sorted(SAMPLES.glob("[0-9]*.json")), start=1):
        told = json.loads(file.read_text(encoding="utf-8"))
        sent[file.stem] = f"2306.{number:05}"
        inner = wrapped(told.get("payload", told), number, team)
        payload = with_link(inner, f"https://arxiv.org/abs/{sent[file.stem]}", team)
        if "event" in payload:
            payload["event_id"] = f"Ev{number}"  # the samples share one
        if "command" in payload:
            payload |= {"command": "/note", "text": payload["text"].split()[-1]}
        status = send(address, payload)
        assert status in (200, 404), file.stem  # 404: an action that is none of ours
    until(lambda: not rows(house, "SELECT id FROM inbox WHERE finished_at IS NULL"), 60)
    assert not rows(house, "SELECT id FROM inbox WHERE error <> ''")
    kept = {row[0] for row in rows(house, "SELECT source_id FROM papers")}
    assert {stem for stem, paper in sent.items() if paper in kept} == set(SHARED_BY_A_PERSON)
    # Sockets of tests before this one may still complain that their Slack is gone; what breaks here Fusen tells.
    ours = [one for one in caplog.records if not one.name.startswith("slack_")]
    broken = [one.getMessage() for one in ours if one.levelno >= logging.ERROR]
    assert not broken
