"""Titles and abstracts in another language: what is kept of a translation, and who makes one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from papers.errors import FusenError
from papers.formulas import Formula
from papers.paper import Record

ORIGINAL = "en"
"""The language of arXiv's titles and abstracts: whoever reads it needs no translation."""


@dataclass(frozen=True, slots=True)
class Passage:
    """A readable text, and the formulas within it."""

    text: str
    formulas: tuple[Formula, ...] = ()


NOTHING = Passage("")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A sentence and its translation; that is empty where none could be trusted."""

    original: Passage
    translated: Passage = NOTHING


@dataclass(frozen=True, slots=True)
class Translation:
    """A title and abstract in another language, made by machine: by which model, when (UTC), of which version.

    `title` is empty where none could be trusted.
    """

    language: str
    title: Passage
    sentences: tuple[Rendered, ...]
    made_by: str
    made_at: datetime
    version: int

    def of_summary(self, summary: str) -> Passage:
        """The translation of a summary, which is some of the abstract's sentences in their order.

        NOTHING unless each of them has one.
        """
        text, formulas, rest = "", list[Formula](), summary
        for one in self.sentences:
            if not one.original.text or not rest.startswith(one.original.text):
                continue
            if not one.translated.text:
                return NOTHING
            text += " " if text and text[-1].isascii() else ""
            formulas += (
                Formula(len(text) + within.start, len(text) + within.stop, within.mathml)
                for within in one.translated.formulas
            )
            text += one.translated.text
            rest = rest[len(one.original.text) :].lstrip()
        return NOTHING if rest else Passage(text, tuple(formulas))


@dataclass(frozen=True, slots=True)
class Translated:
    """A translation just made, and what it cost in tokens."""

    translation: Translation
    tokens: int


class TranslatorError(FusenError):
    """There is no translation. `tokens` were spent all the same; `seconds` is a wait that was asked for."""

    en = "The translation failed ({reason}). The English text is shown; Fusen will try again later."
    ja = "翻訳できませんでした ({reason})。英語のまま表示し、後で再度試します。"

    def __init__(self, reason: str, tokens: int = 0, seconds: float = 0.0) -> None:
        super().__init__(reason=reason)
        self.tokens = tokens
        self.seconds = seconds


class Translator(Protocol):
    """Who translates. Sees what arXiv has published of a paper, and nothing else."""

    def translate(self, record: Record, language: str) -> Translated:
        """The title and abstract in that language (`ja`), sentence by sentence. Raises TranslatorError."""
        ...
