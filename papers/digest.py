"""The digest: what was noted in a period, in the order in which people want to read it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from papers.depth import LOOKED_AT, SENTENCE, weight
from papers.marks import quotable
from papers.note import Comment, Member, Note, Tag
from papers.periods import Period


@dataclass(frozen=True, slots=True)
class Group:
    """The notes of a digest under one tag; `tag` is None for those without any."""

    tag: Tag | None
    notes: tuple[Note, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question that somebody asked about a paper and nobody else has answered since."""

    note: Note
    comment: Comment


@dataclass(frozen=True, slots=True)
class Digest:
    """The notes of a period, each once, grouped by the tag that most of them share; and what is open in them.

    `wordless` counts the notes without any comment. `tag` is the one that all of it is about:
    then there is one group.
    """

    period: Period
    groups: tuple[Group, ...]
    questions: tuple[Question, ...] = ()
    wordless: int = 0
    tag: Tag | None = None

    @property
    def notes(self) -> tuple[Note, ...]:
        """All notes, in the digest's order."""
        return tuple(note for group in self.groups for note in group.notes)


def compose(period: Period, notes: Sequence[Note], tag: Tag | None = None) -> Digest:
    """Group notes: each stands under that of its tags which most notes carry; the untagged come last.

    If all is about one `tag`, they are one group. Within a group those that people commented on come first, then
    those shared more, then the newer.
    """
    carried = Counter(tag.key for note in notes for tag in note.tags)
    groups: dict[str, list[Note]] = {}
    names: dict[str, Tag] = {}
    for note in notes:
        best = tag or min(note.tags, key=lambda one: (-carried[one.key], one.key), default=None)
        if best:
            names.setdefault(best.key, best)
        groups.setdefault(best.key if best else "", []).append(note)
    order = sorted(groups, key=lambda key: (key == "", -len(groups[key]), key))
    parts = tuple(Group(names.get(key), tuple(sorted(groups[key], key=_weight))) for key in order)
    asked = [question for group in parts for note in group.notes for question in open_questions(note)]
    wordless = sum(not note.comments for note in notes)
    questions = tuple(sorted(asked, key=lambda one: (one.comment.written_at, one.note.id)))
    return Digest(period, parts, questions, wordless, tag)


def shared_within(note: Note, period: Period, channel: str | None) -> Note:
    """The note with those shares alone that were made in the period, and in the channel if one is given."""
    shares = (one for one in note.shares if period.start <= one.shared_at < period.end)
    return replace(note, shares=tuple(one for one in shares if channel in (None, one.channel.id)))


def human_sentence(note: Note) -> Comment | None:
    """The comment that tells best what a paper is to the team: the first that says something and asks nothing."""
    asking = None
    for comment in note.comments:
        if weight(comment.text) >= SENTENCE and weight(quotable(comment.text[:LOOKED_AT])) >= SENTENCE:
            if not _asks(comment.text):
                return comment
            asking = asking or comment
    return asking


def open_questions(note: Note) -> tuple[Question, ...]:
    """The questions about a note after which nobody else has said anything."""
    return tuple(
        Question(note, comment)
        for number, comment in enumerate(note.comments)
        if _asks(comment.text)
        and all(later.member.id == comment.member.id for later in note.comments[number + 1 :])
    )


def contributors(note: Note) -> tuple[tuple[Member, ...], tuple[Member, ...]]:
    """Who shared the paper, and who else commented on it, each once, in the order in which they came."""
    sharers = dict.fromkeys(share.member for share in note.shares)
    commenters = dict.fromkeys(comment.member for comment in note.comments)
    return tuple(sharers), tuple(member for member in commenters if member not in sharers)


# A question mark that ends a sentence, not one in an address; Japanese questions may also end in か。
_QUESTION = re.compile(
    r"(?<!\S)(?!https?://)\S*[?？](?=[\s」』)\"'”]|$)|[?？](?=\s|$)|(?:です|ます|でしょう|だろう)か。?(?=\s|$)"
)


def _asks(text: str) -> bool:
    return bool(_QUESTION.search(text))


def _weight(note: Note) -> tuple[int, int, float, int]:
    return (-len(note.comments), -len(note.shares), -note.noted_at.timestamp(), -note.id)
