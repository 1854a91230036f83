"""What makes two notes related, how much, and why: pure values and rules."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
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
_CARRIERS = 50
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


@dataclass(frozen=True, slots=True)
class Kept:
    """How alike a published note's text is to another's, kept with the words that make it."""

    share: float
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Outdated:
    """A note whose kept likenesses are not up to date; `change` is its change count as it was found.

    `shown` is false if anybody's eyes see it no longer. `changed` says whether it is the note itself that
    changed, so that others may have to look at it anew, or only one that is like it.
    """

    note_id: int
    change: int
    shown: bool
    changed: bool


class Relations(Protocol):
    """What is stored of how notes hang together."""

    def near(self, note: Note, audience: Audience) -> Near:
        """The notes that may be related to a note, among those that the audience sees; a bounded number.

        The texts most like its own, and what shares an author, two tags or a thread with it. Only notes, tags
        and shares that the audience sees have any influence. `note` is as this audience sees it.
        """
        ...

    def alike(self, note_id: int, audience: Audience) -> Mapping[int, Likeness]:
        """The notes with the texts most like a note's, among those that the audience sees; a bounded number."""
        ...

    def outdated(self, workspace: str, limit: int) -> tuple[Outdated, ...]:
        """Up to `limit` notes of a workspace whose kept likenesses are not up to date."""
        ...

    def keep(self, workspace: str, outdated: Outdated, found: Mapping[int, Kept], at: int) -> None:
        """Keep what a note is like, as of the workspace's change count `at`; those near it may be outdated now.

        Nothing is kept if the note has changed since it was found to be outdated.
        """
        ...

    def tell(self, workspace: str) -> None:
        """The kept likenesses have changed: who shows them all looks at them again."""
        ...

    def kept(self, workspace: str) -> Mapping[int, Mapping[int, Kept]]:
        """What the workspace's published notes are like: by note, by other note."""
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


def related_among(
    notes: Sequence[Note], kept: Mapping[int, Mapping[int, Kept]]
) -> dict[int, tuple[RelatedNote, ...]]:
    """What each of many notes is related to among them, by note. `kept` tells of their texts, by note and other.

    All notes are as one audience sees them. Costs a bounded number of comparisons a note.
    """
    by_id = {note.id: note for note in notes}
    usage = Usage(len(notes), Counter(tag.key for note in notes for tag in note.tags))
    # Tags that more notes carry add too little to relate two notes by themselves.
    rare = {key for key, carried in usage.tags.items() if carried <= _CARRIERS}
    companies = (
        _Company(notes, _authors_of),
        _Company(notes, _threads),
        _Company(notes, lambda note: {tag.key for tag in note.tags} & rare, least=2),
    )
    found = {}
    for note in notes:
        alike = {other: one for other, one in kept.get(note.id, {}).items() if other in by_id}
        others = set(alike).union(*(company.of(note) for company in companies))
        likenesses = {other: Likeness(one.share) for other, one in alike.items()}
        strong = related(note, [by_id[other] for other in sorted(others)], likenesses, usage)
        found[note.id] = tuple(
            one.told(alike[one.note_id].words) if one.note_id in alike else one for one in strong
        )
    return found


def authors(paper: Paper) -> tuple[str, ...]:
    """The authors of a paper that are compared with those of others."""
    return paper.record.authors[:_AUTHORS_LOOKED_AT] if paper.record else ()


class _Company:
    """Which notes are in the company of which: those that carry at least `least` of the same marks.

    Of a mark that very many carry, such as an author of hundreds of papers, the newest fifty carriers count.
    """

    def __init__(self, notes: Sequence[Note], marks: Callable[[Note], Iterable[Hashable]], least: int = 1) -> None:
        self._marks = marks
        self._least = least
        self._carriers: dict[Hashable, list[int]] = {}
        for note in sorted(notes, key=lambda one: one.id):
            for mark in marks(note):
                self._carriers.setdefault(mark, []).append(note.id)

    def of(self, note: Note) -> Iterable[int]:
        """The notes in this one's company, itself left out."""
        met = Counter(other for mark in self._marks(note) for other in self._carriers[mark][-_CARRIERS:])
        return [other for other, marks in met.items() if marks >= self._least and other != note.id]


def _authors_of(note: Note) -> Iterable[str]:
    return _by_key(authors(note.paper))


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
    for name in filter(None, names):
        found.setdefault(fold(name), name)
    return found


def _threads(note: Note) -> frozenset[tuple[str, str]]:
    """The threads in which the note was shared; a share that has no message yet stands in none."""
    return frozenset((share.channel.id, share.message.thread) for share in note.shares if share.message.thread)
