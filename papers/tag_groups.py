"""The order that people have brought into tags: their groups, and where renamed ones went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from papers.note import TagCount
from papers.tags import fold


@dataclass(frozen=True, slots=True)
class TagOrder:
    """What the pages may tell: the groups of tags, by their keys, and which keys older keys lead to now.

    `names` are the names that those older keys stood for, `descriptions` say what tags are about, by their keys.
    """

    groups: Mapping[str, str] = field(default_factory=dict)
    moved: Mapping[str, str] = field(default_factory=dict)
    names: Mapping[str, str] = field(default_factory=dict)
    descriptions: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TagGroup:
    """A group with its tags, in the order in which they were given."""

    name: str
    tags: tuple[TagCount, ...]


def grouped(
    tags: Sequence[TagCount], groups: Mapping[str, str]
) -> tuple[tuple[TagGroup, ...], tuple[TagCount, ...]]:
    """The groups by name, and the tags in none. `groups` names the group of a tag by its key."""
    within: dict[str, list[TagCount]] = {}
    for one in tags:
        if name := groups.get(one.tag.key):
            within.setdefault(name, []).append(one)
    named = tuple(
        TagGroup(name, tuple(within[name])) for name in sorted(within, key=lambda name: (fold(name), name))
    )
    return named, tuple(one for one in tags if one.tag.key not in groups)
