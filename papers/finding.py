"""Finding the papers that a message names, in Slack's text form and in plain, Markdown or HTML text alike."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date

from papers.arxiv_ids import ARCHIVES, parse_arxiv_id
from papers.paper import PaperId, PaperLink
from papers.paper_urls import FOREIGN_WORD, PAPER_HOSTS, id_run, paper_at, paper_named
from papers.places import Place
from papers.widths import narrowed

# Stands where a code span stood, so that what is left does not grow together.
GAP = "\ufffc"
_FENCE = "```"
_INLINE_CODE = re.compile(r"(?<![0-9A-Za-z])`[^`\n]+`")

_WORD = rf"(?:[0-9A-Za-z_]|{FOREIGN_WORD})"
_START = rf"(?<![0-9A-Za-z_./@-])(?<!{FOREIGN_WORD})"
_HOSTS = r"(?:[a-z0-9-]{1,30}\.){0,3}(?:" + "|".join(map(re.escape, PAPER_HOSTS)) + r")/"
_PLAIN = r"[A-Za-z0-9\-._~:/?#@!$&'*+,;=%]"
_NEXT = r"(?![,;]{1,3}https?://|&(?:lt|gt|quot|apos|[#]39);)"
_IN_URL = rf"(?:{_NEXT}(?:{_PLAIN}|{FOREIGN_WORD}))"
_URL = rf"(?:https?://|{_START}(?={_HOSTS})){_IN_URL}*+(?:\({_IN_URL}*+\){_IN_URL}*+)*+"
_ID = r"(?:[0-9]{4}\.[0-9]{4,5}|[a-z-]{2,12}(?:\.[a-z-]{2,9})?/[0-9]{7})(?:v[0-9]{1,4})?"

# One pass over the text; what a kind of token takes is not read again as another kind.
_TOKEN = re.compile(
    rf"""
      <(?P<link>(?:[a-z][a-z0-9+.-]{{1,20}}:|{_HOSTS})[^<>|\s]*+)(?:\|[^<>]*)?>
    | <(?P<mention>[@\#!])[^<>]*>
    | <a\s(?P<anchor>[^<>]*)>
    | </(?P<anchor_end>a)\s*>
    | (?P<url>{_URL})
    | {_START}arxiv\ ?[:：]\s{{0,3}}(?P<prefixed>(?={_WORD}))
    | {_START}arxiv\ {{1,3}}(?P<spaced>(?={_ID}))
    | {_START}(?:doi:\ ?)?10\.48550/arxiv\.(?P<doi>)
    | [\[［【](?P<bracketed>{_ID})[\]］】](?!\()
    | (?P<named>\](?=\(<?(?:https?://|{_HOSTS})))
    | (?P<opening>\[)
    | (?P<closing>\])
    | (?<![0-9A-Za-z_./@$€£¥+=\#%&~-])(?<!{FOREIGN_WORD})(?P<naked>{_ID})(?![/%-]|\.?{_WORD})
    """,
    re.IGNORECASE | re.VERBOSE,
)
_IDS = frozenset(("prefixed", "spaced", "doi", "bracketed", "naked"))
# Longer than any id with all that may be glued to it and still matter.
_LONGEST_ID = 64
_HREF = re.compile(r"""\bhref\s*=\s*["']?([^"'\s]+)""", re.IGNORECASE)
_ALL = re.compile(_ID, re.IGNORECASE)
_NAMED = re.compile(rf".*?{_ID}[^/#]*|.*", re.IGNORECASE)
_AROUND = " \t\r\n.,;!?。．、，！？"


def find_papers(text: str, *, today: date, addressed: bool = False) -> tuple[PaperLink, ...]:
    """The papers that `text` names, in the order of their first appearance, each once.

    Found are links to arXiv and to the sites that show its papers (`papers.paper_urls`), `arXiv:` and
    `arxiv ` before an id, arXiv's DOIs, and an id in square brackets. A naked id counts if it is all that the
    text holds, or if the text is `addressed` to the bot; in prose it may be any number. If several links lead
    to one paper, the first that names a version gives the version. `today` bounds the month of an id.

    The label of a link is not read: the address says where the link leads, whatever the label claims. A label
    without an address is read as text.

    Code (`x` on one line, or between a pair of three back-ticks) is not read: Slack neither links nor
    previews there, so back-ticks are how a person mentions a link without sharing it. Quotes (`> `) are read,
    because quoting a colleague's link passes it on.

    A wrong id is worse than none: what is glued to another word, cut off or impossible is left out. Never
    raises, and takes time in proportion to the length of the text.
    """
    return _once_each([place.link for place in places_of_papers(text, today=today, addressed=addressed)])


def places_of_papers(text: str, *, today: date, addressed: bool = False) -> tuple[Place, ...]:
    """Where `text` names papers, as `find_papers` finds them, each time that it does."""
    read = readable(text)
    if _ALL.fullmatch(alone := read.strip(_AROUND)):
        link, start = parse_arxiv_id(alone, today=today, naked=True), read.index(alone)
        return (Place(link, start, start + len(alone)),) if link else ()
    reading = _Reading(today, addressed)
    for match in _TOKEN.finditer(read):
        reading.take(match)
    return tuple(reading.found)


def mistyped_ids(text: str, *, today: date) -> tuple[str, ...]:
    """What has the shape of an arXiv id in a text that is addressed to the bot, and is none (`2313.00001`)."""
    reading = _Reading(today, addressed=True)
    for match in _TOKEN.finditer(readable(text)):
        reading.take(match)
    return tuple(reading.mistyped)


def readable(text: str) -> str:
    """The text as ids and links are read in it, as long as before: no code, and narrow what was typed wide."""
    return narrowed(without_code(text))


def without_code(text: str) -> str:
    """The text with gaps where code stands, as long as before. A fence that nobody closes is ordinary text."""
    pieces = text.split(_FENCE)
    closed = len(pieces) - 1 if len(pieces) % 2 == 0 else len(pieces)
    read = [_INLINE_CODE.sub(_gap, piece) for piece in pieces]
    read[1:closed:2] = [GAP * (len(piece) + 2 * len(_FENCE)) for piece in pieces[1:closed:2]]
    return "".join(read[:closed]) + "".join(_FENCE + piece for piece in read[closed:])


def _gap(code: re.Match[str]) -> str:
    return GAP * len(code[0])


@dataclass(slots=True)
class _Reading:
    """What was found so far, and where the labels that are still open began."""

    today: date
    addressed: bool
    found: list[Place] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)
    mistyped: list[str] = field(default_factory=list)
    anchor: int | None = None

    def take(self, match: re.Match[str]) -> None:
        kind = match.lastgroup or ""
        if kind in _IDS:
            self._id(match, kind)
        elif kind == "link":
            self._keep(_paper_behind(match["link"], today=self.today), match.start(), match.end())
        elif kind == "url":
            self._url(match)
        elif kind.startswith("anchor"):
            self._anchor(match)
        else:
            self._label(kind)

    def _keep(self, link: PaperLink | None, start: int, end: int) -> None:
        # Behind `arXiv:` the id itself is a token too.
        if link is not None and not (self.found and start < self.found[-1].end):
            self.found.append(Place(link, start, end))

    def _id(self, match: re.Match[str], kind: str) -> None:
        if kind == "naked" and not self.addressed:
            return
        text = match.string[match.start(kind) : match.start(kind) + _LONGEST_ID]
        link = paper_named(text, today=self.today, naked=kind not in ("prefixed", "doi"))
        # What follows the id after a `/` or `#` is not its own: another paper may begin there.
        named = _NAMED.match(id_run(text).rstrip("._-/#"))
        self._keep(link, match.start(), match.start(kind) + (named.end() if named else 0))
        if link is None and kind in ("naked", "bracketed"):
            archive, slash, _ = match[kind].lower().partition("/")
            if not slash or archive.partition(".")[0] in ARCHIVES:
                self.mistyped.append(match[kind])

    def _url(self, match: re.Match[str]) -> None:
        written, behind = match["url"], match.string[match.end() : match.end() + 1]
        url = written.rstrip(".,;:!?'*_~&")
        cut = behind == "…" or written[len(url) :].startswith("..")
        self._keep(_paper_behind(url, today=self.today, cut=cut), match.start(), match.start() + len(url))

    def _label(self, kind: str) -> None:
        """Markdown's `[label](address)`: what the label holds is forgotten when the address comes."""
        if kind == "opening":
            self.labels.append(len(self.found))
        elif kind in ("closing", "named"):
            start = self.labels.pop() if self.labels else len(self.found)
            if kind == "named":
                del self.found[start:]

    def _anchor(self, match: re.Match[str]) -> None:
        """HTML's `<a href="address">label</a>`: what the label holds is forgotten when it ends."""
        if match["anchor"] is None:
            if self.anchor is not None:
                del self.found[self.anchor :]
            self.anchor = None
        elif href := _HREF.search(match["anchor"]):
            self._keep(_paper_behind(href[1], today=self.today), match.start(), match.end())
            self.anchor = len(self.found)


def _paper_behind(address: str, *, today: date, cut: bool = False) -> PaperLink | None:
    return paper_at(address.replace("&amp;", "&"), today=today, cut=cut)


def _once_each(links: list[PaperLink]) -> tuple[PaperLink, ...]:
    first: dict[PaperId, PaperLink] = {}
    for link in links:
        known = first.setdefault(link.paper_id, link)
        if known.version is None and link.version is not None:
            first[link.paper_id] = replace(known, version=link.version)
    return tuple(first.values())
