"""What came of a soak, read where it stands: in the database, in Slack, in arXiv's log, on pages and in logs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from playground_driving import BOT_TOKEN, Driver
from slack_sdk import WebClient
from sqlalchemy import Connection, Table, func, select, update

from bot.payloads.events import OF_CHANNEL
from soak.conversation import PRIVATE, PUBLIC
from storage.engine import Database
from storage.outbox import OUTDATED, OWED
from storage.statements import served
from storage.tables import (
    channels,
    claims,
    comments,
    follows,
    inbox,
    note_tags,
    notes,
    outbox,
    papers,
    shares,
    tags,
)

_OF_A_CARD_TAKEN_AWAY = inbox.c.body.contains('"message_deleted"') & (
    inbox.c.body.contains('"bot_id"') | inbox.c.body.contains('"tombstone"')
)
"""Slack tells of these too, and that with its last reply the trace of a deleted message goes."""

_OF_A_CHANNEL = inbox.c.event_id.endswith(OF_CHANNEL)
"""What an event says of its channel is kept beside the event while Slack is asked about that channel."""


@dataclass(frozen=True, slots=True)
class Stored:
    """What the database holds."""

    notes: list[str]
    shares: list[tuple[str, str, str]]
    comments: list[tuple[str, str, str]]
    tags: list[tuple[str, str, str]]
    claims: list[tuple[str, str]]
    events: int
    given_up: list[tuple[str, str]]
    cards: list[str]
    card_keys: list[str]
    missing: list[str]
    unread: list[str]
    promises: set[str]


def unfinished(database: Database, workspace: str = "", now: datetime | None = None) -> dict[str, int]:
    """What is still to be done for a workspace, or for any, by kind; empty when all is. Papers are everybody's."""
    due = ~papers.c.missing | (papers.c.due <= (now or datetime.now(UTC)))
    wanted = papers.c.due.is_not(None) & papers.c.version.is_(None) & due
    with database.reading() as connection:
        counted = {
            "events": _count(connection, served(inbox, workspace), inbox.c.finished_at.is_(None)),
            "posts": _count(connection, served(outbox, workspace), OWED),
            "cards out of date": _count(connection, served(outbox, workspace), OUTDATED),
            "papers": _count(connection, wanted),
        }
    return {what: number for what, number in counted.items() if number}


def _count(connection: Connection, *which: Any) -> int:
    return int(connection.execute(select(func.count()).where(*which)).scalar_one())


def stored(database: Database, workspace: str = "") -> Stored:
    """Read what is a workspace's, or anybody's; of papers all."""
    paper = papers.c.source_id
    of_paper = notes.join(papers, papers.c.id == notes.c.paper_id)
    with database.reading() as connection:

        def rows(*columns: Any, source: Any, where: Any = None) -> list[Any]:
            # What is joined here is joined to the notes; papers are everybody's.
            whose = source if isinstance(source, Table) else notes
            conditions = [] if whose is papers else [served(whose, workspace)]
            conditions += [] if where is None else [where]
            return [
                tuple(row) for row in connection.execute(select(*columns).select_from(source).where(*conditions))
            ]

        with_shares = of_paper.join(shares, shares.c.note_id == notes.c.id)
        with_tags = of_paper.join(note_tags, note_tags.c.note_id == notes.c.id).join(tags)
        with_posts = of_paper.join(outbox, outbox.c.note_id == notes.c.id)
        return Stored(
            notes=[name for (name,) in rows(paper, source=of_paper)],
            shares=rows(
                shares.c.channel, shares.c.ts, paper, source=with_shares, where=shares.c.withdrawn_at.is_(None)
            ),
            comments=rows(comments.c.channel, comments.c.ts, comments.c.text, source=comments),
            tags=rows(paper, tags.c.key, note_tags.c.channel, source=with_tags),
            claims=rows(paper, claims.c.channel, source=of_paper.join(claims, claims.c.note_id == notes.c.id)),
            events=len(rows(inbox.c.id, source=inbox, where=~_OF_A_CARD_TAKEN_AWAY & ~_OF_A_CHANNEL)),
            given_up=rows(inbox.c.event_id, inbox.c.error, source=inbox, where=inbox.c.error != ""),
            cards=[
                name
                for (name,) in rows(
                    paper,
                    source=with_posts,
                    where=(outbox.c.kind == "card") & outbox.c.posted_at.is_not(None),
                )
            ],
            card_keys=[
                key
                for (key,) in rows(
                    outbox.c.key,
                    source=outbox,
                    where=(outbox.c.kind == "card") & outbox.c.abandoned_at.is_(None),
                )
            ],
            missing=[name for (name,) in rows(paper, source=papers, where=papers.c.missing)],
            unread=[name for (name,) in rows(paper, source=papers, where=papers.c.version.is_(None))],
            promises={key for (key,) in rows(follows.c.target, source=follows)},
        )


