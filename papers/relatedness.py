"""What makes two notes related, how much, and why: pure values and rules."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Protocol

from papers.brief import Brief, brief_of
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
        """1 for a tag that one note carries, 0 for one that all carry; it changes only when a number doubles."""
        if self.notes < 2:
            return 0.0
        carried = min(max(self.tags.get(key, 1), 1), self.notes)
        return 1 - doublings(carried) / doublings(self.notes)


def doublings(count: int) -> int:
    """How often 1 must be doubled to reach `count`."""
    return max(count - 1, 0).bit_length()


@dataclass(frozen=True, slots=True)
class Near:
    """Notes that may be related to a note, each with how alike the texts are, and how its tags are used.

    Of those in `words` it is known what makes the texts alike.
    """

    likenesses: Mapping[int, Likeness]
    usage: Usage
    words: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


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

    def keep(self, workspace: str, outdated: Outdated, found: Mapping[int, Kept], at: int) -> frozenset[int]:
        """Keep what a note is like, as of the workspace's change count `at`; those near it may be outdated now.

        Nothing is kept if the note has changed since it was found to be outdated. Returns the notes whose pages
        show something else now: they are to be told of in the same transaction.
        """
        ...

    def tell(self, note_ids: Collection[int]) -> None:
        """Count one change for the pages of these notes, which are all of one workspace."""
        ...

    def kept(self, note_ids: Collection[int]) -> Mapping[int, Mapping[int, Kept]]:
        """What these published notes are like: by note, by other note. One that is like none may be left out."""
        ...

    def keepers(self, note_ids: Collection[int]) -> frozenset[int]:
        """The notes that are kept as like one of these."""
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


@dataclass(frozen=True, slots=True)
class Kin:
    """A note, in brief, that is related to another: how much (0 to 1), and why."""

    brief: Brief
    score: float
    reasons: Reasons

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
    known = {other.id: other for other in others}
    shares = {other: likeness.share for other, likeness in likenesses.items()}
    found = kin(brief_of(note), map(brief_of, known.values()), shares, usage, limit)
    return tuple(
        RelatedNote(one.brief.note_id, known[one.brief.note_id].paper, one.score, one.reasons) for one in found
    )


def kin(
    note: Brief, others: Iterable[Brief], shares: Mapping[int, float], usage: Usage, limit: int = RELATED
) -> tuple[Kin, ...]:
    """The same among notes in brief. `shares` tells how alike the texts are in the eyes of `note`, by note."""
    found = [
        _kin(note, other, shares.get(other.note_id, 0.0), usage)
        for other in others
        if other.note_id != note.note_id
    ]
    strong = [one for one in found if one.score >= WEAK]
    return tuple(sorted(strong, key=lambda one: (-one.score, one.brief.note_id))[:limit])


def _kin(note: Brief, other: Brief, share: float, usage: Usage) -> Kin:
    theirs = {tag.key for tag in other.tags}
    shared = [tag for tag in note.tags if tag.key in theirs]
    reasons = Reasons(
        tags=tuple(sorted(shared, key=lambda tag: (-usage.rarity(tag.key), tag.key))),
        authors=_both(note.authors, other.authors),
        thread=not note.threads.isdisjoint(other.threads),
    )
    return Kin(other, _score(share, reasons, usage), reasons)


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
    known = names_by_key(theirs)
    return tuple(name for key, name in names_by_key(ours).items() if key in known)


@lru_cache(maxsize=2_000)
def names_by_key(names: tuple[str, ...]) -> Mapping[str, str]:
    """Names by their folded form, in their order. The same few papers are compared again and again."""
    found: dict[str, str] = {}
    for name in filter(None, names):
        found.setdefault(fold(name), name)
    return found
