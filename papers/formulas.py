"""Formulas within readable texts: where they stand, and how they are written as mathematics."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from papers.dollars import is_maths

FORMULA = (
    r"\\begin\{(?P<name>equation|align|eqnarray|multline|gather|displaymath|math)(?P<star>\*?)\}"
    r"(?P<environment>.{1,1500}?)\\end\{(?P=name)(?P=star)\}"
    r"|\$\$(?P<display>(?:\\.|[^$\\]){1,1500})\$\$"
    r"|\$(?P<inline>(?:\\.|[^$\\]){1,400})\$"
    r"|\\\((?P<round>.{1,400}?)\\\)"
    r"|\\\[(?P<square>.{1,1500}?)\\\]"
)
"""A pattern for what may be a formula, and for what in it is the formula itself; of `inline`, see `is_maths`."""

_PART = re.compile(rf"{FORMULA}|\\.", re.DOTALL)
_TYPED = re.compile(r"\S(?:.*\S)?")  # on one line, and no blank within the dollars: else they are two prices


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula in a text, `start` up to, not including, `stop`, and the same as MathML.

    What shows no mathematics shows the text; so whatever may be wrong with a formula, the text is right.
    """

    start: int
    stop: int
    mathml: str


def typed(text: str) -> Iterator[tuple[int, int, str]]:
    """Where formulas stand in a text that somebody typed, in their order, each with what its signs enclose."""
    index = 0
    while match := _PART.search(text, index):
        index = match.end()
        body = match["inline"]
        if body and not (_TYPED.fullmatch(body) and is_maths(body, text[index : index + 1])):
            index = match.start() + 1
        elif match.lastgroup:
            yield match.start(), index, match[match.lastgroup]


FindFormulas = Callable[[str], tuple[Formula, ...]]
"""Finds the formulas in a text that somebody wrote, TeX's signs still in it, in their order. Never raises."""


def no_formulas(_text: str) -> tuple[Formula, ...]:
    """For those who have nobody to find them."""
    return ()
