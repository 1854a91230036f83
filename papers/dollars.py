"""Which pairs of dollars are TeX's, and which are money or belong to other pairs."""

from __future__ import annotations

import re

from papers.japanese import JAPANESE

_SURELY_MATHS = re.compile(r"[\\^_{}=<>|]")
_AMOUNT_THEN_WORD = re.compile(
    r"\s?\d[\d.,]*\s?(?:[kKMB]|bn|[mb]illion|[mb]n)?(?:/\w+)?[,;]?\s+(?:[a-zA-Z]{2,}|a)\b"
)
_LONGEST_LOOSE = 10  # "$ 2 - 6 $"; two prices lie further apart
_LONGEST_QUANTITY = 20  # "$5 GeV^2$"
_GROUP = re.compile(r"\{[^{}]*\}")
_PROSE = re.compile(rf"(?<![\\A-Za-z])[A-Za-z]{{2,}},? [a-z]{{2,}},? [a-z]{{2,}}|[{JAPANESE}]")


def is_maths(body: str, following: str) -> bool:
    """Whether `body`, found between two dollars, is a formula; `following` is the character after them.

    Not so for money ("$5 to $10") and for prose, which shows that a dollar is missing before. `body` is not empty.
    """
    before_amount = following.isdigit()
    open_end = body[-1] == " " or before_amount
    if _AMOUNT_THEN_WORD.match(body) and (open_end or len(body) > _LONGEST_QUANTITY):
        return False
    if _PROSE.search(_GROUP.sub("{}", body)):
        return False
    if _SURELY_MATHS.search(body):
        return True
    if before_amount:
        return " " not in body and not body[0].isdigit()
    return not (body[0] == " " or open_end) or len(body) <= _LONGEST_LOOSE
