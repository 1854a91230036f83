"""Notes for the message tests, from ordinary to worst, and what Slack would say to a message about them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from slack_sdk.models.blocks import Block

from bot.blocks import Rendered
from bot.composition.surroundings import wording
from bot.messages import Messages
from papers.note import Channel, ChannelKind, Comment, Member, Message, Note, Reader, Share, Tag, Workspace
from papers.paper import Paper, PaperId, Reading, Record, Summary
from playground.blocks import size
from playground.payload_checks import ALL_BLOCKS, check_message
from publishing.addresses import paper_page, tag_page

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
TEMPLATES = Path(__file__).resolve().parent.parent / "templates"
PAGES = "https://notes.example.org/lab?a=1&b=2"
LANGUAGES = ("en", "ja")
WORDS = {language: wording("slack", language) for language in LANGUAGES}
MESSAGES = Messages(TEMPLATES / "slack", WORDS, "/note", PAGES, paper_page, tag_page, "papers@lab.example")
HOSTILE = "<!channel> <@U12345> <#C1|x> *bold* _it_ `code` ~no~ a & b &lt; | > <https://evil.example|arxiv.org> "
PUBLIC = Channel("C1", "papers", ChannelKind.PUBLIC)


def workspace(language: str) -> Workspace:
    return Workspace("T1", "Lab", "https://lab.slack.com/", language, "Asia/Tokyo")


def paper(number: int = 1, **changes: object) -> Paper:
    paper_id = PaperId("arxiv", f"2310.{number:05}")
    facts: dict[str, object] = {
        "version": 1,
        "title": "Attention",
        "abstract": "We study attention.",
        "authors": ("Ada Lovelace", "藤田 正宏"),
        "categories": ("cs.CL",),
        "published": NOW - timedelta(days=30),
        "updated": NOW - timedelta(days=20),
    }
    record = Record(paper_id=paper_id, **(facts | changes))  # type: ignore[arg-type]  # facts are named as the fields
    summary = Summary("It works. It is fast.", "extract-1", NOW, "abstract")
    return Paper(paper_id, record, Reading(record.title, record.abstract, summary))


BEN = Member("U1", "Ben")


def share(member: Member = BEN, channel: Channel = PUBLIC, number: int = 1) -> Share:
    return Share(member, channel, Message("T1", "C1", f"1700000000.{number:06}"), NOW - timedelta(days=25))


def note(number: int = 1, **changes: object) -> Note:
    facts: dict[str, object] = {"paper": paper(number), "shares": (share(),)}
    return Note(id=number, workspace="T1", noted_at=NOW, change=1, **(facts | changes))  # type: ignore[arg-type]  # as above


def worst(number: int = 1, text: str = HOSTILE) -> Note:
    """A note in which everything is as long as can be, and made of `text`."""
    long = text * (40_000 // len(text) + 1)
    authors = tuple(f"{n} {long}"[:200] for n in range(2833))
    record = paper(
        number,
        title=long[:300],
        authors=authors,
        categories=tuple(long[n : n + 40] for n in range(30)),
        comment=long[:3000],
        journal_ref=long[:3000],
        doi=long[:300],
        version=100,
        updated=NOW,
    )
    reading = Reading(long[:300], long, Summary(long[:3000], long[:40], NOW, long[:40]))
    member = Member("U1", long[:200])
    channel = Channel("C1", long[:80], ChannelKind.PUBLIC)
    lengths = (3000, 40_000, 40_000)
    return note(
        number,
        paper=replace(record, reading=reading),
        shares=tuple(share(member, channel, n) for n in range(50)),
        tags=tuple(Tag(f"{n}{long}"[:200], f"{n}") for n in range(300)),
        comments=tuple(Comment(member, channel, long[:length], NOW) for length in lengths),
        readers=tuple(Reader(member, NOW, NOW) for _ in range(30)),
    )


def words_of(blocks: tuple[dict[str, Any], ...]) -> Iterator[str]:
    """The words that blocks show, in mrkdwn; buttons aside."""
    for block in blocks:
        if block["type"] == "header":
            yield block["text"]["text"].replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        elif block["type"] == "context":
            yield from (element["text"] for element in block["elements"])
        elif block["type"] == "section":
            yield block["text"]["text"]
        else:
            assert block["type"] == "actions", block


_LINK = re.compile(r"<https?://[^\s<>|]+\|[^<>]+>")
_ENTITY = re.compile(r"&(?:amp|lt|gt);")


def bare(marked: str) -> str:
    """mrkdwn without its links, entities and quote marks."""
    without_quotes = re.sub(r"^> ?", "", marked, flags=re.MULTILINE)
    return _ENTITY.sub("", _LINK.sub("", without_quotes))


# The mark of a header or of small print means nothing within a paragraph: a blank line before it is missing.
_UNPARTED = re.compile(r"\n(?:# |:: )")


def assert_parted(words: str) -> None:
    """No mark of our own is left in what people read."""
    found = _UNPARTED.search(words)
    assert not found, words[max(found.start() - 100, 0) : found.end() + 50]


def assert_slack_takes(rendered: Rendered) -> None:
    """Slack would take it, it pings nobody, nothing is cut in two, and the text says what the blocks say."""
    check_message(rendered.text, list(rendered.blocks), [])
    assert size(list(rendered.blocks)) <= ALL_BLOCKS
    for block in rendered.blocks:
        parsed = Block.parse(dict(block))
        assert parsed is not None
        parsed.validate_json()
    said = list(words_of(rendered.blocks))
    for words in (*said, rendered.text):
        left = bare(words)
        assert not re.search(r"[<>&]", left), left[:300]
        assert words.strip()
        assert_parted(words)
    assert 0 < len(rendered.text) < 4000
    whole = "\n".join(said)
    cut = rendered.text.endswith("…") and whole.startswith(rendered.text[:-1])
    assert rendered.text == whole or cut
    if not cut:
        assert len(whole) < 4000
