"""What becomes of a noted paper is told once, in the thread of its note; what is private stays private."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from arxiv_feed import FeedPaper
from house import House, running, shown, until

from bot.composition.stores import stored
from bot.settings import read


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with running(tmp_path, f"sqlite:///{tmp_path}/fusen.db") as made:
        yield made


def ask_again(house: House, papers: int) -> None:
    """Let the week go by: every noted paper is asked for again, and answered."""
    asked = len([paper for hit in house.arxiv.log for paper in hit.ids])
    with stored(read(house.environment)) as stores, stores.shelves.writing() as shelf:
        now = datetime.now(UTC)
        assert shelf.papers.want_again(now, now, now + timedelta(days=7), 500) == papers
    until(lambda: len([paper for hit in house.arxiv.log for paper in hit.ids]) >= asked + papers, 20)


def test_a_withdrawal_is_told_once_in_the_thread_and_the_card_says_it_too(house: House) -> None:
    first = FeedPaper("2306.00001", title="A bold claim", abstract="We claim. We prove.")
    house.arxiv.put(first)
    ts = house.paste("https://arxiv.org/abs/2306.00001")
    house.card(ts, "A bold claim")
    house.arxiv.put(replace(first, version=2, comment="This paper has been withdrawn by the authors"))
    ask_again(house, 1)
    house.card(ts, "has been withdrawn by its authors")
    house.card(ts, "authors have withdrawn this paper")
    card, news = house.answers(ts)
    assert "authors have withdrawn this paper" in shown(card)
    assert "A bold claim" in shown(news)
    assert not news.get("reply_broadcast")

    house.arxiv.put(replace(first, version=2, comment="Withdrawn", journal_ref="J. Retractions 1"))
    ask_again(house, 1)
    house.card(ts, "has been published: J. Retractions 1")
    told = [shown(message) for message in house.answers(ts)]
    assert sum("withdrawn by its authors" in words for words in told) == 1
    assert len(told) == 3


def test_news_stays_where_the_paper_was_shared(house: House) -> None:
    here = house.direct("ben")
    secret = FeedPaper("2306.00002", title="A secret interest")
    house.arxiv.put(secret)
    public = FeedPaper("2306.00003", title="A shared interest")
    house.arxiv.put(public)
    private_ts = house.paste("https://arxiv.org/abs/2306.00002", channel=here)
    public_ts = house.paste("https://arxiv.org/abs/2306.00003")
    again_ts = house.paste("https://arxiv.org/abs/2306.00003", channel="general")
    house.card(private_ts, "A secret interest", channel=here, member="ben")
    house.card(public_ts, "A shared interest")
    house.card(again_ts, "A shared interest", channel="general")
    house.arxiv.put(replace(secret, version=2))
    house.arxiv.put(replace(public, version=3))
    ask_again(house, 2)
    house.card(private_ts, "Version 2 of this paper", channel=here, member="ben")
    house.card(public_ts, "Version 3 of this paper")
    ask_again(house, 2)
    assert len(house.answers(private_ts, here, "ben")) == 2
    assert len(house.answers(public_ts)) == 2
    assert len(house.answers(again_ts, "general")) == 1
    for channel in ("papers", "general"):
        everything = [*house.posts(channel), *house.answers(public_ts), *house.answers(again_ts, "general")]
        assert not any("secret" in shown(message) for message in everything)
    assert "secret" not in house.site()


def test_news_of_a_share_that_is_deleted_meanwhile_is_not_told(house: House) -> None:
    first = FeedPaper("2306.00004", title="A passing thought")
    house.arxiv.put(first)
    general = house.paste("https://arxiv.org/abs/2306.00004", channel="general")
    house.card(general, "A passing thought", channel="general")
    ts = house.paste("https://arxiv.org/abs/2306.00004")
    house.card(ts, "A passing thought")
    house.act("misbehave", method="chat.postMessage", how="429", times=1, seconds=3)
    house.arxiv.put(replace(first, version=2))
    ask_again(house, 1)
    house.card(general, "v2", channel="general")  # the card is up to date, the news is put off
    house.clients["ben"].chat_delete(channel=house.channel("general"), ts=general)
    with stored(read(house.environment)) as stores:

        def nothing_is_owed() -> bool:
            with stores.shelves.reading() as shelf:
                return shelf.outbox.next_due() is None

        assert not nothing_is_owed()
        until(nothing_is_owed)
    for channel, thread in (("general", general), ("papers", ts)):
        assert not any("Version 2 of" in shown(message) for message in house.answers(thread, channel))
