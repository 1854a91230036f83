"""Which note somebody points at: by naming its paper, by standing in its thread, or by a message."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date

from papers.errors import FusenError, NoPaperHere, NoPaperInMessage, NoPaperInThread, NotSavedYet, UnknownPaper
from papers.finding import find_papers
from papers.finding_pages import find_pages
from papers.note import Audience, Message, Note
from papers.paper import ARXIV, PaperId, PaperLink
from papers.shelf import Shelf

Example = Callable[[str], str]
"""How to name a paper, given as it would be typed, in an error's sentence."""

ANY = "2310.13671"
"""A paper to be named in examples."""


LINKS = 50
"""Of how many links of a message it is asked whether somebody has saved them."""


class SeveralPapers(FusenError):
    """A thread or message is about several papers, and nobody said which of these `notes` is meant."""

    en = "This is about several papers ({ids}). Say which one: {example}"
    ja = "対象の論文が複数あります ({ids})。どれかを指定してください: {example}"

    def __init__(self, notes: Sequence[Note], example: Example) -> None:
        named = tuple(as_typed(note.paper_id) for note in notes)
        super().__init__(ids=named, example=example(named[0]))
        self.notes = notes


def by_id(shelf: Shelf, audience: Audience, note_id: int) -> Note:
    """The note with this id as the audience sees it. Raises UnknownPaper if it does not."""
    note = shelf.notes.get(note_id, audience)
    if note is None:
        raise UnknownPaper(typed="this paper")
    return note


def by_words(
    shelf: Shelf, audience: Audience, link: PaperLink | None, thread: Message | None, example: Example
) -> Note:
    """The note on the paper named, else the thread's, or where there is no thread the channel's last.

    A thread about no paper never means another one: the message that began it may only be late.
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
            raise NoPaperInThread(example=example(ANY))
        return note
    last = next(iter(shelf.notes.recent_in(audience, 1)), None)
    if last is None:
        raise NoPaperHere(example=example(ANY))
    return last


def by_message(
    shelf: Shelf, audience: Audience, message: Message, said: str, today: date, example: Example
) -> Note:
    """The note on the paper that a message shares, else its thread's, else the one that what it `said` links to.

    Raises SeveralPapers, NotSavedYet where nobody has saved what it links to, or NoPaperInMessage.
    """
    alone = replace(message, thread_ts=None)
    note = _by_thread(shelf, audience, alone, example) or _by_thread(shelf, audience, message, example)
    if note is not None:
        return note
    links = (*(link.paper_id for link in find_papers(said, today=today)), *find_pages(said, today=today))[:LINKS]
    if not links:
        raise NoPaperInMessage
    known = (shelf.notes.of_paper(shelf.papers.known_as(paper_id), audience) for paper_id in links)
    linked = _only({note.id: note for note in known if note}, example)
    if linked is None:
        raise NotSavedYet
    return linked


def by_sight(shelf: Shelf, audience: Audience, message: Message) -> Note | None:
    """The note of the one paper that this very message shares, or that it speaks of as a post of ours.

    None for a message about no paper, or about several.
    """
    notes = shelf.notes.shared_by(message) or (shelf.outbox.shows(message),)
    only = notes[0] if len(notes) == 1 else None
    return None if only is None else shelf.notes.get(only, audience)


def _by_thread(shelf: Shelf, audience: Audience, thread: Message, example: Example) -> Note | None:
    found = ((note_id, shelf.notes.get(note_id, audience)) for note_id in shelf.notes.of_thread(thread))
    return _only({note_id: note for note_id, note in found if note}, example)


def _only(notes: Mapping[int, Note], example: Example) -> Note | None:
    if len(notes) > 1:
        raise SeveralPapers([*notes.values()], example)
    return next(iter(notes.values()), None)


def as_typed(paper_id: PaperId) -> str:
    """A paper or page as it is named behind a verb."""
    return paper_id.id if paper_id.source == ARXIV else paper_id.url
