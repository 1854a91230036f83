"""Foreign text made fit for a page that goes through Liquid, Markdown and a theme before it is HTML."""

from __future__ import annotations

import json
import re
import unicodedata

from markupsafe import Markup

from papers.unseen import fit
from publishing.texts import web_addresses

# Behind a blank no run of blanks begins: each is read once, however long it is.
_LINE_END = re.compile(r"(?<!\s)[^\S\n]*\n\s*")
# Liquid looks for these before anything else does (https://shopify.github.io/liquid/basics/introduction/). And
# where a site has kramdown look for Markdown within HTML, the last one gives elements attributes.
_LIQUID = re.compile(r"\{(?=[{%:])")
# There this makes a link, to any kind of address.
_LINK = re.compile(r"\](?=[(\[:])")
# What Markdown, kramdown's own extensions and its typography would change in a heading. A dash or a dot only
# where it follows another.
_MARKDOWN = re.compile(r"[\\`*_\[\]{}<>|~$#^\"'&:]|(?<=-)-|(?<=\.)\.")
# What YAML reads as plain text on one line wherever it stands (https://yaml.org/spec/1.2.2/#733-plain-style).
_PLAIN_YAML = re.compile(r"[^\W_](?:[\w /().,+・-]*[\w)+])?")
_LOOKALIKES = str.maketrans({"<": "＜", ">": "＞", '"': "”", "'": "’"})
_MARKUP = re.compile(r"!?\[[^\[\]\n]*\]\([^()\s]*\)")
_LONGEST_MARKUP = 500


def one_line(text: str) -> str:
    """The text on one line, with a blank where it had a line end."""
    return _LINE_END.sub(" ", fit(text)).strip()


def plain(text: str) -> Markup:
    """Foreign text between tags of HTML: no markup, no Liquid, no links of Markdown; quotation marks stay."""
    safe = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return Markup(_LINK.sub("&#93;", _LIQUID.sub("&#123;", safe)))  # noqa: S704 escaped above


def heading(text: str) -> Markup:
    """Foreign text in a heading of Markdown: every sign that could mean something there as a reference."""
    return Markup(_MARKDOWN.sub(lambda sign: f"&#{ord(sign[0])};", text))  # noqa: S704 `&` and `<` are among them


def front(text: str) -> Markup:
    """Foreign text as a value in the front matter, in quotation marks where YAML wants them.

    Many themes put it into their HTML as it is, so what could end a text or an attribute there has become a sign
    that looks like it.
    """
    safe = _LIQUID.sub("｛", text.translate(_LOOKALIKES))
    return Markup(safe if _PLAIN_YAML.fullmatch(safe) else json.dumps(safe, ensure_ascii=False))  # noqa: S704 as said


def beginning(text: str, longest: int) -> str:
    """The beginning of a text: not cut within a link or picture, nor within what is seen as one character."""
    if len(text) <= longest:
        return text
    end = longest
    for start, stop in (*web_addresses(text), *(found.span() for found in _MARKUP.finditer(text))):
        if start < end < stop:
            # Where there is nothing before it, better more than nothing.
            end = start or (stop if stop <= _LONGEST_MARKUP else end)
    while 0 < end < len(text) and _joined(text[end - 1], text[end]):
        end -= 1
    return text[:end].rstrip()


def _joined(before: str, after: str) -> bool:
    """Whether two code points are shown as one character, as far as emoji and accents go (UAX #29)."""
    flags = all("\U0001f1e6" <= one <= "\U0001f1ff" for one in (before, after))
    toned = "\U0001f3fb" <= after <= "\U0001f3ff"
    return flags or toned or "\u200d" in (before, after) or unicodedata.category(after)[0] == "M"
