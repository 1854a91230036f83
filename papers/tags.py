"""Tag names: what a person may type, and how different spellings become one tag."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

from papers.errors import FusenError
from papers.note import Tag
from papers.unseen import is_unseen

LONGEST = 200
_BLANKS = re.compile(r"\s+")
_MARKS = re.compile(r"^[#＃\s]+")
# Letters and digits of ASCII as a Japanese keyboard may write them, with the signs around them.
_WIDE = re.compile("[！-～]+")
_WIDE_LETTER = re.compile("[０-９Ａ-Ｚａ-ｚ]")
_COMMAS = re.compile(r"[,、，]")
# Those of a Japanese keyboard: with no blank behind them they part words, but for those within a number.
_WIDE_COMMAS = re.compile(r"[、､]|(?<![0-9０-９])，|，(?![0-9０-９])")
_ACCENTS = re.compile("(?<=[a-z])[\u0300-\u036f]+")
# What looks like an accent and is none to Unicode.
_STROKES = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "æ": "ae", "œ": "oe"})
# One pair around the whole: 「評価」の「自動」 is a name.
_QUOTED = re.compile(
    r"^[#＃\s]*(?:[\"“”＂](?=.+[\"“”＂]\s*$)|「(?=[^「」]+」\s*$)|『(?=[^『』]+』\s*$))(?P<within>.+)\S\s*$",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Wish:
    """A tag that somebody typed; `exactly` if it stood in quotation marks: this one, and no other like it."""

    tag: Tag
    exactly: bool = False


class NoTag(FusenError):
    """A wish for a tag that names none. `verb` is what it was typed behind, with the paper if one was named."""

    en = "Say which tag, for example: {command} {verb} DataGeneration"
    ja = "タグを続けて入力してください。例: {command} {verb} DataGeneration"

    def __init__(self, verb: str = "tag") -> None:
        super().__init__(verb=verb)


class InvalidTag(FusenError):
    """A tag with nothing to see in it, or longer than `LONGEST` characters."""

    en = "“{typed}” cannot be a tag: a tag has 1 to {longest} characters. For example: DataGeneration"
    ja = "「{typed}」はタグにできません。タグは 1〜{longest} 文字です。例: DataGeneration"

    def __init__(self, typed: str) -> None:
        shown = typed if len(typed) <= 40 else typed[:40] + "…"
        super().__init__(typed=shown, longest=LONGEST)


def fold(text: str) -> str:
    """Width, case and blanks folded: the form in which texts are compared. Folding twice is folding once.

    Case folding may undo the normal form, so that is made before and after (Unicode 16, section 3.13, D146).
    """
    cased = unicodedata.normalize("NFKC", text).casefold()
    return _BLANKS.sub(" ", unicodedata.normalize("NFKC", cased)).strip()


def unaccented(folded: str) -> str:
    """A folded text without accents on Latin letters; the marks of all other letters stay: が is not か."""
    if folded.isascii():
        return folded
    parted = unicodedata.normalize("NFD", folded).translate(_STROKES)
    return unicodedata.normalize("NFC", _ACCENTS.sub("", parted))


def words(typed: str) -> tuple[str, ...]:
    """The folded words in what somebody typed, parted by blanks, `、` and `，`."""
    return tuple(fold(_WIDE_COMMAS.sub(" ", typed)).split())


def tag(typed: str) -> Tag:
    """The tag that somebody typed: a leading `#` dropped, blanks folded, characters nobody sees removed.

    Its name has the Latin letters and digits that somebody forgot to type narrow as narrow ones; all else stands
    as it was typed. Raises InvalidTag.
    """
    seen = "".join(c for c in typed if c.isspace() or not is_unseen(c))
    seen = _WIDE.sub(_narrow, seen)
    name = _MARKS.sub("", _BLANKS.sub(" ", unicodedata.normalize("NFC", seen)).strip())
    key = fold(name)
    # The key may be longer than the name: ㌖ is six letters. Databases bound what they index.
    if not _visible(key) or max(len(name), len(key)) > LONGEST:
        raise InvalidTag(typed)
    return Tag(name, key)


def _narrow(wide: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", wide[0]) if _WIDE_LETTER.search(wide[0]) else wide[0]


def _visible(text: str) -> bool:
    """Whether there is more in a text than blanks and marks that need a letter to stand on."""
    return any(unicodedata.category(c)[0] not in "ZMC" for c in text)


def wishes(typed: str) -> tuple[Wish, ...]:
    """The tags in what somebody typed: cut at commas (also `、` and `，`), each once, in order.

    Words that begin with `#` begin a tag each; other text is one tag, blanks and all, without a closing `。`.
    Raises NoTag if there is none, and InvalidTag.
    """
    found: dict[str, Wish] = {}
    for part in parts(typed):
        one = _wish(part)
        found.setdefault(one.tag.key, one)
    if not found:
        raise NoTag
    return tuple(found.values())


def parts(typed: str) -> tuple[str, ...]:
    """What somebody typed, cut where a tag ends, as `wishes` cuts it."""
    cut = (part for piece in _COMMAS.split(typed) for part in re.split(r"(?<!\s)\s+(?=[#＃]\S)", piece))
    return tuple(part.strip() for part in cut if part.strip())


def tags(typed: str) -> tuple[Tag, ...]:
    """The tags in what somebody typed, as `wishes` finds them. Raises InvalidTag."""
    return tuple(wish.tag for wish in wishes(typed))


def pair(typed: str) -> tuple[Tag, Tag] | None:
    """The two tags in what somebody typed, parted by a comma; None if it is not two. Raises InvalidTag."""
    both = _COMMAS.split(typed)
    return (_wish(both[0]).tag, _wish(both[1]).tag) if len(both) == 2 else None


def has_comma(typed: str) -> bool:
    """Whether what somebody typed is more than one tag, parted by commas."""
    return _COMMAS.search(typed) is not None


def unquoted(typed: str) -> str:
    """What somebody typed, without the quotation marks that stand around all of it."""
    marked = _QUOTED.match(typed)
    return marked["within"] if marked else typed


def quoted(one: Tag) -> str:
    """A tag as it is typed to mean this one, and no other like it."""
    return f'"{one.name}"'


def _wish(typed: str) -> Wish:
    said = typed.rstrip().rstrip("。｡")
    marked = _QUOTED.match(said)
    return Wish(tag(marked["within"] if marked else said), bool(marked))
