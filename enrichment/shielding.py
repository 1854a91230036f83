"""What no translator may touch: formulas and addresses, taken out of a sentence and put back after."""

from __future__ import annotations

import re
from dataclasses import dataclass

from enrichment.plain import fold, scrub
from enrichment.tex import formulas, readable
from papers.dollars import is_maths
from papers.formulas import Formula
from papers.translation import Passage

_OPEN, _CLOSE = "⟦", "⟧"
_MARK = re.compile(rf"{_OPEN}\s*(\d{{1,3}})\s*{_CLOSE}")
_PIECE = re.compile(
    r"\$\$.{1,1500}?\$\$|\$(?P<inline>(?:\\.|[^$\\]){1,400})\$|\\\(.{1,400}?\\\)|\\\[.{1,1500}?\\\]"
    r"|(?P<address>https?://[^\s{}$\\^。、]+?)(?=[.,;:)]*(?:[\s。、]|$))",
    re.DOTALL,
)
_ADDRESS = re.compile(r"https?://|www\.", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Shielded:
    """A sentence as it reads, and as it is given away: with ⟦1⟧, ⟦2⟧ … for the pieces that must come back."""

    original: Passage
    text: str
    pieces: tuple[Passage, ...]

    def restored(self, translated: str) -> Passage:
        """The translation with all pieces put back.

        Raises ValueError, with a reason, if a piece did not come back just once, or an address came that was
        not there: whatever stands in an abstract, no link is made of it that its authors did not write.
        """
        text = fold(scrub(translated))
        numbers = sorted(int(number) for number in _MARK.findall(text))
        if numbers != list(range(1, len(self.pieces) + 1)):
            marks = " ".join(f"{_OPEN}{number}{_CLOSE}" for number in range(1, len(self.pieces) + 1))
            raise ValueError(f"it must hold each of these once: {marks}" if marks else "it must hold no ⟦ ⟧")
        bare = _MARK.sub("", text)
        if _OPEN in bare or _CLOSE in bare:
            raise ValueError("a ⟦ ⟧ is broken")
        if _ADDRESS.search(bare) and not _ADDRESS.search(self.text):
            raise ValueError("it must hold no address of its own")
        return self._joined(text)

    def _joined(self, text: str) -> Passage:
        joined, done, within = "", 0, []
        for mark in _MARK.finditer(text):
            piece = self.pieces[int(mark[1]) - 1]
            joined += text[done : mark.start()]
            start = len(joined)
            within += [Formula(start + one.start, start + one.stop, one.mathml) for one in piece.formulas]
            joined += piece.text
            done = mark.end()
        return Passage(joined + text[done:], tuple(within))


def shield(source: str) -> Shielded:
    """A sentence of a title or abstract as its source gives it, TeX and all."""
    source = fold(scrub(source)).replace(_OPEN, "[").replace(_CLOSE, "]")
    pieces: list[Passage] = []
    text, done, at = "", 0, 0
    while found := _PIECE.search(source, at):
        at = found.end()
        if found["inline"] and not is_maths(found["inline"], source[at : at + 1]):
            at = found.start() + 1
            continue
        pieces.append(Passage(found.group()) if found["address"] else _passage(found.group()))
        text += f"{source[done : found.start()]}{_OPEN}{len(pieces)}{_CLOSE}"
        done = at
    return Shielded(_passage(source), readable(text + source[done:]), tuple(pieces))


def _passage(source: str) -> Passage:
    text = readable(source)
    return Passage(text, formulas(source, text))
