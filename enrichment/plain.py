"""Text from outside made harmless: no control characters, no hidden direction marks, one kind of blank."""

from __future__ import annotations

import re

from papers.unseen import fit

LONGEST_TEXT = 10_000
"""Characters that are read of one text. The longest abstract of 22,000 arXiv records has 3,525."""

# Besides what no output may hold: the byte order mark, and the private planes, which stand for formulas while a
# text is being read.
_UNWANTED = re.compile("[\ufeff\U000f0000-\U0010ffff]")


def scrub(text: str) -> str:
    """Drop characters that no reader wants and cut after `LONGEST_TEXT` characters; line ends become `\\n`."""
    return _UNWANTED.sub("", fit(text[:LONGEST_TEXT]))


def fold(text: str) -> str:
    """Make every run of blanks and line ends one blank, none at the ends."""
    return " ".join(text.split())
