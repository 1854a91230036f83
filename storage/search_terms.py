"""The terms by which notes are searched: stems of words, and pieces of one and two characters of Japanese."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import pairwise, takewhile

from snowballstemmer.english_stemmer import EnglishStemmer

# Scripts written without blanks: kana, kanji (the rare ones too), and Hangul, which puts endings onto words.
_UNSPACED = "\u3005-\u3007\u3041-\u3096\u3099\u309a\u309d-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff"
_UNSPACED += "\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff"
_SPACED = rf"[^\W_{_UNSPACED}]"
_RUN = re.compile(rf"(?P<unspaced>[{_UNSPACED}]+)|{_SPACED}+")
_FIRST, _LAST = re.compile(_SPACED), re.compile(rf"{_SPACED}+\Z")
_PLAIN = re.compile(r"[a-z]{3,60}")
_TAG = re.compile(r"(?:#|tag:)(?=[^#])")
_OPENING, _CLOSING = "\"'`“”‘’«([{<「『【〈《", "\"'`“”‘’»)]}>」』】〉》.,;:!?…、。"


@dataclass(frozen=True, slots=True)
class Sought:
    """A word that is searched for: its terms, all of which a note must have, and what its texts must contain.

    What a word of English shares with its stem stands in all its forms.
    """

    terms: tuple[str, ...]
    needle: str

    def stands_in(self, text: str) -> bool:
        """The word stands in a folded text, and not merely its letters in the midst of another word."""
        first = text.find(self.needle)
        if first < 0:
            return False
        begins = rf"(?<!{_SPACED})" if _FIRST.match(self.needle) else ""
        goes_on = rf"{_SPACED}*" if _LAST.search(self.needle) else ""
        places = re.compile(begins + re.escape(self.needle) + goes_on).finditer(text, first)
        return any(not goes_on or _stem(_LAST.findall(place[0])[0]) in self.terms for place in places)


def unmarked(word: str) -> str:
    """A word without the quotes, brackets and marks of a sentence around it, as it comes out of a text."""
    return word.lstrip(_OPENING).rstrip(_CLOSING) or word


def tag_begun(word: str) -> str:
    """What the names of a tag begin with that a folded word asks for: `#llm`, as on the pages; else nothing."""
    marked = _TAG.match(word)
    return word[marked.end() :] if marked else ""


def sought(word: str) -> Sought:
    """What to look for, for one folded word as it was typed. It has no terms if it has no letters or digits."""
    terms: list[str] = []
    for run in _RUN.finditer(word):
        terms += _pieces(run.group()) if run["unspaced"] else [_stem(run.group())]
    whole = len(terms) == 1 and _PLAIN.fullmatch(word)
    return Sought(tuple(dict.fromkeys(terms)), _in_common(word, terms[0]) if whole else word)


def terms(text: str) -> Counter[str]:
    """How often each term stands in a folded text."""
    found: Counter[str] = Counter()
    for run in _RUN.finditer(text):
        if run["unspaced"]:
            piece = run.group()
            found.update(piece)
            found.update(map("".join, pairwise(piece)))
        else:
            found[_stem(run.group())] += 1
    return found


@lru_cache(maxsize=200_000)
def key(workspace: str, term: str) -> int:
    """The number under which a workspace's index knows a term: 64 bits, signed.

    Two terms with one number make the index propose a note too many, which its texts then refute.
    """
    return int.from_bytes(blake2b(f"{workspace}\0{term}".encode(), digest_size=8).digest(), "big", signed=True)


def _in_common(word: str, stem: str) -> str:
    """What both begin with, and so do the other forms: the stem of `study` and `studies` is `studi`."""
    stem = stem.removesuffix("i")
    return "".join(one for one, _ in takewhile(lambda pair: pair[0] == pair[1], zip(word, stem, strict=False)))


def _pieces(run: str) -> list[str]:
    return [run] if len(run) == 1 else list(map("".join, pairwise(run)))


@lru_cache(maxsize=50_000)
def _stem(word: str) -> str:
    if not _PLAIN.fullmatch(word):
        return word
    # A stemmer keeps the word that it works on, so threads cannot share one.
    stem: str = EnglishStemmer().stemWord(word)
    return stem
