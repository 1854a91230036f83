"""Reading what arXiv sent back: is it a whole answer, and what does it say of each paper that was asked for?

An outage must never look like "no such paper", so nothing is taken for an answer that is not provably one.
"""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import arxiv  # type: ignore[import-untyped] # the package carries no type marker

from arxiv_api.wire import Reply
from arxiv_api.withdrawal import says_withdrawn
from papers.arxiv_ids import parse_arxiv_id
from papers.errors import SourceRefused, SourceThrottled, SourceUnavailable
from papers.paper import PaperId, PaperLink, Record
from papers.retry_after import wait_asked_for
from papers.source import Answer

_ATOM = "{http://www.w3.org/2005/Atom}"
_TOTAL = "{http://a9.com/-/spec/opensearch/1.1/}totalResults"
_FORBIDDEN_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CONTROL_REFERENCE = re.compile(r"&#(?:0*(?:[0-8]|1[124-9]|2\d|3[01])|[xX]0*(?:[0-8bcefBCEF]|1[0-9a-fA-F]));")
_BAD_ID = "api/errors#incorrect_id_format"
# ACM and MSC classes stand among the categories: `I.2.6; I.5.1`, `14J60 (Primary)`.
_CATEGORY = re.compile(r"[a-z]+(?:-[a-z]+)*(?:\.[A-Za-z][A-Za-z-]+)?")
_LONGEST_REASON = 120


@dataclass(frozen=True, slots=True)
class Page:
    """A feed that is whole as XML. `xml` is its text without the entries that nobody could read.

    `total` is how many papers the server says there are, `entries` how many it sent, and `named` the papers
    that the entries are about, readable or not.
    """

    xml: bytes
    total: int
    entries: int
    named: frozenset[PaperId]

    @property
    def whole(self) -> bool:
        """Whether all the papers that the server speaks of are in the feed."""
        return self.entries >= self.total


def open_reply(reply: Reply) -> Page:
    """Return the feed in the reply.

    Raises SourceRefused for HTTP 400 and for an error entry about an id, SourceThrottled (with the seconds
    asked for, 0 if none were) when arXiv wants us to slow down, SourceUnavailable for all else that is no feed.
    """
    if reply.status == 429:
        raise SourceThrottled(wait_asked_for(reply.retry_after) or 0.0)
    if reply.status == 503 and (seconds := wait_asked_for(reply.retry_after)) is not None:
        raise SourceThrottled(seconds)
    if reply.status == 400:
        raise SourceRefused(_complaint(reply.body) or "HTTP 400")
    if reply.status != 200:
        raise SourceUnavailable(f"HTTP {reply.status}")
    return open_feed(reply.body)


def open_feed(body: bytes) -> Page:
    """Return the feed in a body that came with HTTP 200; raises as `open_reply`."""
    if body.lstrip()[:13].lower() == b"rate exceeded":
        raise SourceThrottled(0.0)
    feed = parse_xml(body)
    total = feed.findtext(_TOTAL, "").strip() if feed.tag == f"{_ATOM}feed" else ""
    if not total.isdecimal():
        raise SourceUnavailable("not an Atom feed")
    entries = feed.findall(f"{_ATOM}entry")
    named = set()
    for entry in entries:
        address = entry.findtext(f"{_ATOM}id", "")
        if "api/errors" in address:
            raise _error_entry(entry, address)
        if link := paper_named_by(address):
            named.add(link.paper_id)
        if not _readable(entry):
            feed.remove(entry)
    return Page(ET.tostring(feed, encoding="utf-8"), int(total), len(entries), frozenset(named))


def sort_answer(asked: Sequence[PaperId], page: Page, results: Iterable[arxiv.Result]) -> Answer:
    """Say of each paper asked for whether it is found, unknown to arXiv, or left without an answer.

    Results go by their id without version, whatever their order; papers not asked for are left out.
    """
    found: dict[PaperId, Record] = {}
    for result in results:
        record = record_of(result)
        if record is None or record.paper_id not in asked:
            continue
        known = found.get(record.paper_id)
        if known is None or known.version < record.version:
            found[record.paper_id] = record
    missing = tuple(p for p in asked if page.whole and p not in found and p not in page.named)
    return Answer(tuple(found[p] for p in asked if p in found), missing)


