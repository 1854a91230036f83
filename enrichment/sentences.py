"""Sentences of an abstract, English or Japanese, cut without harming formulas, addresses and abbreviations."""

from __future__ import annotations

import re
from collections.abc import Iterator

from enrichment.plain import fold, scrub
from papers.dollars import is_maths
from papers.japanese import JAPANESE

_PROTECTED = re.compile(
    r"\$(?P<formula>[^$]{1,300})\$|(?P<address>https?://[^\s。、]+?)(?=[.,;:)]*(?:[\s。、]|$))"
)
_FIRST_HOLDER = 0xF0000
_FIRST_STOPPING_HOLDER = 0xF8000  # for a formula that holds the full stop of its sentence: "in $B.$ We"
_HOLDERS = 0x8000
_HOLDER = re.compile("[\U000f0000-\U000fffff]")

_JAPANESE = re.compile(f"[{JAPANESE}]")

_CLOSERS = "\"'”’)\\]}»"
_OPENERS = "\"'“‘(\\[«"
_STOP = re.compile(rf"[.!?\U000f8000-\U000fffff][{_CLOSERS}]* ")
_START = re.compile(
    rf"(?:[{_OPENERS}]|``)?"
    r"(?:[A-ZÀ-ÖØ-Þ0-9$\\*Ͱ-Ͽ\U0001d400-\U0001d7ff\U000f0000-\U000fffff]|\{[A-Z]|[a-z][A-Z0-9-])"
)
_ABBREVIATION = re.compile(
    r"(?:^|[\s(\[{\"'“‘~-])"
    r"(?:e\.g|i\.e|cf|vs|viz|resp|approx|Figs?|Eqs?|Sec|Tab|Refs?|No|Thm|Prop|Def|Lem|Cor|Dr|Mrs?|Ms|Prof|St|Jr|Sr"
    r"|Inc|Ltd|Univ|w\.r\.t|a\.k\.a|Ph\.D|U\.S|a\.m|p\.m|ca|wrt|incl|esp|max|min|Vol|pp|Ch|App|Suppl|arXiv|s\.t"
    r"|Phys|Rev|Lett|Proc|Natl|Acad|Astrophys|Nucl|Eur|Commun"
    r"|(?:[A-Z]\.)*[A-Z])$"
)
_ET_AL = re.compile(r"\bet al$")
_LONE_NUMBER = re.compile(r"(?:^|[:;] )[(\[]?\d{1,3}$")
_LOOK_BACK = 24  # longer than any abbreviation above with the character before it

_JAPANESE_OPEN = "（(「『［[【"
_JAPANESE_CLOSE = "）)」』］]】"
_ANY_JAPANESE_STOP = re.compile("[。！？．]")
_NOT_AFTER_JAPANESE_STOP = "」』）)。！？"


def split(text: str) -> list[str]:
    """The sentences of a text in their order, blanks folded; joined they are the folded text again.

    `$…$` and addresses are never cut. A line end counts only beside Japanese writing: English abstracts are
    wrapped by their senders. The rules come from 3,000 abstracts of cs.CL and cs.LG.
    """
    sentences = []
    for line in _lines(scrub(text)):
        held: list[str] = []
        shielded = _shield(line, held)
        sentences += [_unshield(piece, held) for piece in _cut(shielded)]
    return sentences


def _lines(text: str) -> Iterator[str]:
    """The text folded, cut at those line ends that have Japanese writing beside them."""
    collected: list[str] = []
    for line in filter(None, map(fold, text.splitlines())):
        if collected and (_JAPANESE.match(collected[-1][-1]) or _JAPANESE.match(line)):
            yield " ".join(collected)
            collected = []
        collected.append(line)
    yield " ".join(collected)


def _shield(text: str, held: list[str]) -> str:
    """Put one character for each formula and address; a dollar that begins no formula stays."""
    pieces = []
    done = index = 0
    while match := _PROTECTED.search(text, index):
        index = match.end()
        if match["formula"] and not is_maths(match["formula"], text[index : index + 1]):
            index = match.start() + 1
            continue
        held.append(match.group())
        stops = (match["formula"] or "").rstrip().endswith((".", "!", "?"))
        first = _FIRST_STOPPING_HOLDER if stops else _FIRST_HOLDER
        pieces += [text[done : match.start()], chr(first + len(held) - 1)]
        done = index
    return "".join([*pieces, text[done:]])


def _unshield(text: str, held: list[str]) -> str:
    return _HOLDER.sub(lambda match: held[ord(match.group()) % _HOLDERS], text)


def _cut(text: str) -> Iterator[str]:
    start = 0
    japanese = set(_japanese_stops(text))
    latin = {match.end() for match in _STOP.finditer(text)}
    for end in sorted(japanese | latin):
        if end not in japanese and not _ends_sentence(text, start, end):
            continue
        if piece := text[start:end].strip():
            yield piece
        start = end
    if piece := text[start:].strip():
        yield piece


def _ends_sentence(text: str, start: int, end: int) -> bool:
    """Whether the blank before `end`, which follows a full stop, lies between two sentences."""
    if not _START.match(text, end):
        return False
    before = text[max(start, end - _LOOK_BACK) : end].rstrip(" " + _CLOSERS.replace("\\", ""))
    if not before.endswith("."):
        return True
    before = before[:-1]
    if _ET_AL.search(before):
        return text[end] not in "([" and not text[end].isdigit()
    if _LONE_NUMBER.search(before):
        return False
    return not _ABBREVIATION.search(before)


def _japanese_stops(text: str) -> Iterator[int]:
    """Positions after a Japanese full stop that stands in no bracket."""
    if not _ANY_JAPANESE_STOP.search(text):
        return
    depth = 0
    for index, char in enumerate(text):
        following = text[index + 1 : index + 2]
        if char in _JAPANESE_OPEN:
            depth += 1
        elif char in _JAPANESE_CLOSE:
            depth = max(0, depth - 1)
        elif depth == 0 and (char in "。！？" or (char == "．" and not following.isdigit())):
            if following and following in _NOT_AFTER_JAPANESE_STOP:
                continue
            yield index + 1
