"""How many papers one message shares."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from papers.note import Audience, Message
from papers.paper import PaperId, PaperLink
from papers.shelf import Shelf
from papers.work import Owed, PostKind

MOST_SHARED = 50
"""How many papers one message shares: each has a card, and its own copy of each reply in the thread."""


def bounded(shelf: Shelf, message: Message, links: Sequence[PaperLink], now: datetime) -> Sequence[PaperLink]:
    """The first links of a message, as many as it shares at most; what it shares already comes before others.

    How many more there are is owed to its thread, once.
    """
    if len(links) <= MOST_SHARED:
        return links
    shared = _shared(shelf, message)
    stand = [link.paper_id for link in links if link.paper_id in shared]
    others = [link.paper_id for link in links if link.paper_id not in shared]
    room = max(0, MOST_SHARED - len(stand))
    kept = {*stand, *others[:room]}
    if surplus := len(others[room:]):
        owed = Owed(
            workspace=message.workspace,
            key=f"surplus:{message.channel}:{message.ts}",
            kind=PostKind.SURPLUS,
            channel=message.channel,
            thread_ts=message.thread,
            body=str(surplus),
        )
        shelf.outbox.owe(owed, now, now)
    return [link for link in links if link.paper_id in kept]


def _shared(shelf: Shelf, message: Message) -> set[PaperId]:
    audience = Audience(message.workspace, message.channel)
    notes = (shelf.notes.get(note_id, audience) for note_id in shelf.notes.shared_by(message))
    return {note.paper.paper_id for note in notes if note}
