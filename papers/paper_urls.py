"""Which paper a web address leads to: the sites that show arXiv papers, and the redirects that lead there.

A site is known by its whole host name or by a proper ending of it, never because its name is part of
another (`arxiv.org.evil.example`, `notarxiv.org`). Addresses that name a user or an odd port are refused:
`https://arxiv.org@evil.example/` goes to evil.example.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

from papers.arxiv_ids import parse_arxiv_id
from papers.paper import PaperLink

# Characters that glue an id to a following word. Scripts written without spaces (Chinese, Japanese, Korean)
# are left out: there the next word begins right behind the id. Full-width letters and digits do glue.
UNSPACED = (
    "\u1100-\u11ff\u2e80-\ufaff\ufe30-\ufe4f\uff00-\uff0f\uff1a-\uff20\uff3b-\uff40\uff5b-\uffef"
    "\U0001b000-\U0001b2ff\U00020000-\U0003ffff"
)
FOREIGN_WORD = rf"[^\W\x00-\x7f{UNSPACED}]"

# Longer addresses than browsers of old would take are not links to papers.
_LONGEST = 4096
_MOST_REDIRECTS = 3

# Browsers read a backslash in a host as the end of the host, so only plain host names count.
_HOST = re.compile(r"[a-z0-9.-]+")
_SCHEMES = re.compile(r"(?:https?:?//?)+", re.IGNORECASE)
_ID_RUN = re.compile(rf"(?:arxiv:)?(?:[0-9A-Za-z./#_-]|{FOREIGN_WORD})*", re.IGNORECASE)
_CUT = re.compile(r"\.\.|…")

_ARXIV = "arxiv.org"
_ARXIV_PAGE = re.compile(r"/(?:abs|pdf|html|format|src|e-print|ps|dvi|bibtex)/(?P<id>.+)", re.IGNORECASE)
_ARXIV_FILE = re.compile(
    r"/(?:ftp/(?P<ftp>[a-z-]+)/papers|ps_cache/(?P<cache>[a-z-]+)/pdf)/[0-9]{4}/(?P<id>[0-9][^/]*)", re.IGNORECASE
)
_AR5IV = re.compile(r"/(?:html|abs|pdf)/(?P<id>.+)", re.IGNORECASE)
_DOI = re.compile(r"/(?:doi:)?10\.48550/arxiv\.(?P<id>.+)", re.IGNORECASE)
_PAPERS = re.compile(r"/papers/(?P<id>.+)", re.IGNORECASE)
_ARXIV_FOLDER = re.compile(r"/arxiv/(?P<id>.+)", re.IGNORECASE)

# The longer ending of a host name comes first.
_SITES: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("ar5iv.labs.arxiv.org", _AR5IV),
    ("ar5iv.org", _AR5IV),
    (_ARXIV, _ARXIV_PAGE),
    ("xxx.lanl.gov", _ARXIV_PAGE),
    (
        "alphaxiv.org",
        re.compile(r"/(?:[a-z]{2}/)?(?:abs|pdf|html|overview|replicate|audio)/(?P<id>.+)", re.IGNORECASE),
    ),
    ("huggingface.co", _PAPERS),
    ("hf.co", _PAPERS),
    ("doi.org", _DOI),
    ("scirate.com", _ARXIV_FOLDER),
    ("papers.cool", _ARXIV_FOLDER),
    ("hjfy.top", _ARXIV_FOLDER),
    ("inspirehep.net", _ARXIV_FOLDER),
    ("emergentmind.com", _PAPERS),
    ("arxiv-vanity.com", _PAPERS),
    ("ui.adsabs.harvard.edu", re.compile(r"/abs/(?P<id>arxiv:.+)", re.IGNORECASE)),
    ("api.semanticscholar.org", re.compile(r"/(?:(?:graph/)?v1/paper/)?(?P<id>arxiv:.+)", re.IGNORECASE)),
    ("semanticscholar.org", _ARXIV_FOLDER),
    ("fugumt.com", re.compile(r"/fugumt/paper_check/(?P<id>.+?)(?:_enmode)?/?", re.IGNORECASE)),
)
PAPER_HOSTS = tuple(host for host, _ in _SITES)
"""The names whose addresses are understood without a scheme too, also with names in front of them."""

# Sites that wrap an address into one of their own: host, path, and the parameters that hold the address.
_REDIRECTS: tuple[tuple[re.Pattern[str], str, tuple[str, ...]], ...] = (
    (_GOOGLE := re.compile(r"(?:www\.|scholar\.)?google\.(?:com|[a-z]{2}|com?\.[a-z]{2})"), "/url", ("q", "url")),
    (_GOOGLE, "/scholar_url", ("url",)),
    (re.compile(r"[a-z0-9]+\.safelinks\.protection\.outlook\.com"), "/", ("url",)),
    (re.compile(r"slack-redir\.net"), "/link", ("url",)),
    (re.compile(r"lm?\.facebook\.com"), "/l.php", ("u",)),
)


def paper_at(url: str, *, today: date, cut: bool = False) -> PaperLink | None:
    """The paper that a web address leads to as far as the address itself tells; None for any other address.

    `cut` says that the end of the address was left out (`https://arxiv.org/abs/2310.136…`): then only an id
    that is whole as it stands counts, and a version at the end does not. Never raises.
    """
    parts = _split(unwrapped(url) or "//")
    return _paper_of(parts, today=today, cut=cut) if parts else None


def is_place_of_a_paper(url: str) -> bool:
    """Whether an address of arXiv is one at which a paper stands, if there is one of that name. Never raises."""
    parts = _split(unwrapped(url) or "//")
    host = (parts.hostname or "").removesuffix(".") if parts else ""
    return bool(parts and (host == _ARXIV or host.endswith("." + _ARXIV)) and _ARXIV_PAGE.fullmatch(parts.path))


def unwrapped(url: str) -> str | None:
    """The address that sites which wrap addresses into one of their own would lead to, else the address itself.

    None for one wrapped too often.
    """
    for _ in range(_MOST_REDIRECTS + 1):
        parts = _split(url)
        target = _redirected(parts) if parts else None
        if target is None:
            return url
        url = target
    return None


def id_run(text: str) -> str:
    """What `text` begins with as far as an id might go."""
    match = _ID_RUN.match(text)
    return match[0] if match else ""


def paper_named(text: str, *, today: date, cut: bool = False, naked: bool = False) -> PaperLink | None:
    """The paper whose id begins `text` and ends where a word ends. Arguments as for `paper_at`."""
    run = id_run(text)
    cut = cut or bool(_CUT.search(run)) or text[len(run) :].startswith("…")
    link = parse_arxiv_id(
        run.rstrip("._-/#") if naked or cut else run.rstrip("._-#"), today=today, naked=naked or cut
    )
    return replace(link, version=None) if link and cut else link


def _split(url: str) -> SplitResult | None:
    """The address in its parts, with a doubled or missing scheme repaired; None if it is none of the web."""
    if len(url) > _LONGEST:
        return None
    match = _SCHEMES.match(url)
    try:
        parts = urlsplit("https://" + (url[match.end() :] if match else url))
        odd = parts.username is not None or parts.port not in (None, 80, 443)
    except ValueError:  # a port that is no number, brackets around no address
        return None
    return None if odd else parts


def _redirected(parts: SplitResult) -> str | None:
    for host, path, names in _REDIRECTS:
        if path == (parts.path or "/") and host.fullmatch(parts.hostname or ""):
            query = parse_qs(parts.query)
            return next((query[name][0] for name in names if name in query), None)
    return None


def _paper_of(parts: SplitResult, *, today: date, cut: bool) -> PaperLink | None:
    host = (parts.hostname or "").removesuffix(".")
    if not _HOST.fullmatch(host):
        return None
    path = re.sub("/{2,}", "/", unquote(parts.path))
    # What follows in the address is no part of the id, so the cut fell behind it.
    cut = cut and not parts.query and not parts.fragment
    for site, pages in _SITES:
        if host == site or host.endswith("." + site):
            return _paper_on(pages, path, today=today, cut=cut)
    return None


def _paper_on(pages: re.Pattern[str], path: str, *, today: date, cut: bool) -> PaperLink | None:
    if pages is _ARXIV_PAGE and (file := _ARXIV_FILE.match(path)):
        archive = file["ftp"] or file["cache"]
        name = file["id"] if archive.lower() == "arxiv" else f"{archive}/{file['id']}"
        return paper_named(name, today=today, cut=cut)
    page = pages.fullmatch(path)
    if page is None:
        return None
    name = page["id"].removesuffix(".md")
    return paper_named(name, today=today, cut=cut)
