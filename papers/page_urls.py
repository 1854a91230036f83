"""Which page a web address names: one identity for all the addresses of one page, where addresses alone tell it.

What is known of a site's own addresses folds its abstract pages, PDFs and copies into one short id. Any other
page is known by its address, made canonical: `https`, the host in small letters, no tracking, no fragment.
What only the page itself can tell (redirects, its own canonical address) is settled when it has been read.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import SplitResult, quote, unquote, urlsplit, urlunsplit

from papers.paper import PaperId
from papers.paper_urls import unwrapped
from papers.sites import ACL, CVF, GITHUB, JMLR, NEURIPS, OPENREVIEW, PMLR, WEB

LONGEST = 1000
"""Longer addresses hold sessions and searches; and the databases bound what they index."""

_LABEL = r"(?!-)[a-z0-9_-]{1,63}(?<!-)"
# A last label of digits alone would be an IP address in one of its many spellings (decimal, octal, short).
_HOST = re.compile(rf"(?:{_LABEL}\.)+(?:[a-z]{{2,63}}|xn--[a-z0-9-]{{1,59}})")
_INNER = ("local", "localhost", "internal", "intranet", "lan", "corp", "home", "arpa", "onion", "invalid")
_TRACKING = re.compile(
    r"(?:utm_[a-z_]+|fbclid|gclid|gclsrc|dclid|gbraid|wbraid|msclkid|yclid|twclid|ttclid|igshid|igsh|mc_cid|mc_eid"
    r"|_hsenc|_hsmi|__hst[ac]|__hssc|hsctatracking|mkt_tok|ref_src|ref_url|referrer|oly_(?:anon|enc)_id|vero_id"
    r"|_openstat|wickedid|spm|scm|cmpid|s_cid|trk|trkcampaign|_ga|_gl|share_id|smid)",
    re.IGNORECASE,
)
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")

_OPENREVIEW_PAGE = re.compile(r"/(?:forum|pdf|attachment|revisions)")
_OPENREVIEW_ID = re.compile(r"[A-Za-z0-9_-]{6,30}")
_ACL_OLD = r"[A-Z][0-9]{2}-[0-9]{4,5}"
_ACL_NEW = r"[0-9]{4}\.[a-z0-9_]+-[a-z0-9_]+\.[0-9]+"
_ACL_ID = rf"(?P<id>{_ACL_OLD}|{_ACL_NEW})"
_ACL_PAGE = re.compile(rf"/(?:anthology/|papers/(?:[^/]+/)*)?{_ACL_ID}(?:v[0-9]+)?(?:\.pdf|\.bib|\.xml|\.html)?/?")
_ACL_DOI = re.compile(rf"/(?:10\.18653|10\.3115)/v1/{_ACL_ID}", re.IGNORECASE)
_PMLR_PAGE = re.compile(
    r"/(?P<volume>(?:v|r)[0-9]+)/(?P<id>[a-z0-9_-]+)(?:\.html|/(?P=id)\.pdf|/(?P=id)-supp\.pdf)"
)
_CVF_PAGE = re.compile(
    r"/(?P<volume>content[A-Za-z0-9_/-]*?)/(?:html|papers)/(?P<id>(?:[\w-]+/)?[\w.-]+?_paper)\.(?:html|pdf)"
)
_NEURIPS_PAGE = re.compile(
    r"/(?:paper_files/)?paper/(?P<year>[0-9]{4})/(?:hash|file)/(?P<hash>[0-9a-f]{32})"
    r"-(?:Abstract|Paper|Supplemental|AuthorFeedback|Review|MetaReview)(?P<track>-[A-Za-z_]+)?\.(?:html|pdf|zip)"
)
_JMLR_PAGE = re.compile(
    r"/papers/(?:v(?P<page>[0-9]+)/(?P<id>[a-z0-9-]+)\.html|volume(?P<volume>[0-9]+)/(?P<folder>[a-z0-9-]+)/(?P=folder)\.pdf)"
)
_GITHUB_NAME = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,38})", re.IGNORECASE)
_GITHUB_REPOSITORY = re.compile(r"[\w.-]{1,100}", re.ASCII)
# Names that GitHub keeps for pages of its own.
_OWN_PAGES = (
    "about apps collections contact customer-stories enterprise events explore features issues join login"
    " marketplace new notifications orgs organizations pricing pulls readme search security sessions settings"
    " signup site sponsors stars topics trending users watching"
)
_GITHUB_PAGES = frozenset(_OWN_PAGES.split())
_DOI_VIEWS = re.compile(r"/doi/(?:abs|pdf|pdfdirect|epdf|full|fullHtml|reader)/(?P<doi>10\..+)")
_SOCIAL_STATUS = re.compile(r"/(?P<who>\w{1,20})/status(?:es)?/(?P<id>[0-9]{5,25})(?:/.*)?")


def page_at(url: str) -> PaperId | None:
    """The page that a web address names; None for what is no page of the open web.

    Refused are other schemes, addresses with a user or an odd port, hosts that are numbers or have no proper
    name, names that only mean something inside a network, and Slack's own messages. Whether the address is one
    of arXiv's is not asked here: `papers.paper_urls.paper_at` goes first. Never raises.
    """
    parts = open_address(unwrapped(url.strip()))
    if parts is None:
        return None
    host, path = parts.netloc, parts.path
    if host == "slack.com" or host.endswith(".slack.com"):
        return None
    for suffix, read in _SITES:
        if (host == suffix or host.endswith("." + suffix)) and (known := read(path, parts)):
            return known
    return PaperId(WEB, urlunsplit(parts))


def open_address(url: str | None) -> SplitResult | None:
    """An address of the open web in canonical parts, the scheme always `https`; None for any other address."""
    if not url or len(url) > LONGEST or any(c.isspace() or c == "\\" or not c.isprintable() for c in url):
        return None
    try:
        parts = urlsplit(url if "://" in url[:12] else f"https://{url}")
        scheme, port = parts.scheme.lower(), parts.port
        host = _host(parts.hostname or "")
    except ValueError:  # a port that is no number, brackets around no address, a name that is no name
        return None
    own_port = {"http": 80, "https": 443}.get(scheme)
    if own_port is None or port not in (None, own_port) or "@" in parts.netloc or not _open(host):
        return None
    canonical = SplitResult("https", host, _path(parts.path), _query(parts.query), "")
    return canonical if len(urlunsplit(canonical)) <= LONGEST else None


def _host(name: str) -> str:
    name = name.lower().removesuffix(".")
    return name if name.isascii() else name.encode("idna").decode("ascii")


def _open(host: str) -> bool:
    return len(host) <= 253 and _HOST.fullmatch(host) is not None and host.rpartition(".")[2] not in _INNER


def _path(path: str) -> str:
    """The path with escapes in one form and without `.` and `..` (RFC 3986, sections 5.2.4 and 6.2.2)."""
    kept: list[str] = []
    pieces = _one_form(path).split("/")
    for piece in pieces:
        if piece == "..":
            if len(kept) > 1:
                kept.pop()
        elif piece != ".":
            kept.append(piece)
    if pieces[-1] in (".", ".."):
        kept.append("")
    return "/".join(kept) if len(kept) > 1 else "/"


def _query(query: str) -> str:
    pieces = [piece for piece in query.split("&") if piece]
    return "&".join(
        _one_form(piece) for piece in pieces if not _TRACKING.fullmatch(unquote(piece.partition("=")[0]))
    )


def _one_form(text: str) -> str:
    """Letters outside ASCII escaped, escapes in capitals, what needs no escape without one."""
    plain = quote(text, safe="/!$&'()*+,;=:@?%~-._")

    def spelled(match: re.Match[str]) -> str:
        letter = chr(int(match[1], 16))
        return letter if letter in _UNRESERVED else match[0].upper()

    return _ESCAPE.sub(spelled, re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", plain))


def _openreview(path: str, parts: SplitResult) -> PaperId | None:
    if not _OPENREVIEW_PAGE.fullmatch(path):
        return None
    given = dict(piece.partition("=")[::2] for piece in parts.query.split("&"))
    forum = unquote(given.get("id", ""))
    return PaperId(OPENREVIEW, forum) if _OPENREVIEW_ID.fullmatch(forum) else None


def _acl(path: str, _parts: SplitResult) -> PaperId | None:
    found = _ACL_PAGE.fullmatch(path)
    return PaperId(ACL, found["id"]) if found else None


def _doi(path: str, _parts: SplitResult) -> PaperId | None:
    if found := _ACL_DOI.fullmatch(path):
        name = found["id"]
        return PaperId(ACL, name.upper() if "." not in name else name.lower())
    return None


def _pmlr(path: str, _parts: SplitResult) -> PaperId | None:
    found = _PMLR_PAGE.fullmatch(path)
    return PaperId(PMLR, f"{found['volume']}/{found['id']}") if found else None


def _cvf(path: str, _parts: SplitResult) -> PaperId | None:
    found = _CVF_PAGE.fullmatch(path)
    return PaperId(CVF, f"{found['volume']}/{found['id']}") if found and "/" not in found["id"] else None


def _neurips(path: str, _parts: SplitResult) -> PaperId | None:
    found = _NEURIPS_PAGE.fullmatch(path)
    if not found:
        return None
    track = f"/{found['track']}" if found["track"] else ""
    return PaperId(NEURIPS, f"{found['year']}/{found['hash']}{track}")


def _jmlr(path: str, _parts: SplitResult) -> PaperId | None:
    found = _JMLR_PAGE.fullmatch(path)
    if not found:
        return None
    return PaperId(JMLR, f"v{found['page'] or found['volume']}/{found['id'] or found['folder']}")


def _github(path: str, parts: SplitResult) -> PaperId | None:
    """The repository, if the address is that of its front page; what lies deeper is a page of its own."""
    if parts.netloc not in ("github.com", "www.github.com"):
        return None
    owner, _, rest = path.strip("/").partition("/")
    repository, _, deeper = rest.partition("/")
    repository = repository.removesuffix(".git")
    named = _GITHUB_NAME.fullmatch(owner) and _GITHUB_REPOSITORY.fullmatch(repository)
    if not named or repository in (".", "..") or owner.lower() in _GITHUB_PAGES:
        return None
    # The front page of a branch shows the same repository; a folder or file of it does not.
    if deeper and not re.fullmatch(r"tree/[^/]+|blob/[^/]+/README(?:\.\w+)?", deeper, re.IGNORECASE):
        return None
    return PaperId(GITHUB, f"{owner}/{repository}".lower())


def _doi_views(path: str, parts: SplitResult) -> PaperId | None:
    """A journal's abstract, PDF and full text by DOI are one page."""
    found = _DOI_VIEWS.fullmatch(path)
    return PaperId(WEB, urlunsplit(("https", parts.netloc, f"/doi/{found['doi']}", "", ""))) if found else None


def _status(path: str, _parts: SplitResult) -> PaperId | None:
    """A post, without whom the link was copied by and when."""
    found = _SOCIAL_STATUS.fullmatch(path)
    return PaperId(WEB, f"https://x.com/{found['who']}/status/{found['id']}") if found else None


_Reader = Callable[[str, SplitResult], PaperId | None]
_SITES: tuple[tuple[str, _Reader], ...] = (
    ("openreview.net", _openreview),
    ("aclanthology.org", _acl),
    ("aclanthology.info", _acl),
    ("aclweb.org", _acl),
    ("doi.org", _doi),
    ("proceedings.mlr.press", _pmlr),
    ("openaccess.thecvf.com", _cvf),
    ("neurips.cc", _neurips),
    ("papers.nips.cc", _neurips),
    ("jmlr.org", _jmlr),
    ("github.com", _github),
    ("dl.acm.org", _doi_views),
    ("onlinelibrary.wiley.com", _doi_views),
    ("science.org", _doi_views),
    ("tandfonline.com", _doi_views),
    ("journals.sagepub.com", _doi_views),
    ("pubs.acs.org", _doi_views),
    ("x.com", _status),
    ("twitter.com", _status),
)
