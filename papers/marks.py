"""The marks that Slack shows as formatting in what people write: code, quotes, emphasis. Found, or left out.

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
from papers.japanese import KANA

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
_NEEDS_A_BLANK = re.compile(r"\w")
_KANA = re.compile(f"[{KANA}]")


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
    """All words of the text without its marks, for who searches them."""
    if not is_marked(text):
        return text
    return "\n".join(line for _, lines in _unmarked(text) for line in lines) or text


_PAIRS = ("「」", "『』", "“”", '""')


def quotable(text: str) -> str:
    """The text as a person's own words, where it cannot be formatted: quotes in “ ”, nothing that is struck.

    A Japanese text has its quotes in 「」; of one that is all struck `…` is left.
    """
    if not is_marked(text):
        return text
    opening, closing = "「」" if _KANA.search(text) else "“”"
    found = [(kind, "\n".join(filter(str.strip, lines))) for kind, lines in _unmarked(text, struck=False)]
    if not found:
        return text

    def quoted(said: str) -> str:
        is_one = said[0] + said[-1] in _PAIRS and said[-1] not in said[1:-1]
        return said if is_one else f"{opening}{said}{closing}"

    kept = (quoted(said.strip()) if kind == QUOTE else said for kind, said in found if said)
    return "\n".join(kept) or "…"


def _unmarked(text: str, struck: bool = True) -> Iterator[tuple[str, list[str]]]:
    """The lines of each block without their marks, with its kind; without what is struck if that is not wanted."""
    told = without_formulas(text)
    for block in blocks(told):
        yield (
            block.kind,
            [text[a:z] if block.kind == BLOCK else _bare(text, told, a, z, struck) for a, z in block.lines],
        )


def _bare(text: str, told: str, start: int, stop: int, struck: bool) -> str:
    bare = ""
    for one in spans(told, start, stop):
        bare += text[start : one.start]
        start = one.stop
        if one.kind == CODE:
            bare += text[slice(*one.inner)]
        elif struck or one.kind != STRUCK:
            bare += _bare(text, told, *one.inner, struck)
        elif not _NEEDS_A_BLANK.match(text, start, stop):
            bare = bare.rstrip(" ")  # the one before what is left out, where another sign or blank follows
    return bare + text[start:stop]


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
