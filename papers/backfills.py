"""The use cases of reading a channel's past: asking for it, and stopping it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from papers.acts import record_staying
from papers.asker import Asker
from papers.backfill import Backfill
from papers.errors import FusenError
from papers.note import Message
from papers.notebook import FRESH
from papers.nudges import Job, Nudge
from papers.paper import PaperLink
from papers.sharing import bounded
from papers.shelf import Shelves
from papers.typed_words import STOP, days
from papers.work import Owed, PostKind, refuse_changed

USUAL_DAYS = 90
"""How far back a channel is read if nobody says: what Slack's free plans keep."""

MOST_DAYS = 3650

STOP_READING = f"backfill {STOP}"
"""What is typed to end it."""


class BackfillRuns(FusenError):
    """A channel's past is being read already."""

    en = "I am reading this channel's past already. To stop it: {command} backfill stop"
    ja = "このチャンネルの履歴はすでに読み込み中です。止めるには: {command} backfill stop"


class NoBackfill(FusenError):
    """There is nothing to stop."""

    en = "I am not reading this channel's past. To begin: {command} backfill 90 (the number is in days)"
    ja = "このチャンネルの履歴は読み込んでいません。始めるには: {command} backfill 90 (日数)"


class NoDays(FusenError):
    """What was typed is no number of days."""

    en = "Say how many days to go back, from 1 to {most}. For example: {command} backfill 90"
    ja = "さかのぼる日数を 1〜{most} で指定してください。例: {command} backfill 90"


class NoChannelToRead(FusenError):
    """Somebody asks for a channel's past where they stand in none."""

    en = "To let me read the past of a channel, type {command} backfill in that channel."
    ja = "履歴を読み込むチャンネルを開き、そこで {command} backfill と入力してください。"


class Backfills:
    """Reading the past of channels, so that what was shared before Fusen came is not lost."""

    def __init__(self, shelves: Shelves, nudge: Nudge, now: Callable[[], datetime], command: str) -> None:
        self._shelves = shelves
        self._nudge = nudge
        self._now = now
        self._command = command

    def ask(self, asker: Asker, typed: str) -> Backfill:
        """Read the asker's channel back so many days as are typed, and tell there how far it is.

        Raises NoChannelToRead, NoDays or BackfillRuns.
        """
        if not asker.channel:
            raise NoChannelToRead(command=self._command)
        back = days(typed) if typed.strip() else USUAL_DAYS
        if back is None or not 1 <= back <= MOST_DAYS:
            raise NoDays(most=MOST_DAYS)
        now = self._now()
        with self._shelves.writing() as shelf:
            since = now - timedelta(days=back)
            begun = shelf.backfills.start(asker.workspace, asker.channel, asker.member, now, since)
            if begun is None:
                raise BackfillRuns
            owed = Owed(asker.workspace, begun.key, PostKind.PROGRESS, asker.channel, body=str(begun.id))
            shelf.outbox.owe(owed, now, now)
            record_staying(shelf.acts, asker, _typed(begun), [STOP_READING], now)
        self._nudge(Job.READ_PAST)
        self._nudge(Job.POST_MESSAGES)
        return begun

    def recall(
        self, message: Message, member: str, links: Sequence[PaperLink], at: datetime, heard: str = ""
    ) -> int:
        """A message of the past linked to these papers: keep that, and answer nothing. Returns the new shares.

        Only that there are too many is told, as of any message (`papers.sharing`).
        What was withdrawn stays so. Raises ChangedAgain where the event `heard` does not tell of the last change.
        """
        now = self._now()
        with self._shelves.writing() as shelf:
            shelf.tags.hold(message.workspace)
            refuse_changed(shelf.inbox, message, heard)
            about = shelf.notes.of_thread(message) if message.thread_ts else ()
            links = bounded(shelf, message, links, now)
            for paper_id in sorted({link.paper_id for link in links}):
                shelf.papers.want(paper_id, now, now - FRESH)
            new = 0
            for link in links:
                note_id = shelf.notes.ensure(message.workspace, link.paper_id, at)
                if note_id not in about:
                    shared = note_id, message.origin, member, message, link.version, at
                    new += shelf.notes.share(*shared, again=False)
        self._nudge(Job.FETCH_PAPERS)
        self._nudge(Job.PUBLISH_PAGES)
        return new

    def shared_papers(self, message: Message) -> bool:
        """Whether the message began a thread about papers."""
        with self._shelves.reading() as shelf:
            return bool(shelf.notes.of_thread(message))

    def stop(self, asker: Asker) -> Backfill:
        """Read the asker's channel no further. Raises NoBackfill."""
        with self._shelves.writing() as shelf:
            running = shelf.backfills.unfinished(asker.workspace, asker.channel)
            if running is None:
                raise NoBackfill
            now = self._now()
            shelf.backfills.finish(running.id, now)
            record_staying(shelf.acts, asker, STOP_READING, [_typed(running)], now)
        self._nudge(Job.READ_PAST)
        return running


def _typed(backfill: Backfill) -> str:
    """What is typed to have it read."""
    return f"backfill {(backfill.asked_at - backfill.since).days}"
