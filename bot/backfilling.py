"""The job that reads the past of channels, a stretch at a time, and tells in them how far it is."""

from __future__ import annotations

import logging
from collections.abc import Callable
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

LEASE = timedelta(minutes=5)
"""Longer than a stretch takes with all its threads."""

PAUSE = timedelta(seconds=1.5)
"""Between stretches: `conversations.history` may be asked some fifty times a minute (Slack's tier 3)."""

AT_ONCE = 10


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
        try:
            direct = self._lookup.channel(backfill.workspace, backfill.channel).kind is ChannelKind.DIRECT
            stretch = self._slack.history(backfill.channel, backfill.since, backfill.before)
            read = [past(backfill.workspace, backfill.channel, told, direct) for told in stretch.messages]
            posted = [one for one in read if one is not None]
            papers = sum(
                self._recall(backfill, one, stretch.has_replies(one.message.ts), direct) for one in posted
            )
        except SlackTrouble as trouble:
            self._put_off(backfill, trouble)
            return
        due = self._now() + PAUSE
        with self._shelves.writing() as shelf:
            if stretch.messages:
                shelf.backfills.advance(backfill.id, stretch.oldest, len(stretch.messages), papers, due)
            if not stretch.more:
                shelf.backfills.finish(backfill.id, self._now())
        if stretch.more:
            self._wake(Job.READ_PAST, due)

    def _recall(self, backfill: Backfill, posted: Posted, replies: bool, direct: bool) -> int:
        papers = self._handling.recall(posted)
        if replies and self._backfills.shared_papers(posted.message):
            for told in self._slack.replies(backfill.channel, posted.message.ts):
                reply = past(backfill.workspace, backfill.channel, told, direct)
                if reply and reply.message.ts != posted.message.ts:
                    papers += self._handling.recall(reply)
        return papers

    def _put_off(self, backfill: Backfill, trouble: SlackTrouble) -> None:
        log.warning("the past of a channel cannot be read now: %s", trouble.reason)
        with self._shelves.writing() as shelf:
            if trouble.seconds is None:
                shelf.backfills.finish(backfill.id, self._now(), trouble.reason)
                return
            due = self._now() + timedelta(seconds=trouble.seconds)
            shelf.backfills.postpone(backfill.id, due)
        self._wake(Job.READ_PAST, due)

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
