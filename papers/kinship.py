"""The related notes of all notes that one audience sees, kept ready while notes come, change and go."""

from __future__ import annotations

from bisect import insort
from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import replace

from papers.brief import Brief
from papers.relatedness import Kept, Kin, Usage, doublings, kin, names_by_key

CARRIERS = 50
"""Of those with an author or a thread in common the newest so many count.

A tag that more notes carry adds too little to relate two notes by itself.
"""


class Kinship:
    """Which notes are related to which. Asking for one note costs a bounded number of comparisons."""

    def __init__(self, briefs: Iterable[Brief] = ()) -> None:
        self._briefs: dict[int, Brief] = {}
        # Most authors have one paper in a notebook: their carriers need no list, which would take most memory.
        self._carriers: dict[Hashable, int | list[int]] = {}
        self._tagged: dict[str, set[int]] = {}
        for brief in briefs:
            self._put(brief)

    @property
    def scale(self) -> int:
        """How often the notes have doubled in number: when that changes, any list may change."""
        return doublings(len(self._briefs))

    def change(self, note_id: int, now: Brief | None) -> set[int]:
        """The note is seen as this from now on, or not at all. Returns the other notes whose lists may change."""
        before = self._briefs.get(note_id)
        if before and now and _compared(before) == _compared(now):
            self._briefs[note_id] = now
            return set()
        both = [brief for brief in (before, now) if brief]
        keys = {tag.key for brief in both for tag in brief.tags}
        weights = {key: self._weight(key) for key in keys}
        concerned = self._concerned(before) if before else set()
        if before:
            self._drop(before)
        if now:
            self._put(now)
            concerned |= self._concerned(now)
        for key in keys:
            if self._weight(key) != weights[key]:
                concerned |= self._tagged.get(key, set())
        concerned.discard(note_id)
        return concerned

    def of(self, note_id: int, kept: Mapping[int, Kept]) -> tuple[Kin, ...]:
        """The notes related to a note that is seen, most related first. `kept` tells of their texts, by note."""
        note = self._briefs[note_id]
        alike = {other: one for other, one in kept.items() if other in self._briefs}
        others = self._company(note) | alike.keys()
        if not others:
            return ()
        usage = Usage(len(self._briefs), {tag.key: len(self._tagged[tag.key]) for tag in note.tags})
        shares = {other: one.share for other, one in alike.items()}
        found = kin(note, [self._briefs[other] for other in sorted(others)], shares, usage)
        return tuple(_told(one, alike) for one in found)

    def _put(self, brief: Brief) -> None:
        self._briefs[brief.note_id] = brief
        for mark in _marks(brief):
            others = self._carried_by(mark)
            if others:
                insort(others, brief.note_id)
            self._carriers[mark] = others or brief.note_id
        for tag in brief.tags:
            self._tagged.setdefault(tag.key, set()).add(brief.note_id)

    def _drop(self, brief: Brief) -> None:
        del self._briefs[brief.note_id]
        for mark in _marks(brief):
            others = self._carried_by(mark)
            others.remove(brief.note_id)
            if others:
                self._carriers[mark] = others
            else:
                del self._carriers[mark]
        for tag in brief.tags:
            self._tagged[tag.key].discard(brief.note_id)
            if not self._tagged[tag.key]:
                del self._tagged[tag.key]

    def _company(self, brief: Brief) -> set[int]:
        """The notes that share an author or a thread (of each the newest) or two rare tags with this one."""
        met = {other for mark in _marks(brief) for other in self._carried_by(mark)[-CARRIERS:]}
        return (met | self._by_tags(brief)) - {brief.note_id}

    def _concerned(self, brief: Brief) -> set[int]:
        """The notes whose company this one is in, and those that would look at another one without it."""
        met: set[int] = set()
        for mark in _marks(brief):
            carriers = self._carried_by(mark)
            if brief.note_id in carriers[-CARRIERS:]:
                met.update(carriers)
        return (met | self._by_tags(brief)) - {brief.note_id}

    def _by_tags(self, brief: Brief) -> set[int]:
        """The notes that share two rare tags with this one."""
        rare = [self._tagged[tag.key] for tag in brief.tags if self._is_rare(tag.key)]
        if len(rare) < 2:
            return set()
        carried = Counter(other for carriers in rare for other in carriers)
        return {other for other, tags in carried.items() if tags > 1}

    def _carried_by(self, mark: Hashable) -> list[int]:
        """The carriers of a mark, by id."""
        carriers = self._carriers.get(mark, [])
        return [carriers] if isinstance(carriers, int) else carriers

    def _is_rare(self, key: str) -> bool:
        return len(self._tagged.get(key, ())) <= CARRIERS

    def _weight(self, key: str) -> tuple[int, bool]:
        return doublings(len(self._tagged.get(key, ()))), self._is_rare(key)


def _compared(brief: Brief) -> Hashable:
    """What others' lists depend on: not who said what of it, which is what changes most often."""
    return brief.paper_id, brief.title, brief.year, brief.tags, brief.authors, brief.threads, brief.withdrawn


def _marks(brief: Brief) -> Iterable[Hashable]:
    return (*names_by_key(brief.authors), *brief.threads)


def _told(one: Kin, alike: Mapping[int, Kept]) -> Kin:
    known = alike.get(one.brief.note_id)
    return replace(one, reasons=replace(one.reasons, words=known.words)) if known else one