def is_known(database: Database, public: Sequence[str], workspace: str) -> bool:
    """Whether a workspace's channels are known to be public."""
    known = (channels.c.workspace == workspace) & channels.c.id.in_(public) & (channels.c.kind == "public")
    with database.reading() as connection:
        return _count(connection, known) == len(public)


def let_an_hour_pass(database: Database) -> None:
    """What is to be asked again in an hour is to be asked now."""
    with database.writing() as connection:
        connection.execute(update(papers).where(papers.c.missing).values(due=datetime.now(UTC)))


@dataclass(frozen=True, slots=True)
class Said:
    """One message of Fusen as it stands in Slack; `key` is its identity in the outbox."""

    channel: str
    thread: str
    key: str
    text: str


def said(slack: Driver) -> list[Said]:
    """All that Fusen has said in Slack, but for what it showed one person only."""
    client = WebClient(BOT_TOKEN, base_url=f"{slack.url}/api/", timeout=60)
    found: list[Said] = []
    for channel in (*PUBLIC, *PRIVATE):
        for message in _pages(client, "conversations.history", {"channel": channel}):
            found += _ours(channel, message)
            if message.get("reply_count"):
                asked = {"channel": channel, "ts": message["ts"]}
                replies = _pages(client, "conversations.replies", asked)
                found += [one for reply in list(replies)[1:] for one in _ours(channel, reply)]
    return found


def _ours(channel: str, message: dict[str, Any]) -> Iterator[Said]:
    if message.get("bot_id"):
        key = ((message.get("metadata") or {}).get("event_payload") or {}).get("key", "")
        yield Said(channel, message.get("thread_ts", ""), key, f"{message.get('text')} {message.get('blocks')}")


def _pages(client: WebClient, method: str, asked: dict[str, Any]) -> Iterator[dict[str, Any]]:
    cursor = ""
    while True:
        params = {**asked, "limit": 200, "include_all_metadata": True, "cursor": cursor}
        told = client.api_call(method, params=params)
        yield from told["messages"]
        cursor = (told.get("response_metadata") or {}).get("next_cursor", "")
        if not cursor:
            return


def published(folder: Path) -> str:
    """Every published file, one after the other."""
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return "\n".join(file.read_text(encoding="utf-8", errors="replace") for file in files)


def asked_again(asked: Sequence[tuple[str, ...]]) -> int:
    """How many questions about papers were repetitions."""
    return sum(number - 1 for number in Counter(paper for ids in asked for paper in ids).values())


_ERROR = re.compile(r'"level": "(?:error|critical)".*?"message": "([^"]*)"')


def errors(logs: Sequence[str]) -> Counter[str]:
    """The errors in the logs that nobody foresaw, by their sentence."""
    return Counter(found for log in logs for found in _ERROR.findall(log))


def not_stored(logs: Sequence[str]) -> int:
    """How often an event was not acknowledged because the database did not take it."""
    return sum(log.count("an event could not be stored") for log in logs)
