"""What a page says of itself: its meta tags, title, canonical address and JSON-LD, taken from HTML in one pass.

Read by the events of lxml's parser, without a tree: the time that takes grows with the length of the page alone,
whatever is in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from w3lib.encoding import html_body_declared_encoding, html_to_unicode, http_content_type_encoding

MOST_TAGS = 3000
LONGEST_VALUE = 20_000
MOST_SCRIPTS = 20
LONGEST_SCRIPT = 200_000
LONGEST_TITLE = 2000
MOST_LINKS = 2000

# Python decodes by these as well: docs.python.org/3/library/codecs.html, "Python Specific Encodings". Most raise,
# and punycode takes the square of the length.
_NAMES = "base64 bz2 hex idna punycode quopri raw-unicode-escape rot-13 undefined unicode-escape uu zlib"
_NO_CHARSETS = frozenset(_NAMES.split())

# https://schema.org/CreativeWork and those of its kinds that a page is about, the more telling first.
_KINDS = (
    "ScholarlyArticle",
    "BlogPosting",
    "TechArticle",
    "NewsArticle",
    "Article",
    "SoftwareSourceCode",
    "Dataset",
    "Report",
    "Thesis",
    "Book",
    "Chapter",
    "PresentationDigitalDocument",
    "CreativeWork",
    "WebPage",
)


@dataclass(slots=True)
class Metadata:
    """What a page says of itself, as it says it: nothing is checked or made plain yet.

    `named` holds the contents of meta tags by their names in small letters, in the page's order.
    """

    title: str = ""
    canonical: str = ""
    named: dict[str, list[str]] = field(default_factory=dict)
    about: Mapping[str, Any] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)

    def all(self, *names: str) -> list[str]:
        """The contents of the first of these names that the page has."""
        return next((values for name in names if (values := self.named.get(name))), [])

    def first(self, *names: str) -> str:
        """The first content of the first of these names that the page has, else nothing."""
        return next(iter(self.all(*names)), "")


def read_page(body: bytes, content_type: str) -> Metadata:
    """Read the beginning of a page, or all of it. Never raises, whatever the bytes."""
    reading = _Reading()
    parser = etree.HTMLParser(target=reading, encoding="utf-8")
    try:
        parser.feed(_text(body, content_type).replace("\0", "").encode("utf-8", "replace"))
        parser.close()
    except etree.LxmlError:  # a page without a single tag, or one nested too deep: what was read counts
        pass
    reading.told.about = _about(reading.scripts)
    return reading.told


def _text(body: bytes, content_type: str) -> str:
    told = http_content_type_encoding(content_type) or html_body_declared_encoding(body)
    return html_to_unicode("text/html; charset=utf-8" if told in _NO_CHARSETS else content_type or None, body)[1]


class _Reading:
    """The target of the parser: what was told so far."""

    def __init__(self) -> None:
        self.told = Metadata()
        self.scripts: list[str] = []
        self._taken = 0
        self._text: list[str] | None = None
        self._room = 0
        self._inside = ""

    def start(self, tag: str, attributes: Mapping[str, str]) -> None:
        if tag == "meta":
            self._meta(attributes)
        elif tag == "link":
            self._link(attributes)
        elif tag == "a":
            if len(self.told.links) < MOST_LINKS and (href := attributes.get("href")):
                self.told.links.append(href[:LONGEST_VALUE])
        elif tag == "title" and not self.told.title and not self._inside:
            self._listen(tag, LONGEST_TITLE)
        elif tag == "script" and attributes.get("type", "").strip().lower() == "application/ld+json":
            if len(self.scripts) < MOST_SCRIPTS:
                self._listen(tag, LONGEST_SCRIPT)
        elif tag == "svg":
            self._inside = tag  # its title is a picture's

    def data(self, text: str) -> None:
        if self._text is not None and self._room > 0:
            self._text.append(text[: self._room])
            self._room -= len(text)

    def end(self, tag: str) -> None:
        if tag == "svg":
            self._inside = ""
        if self._text is None or tag not in ("title", "script"):
            return
        text, self._text = "".join(self._text), None
        if tag == "title":
            self.told.title = text
        else:
            self.scripts.append(text)

    def close(self) -> None:
        """The page is over."""

    def _listen(self, _tag: str, room: int) -> None:
        self._text, self._room = [], room

    def _meta(self, attributes: Mapping[str, str]) -> None:
        name = attributes.get("name") or attributes.get("property") or attributes.get("itemprop")
        content = attributes.get("content")
        if name and content and content.strip() and self._taken < MOST_TAGS:
            self._taken += 1
            self.told.named.setdefault(name.strip().lower()[:100], []).append(content[:LONGEST_VALUE])

    def _link(self, attributes: Mapping[str, str]) -> None:
        relations = attributes.get("rel", "").lower().split()
        if "canonical" in relations and not self.told.canonical:
            self.told.canonical = attributes.get("href", "").strip()[:LONGEST_VALUE]


def _about(scripts: list[str]) -> Mapping[str, Any]:
    """The thing that the page is about, of all that its JSON-LD describes."""
    best: tuple[int, Mapping[str, Any]] = (len(_KINDS), {})
    for script in scripts:
        try:
            told = json.loads(script, strict=False)
        except (ValueError, RecursionError):
            continue
        for thing in _things(told):
            best = min(best, (_rank(thing), thing), key=lambda one: one[0])
    return best[1]


def _things(told: object) -> Iterator[Mapping[str, Any]]:
    for outer in (told if isinstance(told, list) else [told])[:100]:
        if isinstance(outer, dict):
            yield outer
            graph = outer.get("@graph")
            if isinstance(graph, list):
                yield from (inner for inner in graph[:100] if isinstance(inner, dict))


def _rank(thing: Mapping[str, Any]) -> int:
    kinds = thing.get("@type")
    named = [kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)]
    return min((_KINDS.index(kind) for kind in named if kind in _KINDS), default=len(_KINDS))
