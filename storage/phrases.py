"""The terms that two papers share, as people read them: words and short phrases that stand in both."""

from __future__ import annotations

import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from storage.terms import Word, plain_forms, words

_LONGEST = 4
"""How many words a phrase has at most: chain-of-thought reasoning."""


_JOINED = (" ", "-", "")


class Spoken:
    """What a paper's texts speak of."""

    def __init__(self, title: str, abstract: str) -> None:
        self._texts = tuple(
            (unicodedata.normalize("NFKC", text), tuple(words(text))) for text in (abstract, title)
        )
        self._words: dict[str, set[str]] = defaultdict(set)
        for _, found in self._texts:
            for word in found:
                self._words[word.term] |= plain_forms(word.written)
        self._forms = frozenset(tuple(word.form for word in run) for _, run in self._runs() if len(run) > 1)

    def shared(self, other: Spoken, weights: Mapping[str, float], most: int) -> tuple[str, ...]:
        """Up to `most` words or phrases for the terms with these weights, the weightiest first.

        A phrase is shown instead of its words if it stands in both papers and shares all its terms.
        """
        phrases = self._phrases(other, weights)
        shown: list[str] = []
        covered: set[str] = set()
        for term in sorted(weights, key=lambda one: (-weights[one], one)):
            if term in covered:
                continue
            if len(shown) == most:
                break
            written, inside = phrases.get(term, ("", ()))
            if written:
                shown.append(written)
                covered.update(inside)
        return tuple(shown)

    def _phrases(self, other: Spoken, weights: Mapping[str, float]) -> dict[str, tuple[str, tuple[str, ...]]]:
        """For each term the longest phrase with it, as most often written: the abstract's writing goes first."""
        best: dict[str, tuple[tuple[int, int], str, tuple[str, ...]]] = {}
        counted: Counter[str] = Counter()
        for text, run in self._runs():
            inside = tuple(word.term for word in run if word.term)
            if not _whole(run) or not all(term in weights for term in inside):
                continue
            if any(word.term and not other._says(word) for word in run):
                continue
            if len(run) > 1 and tuple(word.form for word in run) not in other._forms:
                continue
            written = text[run[0].start : run[-1].end]
            counted[written] += 1
            for term in inside:
                rank = (len(run), counted[written])
                if term not in best or rank > best[term][0]:
                    best[term] = (rank, written, inside)
        return {term: (written, inside) for term, (_, written, inside) in best.items()}

    def _says(self, word: Word) -> bool:
        """Whether the word stands here, or a plain inflection of it: one stem is not always one word."""
        return not self._words[word.term].isdisjoint(plain_forms(word.written))

    def _runs(self) -> Iterator[tuple[str, Sequence[Word]]]:
        for text, found in self._texts:
            for start in range(len(found)):
                for stop in range(start + 1, min(start + _LONGEST, len(found)) + 1):
                    if stop > start + 1 and found[stop - 1].gap not in _JOINED:
                        break
                    yield text, found[start:stop]


def _whole(run: Sequence[Word]) -> bool:
    """Whether a run of words begins and ends with one that says something; `in-context` begins with its piece."""
    begins = run[0].term or (len(run) > 1 and run[1].gap == "-")
    return bool(begins and run[-1].term)
