"""One formula made readable: sub- and superscripts in Unicode where it has them, macros as signs and words."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from enrichment.converting import convert
from enrichment.macros import SOFT_BLANK, settle
from enrichment.plain import fold

_FIRST_HOLDER = 0x100000
_HOLDER = re.compile("[\U00100000-\U0010f000]")

_SUPERSCRIPTS = dict(
    zip(
        "0123456789+-−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWβγδθφχ",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵝᵞᵟᶿᵠᵡ",
        strict=True,
    )
)
_SUBSCRIPTS = dict(
    zip(
        "0123456789+-−=()aehijklmnoprstuvxβγρφχ",
        "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ",
        strict=True,
    )
)
_RAISED_BY_NATURE = {"∘": "°", "°": "°", "*": "*", "∗": "*", "†": "†", "‡": "‡", "′": "′", "′′": "′′"}

_MACRO_TOUCHING_LETTER = re.compile(r"(\\[A-Za-z]+)(?=[^\x00-\x7f])")
_ESCAPED_SCRIPT = re.compile(r"\\([_^])(?=[A-Za-z0-9{])")
_EMPTY_DELIMITER = re.compile(r"\\(?:left|right)\s*\.")
_PRIMES = re.compile(r"(?<!\\)'")
_BARE_PERCENT = re.compile(r"(?<!\\)%")
_INFIX = re.compile(r"\{([^{}]{1,200})\\(over|choose|atop)(?![A-Za-z])([^{}]{1,200})\}")
_INFIX_MACRO = {"over": "frac", "choose": "binom", "atop": "binom"}
_INFIX_DEPTH = 4
_LONGEST_SCRIPT = 400
_MACRO = re.compile(r"\\(?:[A-Za-z]+|.)")
_RELATIONS = "=≠<>≤≥≪≫≲≳⩽⩾∈∉∼≃≈≅≡∝→←↔↦⇒⇐⇔⊂⊆⊃⊇×⊗⊕∪∩"
_BLANK_AFTER_ONLY = re.compile(rf"(?<=[^\s,;:(])([{_RELATIONS}]) (?=\S)")
_BLANK_BEFORE_ONLY = re.compile(rf"(?<=[^\s,;:(] )([{_RELATIONS}])(?=[^\s{_RELATIONS}])")


def spaced_macros(source: str) -> str:
    """Put a blank between a macro and a letter beyond ASCII, which pylatexenc would read as part of its name.

    arXiv's interface turns `\\Theta` into Θ and leaves it glued: `\\tildeΘ`.
    """
    return _MACRO_TOUCHING_LETTER.sub(r"\1 ", source)


@lru_cache(maxsize=4096)  # $n$ and $\mathbb{R}$ come again and again; long ones are bounded by the caller
def formula(source: str) -> str:
    """The inside of a formula as plain text. Raises what `converting.convert` raises."""
    source = _EMPTY_DELIMITER.sub("", prepared(source))
    source = _PRIMES.sub("′", source)
    for _ in range(_INFIX_DEPTH):
        source, changed = _INFIX.subn(_prefixed, source)
        if not changed:
            break
    return _evenly_spaced(fold(settle(_read(source))))


def prepared(source: str) -> str:
    """The inside of a formula with what arXiv's records do to TeX undone."""
    source = spaced_macros(source)
    source = _ESCAPED_SCRIPT.sub(r"\1", source)  # records that came through HAL escape their scripts
    return _BARE_PERCENT.sub(r"\\%", source)


def _evenly_spaced(text: str) -> str:
    """Relations with a blank on both sides or on none: TeX eats the one after a macro."""
    return _BLANK_AFTER_ONLY.sub(r"\1", _BLANK_BEFORE_ONLY.sub(r"\1 ", text))


def _prefixed(match: re.Match[str]) -> str:
    above, infix, below = match.groups()
    return rf"{{\{_INFIX_MACRO[infix]}{{{above}}}{{{below}}}}}"


def _read(source: str) -> str:
    held: list[str] = []
    text = convert(_hold_scripts(source, held))
    return _HOLDER.sub(lambda match: held[ord(match.group()) - _FIRST_HOLDER], text)


def _hold_scripts(source: str, held: list[str]) -> str:
    """Replace every sub- and superscript by a character that stands for its text in `held`."""
    pieces = []
    index = 0
    while index < len(source):
        char = source[index]
        if char == "\\":
            pieces.append(source[index : index + 2])
            index += 2
        elif char in "_^":
            argument, index = script_argument(source, index + 1)
            held.append(script(char, argument))
            pieces.append(chr(_FIRST_HOLDER + len(held) - 1))
        else:
            pieces.append(char)
            index += 1
    return "".join(pieces)


def script_argument(source: str, start: int) -> tuple[str, int]:
    """What a script sign at `start - 1` raises or lowers, and where it ends: a group, a macro or one character."""
    while start < len(source) and source[start] == " ":
        start += 1
    if source[start : start + 1] == "{":
        end = _group_end(source, start)
        return source[start + 1 : end - 1], end
    if macro := _MACRO.match(source, start):
        end = macro.end()
        while source[end : end + 1] == "{":
            end = _group_end(source, end)
        return source[start:end], end
    return source[start : start + 1], start + 1


def _group_end(source: str, start: int) -> int:
    """The position after the brace that closes the one at `start`. Raises ValueError if none does so soon."""
    depth = 0
    index = start
    while index < min(len(source), start + _LONGEST_SCRIPT):
        if source[index] == "\\":
            index += 1
        elif source[index] == "{":
            depth += 1
        elif source[index] == "}":
            depth -= 1
            if depth == 0:
                return index + 1
        index += 1
    raise ValueError(f"a group is not closed: {source[start : start + 20]}")


def script(sign: str, argument: str) -> str:
    """A sub- (`_`) or superscript (`^`): Unicode only if all its characters exist, else `_M` or `^(ω(1))`."""
    text = fold(settle(_read(argument)))
    if not text:
        return ""
    if sign == "^" and text in _RAISED_BY_NATURE:
        return _RAISED_BY_NATURE[text]
    table = _SUPERSCRIPTS if sign == "^" else _SUBSCRIPTS
    tight = text.replace(" ", "")
    if all(char in table for char in tight):
        return "".join(table[char] for char in tight)
    one_word = text.isalnum() and unicodedata.is_normalized("NFKC", text)  # "nᵢ" is no word, it has a script
    flat = text if one_word or len(text) == 1 else f"({text})"
    return f"{sign}{flat}{SOFT_BLANK}"
