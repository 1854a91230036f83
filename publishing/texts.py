"""Foreign text on a page: what no page may hold taken out of its bytes, links found, excerpts cut."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from markupsafe import Markup, escape

from papers.japanese import KANA
from papers.unseen import fit

# What `papers.unseen.fit` looks for, in UTF-8: single bytes, and longer ones by how they begin. Each for itself,
# since what begins with one known byte is found many times as fast.
_UNFIT_BYTES = bytes([*range(9), *range(11, 32), 0x7F])
_MAYBE_UNFIT = tuple(
    re.compile(begin)
    for begin in (
        rb"\xc2[\x80-\x9f]",
        rb"\xe2\x80[\xa8-\xae]",
        rb"\xe2\x81[\xa6-\xa9]",
        rb"\xef\xb7[\x90-\xaf]",
        rb"\xef\xbf[\xb9-\xbb\xbe\xbf]",
        rb"\xf3\xa0[\x80\x81]",
    )
)
# Only printable ASCII: Japanese text often follows an address without a blank.
_ADDRESS = re.compile(r"https?://[!#-;=?-\[\]_a-z~]+", re.IGNORECASE)
_PASSAGE_LINES = 5
_NOT_LAST = ".,;:!?'*_"
_KANA = re.compile(f"[{KANA}]")
# Letters of scripts in which another language is written; Greek ones stand as signs in English, too.
_OTHER_LETTERS = re.compile(
    "[\u0400-\u1cff\u2c00-\u2c5f\u2c80-\u2dff\u2e80-\u2fff\u3041-\ua71f\ua800-\uab2f\uab70-\ufaff\ufb07-\ufdff"
    "\ufe70-\ufefc\uff66-\uffdc\U00010000-\U0001cfff\U00020000-\U0003ffff]"
)
_LATIN = re.compile("[A-Za-z]")


def fit_bytes(text: str) -> bytes:
    """What `fit` leaves, as UTF-8. A text with nothing to take out, as most are, is looked through quickly."""
    try:
        found = text.encode("utf-8")
    except UnicodeEncodeError:  # a lone surrogate
        return fit(text).encode("utf-8")
    if len(found.translate(None, _UNFIT_BYTES)) == len(found) and not any(
        one.search(found) for one in _MAYBE_UNFIT
    ):
        return found
    return fit(text).encode("utf-8")


def linked(text: str) -> Markup:
    """Text as HTML with line breaks kept and web addresses made links; only http and https ever become one."""
    pieces: list[Markup] = []
    done = 0
    for start, stop in web_addresses(text):
        pieces += [escape(text[done:start]), _link(text[start:stop])]
        done = stop
    pieces.append(escape(text[done:]))
    return Markup("").join(pieces).replace("\n", Markup("<br>\n"))


def web_addresses(text: str) -> Iterator[tuple[int, int]]:
    """Where the web addresses in a text begin and end, without the punctuation of the sentence around them."""
    for found in _ADDRESS.finditer(text):
        address = _trimmed(found.group())
        if _is_web_address(address):
            yield found.start(), found.start() + len(address)


def web_address(address: str) -> str:
    """The address if it is one of the web, `http` or `https` with a host; else nothing, so it is no link."""
    return address if address.isprintable() and _is_web_address(address) else ""


def excerpt(text: str, longest: int) -> str:
    """The text on one line, cut at a blank if there is one near, with `…` where something is missing."""
    line = " ".join(fit(text).split())
    if len(line) <= longest:
        return line
    cut = line[: longest - 1]
    blank = cut.rfind(" ", longest * 3 // 4)
    return (cut[:blank] if blank > 0 else cut).rstrip() + "…"


def passage(text: str, longest: int) -> Markup:
    """The beginning of a text as HTML, its first five lines kept apart and no links made: one might be cut."""
    lines = [" ".join(line.split()) for line in fit(text).split("\n") if line.strip()]
    shown: list[str] = []
    for line in lines[:_PASSAGE_LINES]:
        left = longest - sum(map(len, shown))
        if left <= 0:
            break
        shown.append(excerpt(line, left))
    if len(shown) < len(lines) and not shown[-1].endswith("…"):
        shown[-1] += "…"
    return Markup("<br>\n").join(shown)


def language_of(text: str) -> str:
    """`ja` for text with kana, `en` for Latin text without letters of other scripts, else empty: who can tell."""
    if not text.isascii() and _KANA.search(text):
        return "ja"
    return "en" if _LATIN.search(text) and (text.isascii() or not _OTHER_LETTERS.search(text)) else ""


def _link(address: str) -> Markup:
    return Markup('<a href="{0}" rel="nofollow noopener">{0}</a>').format(address)


def _trimmed(address: str) -> str:
    while address:
        last = address[-1]
        closes_nothing = (last == ")" and address.count("(") < address.count(")")) or (
            last == "]" and address.count("[") < address.count("]")
        )
        if last not in _NOT_LAST and not closes_nothing:
            break
        address = address[:-1]
    return address


def _is_web_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:  # such as an unfinished IPv6 host
        return False
    return parts.scheme.lower() in {"http", "https"} and bool(parts.hostname)
