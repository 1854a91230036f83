"""How deep a note goes, told from what people wrote on it: nobody has to choose a label."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

from papers.note import Note

SENTENCE = 8
"""From this weight on a comment says something: two short English words, or four Japanese characters."""

POINTS = 240
"""From this weight on the comments together hold key points: some 50 English words, or 120 Japanese characters."""

LISTED_POINTS = 3
"""A comment that lists so many points holds key points, however short they are."""

LOOKED_AT = 1000
"""So much of a comment tells how much it says; nobody has to read forty thousand characters for that."""

TURNS = 3
"""So many comments by two people or more are a discussion: one says something, one answers, one goes on."""


class Depth(StrEnum):
    """How deep a note goes, from shallow to deep."""

    NOTHING = "nothing"  # no summary yet, or only comments that say too little to be called anything
    MACHINE = "machine"  # a machine's summary only: no comment at all
    ONE_LINER = "one_liner"
    KEY_POINTS = "key_points"
    DISCUSSION = "discussion"


def depth(note: Note) -> Depth:
    """How deep the note goes for those who see it this way. Only what people wrote makes it deeper.

    Comments are people's: what bots post never becomes one.
    """
    weights = [(comment, weight(comment.text)) for comment in note.comments]
    said = [(comment, words) for comment, words in weights if words >= SENTENCE]
    if len(said) >= TURNS and len({comment.member.id for comment, _ in said}) > 1:
        return Depth.DISCUSSION
    listed = (_points(comment.text) for comment, _ in said)
    if sum(words for _, words in said) >= POINTS or any(points >= LISTED_POINTS for points in listed):
        return Depth.KEY_POINTS
    if said:
        return Depth.ONE_LINER
    summary = note.paper.reading and note.paper.reading.summary
    return Depth.MACHINE if summary and not note.comments else Depth.NOTHING


_NO_WORDS = re.compile(r"https?://\S+|:[a-z0-9_+-]+(?:::skin-tone-[2-6])?:")


def weight(text: str) -> int:
    """How much a text says, in letters and digits: addresses, emoji, marks and blanks say nothing.

    A wide character (kanji, kana, Hangul) weighs two: a Japanese text needs about half as many characters as
    an English one that says the same. What comes after the first `LOOKED_AT` characters adds nothing.
    """
    words = unicodedata.normalize("NFKC", _NO_WORDS.sub(" ", text[:LOOKED_AT]))
    return sum(map(_WEIGHTS.__getitem__, words))


class _Weights(dict[str, int]):
    """What each character weighs, remembered: all notes are made of the same few thousand."""

    def __missing__(self, character: str) -> int:
        wide = unicodedata.east_asian_width(character) in "WF"
        self[character] = (2 if wide else 1) if unicodedata.category(character)[0] in "LN" else 0
        return self[character]


_WEIGHTS = _Weights()


_POINT = re.compile(r"^[^\S\n]*(?:[-*•・‣◦–]|\(?\d{1,2}[.)、)]|[①-⑳])\s*(\S.*)$", re.MULTILINE)


def _points(text: str) -> int:
    """How many lines of a text are points of a list, and say something."""
    return sum(weight(point) > 0 for point in _POINT.findall(text))
