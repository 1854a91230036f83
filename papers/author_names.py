"""Names of authors: which part of one is the family's."""

from __future__ import annotations

import re

_EASTERN = "\u3005\u3041-\u30fa\u30fc\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uac00-\ud7a3\U00020000-\U0003ffff"
_TWO_WORDS = re.compile(rf"(?![\u30a1-\u30fa\u30fc ]+$)([{_EASTERN}]+) ([{_EASTERN}]+)")
_IS_A_GROUP = re.compile(
    r"\b(?:collaborations?|consortium|team|group)$"
    r"|(?:株式会社|研究所|研究会|研究室|研究班|センター|大学|大学院|機構|チーム|グループ|コンソーシアム)$",
    re.IGNORECASE,
)


def is_a_group(name: str) -> bool:
    """Whether it ends as names of groups and institutions do, and has no part that is a family's."""
    return _IS_A_GROUP.search(name) is not None


def family_first(name: str) -> tuple[str, str] | None:
    """The family name and the given name of two words in Han, kana or Hangul, where the family name stands first.

    None for all others: in katakana alone it is a foreigner's, whose family name comes last.
    """
    found = None if is_a_group(name) else _TWO_WORDS.fullmatch(name)
    return (found[1], found[2]) if found else None
