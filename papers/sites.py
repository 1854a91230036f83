"""The sites whose papers and pages have a short id of their own: what each is called and where its pages are."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import quote, unquote

from papers.unseen import is_unseen

ARXIV = "arxiv"
OPENREVIEW = "openreview"
ACL = "acl"
PMLR = "pmlr"
CVF = "cvf"
NEURIPS = "neurips"
JMLR = "jmlr"
GITHUB = "github"
WEB = "web"
"""Any other page; its id is its address."""

_ESCAPES = re.compile(r"(?:%[0-9A-Fa-f]{2})+")


@dataclass(frozen=True, slots=True)
class Site:
    """A site: its name, and the addresses of a page and of its PDF with `{}` where parts of the id go.

    The id is cut at `/` to fill the gaps, `{0}` being all of it where a site has a single one.
    """

    name: str
    page: str
    pdf: str = ""
    parts: int = 1


SITES = {
    ARXIV: Site("arXiv", "https://arxiv.org/abs/{0}", "https://arxiv.org/pdf/{0}"),
    OPENREVIEW: Site("OpenReview", "https://openreview.net/forum?id={0}", "https://openreview.net/pdf?id={0}"),
    ACL: Site("ACL Anthology", "https://aclanthology.org/{0}/", "https://aclanthology.org/{0}.pdf"),
    PMLR: Site(
        "PMLR",
        "https://proceedings.mlr.press/{0}/{1}.html",
        "https://proceedings.mlr.press/{0}/{1}/{1}.pdf",
        parts=2,
    ),
    CVF: Site(
        "CVF",
        "https://openaccess.thecvf.com/{0}/html/{1}.html",
        "https://openaccess.thecvf.com/{0}/papers/{1}.pdf",
        parts=2,
    ),
    NEURIPS: Site(
        "NeurIPS",
        "https://proceedings.neurips.cc/paper_files/paper/{0}/hash/{1}-Abstract{2}.html",
        "https://proceedings.neurips.cc/paper_files/paper/{0}/file/{1}-Paper{2}.pdf",
        parts=3,
    ),
    JMLR: Site("JMLR", "https://jmlr.org/papers/{0}/{1}.html", parts=2),
    GITHUB: Site("GitHub", "https://github.com/{0}"),
    WEB: Site("", "{0}"),
}
PAGE_SOURCES = frozenset(SITES) - {ARXIV}
"""The sources that are asked by reading their pages; only arXiv has an interface of its own."""


def page_of(source: str, id_: str) -> str:
    """The address of a page by its source and id; empty for a source that nobody knows."""
    site = SITES.get(source)
    return _filled(site, site.page, id_) if site else ""


def pdf_of(source: str, id_: str) -> str:
    """The address of the PDF, or nothing where it cannot be made from the id."""
    site = SITES.get(source)
    return _filled(site, site.pdf, id_) if site else ""


def name_of(source: str, id_: str) -> str:
    """What the site of a paper is called: its own name, or for any other page its host without `www.`."""
    site = SITES.get(source)
    if site is None:
        return source
    return site.name or id_.partition("://")[2].partition("/")[0].removeprefix("www.")


def readable(address: str) -> str:
    """An address as people read it: letters and signs outside ASCII without their escapes, all else as it is."""
    return _ESCAPES.sub(_shown, address)


def _shown(escapes: re.Match[str]) -> str:
    try:
        text = unquote(escapes[0], errors="strict")
    except UnicodeDecodeError:
        return escapes[0]
    return "".join(quote(c, safe="") if c.isascii() or c.isspace() or is_unseen(c) else c for c in text)


def _filled(site: Site, address: str, id_: str) -> str:
    parts = id_.rsplit("/", site.parts - 1) if site.parts > 1 else [id_]
    # The last part of a NeurIPS id may be missing: old papers belong to no track.
    return address.format(*parts, *[""] * (site.parts - len(parts)))
