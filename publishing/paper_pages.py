"""The pages of one paper: its own, and its BibTeX file."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from markupsafe import Markup

from papers.brief import Brief
from papers.note import Note
from papers.paper import Paper, Record
from papers.relatedness import Kin
from papers.sites import GITHUB, WEB
from publishing import addresses
from publishing.content import Page
from publishing.data import AUTHORS, json_bytes
from publishing.rendering import Rendering, Site
from publishing.texts import excerpt, fit_bytes, web_address

_AUTHORS_SHOWN, _NAMED, _VERSIONS_SHOWN = 20, 5, 5
_LONGEST = 500  # characters of a title or a name
# Accents and letters in TeX: \'e, \"{o}, \c c, \v{s}, \o, \ss.
_ACCENT = re.compile(
    r"\\(?:[\"'`^~=.]|[cvuHkrbdt](?![A-Za-z]))\s*|\\(?P<letter>o|l|ss|ae|oe|i|j)(?![a-z])", re.IGNORECASE
)
_WITHOUT_ACCENT = str.maketrans({"ø": "o", "ł": "l", "æ": "ae", "œ": "oe", "ı": "i", "ȷ": "j"})


def paper_pages(render: Rendering, site: Site, note: Note, related: tuple[Kin, ...]) -> Iterator[Page]:
    """All pages that show this note alone."""
    record = note.paper.record
    facts = render.facts_of(note)
    history = note.paper.history
    original = _as_submitted(record.title, note.paper.title) if record else ""
    yield render.page(
        site,
        "paper.html",
        addresses.paper_page(note.paper_id),
        **facts,
        original_title=original,
        as_data=_as_data(note.paper, record) if record else "",
        by=render.wording("between_names").join((*record.authors[:_NAMED], note.paper_id.site)) if record else "",
        authors_shown=_AUTHORS_SHOWN,
        state=render.saying(_state(note.paper), site=note.paper_id.site),
        versions=history.versions[::-1] if history and len(history.versions) > 1 else (),
        versions_shown=_VERSIONS_SHOWN,
        related=related,
    )
    if facts["bibtex"]:
        yield Page(addresses.paper_bibtex(note.paper_id), fit_bytes(str(facts["bibtex"])))


def paper_paths(brief: Brief) -> set[str]:
    """Where these pages are."""
    page = addresses.paper_page(brief.paper_id)
    return {page} if brief.year is None else {page, addresses.paper_bibtex(brief.paper_id)}


def _as_data(paper: Paper, record: Record) -> Markup:
    """The paper for reference tools, as JSON-LD (https://schema.org/ScholarlyArticle)."""
    told = {
        "@context": "https://schema.org",
        "@type": "CreativeWork" if paper.paper_id.source in (WEB, GITHUB) else "ScholarlyArticle",
        "name": excerpt(paper.title, _LONGEST),
        "author": [{"@type": "Person", "name": excerpt(name, _LONGEST)} for name in record.authors[:AUTHORS]],
        "datePublished": record.date,
        "sameAs": web_address(paper.url),
        "creativeWorkStatus": "Withdrawn" if record.withdrawn else "",
    }
    written = json_bytes({name: value for name, value in told.items() if value}).decode("utf-8")
    return Markup(written.replace("<", r"\u003c"))  # noqa: S704 nothing in it can end a script


def _as_submitted(title: str, shown: str) -> str:
    """The title in its authors' TeX, or nothing where that is only another spelling of the same letters."""
    title = " ".join(title.split())
    same = "$" not in title and _letters(_ACCENT.sub(r"\g<letter>", title)) == _letters(shown)
    return "" if same or title == shown else title


def _letters(text: str) -> str:
    plain = unicodedata.normalize("NFKD", text.casefold().translate(_WITHOUT_ACCENT))
    return "".join(letter for letter in plain if letter.isalnum())


def _state(paper: Paper) -> str:
    """The key of the sentence that says how far the entry is, and why it is not complete."""
    record = paper.record
    if record is None:
        return "state_missing" if paper.missing else "state_waiting"
    if record.withdrawn:
        return "state_withdrawn"
    return {"sample": "state_sample", "address": "state_address"}.get(record.origin, "state_complete")
