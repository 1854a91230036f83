"""A post whose answer was lost is found again in Slack, wherever it stands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
from playground_driving import BEN_TOKEN, BOT_TOKEN, PAPERS, client

from bot import slack
from bot.blocks import Rendered
from bot.slack import Slack
from papers.work import Owed, PostKind
from playground import Playground

CLOCKS_DIFFER = timedelta(minutes=5)
"""So much earlier than it was owed a post is looked for."""


@pytest.fixture(scope="module")
def place() -> Iterator[Playground]:
    with Playground() as made:
        yield made


def test_a_post_is_found_at_the_end_of_a_thread_longer_than_what_is_read(
    place: Playground, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(slack, "PAGES_OF_HISTORY", 1)
    ben, fusen = client(place, BEN_TOKEN), Slack(BOT_TOKEN, place.api_url)
    root = ben.chat_postMessage(channel=PAPERS, text="a long talk")["ts"]
    for number in range(200):
        said = ben.chat_postMessage(channel=PAPERS, thread_ts=root, text=f"reply {number}")["ts"]
    owed = Owed("T1", "share:1", PostKind.CARD, PAPERS, root)
    owed_at = datetime.fromtimestamp(float(said), UTC) + CLOCKS_DIFFER
    assert fusen.find(owed, owed_at) is None
    posted = fusen.post(owed, Rendered("the card", ()))
    assert fusen.find(owed, owed_at) == posted
