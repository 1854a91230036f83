"""What each TeX macro reads as: pylatexenc's tables and, before them, those that abstracts of arXiv need."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from typing import Any

from pylatexenc import latex2text, latexwalker, macrospec

SOFT_BLANK = "\U0010fffd"
"""A blank only where letters or digits would else touch; `settle` decides."""

_SMALL_SCRIPT = "⁰¹²³⁴-⁹⁺-ₜʰ-˿ᴬ-ᵿᶿⱼⱽ"
_SOFT = re.compile(rf"(?:(?<=[\w)⟩])({SOFT_BLANK}+)(?=[^\W{_SMALL_SCRIPT}_]))|{SOFT_BLANK}+")

_WORDS = """
    arg arccos arcsin arctan cos cosh cot coth csc deg det dim exp gcd hom inf ker lg lim liminf limsup
    ln log max min mod poly rank sec sin sinh span sup tan tanh tr Tr Pr Re Im
"""
_SIGNS = {
    "|": "‖",
    "ne": "≠",
    "colon": ":",
    "degree": "°",
    "implies": "⇒",
    "impliedby": "⇐",
    "iff": "⇔",
    "lq": "‘",
    "rq": "’",
    "lbrack": "[",
    "rbrack": "]",
    "lesssim": "≲",
    "lessim": "≲",
    "lsim": "≲",
    "gsim": "≳",
    "ltsim": "≲",
    "gtsim": "≳",
    "backslash": "∖",
    "micron": "µm",
    "Msun": "M_⊙",
    "msun": "M_⊙",
    "Box": "□",
    "imath": "ı",
    "prime": "′",
    "today": "today",
    "textasciitilde": "~",
    "textasciicircum": "^",
    "textless": "<",
    "textgreater": ">",
    "textbar": "|",
    "slash": "/",
    "-": "",
    "/": "",
    "@": "",
    "!": "",
    "\\": " ",
    ">": " ",
    "item": " • ",
    "maketitle": "",
    "mathellipsis": "…",
}
# Switches of font, size, spacing and layout: nothing to read.
_SILENT = """
    rm it em bf sl sc tt sf cmr boldmath unboldmath mit roman normalfont rmfamily bfseries itshape
    ttfamily sffamily scshape upshape mdseries tiny scriptsize footnotesize small normalsize large Large
    LARGE huge Huge left right middle big Big bigg Bigg bigl bigr bigm Bigl Bigr Bigm biggl biggr Biggl
    Biggr limits nolimits displaystyle textstyle scriptstyle scriptscriptstyle protect noindent
    indent par newline linebreak centering smallskip medskip bigskip hfill vfill null relax mathop
    mathrel mathbin mathord mathopen mathclose mathpunct nonumber strut allowbreak nobreak raggedright
    unicode begingroup endgroup bgroup egroup hskip vskip hss cr nonfrenchspacing frenchspacing
    ignorespaces leavevmode
