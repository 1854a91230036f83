"""The terms by which papers are compared: stems of the words in their titles and abstracts."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from snowballstemmer.english_stemmer import EnglishStemmer

from papers.common_words import COMMON_WORDS
from papers.tags import fold

TITLE_WEIGHT = 2
"""How often a word of the title counts."""

_MOST_WORDS = 2_000  # the longest abstract of 22,000 arXiv records has about 600
_LONGEST_WORD = 60

# Japanese is written without blanks: a run of katakana or of kanji is a word here, hiragana stands between them.
_KATAKANA, _KANJI, _HIRAGANA = "\u30a1-\u30fa\u30fc", "\u3005\u3400-\u4dbf\u4e00-\u9fff", "\u3041-\u3096"
_WORD = re.compile(rf"[{_KATAKANA}]{{2,}}|[{_KANJI}]{{2,}}|[^\W_{_KATAKANA}{_KANJI}{_HIRAGANA}]+")
_INFLECTIONS = (
    ("s", ""),
    ("es", ""),
    ("ies", "y"),
    ("ied", "y"),
    ("ed", ""),
    ("d", ""),
    ("ing", ""),
    ("ing", "e"),
)
_PLURAL = re.compile(r"[A-Z0-9]*[A-Z]s")  # LLMs, 3Ds: no stemmer knows that they are plurals


@dataclass(frozen=True, slots=True)
class Word:
    """A word where it stands in a text: as written, its term (empty if it says nothing), and its place.

    `gap` is what stands between it and the word before.
    """

    written: str
    term: str
    start: int
    end: int
    gap: str

    @property
    def form(self) -> str:
        """What it is compared by as a part of a phrase: `in` counts in `in-context`."""
        return self.term or _folded(self.written)


def words(text: str) -> Iterator[Word]:
    """The words of a text in their order, its first 2,000."""
    text = unicodedata.normalize("NFKC", text)
    end = 0
    for number, found in enumerate(_WORD.finditer(text)):
        if number == _MOST_WORDS:
            return
        yield Word(found.group(), term(found.group()), found.start(), found.end(), text[end : found.start()])
        end = found.end()


def terms(title: str, abstract: str) -> Counter[str]:
    """How often each term stands in a paper's texts, those of the title counted `TITLE_WEIGHT` times."""
    found: Counter[str] = Counter()
    for text, weight in ((title, TITLE_WEIGHT), (abstract, 1)):
        for word in words(text):
            if word.term:
                found[word.term] += weight
    return found


@lru_cache(maxsize=50_000)
def plain_forms(word: str) -> frozenset[str]:
    """A word, and what it may be a plain inflection of (plural, -ed, -ing).

    Of words with one term those that have such a form in common are one word: `models` and `modelling`, not
    `harmonic` and `harmonization`.
    """
    found = {_folded(word)}
    for ending, instead in _INFLECTIONS:
        found |= {one.removesuffix(ending) + instead for one in found if one.endswith(ending)}
    return frozenset(found | {one[:-1] for one in found if one[-2:-1] == one[-1:]})


@lru_cache(maxsize=50_000)
def _folded(word: str) -> str:
    return fold(word)


@lru_cache(maxsize=50_000)
def term(word: str) -> str:
    """The term of a word, empty if it says nothing: a common word, a number, a single letter."""
    folded = fold(word[:-1] if _PLURAL.fullmatch(word) else word)
    if not 2 <= len(folded) <= _LONGEST_WORD or folded.isnumeric() or folded in COMMON_WORDS:
        return ""
    # A stemmer keeps the word that it works on, so threads cannot share one.
    stemmed: str = EnglishStemmer().stemWord(folded)
    return stemmed
