"""TeX in titles and abstracts made readable: a careful wrapper around pylatexenc that never raises."""

from __future__ import annotations

import re
from collections.abc import Iterator

from enrichment.converting import convert
from enrichment.formulas import formula, script, script_argument, spaced_macros
from enrichment.macros import settle
from enrichment.mathml import mathml
from enrichment.plain import LONGEST_TEXT, fold, scrub
from papers.dollars import is_maths
from papers.formulas import FORMULA, Formula, typed

_TRACE_OF_TEX = re.compile(r"[\\${}~]|--|``|''")
_FIRST_HOLDER = 0xF0000
_HOLDER = re.compile("[\U000f0000-\U000fffff]")

_PART = re.compile(
    rf"(?P<address>https?://[^\s{{}}$\\^]+)|{FORMULA}"
    r"|(?P<sign>\\[~^]\{ ?\}|(?:(?<=[ (])|^)~(?=\S))"  # "about" before a number, not a fixed blank
    r"|(?P<tie>~)"
    r"|(?P<script>[_^])(?=\{)"
    r"|(?P<literal>[$%&#_^])"
    r"|(?P<plain>\\[A-Za-z]+|\\.|[^\\$%&#_^~h]+|.)",
    re.DOTALL,
)
_MOST_TYPED = 50
_WIDEST_TYPED = 80  # in the signs of TeX, which are more than what they show
WIDEST = 34
_OPEN, _CLOSE = "\ue000", "\ue001"
_MARKED = re.compile(f"{_OPEN}(?P<plain>[^{_OPEN}{_CLOSE}]*){_CLOSE}")
_NUMBER = re.compile(r"[\d.,%+− -]*")  # looks the same as text
_BLANK_BEFORE_MARK = re.compile(r"(?<!\s)\s+(?=[,.;:)](?:[\s,.;:)]|$))")


def readable(text: str) -> str:
    """The text with its TeX as plain characters: blanks folded, no control characters, bounded, never raises.

    What cannot be converted stays as it is. Keep the source beside the result: some formulas become flat.
    """
    text = fold(scrub(text))
    if not _TRACE_OF_TEX.search(text):
        return text
    try:
        return _converted(text) or text
    except Exception:  # noqa: BLE001  pylatexenc raises nearly anything on broken TeX; the source reads better than nothing
        return text


def formulas(text: str, plain: str, widest: int = WIDEST) -> tuple[Formula, ...]:
    """The formulas within `plain`, which `readable` made of `text`; none where their places cannot be told.

    Those that are longer than `widest` as text are left out: browsers do not break them, and a phone is narrow.
    Never raises.
    """
    text = fold(scrub(text))
    if not _TRACE_OF_TEX.search(text) or _OPEN in text or _CLOSE in text:
        return ()
    sources: list[str] = []
    try:
        marked = _converted(text, sources)
    except Exception:  # noqa: BLE001  as in readable
        return ()
    found = tuple(_placed(marked, sources, widest))
    return found if marked.replace(_OPEN, "").replace(_CLOSE, "") == plain else ()


def typed_formulas(text: str) -> tuple[Formula, ...]:
    """The formulas within a text that somebody typed, their dollars or brackets among them. Never raises."""
    found: list[Formula] = []
    for start, stop, source in typed(text) if len(text) <= LONGEST_TEXT else ():
        if len(found) == _MOST_TYPED:
            break
        made = mathml(source.strip()) if stop - start <= _WIDEST_TYPED else ""
        found += [Formula(start, stop, made)] if made else []
    return tuple(found)


def _placed(marked: str, sources: list[str], widest: int) -> Iterator[Formula]:
    marks = 0
    for number, match in enumerate(_MARKED.finditer(marked)):
        start = match.start() - marks
        marks += 2
        made = mathml(sources[number].strip()) if number < len(sources) else ""
        if made and len(match["plain"]) <= widest and not _NUMBER.fullmatch(match["plain"]):
            yield Formula(start, start + len(match["plain"]), made)


def _converted(text: str, sources: list[str] | None = None) -> str:
    """The text made plain; with marks about its formulas where there is a list for their `sources`."""
    held: list[str] = []
    source = _hold_formulas(spaced_macros(text), held, sources)
    plain = settle(convert(source))
    plain = _HOLDER.sub(lambda match: held[ord(match.group()) - _FIRST_HOLDER], plain)
    plain = _BLANK_BEFORE_MARK.sub("", _without_stray_braces(plain))
    return fold(scrub(plain))


def _hold_formulas(text: str, held: list[str], sources: list[str] | None) -> str:
    """Put one character for each formula, address and literal sign; escape what TeX would take for a command."""

    def hold(plain: str) -> str:
        held.append(plain)
        return chr(_FIRST_HOLDER + len(held) - 1)

    pieces = []
    index = 0
    while match := _PART.match(text, index):
        index = match.end()
        kind = match.lastgroup
        if kind == "plain":
            pieces.append(match.group())
        elif kind == "address":
            pieces.append(hold(match.group()))
        elif kind == "tie":
            pieces.append(" ")
        elif kind == "sign":
            pieces.append(hold(match.group().strip("\\{ }")))
        elif kind == "script":
            plain, index = _script_or_sign(text, index)
            pieces.append(hold(plain))
        elif kind == "literal":
            pieces.append(hold(match.group()))
        elif kind == "inline" and not is_maths(match["inline"], text[index : index + 1]):
            index = match.start() + 1
            pieces.append(hold("$"))
        else:
            pieces.append(hold(_formula_or_source(match, sources)))
    return "".join(pieces)


def _formula_or_source(match: re.Match[str], sources: list[str] | None) -> str:
    body = match[match.lastgroup or 0]
    try:
        plain = formula(body)
    except Exception:  # noqa: BLE001  as in readable: one broken formula must not spoil the rest of the text
        return match.group()
    if sources is not None and plain:
        sources.append(body)
        plain = f"{_OPEN}{plain}{_CLOSE}"
    # Where a dollar is missing, all later ones pair wrongly: the words between formulas then keep their blanks.
    before = " " if body[0] == " " and match.string[max(0, match.start() - 1)].isalnum() else ""
    after = " " if body[-1] == " " and match.string[match.end() : match.end() + 1].isalnum() else ""
    return before + plain + after


def _script_or_sign(text: str, start: int) -> tuple[str, int]:
    """The script outside a formula (`10^{-5}`) whose group begins at `start`, and its end."""
    try:
        argument, end = script_argument(text, start)
    except ValueError:
        return text[start - 1], start
    try:
        return settle(script(text[start - 1], argument)), end
    except Exception:  # noqa: BLE001  as in readable; and what lies within is not tried once more for each group
        return text[start - 1 : end], end


def _without_stray_braces(text: str) -> str:
    opened: list[int] = []
    stray = set()
    for index, char in enumerate(text):
        if char == "{":
            opened.append(index)
        elif char == "}" and opened:
            opened.pop()
        elif char == "}":
            stray.add(index)
    stray.update(opened)
    return "".join(char for index, char in enumerate(text) if index not in stray)
