"""A note in brief: what lists, and the pages of other notes, must know of it, and no more."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from papers.attention import Attention, attention_of
from papers.note import Member, Note, Tag
from papers.paper import Paper, PaperId

_NOBODY = Attention()
AUTHORS_LOOKED_AT = 30
"""The authors of a paper by a thousand people say little of it."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who wants a page and feeds of their own: what these are called, and the name."""

    feed: str
    name: str


@dataclass(frozen=True, slots=True)
class Brief:
    """A note in brief, as one audience sees it.

    `year` is the one in which the paper came out, None while nothing is known of it. `tags` have different keys,
    `authors` are those that are compared with others', `threads` those in which it was shared, each as channel
    and time stamp. `people` are those who shared it or commented on it and want a page of their own, in order.
    `images` are the names of the image files that its comments show, in order. `withdrawn` is the paper.
    """

    note_id: int
    paper_id: PaperId
    title: str
    year: int | None
    noted_at: datetime
    tags: tuple[Tag, ...] = ()
    authors: tuple[str, ...] = ()
    threads: frozenset[tuple[str, str]] = frozenset()
    attention: Attention = _NOBODY
    people: tuple[Person, ...] = ()
    images: tuple[str, ...] = ()
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Fallen:
    """A note that stood on the pages and does so no longer; `tags` are the keys of those it had there."""

    note_id: int
    paper_id: PaperId
    tags: tuple[str, ...] = ()


def brief_of(note: Note) -> Brief:
    """The note in brief. A share that has no message yet stands in no thread."""
    record = note.paper.record
    return Brief(
        note.id,
        note.paper_id,
        note.paper.title,
        record.published.year if record else None,
        note.noted_at,
        tuple({tag.key: tag for tag in note.tags}.values()),
        compared_authors(note.paper),
        frozenset((share.channel.id, share.message.thread) for share in note.shares if share.message.thread),
        attention_of(note),
        people_of([*(one.member for one in note.shares), *(one.member for one in note.comments)]),
        tuple(sorted({image.name for comment in note.comments for image in comment.images})),
        bool(record and record.withdrawn),
    )


def people_of(members: Iterable[Member]) -> tuple[Person, ...]:
    """Those of these members who want a page of their own, each once, in a steady order."""
    found = {Person(member.feed, member.name) for member in members if member.feed}
    return tuple(sorted(found, key=lambda one: one.feed))


def compared_authors(paper: Paper) -> tuple[str, ...]:
    """The authors of a paper that are compared with those of others."""
    return paper.record.authors[:AUTHORS_LOOKED_AT] if paper.record else ()
