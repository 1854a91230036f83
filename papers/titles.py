"""Titles compared: when two papers of different sources bear the same one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from papers.tags import fold

LONGEST = 300
_COMMAND = re.compile(r"\\[A-Za-z]+")
_FEWEST_WORDS = 3
_FEWEST_LETTERS = 15
_FEWEST_WIDE = 8


def title_key(title: str) -> str:
    """A title without case, width, punctuation, blanks and TeX commands; empty for one that tells too little.

    A title tells something of its own if it has three words and fifteen letters ("Introduction" and "Sleep and
    memory" do not), or eight letters in scripts without blanks.
    """
    folded = fold(_COMMAND.sub(" ", title))
    words = "".join(c if c.isalnum() else " " for c in folded).split()
    letters = "".join(words)
    wide = sum(unicodedata.east_asian_width(c) in "WF" for c in letters)
    telling = wide >= _FEWEST_WIDE or (len(words) >= _FEWEST_WORDS and len(letters) >= _FEWEST_LETTERS)
    return letters[:LONGEST] if telling else ""


def could_be_by_the_same(some: Sequence[str], others: Sequence[str]) -> bool:
    """Whether two lists of authors have a family name in common, or one of them is not known."""
    return not some or not others or not _names(some).isdisjoint(_names(others))


def _names(authors: Sequence[str]) -> set[str]:
    return {word for author in authors for word in fold(author).replace(",", " ").split()[-1:]}
