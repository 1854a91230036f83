"""Finding the web pages, other than arXiv papers, that a message links to."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from itertools import chain

from papers.finding import GAP, mistyped_ids, readable
from papers.page_urls import page_at
from papers.paper import PaperId, PaperLink
from papers.paper_urls import is_place_of_a_paper, paper_at
from papers.places import Place
from papers.widths import narrowed

# Slack puts each link between angle brackets; people who type to the bot may not. Full-width marks end a word.
_LINK = re.compile(
    r"<(https?://[^<>|\s]+)(?:\|[^<>]*)?>|(?<![\w<|])(https?://[^\s<>|“”「」『』（）、。，！？]+)", re.IGNORECASE
)
_CLOSING = ".,;:!?'\"*_~"
# The word that a text begins with, behind marks, if it may be an id; what stood there in code is none.
_ID_FIRST = re.compile(rf"[^\w{GAP}]*(?:arxiv[^\w{GAP}]{{1,3}})?(?=\d|[a-z.-]+/\d)\S+", re.IGNORECASE)


def find_pages(text: str, *, today: date) -> tuple[PaperId, ...]:
    """The pages that `text` links to, in Slack's text form or plain, each once, in order.

    Links that lead to arXiv papers are left out: those are found by `papers.finding.find_papers`; and so are
    those with a slip in the paper's id. Code is not read. `today` bounds the month of an arXiv id. Never raises.
    """
    return tuple(dict.fromkeys(place.link.paper_id for place in places_of_pages(text, today=today)))


def places_of_pages(text: str, *, today: date) -> tuple[Place, ...]:
    """Where `text` links to pages, as `find_pages` finds them, each time that it does."""
    found = []
    for address, start, end in _links(text):
        of_a_paper = paper_at(address, today=today) or is_place_of_a_paper(address)
        if not of_a_paper and (page := page_at(address)):
            found.append(Place(PaperLink(page), start, end))
    return tuple(found)


def first_link(text: str) -> str:
    """The first web link that a text holds, wherever it leads; empty if it holds none. Code is not read."""
    return next((address for address, _, _ in _links(text)), "")


def first_astray(text: str, *, today: date) -> str:
    """The first link in what is said to the bot that leads to no paper and no page, or id that is none; or empty.

    A slip of the pen, most likely. Code is not read.
    """
    found = {place.start for place in places_of_pages(text, today=today)}
    links = (
        address for address, start, _ in _links(text) if start not in found and not paper_at(address, today=today)
    )
    return next(chain(links, mistyped_ids(text, today=today)), "")


def astray_at_start(text: str, *, today: date) -> str:
    """The link of arXiv that leads to no paper, or the id that is none, with which a text begins; or empty.

    A text may well begin with another site's link, wherever that leads. Code is not read.
    """
    address, start, _ = next(_links(text), ("", 0, 0))
    if is_place_of_a_paper(address) and not paper_at(address, today=today) and not re.search(r"\w", text[:start]):
        return address
    first = _ID_FIRST.match(readable(text))
    return next(iter(mistyped_ids(first[0], today=today) if first else ()), "")


def is_link(text: str) -> bool:
    """Whether a text is a web link and nothing else, wherever it leads."""
    return _LINK.fullmatch(narrowed(text)) is not None


def _links(text: str) -> Iterator[tuple[str, int, int]]:
    """Each web link in a text: its address, and where it stands."""
    for match in _LINK.finditer(readable(text)):
        address, end = (match[1], match.end()) if match[1] else _bare(match)
        yield address.replace("&amp;", "&"), match.start(), end


def _bare(match: re.Match[str]) -> tuple[str, int]:
    """An address as it stands in prose, without the marks that close the sentence around it, and its end."""
    address = match[2].rstrip(_CLOSING)
    while address.endswith(")") and address.count(")") > address.count("("):
        address = address[:-1].rstrip(_CLOSING)
    return address, match.start() + len(address)
