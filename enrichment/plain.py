"""Text from outside made harmless: no control characters, no hidden direction marks, one kind of blank."""

from __future__ import annotations

import re

LONGEST_TEXT = 10_000
"""Characters that are read of one text. The longest abstract of 22,000 arXiv records has 3,525."""

# C0 and C1 controls that are blanks become blanks; the rest, the bidi embeddings, overrides and isolates, the
# byte order mark, lone surrogates (no database takes them) and the private planes, which stand for formulas
# while a text is being read, vanish.
_UNWANTED = re.compile(
    "[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ud800-\udfff\U000f0000-\U0010ffff]"
)


def scrub(text: str) -> str:
    """Drop characters that no reader wants and cut after `LONGEST_TEXT` characters; line ends stay."""
    return _UNWANTED.sub("", text[:LONGEST_TEXT])


def fold(text: str) -> str:
    """Make every run of blanks and line ends one blank, none at the ends."""
    return " ".join(text.split())
