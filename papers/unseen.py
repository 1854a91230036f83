"""Which characters nobody sees, and which of them no text may bring with it into any output."""

from __future__ import annotations

import re
import unicodedata

_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
# Letters and signs that look like nothing: fillers of Hangul, the empty Braille pattern, the grapheme joiner.
_BLANK = frozenset("\u034f\u115f\u1160\u2800\u3164\uffa0")

# What XML 1.0 forbids or advises against (https://www.w3.org/TR/xml/#charsets), lone surrogates, and the
# characters that turn the direction of the text that follows. Also what nobody sees, but programs read: marks
# of ruby text, and the invisible letters in which orders to agents have been hidden. Not what is part of how a
# text is written: the joiners of Persian and of emoji, the selectors of variants.
_UNFIT = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufff9-\ufffb\ufffe\uffff\u202a-\u202e"
    "\u2066-\u2069\U000e0000-\U000e007f]"
)
_LINE_END = re.compile(r"\r\n?|[\u2028\u2029\x0b\x0c\x85]")


def is_unseen(character: str) -> bool:
    """Whether a character shows nothing, though it is no blank: controls, signs of direction, fillers, joiners.

    Tags and addresses, which have to be told apart, do without any of them.
    """
    return character in _BLANK or unicodedata.category(character) in _HIDDEN


def fit(text: str) -> str:
    """The text without characters that would break an output or mislead its reader, its line ends all `\\n`."""
    if text.isprintable():  # most short texts; such a text holds none of these characters
        return text
    return _UNFIT.sub("", _LINE_END.sub("\n", text))