"""
# Macros whose arguments say nothing to a reader, with the arguments (`*` star, `[` optional, `{` one in braces).
_DROPPED = {
    "cite": "*[[{",
    "citep": "*[[{",
    "citet": "*[[{",
    "citealp": "*[[{",
    "citeauthor": "*[{",
    "parencite": "*[[{",
    "footnote": "[{",
    "footnotemark": "[",
    "thanks": "{",
    "label": "{",
    "color": "[{",
    "vspace": "*{",
    "hspace": "*{",
    "phantom": "{",
    "hphantom": "{",
    "vphantom": "{",
    "tag": "*{",
    "includegraphics": "*[{",
}
_OPTIONS = re.compile(r"\s*\*?\s*(?:\[[^\[\]]*\]\s*)*")  # what may stand before the argument in braces
# Macros that stand for their last argument.
_LAST = {
    "href": "{{",
    "textcolor": "[{{",
    "colorbox": "[{{",
    "texorpdfstring": "{{",
    "url": "{",
    "texttt": "{",
    "textsubscript": "{",
    "textsuperscript": "{",
    "operatorname": "*{",
    "hbox": "{",
    "mbox": "{",
    "ensuremath": "{",
    "stackrel": "{{",
}
_STYLES = {
    "mathbf": "bold",
    "boldsymbol": "bold",
    "bm": "bold",
    "pmb": "bold",
    "mathit": "italic",
    "mathsf": "sans",
    "mathtt": "monospace",
}
_ALPHABETS = {
    "mathbb": "doublestruck",
    "Bbb": "doublestruck",
    "mathds": "doublestruck",
    "mathcal": "script",
    "cal": "script",
    "Cal": "script",
    "mathscr": "script",
    "scr": "script",
    "Scr": "script",
    "mathfrak": "fraktur",
    "frak": "fraktur",
    "goth": "fraktur",
}
_TABLES = ("array", "pmatrix", "bmatrix", "smallmatrix", "psmallmatrix", "bsmallmatrix")
_FRACTIONS = ("frac", "dfrac", "tfrac", "cfrac", "nicefrac", "sfrac", "textfrac")
# The macros of each combining mark.
_MARKS = {
    "' acute": "\u0301",
    "` grave": "\u0300",
    '" ddot': "\u0308",
    "^ hat": "\u0302",
    "~ tilde": "\u0303",
    "= bar": "\u0304",
    "c": "\u0327",
    "H": "\u030b",
    "k": "\u0328",
    "b": "\u0331",
    ". dot": "\u0307",
    "d": "\u0323",
    "r mathring": "\u030a",
    "u breve": "\u0306",
    "v check": "\u030c",
    "vec": "\u20d7",
}
_ACCENTS = {name: mark for names, mark in _MARKS.items() for name in names.split()}
_LETTER_WITH_MARKS = re.compile("[^\u0300-\u036f\u20d0-\u20ff][\u0300-\u036f\u20d0-\u20ff]*")
_DOTLESS = str.maketrans("ıȷ", "ij")
_MOST_LETTERS, _MOST_MARKS = 2, 2  # what can be accented and still be read
_ROOTS = {"": "√", "3": "∛", "4": "∜"}

_ONE_TERM = re.compile(r"\w|\d+|\w[₀-₉ₐ-ₜ⁰-⁹]*|\([^()]*\)")


def settle(text: str) -> str:
    """Make each soft blank a blank between two words, and nothing elsewhere."""
    return _SOFT.sub(lambda match: " " if match.group(1) else "", text)


def _arguments(node: Any, converter: Any) -> list[str]:
    count = len(node.nodeargd.argnlist) if node.nodeargd and node.nodeargd.argnlist else 0
    return [converter.node_arg_to_text(node, index) for index in range(count)]


def _unknown(node: Any, l2tobj: Any, macroname: str) -> str:
    """A macro that is in no table: its arguments if the parser knows of any, else its name as a word.

    Authors' own macros are mostly named after what they print (`\\GeV`, `\\Aut`). Before a brace the name
    tells how the group looks, not what it says.
    """
    if arguments := _arguments(node, l2tobj):
        return "".join(arguments)
    following = node.parsing_state.s[node.pos + node.len : node.pos + node.len + 1]
    if following == "{" or not macroname.isalpha():
        return ""
    return f"{SOFT_BLANK}{macroname}{_blank_after(node) or SOFT_BLANK}"


def _blank_after(node: Any) -> str:
    """The blank after a macro, which TeX eats: \\xspace is there to keep it, authors' macros mostly end in one."""
    return str(node.macro_post_space)


def _last(node: Any, l2tobj: Any) -> str:
    arguments = _arguments(node, l2tobj)
    return arguments[-1] if arguments else ""


def _grouped(text: str) -> str:
    text = text.strip()
    return text if _ONE_TERM.fullmatch(text) else f"({text})"


def _fraction(node: Any, l2tobj: Any) -> str:
    arguments = _arguments(node, l2tobj)
    return f"{SOFT_BLANK}{'/'.join(_grouped(text) for text in arguments)}{SOFT_BLANK}" if any(arguments) else ""


def _binomial(node: Any, l2tobj: Any) -> str:
    return f"({' choose '.join(text.strip() for text in _arguments(node, l2tobj))})"


def _root(node: Any, l2tobj: Any) -> str:
    degree, radicand = _arguments(node, l2tobj)
    sign = _ROOTS.get(degree.strip()) or f"{degree.strip()}-√"
    return sign + _grouped(radicand)


def _over(node: Any, l2tobj: Any) -> str:
    above, base = _arguments(node, l2tobj)
    return f"{base}^({above})" if above.strip() else base


def _under(node: Any, l2tobj: Any) -> str:
    below, base = _arguments(node, l2tobj)
    return f"{base}_({below}){SOFT_BLANK}" if below.strip() else base


def _long_arrow(sign: str) -> Callable[[Any, Any], str]:
    def arrow(node: Any, l2tobj: Any) -> str:
        label = _last(node, l2tobj).strip()
        return f" {sign}({label}) " if label else f" {sign} "

    return arrow


def _table(node: Any, l2tobj: Any) -> str:
    """The rows of a matrix. pylatexenc's own makes all cells as wide as the widest: those of one within another
    become longer than a memory.
    """
    rows: list[list[list[Any]]] = [[[]]]
    for inner in node.nodelist:
        if getattr(inner, "specials_chars", "") == "&":
            rows[-1].append([])
        elif getattr(inner, "macroname", "") == "\\":
            rows.append([[]])
        else:
            rows[-1][-1].append(inner)
    told = (" ".join(l2tobj.nodelist_to_text(cell).strip() for cell in row) for row in rows)
    return f"[ {'; '.join(told)} ]"


