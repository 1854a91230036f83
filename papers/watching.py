"""Watching noted papers: asking for them again from time to time, and telling once what became of them."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection
from datetime import datetime, timedelta

from papers.changes import Change, changes
from papers.notebook import FRESH
from papers.nudges import Job, Nudge
from papers.paper import PaperId, Reading, Record
from papers.paper_shelf import Answered
from papers.shelf import Shelf, Shelves
from papers.work import Owed, PostKind

WATCHED_EVERY = timedelta(days=7)
"""A noted paper is asked for again when its source's last word is older than this."""

AT_ONCE = 500
"""How many papers one run wants again at most: five questions to arXiv."""


class Watching:
    """The job that wants noted papers again."""

    def __init__(self, shelves: Shelves, nudge: Nudge, now: Callable[[], datetime]) -> None:
        self._shelves = shelves
        self._nudge = nudge
        self._now = now

    def __call__(self) -> int:
        """Want again the noted papers that were not asked about for long, up to 500. Returns how many."""
        now = self._now()
        with self._shelves.writing() as shelf:
            # Whatever people paste within the coming week goes first; after that they have waited long enough.
            wanted = shelf.papers.want_again(now, now - WATCHED_EVERY, now + WATCHED_EVERY, AT_ONCE)
        if wanted:
            self._nudge(Job.FETCH_PAPERS)
        return wanted


def keep(shelf: Shelf, record: Record, reading: Reading, at: datetime, named: Collection[PaperId] = ()) -> None:
    """Keep what the source said and the twins it `named`; owe a line in the notes' threads for each thing new."""
    heard = shelf.papers.store(record, reading, at, named)
    news = changes(heard.record, record) if heard else ()
    if not heard or not news:
        return
    for share in shelf.papers.answered(record.paper_id):
        # Somebody who shares a paper that was last asked about long ago has it asked for anew. To them the
        # answer is how the paper is, not what became of it.
        if share.shared_at <= heard.at + FRESH:
            for change in news:
                shelf.outbox.owe(_owed(share, change), at, at)


def _owed(share: Answered, change: Change) -> Owed:
    return Owed(
        workspace=share.message.workspace,
        key=f"news:{share.note_id}:{change.key}",
        kind=PostKind.NEWS,
        channel=share.message.channel,
        thread_ts=share.message.thread,
        note_id=share.note_id,
        body=json.dumps({"kind": change.kind, "fact": change.fact}),
    )
