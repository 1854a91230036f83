"""Which note somebody points at: by naming its paper, by standing in its thread, or by a message."""

from __future__ import annotations

from dataclasses import replace

from papers.errors import NoPaperHere, NoPaperInMessage, NoPaperInThread, SeveralPapers, UnknownPaper
from papers.note import Audience, Message, Note
from papers.paper import PaperLink
from papers.shelf import Shelf


def by_id(shelf: Shelf, audience: Audience, note_id: int) -> Note:
    """The note with this id as the audience sees it. Raises UnknownPaper if it does not."""
    note = shelf.notes.get(note_id, audience)
    if note is None:
        raise UnknownPaper(typed="this paper")
    return note


def by_words(
    shelf: Shelf, audience: Audience, link: PaperLink | None, thread: Message | None, example: str
) -> Note:
    """The note on the paper named, else the thread's, or where there is no thread the channel's last.

    A thread about no paper never means another one: the message that began it may only be late.
    `example` shows, in an error's sentence, how to name a paper.
    Raises UnknownPaper, SeveralPapers, NoPaperInThread or NoPaperHere.
    """
    if link:
        named = shelf.notes.of_paper(link.paper_id, audience)
        if named is None:
            raise UnknownPaper(typed=link.paper_id.id)
        return named
    if thread:
        note = _by_thread(shelf, audience, thread, example)
        if note is None:
            raise NoPaperInThread(example=example)
        return note
    last = next(iter(shelf.notes.recent_in(audience, 1)), None)
    if last is None:
        raise NoPaperHere(example=example)
    return last


def by_message(shelf: Shelf, audience: Audience, message: Message, example: str) -> Note:
    """The note on the paper that a message shares, else on the paper that its thread is about.

    Raises SeveralPapers or NoPaperInMessage.
    """
    alone = replace(message, thread_ts=None)
    note = _by_thread(shelf, audience, alone, example) or _by_thread(shelf, audience, message, example)
    if note is None:
        raise NoPaperInMessage
    return note


def by_sight(shelf: Shelf, audience: Audience, message: Message) -> Note | None:
    """The note of the one paper that this very message shares, or that it speaks of as a post of ours.

    None for a message about no paper, or about several.
    """
    notes = shelf.notes.shared_by(message) or (shelf.outbox.shows(message),)
    only = notes[0] if len(notes) == 1 else None
    return None if only is None else shelf.notes.get(only, audience)


def _by_thread(shelf: Shelf, audience: Audience, thread: Message, example: str) -> Note | None:
    notes = [note for note_id in shelf.notes.of_thread(thread) if (note := shelf.notes.get(note_id, audience))]
    if len(notes) > 1:
        raise SeveralPapers(ids=", ".join(note.paper_id.id for note in notes), example=example)
    return notes[0] if notes else None
