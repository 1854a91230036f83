"""How a large database is shared out: one workspace with a fifth of all notes, and many that are ever smaller."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate
from random import Random

from bench.events.requests import CHANNEL, MEMBER, TEAM

LARGEST = 0.2
"""The share of all notes that the largest workspace has; it is the one that is measured."""

PRIVATE = 0.05
"""The share of a workspace's notes that are made in its private channel."""

MOST_TAGS = 300
_MOST_CHANNELS, _MOST_MEMBERS = 40, 500
_EVEN = 20  # how many of the smaller workspaces are about as large as the largest of them


@dataclass(frozen=True, slots=True)
class Team:
    """A workspace: how many notes it has, its channels (the last is private), members and tags."""

    id: str
    notes: int
    channels: tuple[str, ...]
    members: tuple[str, ...]
    tags: tuple[str, ...]


def teams(notes: int, count: int, tags: list[str]) -> list[Team]:
    """`count` workspaces with `notes` notes in all, the largest first."""
    weights = [1 / (rank + _EVEN) for rank in range(count - 1)]
    rest = notes - int(notes * LARGEST) if count > 1 else 0
    sizes = [notes - rest]
    done = 0
    for upto in accumulate(weights):
        sizes.append(int(rest * upto / sum(weights) + 0.5) - done)
        done += sizes[-1]
    return [_team(number, size, tags) for number, size in enumerate(sizes)]


def _team(number: int, notes: int, tags: list[str]) -> Team:
    own = f"{number:04}"
    channels = [f"C{own}{n:04}" for n in range(1, min(_MOST_CHANNELS, 1 + notes // 100) + 1)]
    members = [f"U{own}{n:04}" for n in range(1, min(_MOST_MEMBERS, 3 + notes // 20) + 1)]
    if number == 0:
        channels[0], members[0] = CHANNEL, MEMBER
    return Team(
        TEAM if number == 0 else f"T{own}",
        notes,
        (*channels, f"G{own}0000"),
        tuple(members),
        tuple(tags[: min(len(tags), MOST_TAGS, 5 + notes // 4)]),
    )


def turns(some: list[Team], random: Random) -> Iterator[Team]:
    """Whose note comes next, until each workspace has all of its notes."""
    order = [team for team in some for _ in range(team.notes)]
    random.shuffle(order)
    return iter(order)
