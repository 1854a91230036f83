"""From what a page says of itself to a record: title, description, authors, date, twins on arXiv."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import unquote, urlsplit

from papers.arxiv_ids import parse_arxiv_id
from papers.author_names import family_first
from papers.page_urls import page_at
from papers.paper import ARXIV, Dated, PaperId, Record
from papers.paper_urls import paper_at
from papers.sites import ACL, CVF, JMLR, NEURIPS, OPENREVIEW, PMLR, WEB
from papers.unseen import fit, is_unseen
from web_pages.metadata import Metadata

LONGEST_TITLE = 500
LONGEST_ABSTRACT = 8000
LONGEST_NAME = 200
MOST_AUTHORS = 3000

FROM_PAGE = "page"
FROM_ADDRESS = "address"

PROCEEDINGS = frozenset((OPENREVIEW, ACL, PMLR, CVF, NEURIPS, JMLR))
"""Sites of which each page is one paper's, so that a single link to arXiv on it is that paper's."""

# https://scholar.google.com/intl/en/scholar/inclusion.html#indexing, https://www.dublincore.org/specifications/
# dublin-core/dcmi-terms/, https://ogp.me
_TITLES = ("citation_title", "dc.title", "dcterms.title", "og:title", "twitter:title")
_ABSTRACTS = (
    "citation_abstract",
    "dcterms.abstract",
    "dc.description.abstract",
    "dc.description",
    "dcterms.description",
)
_DESCRIPTIONS = ("og:description", "description", "twitter:description")
_AUTHORS = ("citation_author", "dc.creator", "dcterms.creator", "dc.contributor")
_DATES = (
    "citation_publication_date",
    "citation_date",
    "citation_online_date",
    "dc.date",
    "dc.date.issued",
    "dcterms.issued",
    "dcterms.date",
    "dcterms.created",
    "article:published_time",
    "og:article:published_time",
    "datepublished",
    "date",
    "citation_year",
)
_VENUES = ("citation_conference_title", "citation_journal_title", "citation_inbook_title")
# Where a page names other addresses of the very same work. Not: what it cites, or what is like it.
_SAME_WORK = (
    "citation_arxiv_id",
    "citation_pdf_url",
    "citation_abstract_html_url",
    "citation_fulltext_html_url",
    "dc.identifier",
    "dc.relation",
    "dcterms.identifier",
    "dcterms.isversionof",
    "dcterms.hasversion",
    "eprints.official_url",
    "og:see_also",
)
_DATE = re.compile(
    r"\s*(?P<year>(?:19|20)[0-9]{2})(?:[-/.](?P<month>[0-9]{1,2})(?:[-/.](?P<day>[0-9]{1,2}))?)?(?![0-9])"
)
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:\s*)?(10\.[0-9]{4,9}/\S{1,200})", re.IGNORECASE)
_FILE_ENDING = re.compile(r"\.(?:pdf|html?|php|aspx?)\Z", re.IGNORECASE)
_PARTED = r"\s*(?:[-–—|·•:»]|::)\s*"
# What a text on one line needs as little as what no output may hold; the joiners of Persian and of emoji stay.
_COMMA = re.compile(r"\s*[,，、]\s*")
_NEEDLESS = re.compile("[\u200b\u200e\u200f\u2060-\u206f\ufeff]")


def record_of(paper_id: PaperId, told: Metadata, now: datetime) -> Record:
    """The record of a page. Where it has no title, its address is the title."""
    authors = _authors(told)
    published, dated = _date(told, now)
    title = _title(told)
    named = _text(told.first(*_VENUES), LONGEST_TITLE) if told.first("citation_title") else ""
    return Record(
        paper_id=paper_id,
        version=1,
        title=title or title_from(paper_id),
        abstract=_abstract(told, title, authors),
        authors=authors,
        categories=(),
        published=published,
        updated=published,
        journal_ref=named or None,
        doi=_doi(told),
        origin=FROM_PAGE if title else FROM_ADDRESS,
        dated=dated,
    )


def record_of_address(paper_id: PaperId, now: datetime) -> Record:
    """The record of what cannot be read: a file, a page behind a door. Its address is all that is known."""
    return Record(
        paper_id=paper_id,
        version=1,
        title=title_from(paper_id),
        abstract="",
        authors=(),
        categories=(),
        published=now,
        updated=now,
        origin=FROM_ADDRESS,
        dated=Dated.NEVER,
    )


def title_from(paper_id: PaperId) -> str:
    """A title made of an address: the words of its last part, if they are words, else the address itself."""
    if paper_id.source != WEB:
        return f"{paper_id.site} {paper_id.id}"
    parts = urlsplit(paper_id.url)
    name = unquote(parts.path).rstrip("/").rpartition("/")[2]
    plain = _FILE_ENDING.sub("", name)
    words = _text(re.sub(r"[_+-]+", " ", plain), LONGEST_TITLE)
    told = plain != name or " " in words
    return (
        f"{words} ({paper_id.site})"
        if told and any(c.isalpha() for c in words)
        else _text(paper_id.spoken, LONGEST_TITLE)
    )


def canonical_of(paper_id: PaperId, told: Metadata) -> PaperId:
    """The page by the address that it gives as its own, if that is of the same site; else as it was.

    A page of depth that gives the front page for its own is mistaken, as many are.
    """
    asked = urlsplit(paper_id.url)
    for given in (told.canonical, told.first("og:url")):
        page = page_at(given) if given.lower().startswith(("https://", "http://")) else None
        if page is None:
            continue
        own = urlsplit(page.url)
        if _site(own.hostname) == _site(asked.hostname) and (own.path != "/" or own.query or asked.path == "/"):
            return page
    return paper_id


def is_as_good_as(given: PaperId, asked: PaperId) -> bool:
    """Whether an address that a page gives for its own is the asked one, spelt otherwise.

    That is: with or without `www.` and a closing slash, or with less of the query. Any other may be the page of
    somebody else on the same host.
    """
    own, here = urlsplit(given.url), urlsplit(asked.url)
    return (
        own.netloc.removeprefix("www.") == here.netloc.removeprefix("www.")
        and own.path.rstrip("/") == here.path.rstrip("/")
        and {*own.query.split("&")} <= {"", *here.query.split("&")}
    )


def twins_of(paper_id: PaperId, told: Metadata) -> tuple[PaperId, ...]:
    """The arXiv paper that the page says it is a copy of; nothing if it names several."""
    named = [*told.all("citation_arxiv_id"), *(value for name in _SAME_WORK for value in told.all(name))]
    named += [told.canonical, *_texts(told.about.get("sameAs")), *_texts(told.about.get("isBasedOn"))]
    found = {twin for text in named if (twin := _arxiv(text.strip()))}
    if not found and paper_id.source in PROCEEDINGS:
        found = {twin for link in told.links if (twin := _arxiv_at(link))}
    return tuple(found) if len(found) == 1 else ()


def _title(told: Metadata) -> str:
    scholarly = told.first(*_TITLES[:3])
    given = scholarly or told.first(*_TITLES[3:4]) or _text_of(told.about, "headline", "name")
    title = _text(given or told.first(*_TITLES[4:]) or told.title, LONGEST_TITLE)
    if scholarly:
        return title
    site = _text(told.first("og:site_name"), 80)
    without = _without_site(title, site) if site else title
    return without or title


def _without_site(title: str, site: str) -> str:
    """A title without its site's name before or behind it."""
    name = re.escape(site)
    return re.sub(rf"\A{name}{_PARTED}|{_PARTED}{name}\Z", "", title, flags=re.IGNORECASE)


