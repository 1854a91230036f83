"""The digest: what was noted in a period, in the order in which people want to read it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from papers.note import Note, Tag
from papers.periods import Period


@dataclass(frozen=True, slots=True)
class Group:
    """The notes of a digest under one tag; `tag` is None for those without any."""

    tag: Tag | None
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Digest:
    """The notes of a period, each once, grouped by the tag that most of them share."""

    period: Period
    groups: tuple[Group, ...]

    @property
    def notes(self) -> tuple[Note, ...]:
        """All notes, in the digest's order."""
        return tuple(note for group in self.groups for note in group.notes)


def compose(period: Period, notes: Sequence[Note]) -> Digest:
    """Group notes: each stands under that of its tags which most notes carry; the untagged come last.

    Within a group those that people commented on come first, then those shared more, then the newer.
    """
    carried = Counter(tag.key for note in notes for tag in note.tags)
    groups: dict[str, list[Note]] = {}
    names: dict[str, Tag] = {}
    for note in notes:
        best = min(note.tags, key=lambda tag: (-carried[tag.key], tag.key), default=None)
        if best:
            names.setdefault(best.key, best)
        groups.setdefault(best.key if best else "", []).append(note)
    order = sorted(groups, key=lambda key: (key == "", -len(groups[key]), key))
    return Digest(period, tuple(Group(names.get(key), tuple(sorted(groups[key], key=_weight))) for key in order))


def _weight(note: Note) -> tuple[int, int, float, int]:
    return (-len(note.comments), -len(note.shares), -note.noted_at.timestamp(), -note.id)