def _styled(style: str, *, one_letter_only: bool) -> Callable[[Any, Any], str]:
    """Letters of a mathematical alphabet; a whole bold word stays plain, for search and for screen readers."""

    def styled(node: Any, l2tobj: Any) -> str:
        text = _last(node, l2tobj)
        if one_letter_only and len(text.strip()) > 1:
            return text
        return str(latex2text.fmt_math_text_style(text, style))

    return styled


def _accented(mark: str) -> Callable[[Any, Any], str]:
    """Letters under an accent. pylatexenc's own doubles its text at each level of nested accents."""

    def accented(node: Any, l2tobj: Any) -> str:
        text = _last(node, l2tobj).strip()
        letters = sum(not unicodedata.combining(char) for char in text)
        if not 0 < letters <= _MOST_LETTERS or len(text) > letters + _MOST_MARKS:
            return text
        marked = _LETTER_WITH_MARKS.sub(rf"\g<0>{mark}", text.translate(_DOTLESS))
        return unicodedata.normalize("NFC", marked)

    return accented


def _readings() -> list[Any]:
    read = latex2text.MacroTextSpec
    readings = [read(name, f"{SOFT_BLANK}{name}{SOFT_BLANK}") for name in _WORDS.split()]
    readings += [read(name, sign) for name, sign in _SIGNS.items()]
    readings += [read(name, discard=True) for name in _SILENT.split() + list(_DROPPED)]
    readings += [read(name, _last) for name in _LAST]
    readings += [read(name, _fraction) for name in _FRACTIONS]
    readings += [read(name, _binomial) for name in ("binom", "tbinom", "dbinom")]
    readings += [read("sqrt", _root), read("overset", _over), read("underset", _under), read("pmod", "(mod %s)")]
    readings += [read("xspace", _blank_after), read("bmod", " mod "), read("stackrel", _over)]
    readings += [read("xrightarrow", _long_arrow("→")), read("xleftarrow", _long_arrow("←"))]
    readings += [read(name, _styled(style, one_letter_only=True)) for name, style in _STYLES.items()]
    readings += [read(name, _accented(mark)) for name, mark in _ACCENTS.items()]
    return readings + [read(name, _styled(style, one_letter_only=False)) for name, style in _ALPHABETS.items()]


class _InBraces(macrospec.MacroStandardArgsParser):  # type: ignore[misc]  # pylatexenc has no types
    """Takes a macro's last argument only in braces: TeX takes a letter, too, which is mostly the next word's."""

    def __init__(self, pattern: str) -> None:
        super().__init__(pattern)
        self._without = macrospec.MacroStandardArgsParser(pattern.removesuffix("{"))

    def parse_args(self, w: Any, pos: int, parsing_state: Any = None) -> Any:
        """The arguments that stand from this place on in the walker's source."""
        options = _OPTIONS.match(w.s, pos)
        braced = options and w.s.startswith("{", options.end())
        take = super().parse_args if braced else self._without.parse_args
        return take(w, pos, parsing_state)


def _patterns() -> list[Any]:
    patterns = dict(_LAST)
    patterns |= dict.fromkeys(_FRACTIONS, "{{") | dict.fromkeys(("binom", "tbinom", "dbinom"), "{{")
    patterns |= dict.fromkeys(("overset", "underset", "stackrel"), "{{") | {"sqrt": "[{", "pmod": "{"}
    patterns |= dict.fromkeys(("xrightarrow", "xleftarrow"), "[{")
    patterns |= dict.fromkeys(_STYLES.keys() | _ALPHABETS.keys() | _ACCENTS.keys(), "{")
    dropped = [macrospec.MacroSpec(name, args_parser=_InBraces(pattern)) for name, pattern in _DROPPED.items()]
    return dropped + [macrospec.MacroSpec(name, pattern) for name, pattern in patterns.items()]


def _reading_context() -> Any:
    context = latex2text.get_default_latex_context_db()
    tables = [latex2text.EnvironmentTextSpec(name, simplify_repl=_table) for name in _TABLES]
    context.add_context_category("arxiv", macros=_readings(), environments=tables, prepend=True)
    context.set_unknown_macro_spec(latex2text.MacroTextSpec("", _unknown))
    return context


def _parsing_context() -> Any:
    context = latexwalker.get_default_latex_context_db()
    context.add_context_category("arxiv", macros=_patterns(), prepend=True)
    return context


READING = _reading_context()
PARSING = _parsing_context()
