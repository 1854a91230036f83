"""The attention that a note got: parts that people can count, and a number that puts notes in order."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from math import log2
from typing import NamedTuple

from papers.note import Note

HALF_LIFE = timedelta(days=14)
"""After so long what somebody did counts half as much."""

MOST = 6.0
"""What one person does counts no more than this, however much it is."""

_SHARE, _FURTHER_CHANNEL, _COMMENT, _READING = 3.0, 2.0, 2.0, 2.0
_START = datetime(2020, 1, 1, tzinfo=UTC)


class Deed(StrEnum):
    """What people do with a paper."""

    COMMENT = "comment"
    READING = "reading"
    SHARE = "share"


class Act(NamedTuple):
    """One thing that somebody did. Reading belongs to no channel here: it counts once for each person."""

    at: datetime
    deed: Deed
    member: str
    channel: str


@dataclass(frozen=True, slots=True)
class Attention:
    """The attention that a note got in the eyes of one audience.

    `latest` is when somebody last did something, None if nobody did. `heat` puts notes in order at any time: it
    is the logarithm (base 2) of what was done, weighed by when, so one more half-life later counts one more.
    """

    people: int = 0
    channels: int = 0
    shares: int = 0
    comments: int = 0
    readers: int = 0
    latest: datetime | None = None
    heat: float = 0.0


def attention(acts: Iterable[Act]) -> Attention:
    """The attention that is made of these acts, in whatever order they come.

    A share counts 3 for its person and channel, and 2 more in a channel other than the first; comments count 2
    for a person, a channel and a day (UTC); reading counts 2 for a person. Each halves in `HALF_LIFE`,
    and what a person did never counts more than `MOST`. So nobody makes a paper hot alone.
    """
    ordered = sorted(set(acts))
    if not ordered:
        return Attention()
    latest = ordered[-1].at
    theirs: dict[str, float] = {}
    for act, weight in _weighed(ordered):
        theirs[act.member] = theirs.get(act.member, 0.0) + weight * 2.0 ** ((act.at - latest) / HALF_LIFE)
    last = {act.member: act.at for act in ordered}
    now = sum(
        min(sum_, MOST * 2.0 ** ((last[member] - latest) / HALF_LIFE)) for member, sum_ in sorted(theirs.items())
    )
    deeds = [act.deed for act in ordered]
    return Attention(
        len(last),
        len({act.channel for act in ordered if act.channel}),
        deeds.count(Deed.SHARE),
        deeds.count(Deed.COMMENT),
        len({act.member for act in ordered if act.deed is Deed.READING}),
        latest,
        round((latest - _START) / HALF_LIFE + log2(now), 6),
    )


def attention_of(note: Note) -> Attention:
    """The attention that the note got, as far as its audience sees it."""
    return attention(
        [
            *(Act(one.shared_at, Deed.SHARE, one.member.id, one.channel.id) for one in note.shares),
            *(Act(one.written_at, Deed.COMMENT, one.member.id, one.channel.id) for one in note.comments),
            *(Act(one.since, Deed.READING, one.member.id, "") for one in note.readers),
        ]
    )


def _weighed(ordered: list[Act]) -> Iterable[tuple[Act, float]]:
    """The acts that count, with their weights: of those that count once the last."""
    first = next((act.channel for act in ordered if act.deed is Deed.SHARE), "")
    seen: set[tuple[str, ...]] = set()
    for act in reversed(ordered):
        day = act.at.date().isoformat() if act.deed is Deed.COMMENT else ""
        what = (act.deed, act.member, act.channel, day)
        if what not in seen:
            seen.add(what)
            yield act, _WEIGHTS[act.deed]
        if act.deed is Deed.SHARE and act.channel != first and (act.channel,) not in seen:
            seen.add((act.channel,))
            yield act, _FURTHER_CHANNEL


_WEIGHTS = {Deed.SHARE: _SHARE, Deed.COMMENT: _COMMENT, Deed.READING: _READING}
