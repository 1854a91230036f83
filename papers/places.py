"""Where a text names a paper, and what else it says: Japanese puts no blank between the two."""

from __future__ import annotations

import re
from dataclasses import dataclass

from papers.paper import PaperLink

_MARKS = ",、，:：。"
_GLUED = re.compile(rf"[^\s{_MARKS}]*")
# French puts a blank before a colon; one behind it too, or it begins a word: :tada:
_PARTING = re.compile(r"[,、，:：。．.;；!！?？)\]}）」』】>*_~]*(?:\s+[:：](?=\s|$))?")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text names a paper or page: from `start` up to, not including, `end`."""

    link: PaperLink
    start: int
    end: int

    def begins(self, text: str) -> bool:
        """Whether nothing but marks stands before it."""
        return not any(character.isalnum() for character in text[: self.start])

    def in_first_word(self, text: str) -> bool:
        """Whether no blank stands before it."""
        return not re.search(r"\s", text[: self.start])

    def before(self, text: str) -> str:
        """What stands before the word that it is in."""
        start = self.start
        while start and not text[start - 1].isspace() and text[start - 1] not in _MARKS:
            start -= 1
        return text[:start].strip().rstrip(_MARKS)

    def behind(self, text: str) -> str:
        """What follows it, without the mark that parts the two."""
        return _PARTING.sub("", text[self.end :], count=1).strip()

    def behind_word(self, text: str) -> str:
        """What follows the word that it is in: a particle glued to it is no word of its own."""
        return _PARTING.sub("", _GLUED.sub("", text[self.end :], count=1), count=1).strip()
