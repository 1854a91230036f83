"""Tag names: what a person may type, and how different spellings become one tag."""

from __future__ import annotations

import re
import unicodedata

from papers.errors import FusenError
from papers.note import Tag

LONGEST = 200
_BLANKS = re.compile(r"\s+")
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


class InvalidTag(FusenError):
    """A tag with nothing in it, or longer than `LONGEST` characters."""

    en = "“{typed}” cannot be a tag: a tag has 1 to {longest} characters. Try: tag DataGeneration"
    ja = "「{typed}」はタグにできません。タグは 1〜{longest} 文字です。例: tag DataGeneration"

    def __init__(self, typed: str) -> None:
        shown = typed if len(typed) <= 40 else typed[:40] + "…"
        super().__init__(typed=shown, longest=LONGEST)


def fold(text: str) -> str:
    """Width, case and blanks folded (NFKC, then case folding): the form in which texts are compared."""
    return _BLANKS.sub(" ", unicodedata.normalize("NFKC", text).casefold()).strip()


def tag(typed: str) -> Tag:
    """The tag that somebody typed: a leading `#` dropped, blanks folded, characters nobody sees removed.

    Raises InvalidTag.
    """
    seen = "".join(c for c in typed if c.isspace() or unicodedata.category(c) not in _HIDDEN)
    name = _BLANKS.sub(" ", unicodedata.normalize("NFC", seen)).strip().lstrip("#＃").strip()
    key = fold(name)
    if not key or len(name) > LONGEST:
        raise InvalidTag(typed)
    return Tag(name, key)


def tags(typed: str) -> tuple[Tag, ...]:
    """The tags in what somebody typed: cut at commas (also `、` and `，`), each once, in order.

    Without a comma, words that begin with `#` are tags each; other text is one tag, blanks and all.
    Raises InvalidTag if there is none.
    """
    parts = re.split(r"[,、，]", typed)
    if len(parts) == 1 and re.search(r"\s[#＃]", typed.strip()):
        parts = re.split(r"\s+(?=[#＃])", typed.strip())
    found = {one.key: one for one in reversed([tag(part) for part in parts if part.strip()])}
    if not found:
        raise InvalidTag(typed)
    return tuple(reversed(found.values()))