def _abstract(told: Metadata, title: str, authors: tuple[str, ...]) -> str:
    given = (
        told.first(*_ABSTRACTS) or _text_of(told.about, "abstract", "description") or told.first(*_DESCRIPTIONS)
    )
    text = _text(given, LONGEST_ABSTRACT)
    # Some proceedings put the reference there: authors, title, venue.
    reference = bool(authors and told.first("citation_title")) and text.startswith(authors[0])
    return "" if reference or text == title else text


def _authors(told: Metadata) -> tuple[str, ...]:
    given = told.all(*_AUTHORS)
    if not given and (joined := told.first("citation_authors")):
        given = joined.split(";")
    if not given:
        given = _people(told.about.get("author")) or told.all("author", "article:author")
    names = (_name(one) for one in given[:MOST_AUTHORS])
    return tuple(dict.fromkeys(name for name in names if name))


def _name(given: str) -> str:
    """A name in the order in which it is spoken; nothing for an address of a profile."""
    name = _text(given, LONGEST_NAME)
    if "://" in name or not any(c.isalpha() for c in name):
        return ""
    spoken = _COMMA.sub(" ", name)
    if family_first(spoken):
        return spoken
    last, comma, first = name.partition(", ")
    return f"{first} {last}" if comma and first and ", " not in first else name


def _people(given: object) -> list[str]:
    people = given if isinstance(given, list) else [given]
    return [
        name for one in people[:MOST_AUTHORS] if (name := one if isinstance(one, str) else _text_of(one, "name"))
    ]


def _date(told: Metadata, now: datetime) -> tuple[datetime, Dated]:
    given = [*(value for name in _DATES for value in told.all(name)), _text_of(told.about, "datePublished")]
    for text in given:
        match = _DATE.match(text)
        if match and (found := _moment(match)) and found[0] <= now.replace(year=now.year + 1):
            return found
    return now, Dated.NEVER


def _moment(match: re.Match[str]) -> tuple[datetime, Dated] | None:
    year, month, day = int(match["year"]), int(match["month"] or 1), int(match["day"] or 1)
    dated = Dated.DAY if match["day"] else Dated.MONTH if match["month"] else Dated.YEAR
    try:
        return datetime(year, month, day, tzinfo=UTC), dated
    except ValueError:  # the 31st of June
        return datetime(year, 1, 1, tzinfo=UTC), Dated.YEAR


def _doi(told: Metadata) -> str | None:
    for text in (
        *told.all("citation_doi"),
        *told.all("dc.identifier"),
        *told.all("dc.identifier.doi"),
        *told.all("doi"),
    ):
        if match := _DOI.fullmatch(text.strip()):
            return match[1]
    return None


def _arxiv(text: str) -> PaperId | None:
    link = _arxiv_at(text)
    if link:
        return link
    named = parse_arxiv_id(text, today=date.max, naked=not text.lower().startswith("arxiv:"))
    return named.paper_id if named else None


def _arxiv_at(url: str) -> PaperId | None:
    link = paper_at(url, today=date.max) if "://" in url[:10] else None
    return link.paper_id if link and link.paper_id.source == ARXIV else None


def _site(host: str | None) -> str:
    return (host or "").removeprefix("www.").removeprefix("m.")


def _text_of(thing: object, *names: str) -> str:
    if isinstance(thing, Mapping):
        for name in names:
            value: Any = thing.get(name)
            if isinstance(value, str) and value.strip():
                return value
    return ""


def _texts(value: object) -> Iterable[str]:
    return [one for one in (value if isinstance(value, list) else [value]) if isinstance(one, str)]


def _text(given: str, most: int) -> str:
    """Words on one line, without marks that nobody sees; nothing where there is nothing to be seen."""
    words = " ".join(_NEEDLESS.sub("", fit(given)).split())
    if all(c == " " or is_unseen(c) for c in words):
        return ""
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"
