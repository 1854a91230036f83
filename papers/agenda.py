"""The agenda of a reading group: which papers to talk about next, made of what people did anyway."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from papers.digest import Question, contributors, human_sentence, open_questions
from papers.note import Comment, Member, Note

LONGEST = 8
"""More papers than this do not fit into a meeting."""

CLAIM, COMMENT, QUESTION, SHARE = 3, 2, 3, 1
"""What a person who reads it, a comment, an open question and a further share add to a paper's weight."""


@dataclass(frozen=True, slots=True)
class Item:
    """A paper to talk about: what was said of it, the questions that nobody has answered, and who shared it."""

    note: Note
    sentence: Comment | None
    questions: tuple[Question, ...]
    sharers: tuple[Member, ...]


@dataclass(frozen=True, slots=True)
class Agenda:
    """The papers to talk about, the weightiest first, and how many more there are."""

    items: tuple[Item, ...]
    more: int


def agenda(notes: Sequence[Note]) -> Agenda:
    """Choose among notes those that somebody reads, discusses or asks about; one share alone puts none on it."""
    weighed = sorted(((weight(note), note) for note in notes), key=lambda one: (-one[0], -one[1].id))
    chosen = [note for weight_, note in weighed if weight_ > SHARE]
    items = (
        Item(note, human_sentence(note), open_questions(note), contributors(note)[0]) for note in chosen[:LONGEST]
    )
    return Agenda(tuple(items), max(0, len(chosen) - LONGEST))


def weight(note: Note) -> int:
    """How much there is to talk about."""
    people = {share.member.id for share in note.shares}
    return (
        CLAIM * len(note.readers)
        + COMMENT * len(note.comments)
        + QUESTION * len(open_questions(note))
        + SHARE * len(people)
    )
