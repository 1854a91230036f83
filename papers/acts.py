"""What people did last, kept for a day so that they can take it back: the values and the port.

Whoever adds a deed that can be undone records it in the deed's own transaction (`ActShelf.record`) and says in
`papers.undoing` how it is taken back. One that cannot be is recorded there too (`record_staying`): else undo would
take back what was done before it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from papers.asker import Asker

KEPT = timedelta(hours=24)
"""How long an act can be undone."""

MOST = 20
"""How many acts of one member in one channel are remembered."""


class Deed(StrEnum):
    """What was done. `undone_DEED` is the sentence that says that it was taken back; `UNDO` is not."""

    TAG = "tag"
    UNTAG = "untag"
    COMMENT = "comment"
    ADD = "add"
    RENAME = "rename"  # of a tag
    MERGE = "merge"  # of two tags
    READING = "reading"
    PUT_DOWN = "put_down"
    READ = "read"
    UNREAD = "unread"
    FOLLOW = "follow"
    OFTEN = "often"
    UNFOLLOW = "unfollow"
    STAYS = "stays"  # whatever else undo does not take back
    UNDO = "undo"


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that a member did in a channel: with a note, or (None) with a tag itself or what is followed.

    `origin` is what the deed's rows know it by; `facts` is what taking it back needs beside, fit for JSON.
    """

    deed: Deed
    note_id: int | None
    origin: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    id: int = 0

    @property
    def written(self) -> str:
        """The facts as JSON text."""
        return json.dumps(self.facts, ensure_ascii=False)


@dataclass(frozen=True, slots=True)
class Renaming:
    """The facts of a tag that got another name, or became one with the tag of that name.

    `fresh` if the name was none of its other names before. The rest is its own where it became one with a tag
    that was not seen: rows of the other tag from then on, by their ids, and other names, by their keys. `merged`
    are the tags that had become one with it.
    """

    old: str
    new: str
    uses: Sequence[int] = ()
    merged: Sequence[int] = ()
    names: Sequence[str] = ()
    groups: Sequence[int] = ()
    descriptions: Sequence[int] = ()
    fresh: bool = False


@dataclass(frozen=True, slots=True)
class TagUse:
    """A tag as it was set on a note: by whom, where and when. `tag` is the tag's row."""

    tag: int
    member: str
    channel: str
    at: datetime


class ActShelf(Protocol):
    """The acts that can still be undone, and those that undo names and leaves."""

    def record(self, asker: Asker, act: Act, at: datetime) -> None:
        """Remember the act of the asker; beyond `MOST` of theirs in this channel the oldest is forgotten."""
        ...

    def last(self, asker: Asker, since: datetime) -> tuple[Act, ...]:
        """What the asker did in the channel since then, the last one first; acts of a newer Fusen are left."""
        ...

    def remove(self, act: int) -> None:
        """The act is undone, or can be no longer."""
        ...

    def prune(self, before: datetime) -> int:
        """Forget the acts done before then. Returns how many."""
        ...


def record_staying(acts: ActShelf, asker: Asker, did: str, back: Iterable[str], at: datetime) -> None:
    """Remember what undo does not take back, once, though it may be handled again.

    `did` is what does it, and `back` what lets all be again as it was, each as typed behind the command.
    """
    if not any(act.deed is Deed.STAYS and act.origin == asker.origin for act in acts.last(asker, at - KEPT)):
        acts.record(asker, Act(Deed.STAYS, None, asker.origin, {"did": did, "back": [*back]}), at)
