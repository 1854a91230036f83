"""The sentences of the pages as markup, quickly filled: what fills a gap is escaped like everything else."""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter

from markupsafe import Markup, escape

from papers.wording import Wording


class Sayings:
    """The sentences of one language, parted at their gaps when they are first said."""

    def __init__(self, wording: Wording) -> None:
        self._wording = wording
        self._parted: dict[str, list[tuple[Markup, str | None]]] = {}

    def __call__(self, key: str, **facts: object) -> Markup:
        """The sentence for `key`; `key_one` instead, where there is one and `count` is 1.

        Raises KeyError if there is no such sentence, or no fact for one of its gaps.
        """
        if facts.get("count") == 1 and f"{key}_one" in self._wording.sentences:
            key = f"{key}_one"
        return Markup("").join(_filled(self._parts(key), facts))

    def plain(self, key: str) -> Markup:
        """The sentence for `key`, which has no gaps. Raises KeyError if there is no such sentence, or it has."""
        return self(key)

    def _parts(self, key: str) -> list[tuple[Markup, str | None]]:
        parts = self._parted.get(key)
        if parts is None:
            found = Formatter().parse(self._wording.sentences[key])
            parts = self._parted[key] = [(escape(text), gap) for text, gap, _, _ in found]
        return parts


def _filled(parts: list[tuple[Markup, str | None]], facts: Mapping[str, object]) -> list[Markup]:
    pieces: list[Markup] = []
    for text, gap in parts:
        pieces.append(text)
        if gap is not None:
            pieces.append(escape(facts[gap]))
    return pieces
