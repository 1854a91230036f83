"""Formulas within texts as markup that browsers show as mathematics."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from markupsafe import Markup, escape

from papers.formulas import Formula

# Whoever made a formula has seen to it that it is mathematics; a page believes nobody, and looks again.
_NAMES = (
    "math|mrow|mi|mn|mo|mtext|ms|mspace|msup|msub|msubsup|munder|mover|munderover|mfrac|msqrt|mroot|mtable|mtr|mtd"
    "|mpadded|mphantom|mstyle|mmultiscripts|mprescripts|none"
)
_ATTRIBUTES = (
    "mathvariant|stretchy|fence|separator|symmetric|largeop|movablelimits|accent|accentunder|displaystyle|scriptlevel"
    "|form|columnalign|linethickness|width|lspace|rspace"
)
_TAG = re.compile(rf"<(/?)({_NAMES})((?: (?:{_ATTRIBUTES})=\"[a-z0-9.+ -]{{1,60}}\")*)>")
_TEXT = re.compile(r"[^<>&]*(?:&(?:amp|lt|gt);[^<>&]*)*")
_LONGEST = 20_000  # characters of markup
_BLANK = re.compile(r"(?<=[.!?。！？]) ?(?=\S)")


def with_formulas(
    text: str, formulas: Sequence[Formula], show: Callable[[str], Markup] = escape, start: int = 0
) -> Markup:
    """The text with its formulas as mathematics, the rest as `show` makes it.

    `start` is where the text begins in the one that the formulas belong to, if it is only a part of that.
    """
    if not formulas:
        return show(text)
    return Markup("").join(_pieces(text, formulas, show, start))


def _pieces(text: str, formulas: Sequence[Formula], show: Callable[[str], Markup], start: int) -> Iterator[Markup]:
    done = 0
    for one in formulas:
        begin, end = one.start - start, one.stop - start
        if done <= begin < end <= len(text) and is_mathematics(one.mathml):
            yield show(text[done:begin])
            yield Markup(one.mathml)  # noqa: S704  looked through above
            done = end
    yield show(text[done:])


def of_passages(text: str, whole: str, formulas: Sequence[Formula]) -> tuple[Formula, ...]:
    """The formulas of `whole` that stand in `text`, which is one or two passages of it, at their places there."""
    if not formulas:
        return ()
    for cut in (len(text), *(found.start() for found in _BLANK.finditer(text))):
        first, second = whole.find(text[:cut]), whole.find(text[cut:].lstrip())
        if first >= 0 and second >= 0:
            rest = len(text) - len(text[cut:].lstrip())
            return (
                *_moved(formulas, first, first + cut, 0),
                *_moved(formulas, second, second + len(text) - rest, rest),
            )
    return ()


def _moved(formulas: Iterable[Formula], start: int, stop: int, to: int) -> Iterator[Formula]:
    """Those of the formulas between these places, moved so that `start` becomes `to`."""
    for one in formulas:
        if start <= one.start and one.stop <= stop:
            yield Formula(one.start - start + to, one.stop - start + to, one.mathml)


def is_mathematics(markup: str) -> bool:
    """Whether this is one `math` element, well formed, with nothing in it but mathematics and text."""
    if len(markup) > _LONGEST or not markup.startswith("<math"):
        return False
    opened: list[str] = []
    place = 0
    while place < len(markup):
        tag = _TAG.match(markup, place)
        if tag is None or (tag[1] and (tag[3] or not opened or opened.pop() != tag[2])):
            return False
        if not tag[1]:
            opened.append(tag[2])
        text = _TEXT.match(markup, tag.end())
        place = text.end() if text else tag.end()
        if not opened:
            break
    return not opened and place == len(markup) and markup.endswith("</math>")
