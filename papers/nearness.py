"""Which tags are so alike that somebody who types one may mean the other.

Better no question than a wrong one: short names differ by a letter and mean different things (NLP and MLP).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from enum import IntEnum
from functools import lru_cache

from papers.note import Tag
from papers.tags import fold, unaccented

MISTYPED = 8
"""In a word of fewer letters a slip changes the meaning: `tracing` and `tracking` are two things."""

SWAPPED = 6
"""Two letters that changed places are a slip in words of so many letters too: `casual` is meant as `causal`."""

DOUBLED = 5
"""And so is a letter that stands twice, or only once: `mullti`."""

INITIALS = 3
"""Two initials stand for too much: ML is machine learning, and meta learning."""

ABBREVIATED = range(3, 5)
"""How many letters an abbreviated last word has: data-gen, model-eval."""

ABBREVIATED_WHOLE = 7
"""An abbreviated name has at least so many letters, so that `QA gen` does not hang on two of them."""

ACTIVITY = 5
"""What remains of an activity without its `ing` has at least so many letters: a string is not several str."""

PLURAL = 3
"""What remains of a plural without its `s` has at least so many letters: RLS is not several RL."""

# What parts words: blanks, hyphens, underscores, slashes, dots. Not the signs of `C#` and `C++`.
_PARTING = re.compile(r"[\s\-_/\\.:·・|~‐-―]+")
# What stands between digits is part of the number.
_WITHIN_NUMBER = re.compile(r"(?<=\d)[\s\-_/\\.:·・|~‐-―]+(?=\d)")
_HUMP = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z]{2})")
# A long mark at the end of a katakana word is a matter of taste (JIS Z 8301): パラメータ, パラメーター.
_LONG_MARK = re.compile(r"(?<=[ァ-ヺー]{2})ー(?![ァ-ヺー])")


class Likeness(IntEnum):
    """Why two names are alike, the surest reason first."""

    PARTED = 1  # DataGeneration, data-generation
    INFLECTED = 2  # LLM, LLMs; Embed, Embeddings; cafe, café; パラメータ, パラメーター
    SHORTENED = 3  # DataGeneration, data-gen; LargeLanguageModel, LLM
    MISTYPED = 4  # alignment, allignment


def likeness(one: Tag, other: Tag) -> Likeness | None:
    """How one tag's name is like another's; None if they are the same tag or are not alike."""
    if one.key == other.key:
        return None
    first, second = _words(one.name), _words(other.name)
    if not (first and second):
        return None  # made of nothing but marks
    joined, beside = "".join(first), "".join(second)
    if joined == beside:
        return Likeness.PARTED
    if _inflected(_stem(first), _stem(second)):
        return Likeness.INFLECTED
    if _shortened(first, second) or _shortened(second, first):
        return Likeness.SHORTENED
    return Likeness.MISTYPED if _mistyped(first, second) else None


def alike(typed: Tag, others: Iterable[Tag]) -> dict[str, Likeness]:
    """The keys of those of `others` that are like what was typed, with the reason."""
    found = ((other.key, likeness(typed, other)) for other in others)
    return {key: reason for key, reason in found if reason is not None}


def slipped(one: str, other: str, least: int) -> bool:
    """Whether two folded words of at least so many letters are parted by one slip of the keyboard."""
    return _mistyped((one,), (other,), least)


@lru_cache(maxsize=20_000)  # the same few thousand tags are looked at whenever somebody types a new one
def _words(name: str) -> tuple[str, ...]:
    """The words of a name, folded: cut where it is parted, and before the humps of camel case."""
    pieces = (piece for part in _between(unicodedata.normalize("NFKC", name)) for piece in _HUMP.split(part))
    return tuple(folded for piece in pieces if (folded := fold(piece)))


def _between(text: str) -> list[str]:
    """What stands between the marks that part words; those within a number part nothing."""
    parts, begin = [], 0
    for mark in _PARTING.finditer(text):
        if _WITHIN_NUMBER.match(text, mark.start()):
            continue  # 3.5 is not 35
        parts.append(text[begin : mark.start()])
        begin = mark.end()
    return [*parts, text[begin:]]


def _inflected(one: str, other: str) -> bool:
    return one == other or one in _acts(other) or other in _acts(one)


def _acts(activity: str) -> tuple[str, ...]:
    """What is done in an activity: prompt of prompting, embed of embedding, encode of encoding."""
    act = activity.removesuffix("ing")
    if act == activity or len(act) < ACTIVITY or not act.isascii():
        return ()
    return (act, f"{act}e", act[:-1]) if act[-1] == act[-2] else (act, f"{act}e")


@lru_cache(maxsize=20_000)
def _stem(words: tuple[str, ...]) -> str:
    """The joined words without plural endings, accents of Latin letters and closing long marks."""
    return _LONG_MARK.sub("", "".join(_singular(unaccented(word)) for word in words))


def _singular(word: str) -> str:
    if not (word.isascii() and word.isalpha()) or word.endswith(("ss", "us", "is")):
        return word
    if word.endswith("ies") and len(word) > PLURAL + 3:
        return word[:-3] + "y"
    if word.endswith(("ches", "shes", "xes", "sses")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and len(word) > PLURAL else word


def _shortened(short: tuple[str, ...], long: tuple[str, ...]) -> bool:
    """`short` is made of the initials of `long`, or abbreviates its last word and keeps the others."""
    initials = "".join(word[0] for word in long)
    if len(long) >= INITIALS and initials.isascii() and _singular("".join(short)) == initials:
        return True
    *same, end = short
    return (
        len(short) == len(long) > 1
        and tuple(same) == long[:-1]
        and end.isascii()
        and end.isalpha()
        and len(end) in ABBREVIATED
        and long[-1].startswith(end)
        and len("".join(short)) >= ABBREVIATED_WHOLE
    )


def _mistyped(one: tuple[str, ...], other: tuple[str, ...], least: int = MISTYPED) -> bool:
    """One letter was added, left out or changed, or two were swapped, inside a word long enough to show it.

    The first letter of a word is not mistyped but meant: pretraining, retraining.
    """
    left, right = "".join(one), "".join(other)
    if min(len(left), len(right)) < least or abs(len(left) - len(right)) > 1:
        return False
    at = next((n for n, (a, b) in enumerate(zip(left, right, strict=False)) if a != b), min(len(left), len(right)))
    rest, beside = left[at:], right[at:]
    same = 0
    while same < min(len(rest), len(beside)) and rest[-1 - same] == beside[-1 - same]:
        same += 1
    cut, put = rest[: len(rest) - same], beside[: len(beside) - same]
    swapped = len(cut) == 2 and cut == put[::-1]
    if not (swapped or max(len(cut), len(put)) <= 1):
        return False
    changed = cut + put
    doubled = at > 0 and changed == left[at - 1]
    least = min(least, SWAPPED if swapped else DOUBLED if doubled else MISTYPED)
    return changed.isascii() and changed.isalpha() and _inside(one, at, least) and _inside(other, at, least)


def _inside(words: tuple[str, ...], at: int, least: int) -> bool:
    """Whether the letter at a place of the joined words stands in a word that long, and not at its beginning."""
    begin = 0
    for word in words:
        if at <= begin + len(word) - 1 or word is words[-1]:
            return at > begin and len(word) >= least
        begin += len(word)
    return False
