"""The job that reads the past of channels, a stretch at a time, and tells in them how far it is."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.handling import Handling
from bot.messages import Messages
from bot.payloads.events import Posted, past
from bot.slack import Slack
from bot.slack_trouble import SlackTrouble
from papers.backfill import Backfill
from papers.backfills import Backfills
from papers.lookup import Lookup
from papers.note import ChannelKind
from papers.nudges import Job
from papers.shelf import Shelf, Shelves
from papers.work import Owed, PostKind

log = logging.getLogger(__name__)

LEASE = timedelta(minutes=6)
"""Longer than a message takes with all the names in it and the page of its thread, some thirty calls to Slack.

A claim that is older than `FRESH` is renewed before the next message is read.
"""

FRESH = timedelta(seconds=20)

PAUSE = timedelta(seconds=1.5)
"""For each question that a turn asks: Slack takes some fifty a minute of a kind (its tier 3)."""

THREADS = 10
"""How many threads one turn reads at most."""

AT_ONCE = 10


@dataclass
class _Turn:
    """What is read of a past in one turn, and since when it is surely ours."""

    backfill: Backfill
    kept_at: datetime
    reached: str
    messages: int = 0
    papers: int = 0
    threads: int = 0


class Backfilling:
    """Reads on and on; all may be read again without harm, for a share is one however often it is seen."""

    def __init__(
        self,
        shelves: Shelves,
        lookup: Lookup,
        backfills: Backfills,
        handling: Handling,
        slack: Slack,
        messages: Messages,
        wake: Callable[[Job, datetime], None],
        now: Callable[[], datetime],
    ) -> None:
        self._shelves = shelves
        self._lookup = lookup
        self._backfills = backfills
        self._handling = handling
        self._slack = slack
        self._messages = messages
        self._wake = wake
        self._now = now

    def __call__(self) -> None:
        """Read a stretch of each past whose next stretch is due, and bring up to date what is told of them."""
        for _ in range(AT_ONCE):
            with self._shelves.writing() as shelf:
                claimed = shelf.backfills.claim(self._now(), LEASE)
            if claimed is None:
                break
            self._read(claimed)
        self._tell()

    def _read(self, backfill: Backfill) -> None:
        turn, over, refusal = _Turn(backfill, self._now(), backfill.reached), False, ""
        try:
            over = self._read_on(turn)
            pause = PAUSE * (1 + turn.threads)
        except SlackTrouble as trouble:
            log.warning("the past of a channel cannot be read now: %s", trouble.reason)
            over, refusal = trouble.seconds is None, trouble.reason
            pause = timedelta(seconds=trouble.seconds or 0)
        due = self._now() + pause
        with self._shelves.writing() as shelf:
            # What was read before a refusal stays read: a stretch may have more threads than Slack lets one read.
            shelf.backfills.advance(backfill, turn.reached, turn.messages, turn.papers, due)
            if over:
                shelf.backfills.finish(backfill.id, self._now(), refusal)
        if not over:
            self._wake(Job.READ_PAST, due)

    def _read_on(self, turn: _Turn) -> bool:
        """Read a stretch, or its first threads. True if that was the end of the past. Raises SlackTrouble."""
        backfill = turn.backfill
        direct = self._lookup.channel(backfill.workspace, backfill.channel).kind is ChannelKind.DIRECT
        asked_at = self._now()
        stretch = self._slack.history(backfill.channel, backfill.since, backfill.before)
        for told in sorted(stretch.messages, key=lambda one: str(one["ts"]), reverse=True):
            posted = past(backfill.workspace, backfill.channel, told, direct)
            if posted and not self._recall(turn, posted, asked_at, bool(told.get("reply_count")), direct):
                return False
            turn.reached, turn.messages = str(told["ts"]), turn.messages + 1
        return not stretch.more

    def _recall(self, turn: _Turn, posted: Posted, asked_at: datetime, replies: bool, direct: bool) -> bool:
        """Keep a message and what was said in its thread. False if that is for another turn, or another reader."""
        if not self._is_ours(turn):
            return False
        turn.papers += self._handling.recall(posted, asked_at)
        if not replies or not self._backfills.shared_papers(posted.message):
            return True
        if turn.threads == THREADS:
            return False
        turn.threads += 1
        asked_at = self._now()
        for told in self._slack.replies(turn.backfill.channel, posted.message.ts):
            reply = past(turn.backfill.workspace, turn.backfill.channel, told, direct)
            if reply and reply.message.ts != posted.message.ts:
                if not self._is_ours(turn):
                    return False
                turn.papers += self._handling.recall(reply, asked_at)
        return True

    def _is_ours(self, turn: _Turn) -> bool:
        """Whether nobody else reads this past now, nor will while one message is read; and nobody stopped it."""
        now = self._now()
        if timedelta(0) <= now - turn.kept_at < FRESH:
            return True
        turn.kept_at = now
        with self._shelves.writing() as shelf:
            return shelf.backfills.keep(turn.backfill, now + LEASE)

    def _tell(self) -> None:
        with self._shelves.reading() as shelf:
            untold = [(one, _standing(shelf, one)) for one in shelf.backfills.untold(AT_ONCE)]
        for backfill, ts in untold:
            if ts == "":
                continue  # it is about to be posted, and then says all this anyway
            if ts is not None and not self._told(backfill, ts):
                continue
            with self._shelves.writing() as shelf:
                shelf.backfills.told(backfill)

    def _told(self, backfill: Backfill, ts: str) -> bool:
        owed = Owed(backfill.workspace, backfill.key, PostKind.PROGRESS, backfill.channel, body=str(backfill.id))
        workspace = self._lookup.workspace(backfill.workspace)
        with self._shelves.reading() as shelf:
            member = shelf.directory.member(backfill.workspace, backfill.member)
        try:
            self._slack.update(owed, ts, self._messages.progress(backfill, member, workspace))
        except SlackTrouble as trouble:
            log.warning("how far a channel's past is read cannot be told now: %s", trouble.reason)
            return trouble.seconds is None
        return True


def _standing(shelf: Shelf, backfill: Backfill) -> str | None:
    return shelf.outbox.stands(backfill.workspace, backfill.key)
