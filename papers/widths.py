"""Ids and addresses that a Japanese keyboard wrote in full width, made narrow where they stand."""

from __future__ import annotations

import re

_WIDER = ord("！") - ord("!")
_NARROW = {ord(sign) + _WIDER: sign for sign in map(chr, range(ord("!"), ord("~") + 1))} | {ord("\u3000"): " "}
_WIDE = re.compile("[！-～\u3000]")


def _typed(text: str) -> str:
    """A pattern for ASCII text in which each character may be wide."""
    return "".join(f"[{re.escape(sign)}{chr(ord(sign) + _WIDER)}]" for sign in text)


_LETTERS = "A-Za-zＡ-Ｚａ-ｚ"
_WORD = f"0-9０-９{_LETTERS}"
_DIGIT = "[0-9０-９]"
_ARCHIVE = "[A-Za-zＡ-Ｚａ-ｚ－-]"
_ID = (
    rf"(?:{_DIGIT}{{4}}[.．]{_DIGIT}{{4,5}}|{_ARCHIVE}{{2,12}}(?:[.．]{_ARCHIVE}{{2,9}})?[/／]{_DIGIT}{{7}})"
    rf"(?:[vｖ]{_DIGIT}{{1,4}})?(?![.．－-]?[{_WORD}]|％)"
)
_ARXIV = rf"{_typed('arxiv')}(?:[ \u3000]?[:：]\s{{0,3}}|[ \u3000]{{1,3}})|{_typed('10.48550/arxiv.')}"
# Within an address that is narrow itself an id is looked for at arXiv's own places alone: others are addresses
# of pages, to be kept as they are.
_ALONE = rf"(?<![{_WORD}#=._/&%+@＃＝．＿＆％＋＠＄￥－])(?<![{_LETTERS}]／)"
_NAMED = rf"(?:(?<![{_WORD}])(?:{_ARXIV})|{_ALONE}|(?<=/(?:abs|pdf)/)){_ID}"
_SCHEME = rf"(?<![{_WORD}])(?!https?://){_typed('http')}{_typed('s')}?{_typed('://')}"
_HOST = rf"(?<![{_WORD}./@．／＠-])(?!(?:www\.)?arxiv\.org/)(?:{_typed('www.')})?{_typed('arxiv.org/')}"
# Wide brackets, commas and colons end an address as they end a sentence.
_ADDRESS = rf"(?:{_SCHEME}|{_HOST})[!-;=?-{{}}~{_WORD}．－＿～／？＝＆％＃＋＠]+"
_TYPED_WIDE = re.compile(f"{_ADDRESS}|{_NAMED}", re.IGNORECASE)


def narrowed(text: str) -> str:
    """The text with what may be an arXiv id or a web address in narrow letters, as long as before.

    All else stays as it is: `（`, `）` and `，` are marks of Japanese, and end what stands before them. Takes time
    in proportion to the length of the text.
    """
    return _TYPED_WIDE.sub(_narrow, text) if _WIDE.search(text) else text


def _narrow(found: re.Match[str]) -> str:
    return found[0].translate(_NARROW)
