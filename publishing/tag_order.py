"""The order of tags on the pages: by group on their list, and from which older addresses each is reached."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from papers.tags import fold


@dataclass(frozen=True, slots=True)
class Listed:
    """A tag on the list, by its key, under the heading of its group; that is empty for a tag in none."""

    heading: str
    key: str


@dataclass(frozen=True, slots=True)
class Section:
    """The keys of tags that stand under one heading."""

    heading: str
    keys: tuple[str, ...]


def by_group(keys: Iterable[str], groups: Mapping[str, str]) -> tuple[Listed, ...]:
    """The tags in the order of their groups and then of their keys; those in no group last."""
    listed = (Listed(groups.get(key, ""), key) for key in keys)
    return tuple(sorted(listed, key=lambda one: (not one.heading, fold(one.heading), one.heading, one.key)))


def sections(shown: Sequence[Listed]) -> tuple[Section, ...]:
    """What stands on one page of the list, cut where the group changes."""
    runs = groupby(shown, key=lambda one: one.heading)
    return tuple(Section(heading, tuple(one.key for one in run)) for heading, run in runs)


def older_keys(moved: Mapping[str, str], living: Collection[str]) -> dict[str, tuple[str, ...]]:
    """By the key of a tag that has a page, the keys whose addresses lead to it: none that is itself a tag's."""
    older: dict[str, list[str]] = {}
    for old, new in sorted(moved.items()):
        if new in living and old not in living:
            older.setdefault(new, []).append(old)
    return {new: tuple(keys) for new, keys in older.items()}
