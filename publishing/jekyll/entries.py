"""Notes as they stand on the pages of the Jekyll flavour: made once, kept, and put in the order of that format."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from markupsafe import Markup

from papers.note import Comment, Note, Tag
from papers.paper import Record
from papers.sites import GITHUB, WEB
from papers.unseen import fit
from publishing.jekyll.names import article_link
from publishing.jekyll.texts import beginning, one_line, plain
from publishing.kept import KeptTexts
from publishing.parts import Place
from publishing.rendering import Rendering
from publishing.texts import excerpt, web_address
from publishing.venues import venue

COMMENT = 150
"""So many characters of a note's comments are shown."""

_ENTRY = "entry"
_WITHDRAWN = "[Withdrawn]"  # English, as all words of the format
_TITLE, _AUTHOR = 500, 80
_VENUE_YEAR = re.compile(r"'(\d\d)")
# A picture in a comment, as GitHub writes it, from where GitHub keeps pictures: those of anywhere else would tell
# somebody else who reads the page.
_PICTURE = re.compile(
    r"!\[[^\[\]\n]*\]\((https://(?:github\.com/(?:[\w.-]+/[\w.-]+/assets|user-attachments/assets)"
    r"|user-images\.githubusercontent\.com)/[\w./-]+)\)",
    re.ASCII,
)


class Entries:
    """Makes the entry of each note, with the buttons of all its tags, and keeps it until the note changes.

    `whole` says whether comments stand there whole.
    """

    def __init__(self, *, whole: bool) -> None:
        self._whole = whole
        self._kept = KeptTexts(_ENTRY)
        self._years: dict[int, int] = {}

    def put(self, render: Rendering, note: Note) -> None:
        """Keep the entry of the note. May raise whatever making it raises."""
        self._kept.put(note.id, {_ENTRY: _entry(render, note, whole=self._whole)})
        self._years[note.id] = _year(note)

    def drop(self, note_id: int) -> None:
        """Keep nothing of a note."""
        self._kept.drop(note_id)
        self._years.pop(note_id, None)

    def listed(self, places: Sequence[Place], tag: Tag) -> list[bytes]:
        """The entries of these notes on the page of a tag, which has no button there.

        In the order of the format: the latest year of publication first, then the latest note.
        """
        own = button(tag).encode()
        kept = self._kept.get(_ENTRY, [place.note_id for place in places])
        ordered = sorted(places, key=self._order, reverse=True)
        return [kept[place.note_id].replace(own, b"", 1) for place in ordered if place.note_id in kept]

    def _order(self, place: Place) -> tuple[int, datetime, int]:
        return self._years.get(place.note_id, place.at.year), place.at, place.note_id


def button(tag: Tag) -> Markup:
    """The button that leads to the page of a tag."""
    return Markup('<a class="button" href="{}">#{}</a>').format(article_link(tag), plain(fit(tag.name)))


def _entry(render: Rendering, note: Note, *, whole: bool) -> bytes:
    pictures = [found for comment in note.comments for found in _PICTURE.findall(comment.text)]
    summary = note.paper.reading.summary if note.paper.reading else None
    said = _said(note.comments, None if whole else COMMENT)
    made = f"{summary.text.rstrip()} ({summary.made_by}, {_day(summary.made_at)})" if summary else ""
    withdrawn = note.paper.record is not None and note.paper.record.withdrawn
    told = f"{_WITHDRAWN} {made}".strip() if withdrawn else made
    return render(
        "entry.html",
        {
            "buttons": Markup("").join(map(button, {tag.key: tag for tag in note.tags}.values())),
            "day": _day(note.noted_at),
            # An address that is none of the web leads nowhere; and Liquid looks for braces here, too.
            "url": web_address(note.paper.url).replace("{", "%7B").replace("}", "%7D"),
            "title": plain(_title(note)),
            "summary": plain(one_line(told)),
            "comments": plain(said),
            "cut": not whole,
            "picture": pictures[0] if pictures else "",
        },
    )


def _title(note: Note) -> str:
    """Title, first author with `+` where there are more, and venue with two digits of the year."""
    record = note.paper.record
    parts = [excerpt(note.paper.title, _TITLE)]
    if record and record.authors:
        parts.append(excerpt(record.authors[0], _AUTHOR) + ("+" if len(record.authors) > 1 else ""))
    if record:
        parts.append(_venue(record).replace("'", ""))
    return ", ".join(filter(None, parts))


def _venue(record: Record) -> str:
    """Where the paper came out; nothing for a page of any site, which is no paper unless it says so."""
    found = venue(record)
    of_a_page = record.paper_id.source in (WEB, GITHUB) and found.startswith(record.paper_id.site)
    return "" if of_a_page else found


def _year(note: Note) -> int:
    """The year in which the paper came out, as its title says it; of what has none, the year of the note."""
    record = note.paper.record
    noted = note.noted_at.astimezone(UTC).year
    if record is None:
        return noted
    short = _VENUE_YEAR.search(_venue(record))
    if short:
        first = record.published.year
        return first + (int(short[1]) - first + 50) % 100 - 50
    return int(record.year) if record.year else noted


def _said(comments: Iterable[Comment], most: int | None) -> str:
    """What was said, with who said it and when, oldest first; so many characters of it, or all."""
    said: list[str] = []
    read = 0
    for comment in comments:
        text = one_line(_PICTURE.sub("", comment.text))
        if text and (most is None or read < most):
            who = ", ".join(filter(None, (excerpt(comment.member.name, _AUTHOR), _day(comment.written_at))))
            said.append(f"{who}: {text if most is None else beginning(text, most - read)}")
            read += len(text)
    return " ".join(said)


def _day(moment: datetime) -> str:
    return moment.astimezone(UTC).date().isoformat()
