"""The marks that Slack shows as formatting in what people write: code, quotes, emphasis. Found, and left out.

https://docs.slack.dev/messaging/formatting-message-text; what Slack itself shows as it stands (`**so**`, a lone
`*`, `snake_case`) is no mark.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from papers.formulas import typed

TEXT, QUOTE, BLOCK = "text", "quote", "block"
CODE, BOLD, ITALIC, STRUCK = "code", "bold", "italic", "struck"

EDGE = "\u200b"
"""Beside a mark an edge of a word that nobody sees, for Slack and here: in Japanese there are no blanks."""

_ANY = re.compile(r"[`*_~]|^>", re.MULTILINE)
_BLOCK = re.compile(r"```(?P<code>.+?)```", re.DOTALL)
_QUOTED = re.compile(r">+ ?")
_INLINE = re.compile(
    r"`(?P<code>[^`\n]+)`"
    r"|https?://[^\s<>`]+"  # what an address holds is no mark
    rf"|{EDGE}?(?<![\w*])\*(?=\S)(?P<bold>[^*\n]*[^\s*])\*(?![\w*]){EDGE}?"
    rf"|{EDGE}?(?<!\w)_(?=\S)(?P<italic>[^_\n]*[^\s_])_(?!\w){EDGE}?"
    rf"|{EDGE}?(?<![\w~])~(?=\S)(?P<struck>[^~\n]*[^\s~])~(?![\w~]){EDGE}?"
)
_HIDDEN = "\x01"  # stands for a formula's letters


@dataclass(frozen=True, slots=True)
class Block:
    """Lines of one kind (`TEXT`, `QUOTE`, or `BLOCK` for a block of code), each as where it begins and ends."""

    kind: str
    lines: tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True)
class Span:
    """What is set off within a line: its kind, where it begins and ends with its marks, and without them."""

    kind: str
    start: int
    stop: int
    inner: tuple[int, int]


def is_marked(text: str) -> bool:
    """Whether there may be a mark in the text; most texts hold none."""
    return _ANY.search(text) is not None


def without_formulas(text: str) -> str:
    """The text, as long as it is, with nothing to be read as a mark in its formulas; in code there are none."""
    code = deque(place for block in blocks(text) for place in _code_of(text, block))
    pieces, done = [], 0
    for start, stop, _ in typed(text):
        while code and code[0][1] <= start:
            code.popleft()
        if not code or stop <= code[0][0]:
            pieces += [text[done:start], _HIDDEN * (stop - start)]
            done = stop
    return "".join([*pieces, text[done:]])


def blocks(text: str) -> Iterator[Block]:
    """The text's parts one under the other; lines without anything around blocks of code are left out."""
    done = 0
    for found in _BLOCK.finditer(text):
        if found["code"].strip():
            yield from _lines(text, done, found.start())
            yield Block(BLOCK, (_code(text, *found.span("code")),))
            done = found.end()
    yield from _lines(text, done, len(text))


def spans(text: str, start: int, stop: int) -> Iterator[Span]:
    """What is set off between these places of one line, in order; emphasis may hold more of it."""
    for found in _INLINE.finditer(text[start:stop]):  # by itself: a mark around it is no letter beside it
        if found.lastgroup:
            inner, end = found.span(found.lastgroup)
            yield Span(found.lastgroup, start + found.start(), start + found.end(), (start + inner, start + end))


def unmarked(text: str) -> str:
    """The text without its marks, for where it cannot be formatted."""
    if not is_marked(text):
        return text
    told = without_formulas(text)
    found = (
        text[start:stop] if block.kind == BLOCK else _bare(text, told, start, stop)
        for block in blocks(told)
        for start, stop in block.lines
    )
    return "\n".join(found) or text


def _bare(text: str, told: str, start: int, stop: int) -> str:
    pieces = []
    for one in spans(told, start, stop):
        pieces += [
            text[start : one.start],
            text[slice(*one.inner)] if one.kind == CODE else _bare(text, told, *one.inner),
        ]
        start = one.stop
    return "".join([*pieces, text[start:stop]])


def _code_of(text: str, block: Block) -> Iterator[tuple[int, int]]:
    for place in block.lines:
        if block.kind == BLOCK:
            yield place
        else:
            yield from _code_within(text, *place)


def _code_within(text: str, start: int, stop: int) -> Iterator[tuple[int, int]]:
    for one in spans(text, start, stop):
        if one.kind == CODE:
            yield one.inner
        else:
            yield from _code_within(text, *one.inner)


def _lines(text: str, start: int, stop: int) -> Iterator[Block]:
    """The lines of text and of quotes between these places, neighbours of a kind together, without empty ends."""
    for kind, together in groupby(_each_line(text, start, stop), key=itemgetter(0)):
        lines = [place for _, place in together]
        said = [number for number, place in enumerate(lines) if text[slice(*place)].strip()]
        if said:
            yield Block(kind, tuple(lines[said[0] : said[-1] + 1]))


def _each_line(text: str, start: int, stop: int) -> Iterator[tuple[str, tuple[int, int]]]:
    for line in text[start:stop].split("\n"):
        end = start + len(line)
        quoted = _QUOTED.match(text, start, end)
        yield (QUOTE, (quoted.end(), end)) if quoted else (TEXT, (start, end))
        start = end + 1


def _code(text: str, start: int, stop: int) -> tuple[int, int]:
    """A block of code without the line ends beside its marks."""
    return start + (text[start] == "\n"), stop - (text[stop - 1] == "\n")
