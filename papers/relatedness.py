"""What makes two notes related, how much, and why: pure values and rules."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Protocol

from papers.note import Audience, Note, Tag
from papers.paper import Paper
from papers.tags import fold

RELATED = 5
"""How many related notes are shown at most."""

WEAK = 0.15
"""Notes related less than this are left out: then an empty list is the right one."""

IN_COMMON = 0.15
"""The part of what is missing to 1 that a shared author, a shared thread or the rarest shared tag takes."""

_AUTHORS_COUNTED = 3
_AUTHORS_LOOKED_AT = 30
"""The authors of a paper by a thousand people say little of it."""


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike the texts of two papers are.

    `share` is their likeness in the eyes of one of them, as a part of its likeness to itself: 0 to 1.
    `terms` are the stems that make it, each with its weight.
    """

    share: float
    terms: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Usage:
    """How many notes an audience sees, and how many of them carry each tag, by folded key."""

    notes: int
    tags: Mapping[str, int]

    def rarity(self, key: str) -> float:
        """1 for a tag that one note carries, 0 for one that all carry."""
        if self.notes < 2:
            return 0.0
        carried = min(max(self.tags.get(key, 1), 1), self.notes)
        return 1 - math.log(carried) / math.log(self.notes)


@dataclass(frozen=True, slots=True)
class Near:
    """Notes that may be related to a note, each with how alike the texts are, and how its tags are used."""

    likenesses: Mapping[int, Likeness]
    usage: Usage


class Relations(Protocol):
    """What is stored of how notes hang together."""

    def near(self, note: Note, audience: Audience) -> Near:
        """The notes that may be related to a note, among those that the audience sees; a bounded number.

        The texts most like its own, and what shares an author, two tags or a thread with it. Only notes, tags
        and shares that the audience sees have any influence. `note` is as this audience sees it.
        """
        ...

    def words(self, note_id: int, likenesses: Mapping[int, Likeness]) -> Mapping[int, tuple[str, ...]]:
        """The words that make a note like others, by note, the weightiest first, as they stand in its texts."""
        ...

    def read_in(self, limit: int) -> int:
        """Make up to `limit` papers comparable whose texts are stored and not read in yet. Returns how many."""
        ...


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why two notes are related: tags and authors that both have, words that both papers speak of."""

    tags: tuple[Tag, ...] = ()
    authors: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    thread: bool = False


@dataclass(frozen=True, slots=True)
class RelatedNote:
    """A note that is related to another: how much (0 to 1), and why."""

    note_id: int
    paper: Paper
    score: float
    reasons: Reasons

    def told(self, words: tuple[str, ...]) -> RelatedNote:
        """The same with the words that both speak of."""
        return replace(self, reasons=replace(self.reasons, words=words))

    @property
    def percent(self) -> int:
        """The score in percent."""
        return round(self.score * 100)


def related(
    note: Note, others: Iterable[Note], likenesses: Mapping[int, Likeness], usage: Usage, limit: int = RELATED
) -> tuple[RelatedNote, ...]:
    """The notes among `others` that are related to `note`, most related first, of equal ones the older first.

    All notes are as one audience sees them. `likenesses` tells of how alike the texts are, by note.
    """
    found = [
        _related(note, other, likenesses.get(other.id, _UNLIKE), usage) for other in others if other.id != note.id
    ]
    strong = [one for one in found if one.score >= WEAK]
    return tuple(sorted(strong, key=lambda one: (-one.score, one.note_id))[:limit])


def authors(paper: Paper) -> tuple[str, ...]:
    """The authors of a paper that are compared with those of others."""
    return paper.record.authors[:_AUTHORS_LOOKED_AT] if paper.record else ()


_UNLIKE = Likeness(0.0)


def _related(note: Note, other: Note, likeness: Likeness, usage: Usage) -> RelatedNote:
    theirs = {tag.key for tag in other.tags}
    shared = sorted(
        (tag for tag in note.tags if tag.key in theirs), key=lambda tag: (-usage.rarity(tag.key), tag.key)
    )
    reasons = Reasons(
        tags=tuple(shared),
        authors=_both(authors(note.paper), authors(other.paper)),
        thread=bool(_threads(note) & _threads(other)),
    )
    return RelatedNote(other.id, other.paper, _score(likeness.share, reasons, usage), reasons)


def _score(share: float, reasons: Reasons, usage: Usage) -> float:
    """The share of the texts; then each other thing in common takes its part of what is still missing to 1.

    Rounded, so that the last digits of a sum do not decide which of two equal notes comes first.
    """
    missing = 1 - min(max(share, 0.0), 1.0)
    for tag in reasons.tags:
        missing *= 1 - IN_COMMON * usage.rarity(tag.key)
    missing *= (1 - IN_COMMON) ** (min(len(reasons.authors), _AUTHORS_COUNTED) + reasons.thread)
    return round(1 - missing, 4)


def _both(ours: tuple[str, ...], theirs: tuple[str, ...]) -> tuple[str, ...]:
    known = _by_key(theirs)
    return tuple(name for key, name in _by_key(ours).items() if key in known)


@lru_cache(maxsize=20_000)
def _by_key(names: tuple[str, ...]) -> Mapping[str, str]:
    """Names by their folded form, in their order. The same few papers are compared again and again."""
    found: dict[str, str] = {}
    for name in names:
        found.setdefault(fold(name), name)
    return found


def _threads(note: Note) -> frozenset[tuple[str, str]]:
    """The threads in which the note was shared; a share that has no message yet stands in none."""
    return frozenset((share.channel.id, share.message.thread) for share in note.shares if share.message.thread)
