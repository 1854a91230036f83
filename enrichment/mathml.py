"""Formulas as MathML: what latex2mathml makes of TeX, and of that no more than a list of elements allows.

latex2mathml takes words of TeX for markup: `\\text{<script>…}` comes out as an element, `\\href` as a link. So its
answer is read by a strict parser, and only what is listed here is written again.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import lru_cache
from html import escape
from xml.etree import ElementTree

from latex2mathml.converter import convert

from enrichment.formulas import prepared

LONGEST = 2_000
"""A longer formula stays text. In characters."""

_NAMES = """
    math mrow mi mn mo mtext ms mspace msup msub msubsup munder mover munderover mfrac msqrt mroot mtable mtr mtd
    mpadded mphantom mstyle mmultiscripts mprescripts none
"""
_ELEMENTS = frozenset(_NAMES.split())
_ATTRIBUTES = {
    "mathvariant": "normal",
    "stretchy": "true|false",
    "fence": "true|false",
    "separator": "true|false",
    "symmetric": "true|false",
    "largeop": "true|false",
    "movablelimits": "true|false",
    "accent": "true|false",
    "accentunder": "true|false",
    "displaystyle": "true|false",
    "scriptlevel": r"[+-]?\d",
    "form": "prefix|infix|postfix",
    "columnalign": "(?:left|center|right)(?: (?:left|center|right))*",
    "linethickness": "0|0(?:em|ex|px|pt)",
    # Bounded, as nothing may be moved over what stands beside it.
    "width": r"[01]?(?:\.\d{1,4})?em",
    "lspace": r"[01]?(?:\.\d{1,4})?em",
    "rspace": r"[01]?(?:\.\d{1,4})?em",
}
# Browsers know no other variant than `normal`: https://www.w3.org/TR/mathml-core/#dfn-mathvariant. Unicode names
# the same letters by the variant, those that it had before the others without "mathematical".
_VARIANTS = {
    "bold": ("MATHEMATICAL BOLD",),
    "bold-italic": ("MATHEMATICAL BOLD ITALIC", "MATHEMATICAL BOLD"),
    "double-struck": ("MATHEMATICAL DOUBLE-STRUCK", "DOUBLE-STRUCK"),
    "script": ("MATHEMATICAL SCRIPT", "SCRIPT"),
    "fraktur": ("MATHEMATICAL FRAKTUR", "BLACK-LETTER"),
    "sans-serif": ("MATHEMATICAL SANS-SERIF",),
    "monospace": ("MATHEMATICAL MONOSPACE",),
}
_UNSAID = re.compile("LATIN |GREEK |LETTER |LUNATE ")
_ROWS = frozenset({"math", "mrow", "mstyle", "mtd"})
_ALLOWED = {name: re.compile(values) for name, values in _ATTRIBUTES.items()}
_WORD = re.compile("[A-Za-z]{2,}")
_DEEPEST = 40
_THIN = '<mspace width=".17em"></mspace>'


class NoMathematics(ValueError):
    """What came out is no plain mathematics: the text is shown instead."""


@lru_cache(maxsize=4096)  # $n$ and $\mathbb{R}$ come again and again
def mathml(source: str) -> str:
    """The inside of a formula as a `math` element, or nothing where it is better shown as text. Never raises."""
    if len(source) > LONGEST:
        return ""
    try:
        tree = ElementTree.fromstring(convert(prepared(source)))  # noqa: S314  no document type, so no entities
        return "".join(_written(tree, 0))
    except Exception:  # noqa: BLE001  latex2mathml raises nearly anything on broken TeX; the text reads well without it
        return ""


def _written(element: ElementTree.Element, depth: int) -> Iterator[str]:
    name = element.tag.rpartition("}")[2]
    if name not in _ELEMENTS or depth > _DEEPEST:
        raise NoMathematics(name)
    if name == "mo" and _WORD.fullmatch(element.text or ""):  # a function's name, not a sign with room about it
        element.tag = name = "mi"
    yield f"<{name}{''.join(_attributes(element))}>"
    variants = _VARIANTS.get(element.get("mathvariant", ""), ()) if name in ("mi", "mn", "mo") else ()
    yield _text("".join(_styled(character, variants) for character in element.text or ""))
    before: ElementTree.Element | None = None
    for inner in element:
        if before is not None and name in _ROWS and _touch(before, inner):
            yield _THIN
        before = inner
        yield from _written(inner, depth + 1)
        yield _text(inner.tail)
    yield f"</{name}>"


def _attributes(element: ElementTree.Element) -> Iterator[str]:
    for name, value in element.attrib.items():
        if name in _ALLOWED and _ALLOWED[name].fullmatch(value):
            yield f' {name}="{value}"'


def _text(text: str | None) -> str:
    """A backslash is left of a macro that latex2mathml does not know."""
    if text and "\\" in text:
        raise NoMathematics(text)
    return escape(text, quote=False) if text else ""


def _styled(character: str, variants: Sequence[str]) -> str:
    """A letter or digit in a variant: the sign that Unicode has for it, or as it is."""
    name = _UNSAID.sub("", unicodedata.name(character, "")) if variants else ""
    for variant in variants:
        with suppress(KeyError):
            return unicodedata.lookup(f"{variant} {name}")
    return character


def _touch(before: ElementTree.Element, after: ElementTree.Element) -> bool:
    """Whether a name such as `log` would touch a letter or a number."""
    both = (_base(before), _base(after))
    named = any(_WORD.fullmatch(one.text or "") for one in both)
    return named and all(_is(one, "mi", "mn", "mo") and (one.text or "")[:1].isalnum() for one in both)


def _base(element: ElementTree.Element) -> ElementTree.Element:
    """What is written first of an element with scripts: its base."""
    while len(element) and _is(element, "msup", "msub", "msubsup", "munder", "mover", "munderover"):
        element = element[0]
    return element


def _is(element: ElementTree.Element, *names: str) -> bool:
    return element.tag.rpartition("}")[2] in names
