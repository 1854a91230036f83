"""Formulas within readable texts: where they stand, and how they are written as mathematics."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula in a text, `start` up to, not including, `stop`, and the same as MathML.

    What shows no mathematics shows the text; so whatever may be wrong with a formula, the text is right.
    """

    start: int
    stop: int
    mathml: str


FindFormulas = Callable[[str], tuple[Formula, ...]]
"""Finds the formulas in a text that somebody wrote, TeX's signs still in it, in their order. Never raises."""


def no_formulas(_text: str) -> tuple[Formula, ...]:
    """For those who have nobody to find them."""
    return ()
