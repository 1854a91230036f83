"""Which characters nobody sees."""

from __future__ import annotations

import unicodedata

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Letters and signs that look like nothing: fillers of Hangul, the empty Braille pattern, the grapheme joiner.
_BLANK = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0")


def is_unseen(character: str) -> bool:
    """Whether a character shows nothing, though it is no blank: controls, signs of direction, fillers."""
    return character in _BLANK or unicodedata.category(character) in _HIDDEN
