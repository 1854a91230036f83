"""Telling Japanese from other writing."""

from __future__ import annotations

import re

_JAPANESE = re.compile("[\u3041-\u30ff\u3400-\u9fff]")
_WORD = re.compile("[A-Za-z]{2,}")
_FEW = 3  # words; a title may be a name and nothing else


def is_japanese(text: str) -> bool:
    """Whether a text may be Japanese: it has kana or Chinese characters, or hardly any word at all."""
    return bool(_JAPANESE.search(text)) or len(_WORD.findall(text)) <= _FEW