def record_of(result: arxiv.Result) -> Record | None:
    """One result as a record, its white space folded; None if its address names no paper."""
    link = paper_named_by(result.entry_id)
    if link is None:
        return None
    comment, abstract = folded(result.comment), folded(result.summary)
    return Record(
        paper_id=link.paper_id,
        version=link.version or 1,
        title=folded(result.title),
        abstract=abstract,
        authors=tuple(_author_names(result)),
        categories=_categories(result),
        published=result.published.astimezone(UTC),
        updated=result.updated.astimezone(UTC),
        comment=comment or None,
        journal_ref=folded(result.journal_ref) or None,
        doi=folded(result.doi) or None,
        withdrawn=says_withdrawn(comment, abstract),
    )


def paper_named_by(address: str) -> PaperLink | None:
    """The paper of an entry's address, on whatever host: `http://arxiv.org/abs/hep-th/9901001v3`."""
    # What arXiv itself has published is not too far in the future.
    return parse_arxiv_id(address.strip().partition("/abs/")[2], today=date.max)


def folded(text: str | None) -> str:
    """The text on one line: arXiv's older server wraps lines, and both indent some."""
    return " ".join((text or "").split())


def parse_xml(body: bytes) -> ET.Element:
    """The body as XML. Raises SourceUnavailable if it is not whole, or a web page."""
    text = body.decode("utf-8-sig", "replace").strip()
    if not text:
        raise SourceUnavailable("empty answer")
    # Also keeps entities out: they can only be declared in a document type.
    if "<!doctype" in text.lower():
        raise SourceUnavailable("a web page came instead of an answer")
    # One stray control character in one abstract must not make a hundred papers unreadable.
    text = _CONTROL_REFERENCE.sub(" ", _FORBIDDEN_IN_XML.sub(" ", text))
    try:
        return ET.fromstring(text)  # noqa: S314 # no document type, no entities
    except ET.ParseError as error:
        raise SourceUnavailable("the answer is cut off or no XML") from error


def _error_entry(entry: ET.Element, address: str) -> SourceRefused | SourceUnavailable:
    reason = folded(entry.findtext(f"{_ATOM}summary"))[:_LONGEST_REASON] or "error entry"
    # The older server sent this with HTTP 200. Any other complaint may be arXiv's own trouble.
    return SourceRefused(reason) if _BAD_ID in address else SourceUnavailable(reason)


def _complaint(body: bytes) -> str:
    try:
        open_feed(body)
    except (SourceRefused, SourceUnavailable) as error:
        return str(error.facts["reason"])
    except SourceThrottled:
        pass
    return ""


def _readable(entry: ET.Element) -> bool:
    """Whether the entry has what a record needs; a bad date would cost the package the whole page."""
    dates = (entry.findtext(f"{_ATOM}{name}", "") for name in ("published", "updated"))
    return bool(folded(entry.findtext(f"{_ATOM}title"))) and all(map(_is_instant, dates))


def _is_instant(text: str) -> bool:
    try:
        datetime.fromisoformat(text.strip().replace("Z", "+00:00")).astimezone(UTC)
    except (ValueError, OverflowError):
        return False
    return True


def _author_names(result: arxiv.Result) -> Iterable[str]:
    for author in result.authors:
        name = folded(author.name)
        # Lists of collaborations hold a colon as an author of its own.
        if any(c.isalnum() for c in name):
            yield name


def _categories(result: arxiv.Result) -> tuple[str, ...]:
    terms = dict.fromkeys(folded(term) for term in (result.primary_category, *result.categories))
    return tuple(term for term in terms if _CATEGORY.fullmatch(term))
