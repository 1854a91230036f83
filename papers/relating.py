"""The use cases of relatedness: what a note is related to, and making stored papers comparable."""

from __future__ import annotations

from papers.errors import UnknownPaper
from papers.note import Audience
from papers.notebook import Asker
from papers.relatedness import RelatedNote, related
from papers.shelf import Shelf, Shelves

AT_ONCE = 100
"""How many papers are made comparable in one transaction."""


class Relating:
    """Related notes, as those who ask may see them."""

    def __init__(self, shelves: Shelves) -> None:
        self._shelves = shelves

    def related(self, asker: Asker, note_id: int) -> tuple[RelatedNote, ...]:
        """The notes related to a note, most related first. Raises UnknownPaper if the note is not seen."""
        with self._shelves.reading() as shelf:
            return related_to(shelf, note_id, asker.audience)

    def read_in(self) -> int:
        """Make papers comparable that were stored by a program that did not do so. Returns how many."""
        done = 0
        while True:
            with self._shelves.writing() as shelf:
                some = shelf.relations.read_in(AT_ONCE)
            done += some
            if some < AT_ONCE:
                return done


def related_to(shelf: Shelf, note_id: int, audience: Audience) -> tuple[RelatedNote, ...]:
    """The notes related to a note in the eyes of an audience. Raises UnknownPaper if it does not see the note."""
    note = shelf.notes.get(note_id, audience)
    if note is None:
        raise UnknownPaper(typed="this paper")
    near = shelf.relations.near(note, audience)
    found = related(note, shelf.notes.several(near.likenesses, audience), near.likenesses, near.usage)
    words = shelf.relations.words(note_id, {one.note_id: near.likenesses[one.note_id] for one in found})
    return tuple(one.told(words[one.note_id]) for one in found)
