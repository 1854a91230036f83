"""A reader of the tag pages of paper_notes, generations A and B, that knows nothing of how Fusen writes them.

Every character of a page must be accounted for. Texts come out as they stand there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

_HEAD = re.compile(
    r"---\nlayout: post\ntitle: (?P<title>[^\n]*)\nauthor: (?P<author>[^\n]*)\n---\n## (?P<label>[^\n]*)\n"
    r'<div class="visible-content">\n'
)
_ENTRY = re.compile(
    r'(?P<buttons>(?:<a class="button" href="[^"]*">#[^<\n]*</a>)*)'
    r'<br><span class="issue_date">Issue Date: (?P<day>\d{4}-\d\d-\d\d)</span>\n'
    r'<a href="(?P<url>[^"]*)">(?P<line>.*?)</a>\n'
    r'(?P<snippets>(?:<span class="snippet">.*?</span>\n)*)'
    r'(?:<img src="(?P<image>[^"]*)" alt="image">)?',
    re.DOTALL,
)
_BUTTON = re.compile(r'<a class="button" href="(?P<link>[^"]*)">#(?P<tag>[^<]*)</a>')
_SNIPPET = re.compile(
    r'<span class="snippet">(?:<span>(?P<kind>Summary|Comment)</span>)?(?P<text>.*?)</span>\n', re.DOTALL
)
MORE = '</div>\n<button onclick="showMore(0)">more</button>\n\n<div class="hidden-content">\n'
HIDE = '<button onclick="hideContent(0)" style="display: none;">hide</button>\n</div>\n'
NOTHING = "No description"
# From the right: venue with its year, the affiliation or `N_A`, the first author.
_PARTS = re.compile(
    r"(?P<title>.+?)(?:, (?P<author>(?!N_A)[^,+]+)(?P<more>\+))?(?:, N_A)?, (?P<venue>[A-Z]{3,})\d\d", re.DOTALL
)
_YEAR = re.compile(r"(?:[A-Za-z]['’‘]?|[, ](?=\d{4}))(?P<year>(?:19|20)\d\d|\d\d)(?!\d)(?=[ ,.（]|$)")
_B2_YEAR = re.compile(r"[A-Za-z](?:\d{4}|\d\d)(?!\d)(?=[ ,.（]|$)")


@dataclass(frozen=True)
class Entry:
    """One note on a page. `source` is all that stands there for it; texts are without ` ...` at their end."""

    source: str
    tags: tuple[str, ...]
    day: str
    url: str
    line: str
    summary: str
    comment: str
    unlabelled: str
    cut: bool
    image: str

    @property
    def number(self) -> int:
        return int(self.url.rpartition("/")[2])

    @property
    def year(self) -> int:
        """The year in which it came out, as far as the title tells; 0 where it does not."""
        found = [int(one["year"]) for one in _YEAR.finditer(self.line)]
        long = [1900 + year if 30 < year < 100 else year + 2000 * (year <= 30) for year in found]
        return long[-1] if long else 0

    @property
    def has_no_year_for_b2(self) -> bool:
        """Whether that generation found none, and put a button `#Article` first that may be no tag."""
        return not _B2_YEAR.search(self.line)


@dataclass(frozen=True)
class TagPage:
    """A page: its label, its entries in their order, and how many of them are seen at once."""

    label: str
    title: str
    author: str
    entries: tuple[Entry, ...]
    visible: int


def read_page(text: str) -> TagPage:
    """Read a whole page. Fails where something in it is not of the format."""
    head = _HEAD.match(text)
    assert head, text[:200]
    body = text[head.end() :]
    visible, more, hidden = body.partition(MORE)
    ending = HIDE if more else "</div>\n"
    assert body.endswith(ending)
    first = list(_entries(visible if more else body.removesuffix(ending)))
    rest = list(_entries(hidden.removesuffix(ending))) if more else []
    return TagPage(head["label"], head["title"], head["author"], (*first, *rest), len(first))


def _entries(text: str) -> Iterator[Entry]:
    done = 0
    while done < len(text):
        found = _ENTRY.match(text, done)
        assert found, text[done : done + 300]
        yield _entry(found)
        done = found.end()


def _entry(found: re.Match[str]) -> Entry:
    texts: dict[str | None, str] = {}
    read = 0
    for one in _SNIPPET.finditer(found["snippets"]):
        assert one.start() == read and one["kind"] not in texts
        texts[one["kind"]] = one["text"]
        read = one.end()
    assert read == len(found["snippets"])
    for kind in ("Comment", None):
        assert texts.get(kind, " ...").endswith(" ..."), texts
    return Entry(
        found[0],
        tuple(one["tag"] for one in _BUTTON.finditer(found["buttons"])),
        found["day"],
        found["url"],
        found["line"],
        texts.get("Summary", "").removesuffix(" ..."),
        texts.get("Comment", "").removesuffix(" ..."),
        texts.get(None, "").removesuffix(" ..."),
        texts.get("Summary", "").endswith(" ..."),
        found["image"] or "",
    )


@dataclass(frozen=True)
class Told:
    """What all pages together say of one note; `author` and `venue` where the title line could be parted."""

    number: int
    url: str
    day: str
    title: str
    author: str
    others: bool
    venue: str
    year: int
    tags: tuple[str, ...]
    summary: str
    comment: str
    image: str


def told(pages: Iterable[TagPage], venues: Iterable[str]) -> dict[int, Told]:
    """The notes of all pages by their numbers. Title lines are parted where the venue is one of `venues`."""
    seen: dict[int, list[tuple[str, Entry]]] = {}
    for page in pages:
        for entry in page.entries:
            seen.setdefault(entry.number, []).append((page.label, entry))
    return {number: _merged(number, several, set(venues)) for number, several in seen.items()}


def _merged(number: int, several: list[tuple[str, Entry]], venues: set[str]) -> Told:
    first = several[0][1]
    assert len({(entry.day, entry.line, entry.url, entry.image) for _, entry in several}) == 1
    tags: list[str] = []
    for _, entry in several:
        before = ""
        for tag in _real_tags(entry):
            if tag not in tags:
                tags.insert(tags.index(before) + 1 if before else 0, tag)
            before = tag
    tags += [label for label, _ in several if label not in tags]
    line = " ".join(first.line.replace(", N_A, ", ", ").split())
    parts = _PARTS.fullmatch(" ".join(first.line.split()))
    known = parts if parts and parts["venue"] in venues else None
    summary = max((entry.summary for _, entry in several), key=len)
    comment = max((entry.comment or entry.unlabelled for _, entry in several), key=len)
    return Told(
        number,
        first.url,
        first.day,
        known["title"] if known else line,
        (known["author"] or "") if known else "",
        bool(known and known["more"]),
        known["venue"] if known else "",
        first.year,
        tuple(tags),
        "" if summary == NOTHING else summary,
        "" if comment == NOTHING else comment,
        first.image,
    )


def _real_tags(entry: Entry) -> Iterator[str]:
    tags = list(dict.fromkeys(entry.tags))
    if entry.has_no_year_for_b2 and tags[:1] == ["Article"]:
        del tags[0]
    yield from tags
