"""How Japanese is told from other text: it has no blanks between its words."""

from __future__ import annotations

KANA = "\u3041-\u30ff"
"""Kana, as a range for a class of a pattern: a text with any is Japanese."""

JAPANESE = "\u3000-\u30ff\u3400-\u9fff\uff00-\uffef"
"""Kana, kanji and Japanese signs, as ranges for a class of a pattern."""
