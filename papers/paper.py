"""Papers as the world knows them: identity, what a source says of one, and what Fusen keeps of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from papers import sites
from papers.formulas import Formula
from papers.sites import ARXIV as ARXIV  # the papers that Fusen is for


@dataclass(frozen=True, slots=True, order=True)
class PaperId:
    """Which paper: the name of its source and the source's own id, without a version.

    For arXiv `id` is the canonical form: `2310.13671`, `hep-th/9901001`. For a page of no site that is known
    (`papers.sites`) it is the page's canonical address.
    """

    source: str
    id: str

    def __str__(self) -> str:
        return f"{self.source}:{self.id}"

    @property
    def url(self) -> str:
        """The page of the paper at its source (arXiv: the abstract page of the newest version)."""
        return sites.page_of(self.source, self.id)

    @property
    def site(self) -> str:
        """What the source is called: `arXiv`, `OpenReview`, or the host of a page."""
        return sites.name_of(self.source, self.id)

    @property
    def spoken(self) -> str:
        """The id as people say it: `arxiv:2310.13671`, or a page's address without its scheme and escapes."""
        return sites.readable(self.id.partition("://")[2]) if self.source == sites.WEB else str(self)


@dataclass(frozen=True, slots=True)
class PaperLink:
    """A paper found in a text, with the version that the link asked for, if it named one."""

    paper_id: PaperId
    version: int | None = None


class Dated(StrEnum):
    """How much of a date is known."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    NEVER = "never"


_LENGTHS = {Dated.DAY: 10, Dated.MONTH: 7, Dated.YEAR: 4, Dated.NEVER: 0}


@dataclass(frozen=True, slots=True)
class Record:
    """What a source says of one paper, its texts as the source gives them (TeX and all).

    `published` is the day of the first version, `updated` that of `version`; both are aware and in UTC. Pages
    say no more than a month or a year, or nothing: `dated` says how much of `published` is known.
    `origin` says where the record comes from: `arxiv`, `sample` for the sample papers, `page` for what a page
    says of itself, `address` where only its address could be read.
    """

    paper_id: PaperId
    version: int
    title: str
    abstract: str
    authors: tuple[str, ...]
    categories: tuple[str, ...]
    published: datetime
    updated: datetime
    comment: str | None = None
    journal_ref: str | None = None
    doi: str | None = None
    withdrawn: bool = False
    origin: str = ARXIV
    dated: Dated = Dated.DAY

    @property
    def date(self) -> str:
        """As much of `published` as is known: `2020-07-05`, `2020-07`, `2020`, or nothing."""
        return self.published.date().isoformat()[: _LENGTHS[self.dated]]

    @property
    def year(self) -> str:
        """The year of `published`, or nothing where it is not known."""
        return self.date[:4]

    @property
    def primary_category(self) -> str:
        """The first category, or an empty text where the source names none."""
        return self.categories[0] if self.categories else ""


@dataclass(frozen=True, slots=True)
class Version:
    """One version of a paper: its number, when it was submitted (UTC), and how large its source is.

    `kilobytes` is 0 where there is none: the version withdraws the paper.
    """

    number: int
    submitted_at: datetime
    kilobytes: int = 0


@dataclass(frozen=True, slots=True)
class History:
    """What an archive tells of a paper beyond its record: its licence, and its versions, the oldest first.

    `licence` is the address of the licence's text, empty where the archive names none.
    """

    licence: str
    versions: tuple[Version, ...]


@dataclass(frozen=True, slots=True)
class Summary:
    """Text about a paper made by machine: by which method, when (UTC), and from what it was made."""

    text: str
    made_by: str
    made_at: datetime
    made_from: str


@dataclass(frozen=True, slots=True)
class Reading:
    """A record made fit to read: TeX turned into plain characters, and a summary of the abstract.

    `summary` is None where there is no abstract to summarise. The formulas are those within title and abstract.
    """

    title: str
    abstract: str
    summary: Summary | None
    title_formulas: tuple[Formula, ...] = ()
    abstract_formulas: tuple[Formula, ...] = ()


@dataclass(frozen=True, slots=True)
class Paper:
    """A paper as Fusen keeps it: the record of its source and how it reads.

    `record` and `reading` are None while the source has not answered yet. `missing` is true once the
    source has said that it does not know the paper (it is asked again later: new papers appear late).
    `told_at` is when the source first told the record as it is. `history` is None until its archive was asked.
    """

    paper_id: PaperId
    record: Record | None = None
    reading: Reading | None = None
    missing: bool = False
    told_at: datetime | None = None
    history: History | None = None

    @property
    def title(self) -> str:
        """The readable title, or the id while the title is not known."""
        return self.reading.title if self.reading else self.paper_id.spoken

    @property
    def url(self) -> str:
        """The page of the paper at its source (arXiv: the abstract page of the newest version)."""
        return self.paper_id.url

    @property
    def pdf_url(self) -> str:
        """The PDF, built from the id: the answers of arXiv do not always name it. Empty where nobody can tell."""
        return sites.pdf_of(self.paper_id.source, self.paper_id.id)
