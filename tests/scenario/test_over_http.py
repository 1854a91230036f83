"""Slack calling over signed HTTP instead of a socket: the same bot, the same answers."""

from __future__ import annotations

from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from house import running
from playground_driving import WAIT


def test_the_whole_loop_works_over_signed_http_and_unsigned_requests_are_refused(tmp_path: Path) -> None:
    with running(
        tmp_path,
        f"sqlite:///{tmp_path}/fusen.db",
        SLACK_APP_TOKEN="",
        SLACK_SIGNING_SECRET="playground-signing-secret",
    ) as house:
        address = house.fusen.pages_address + "slack/events"
        house.playground.set_request_url(address)
        ts = house.paste("https://arxiv.org/abs/2306.00001")
        house.card(ts, "2306.00001")
        assert "Tagged Signed" in house.command("/note tag Signed")
        card = house.card(ts, "#Signed")
        house.act("click", member="ben", channel="papers", ts=card["ts"], action_id="verb:comment")
        house.act("view/submit", member="ben", values={"comment": {"comment": "over HTTP"}})
        house.card(ts, "1 comment")
        assert _answer_to_forgery(address) == 401
        assert house.page("")


def _answer_to_forgery(address: str) -> int:
    body = b'{"type":"event_callback","event":{"type":"message"}}'
    headers = {
        "Content-Type": "application/json",
        "X-Slack-Signature": "v0=" + "0" * 64,
        "X-Slack-Request-Timestamp": "1",
    }
    with pytest.raises(HTTPError) as refused:
        urlopen(Request(address, body, headers), timeout=WAIT)
    return refused.value.code
