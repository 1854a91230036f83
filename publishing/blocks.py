"""Notes as they stand on lists, in files, in feeds and in search: made once, kept, and joined into pages."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import NAMESPACE_URL, uuid5

from papers.note import Note
from papers.unseen import fit
from publishing.data import json_bytes, note_data, updated
from publishing.kept import KeptTexts
from publishing.markdown import note_markdown
from publishing.parts import Place
from publishing.rendering import Rendering, Site, stamp
from publishing.search_records import search_record

_HEAVIEST = 4_900  # bytes; a page holds at most 59 blocks and shall stay below 300 kB

_STAMP = len("2026-11-21T09:00:00Z")
_HTML, _DATA, _MARKDOWN, _BIBTEX, _RECORD, _ENTRY = _KINDS = (
    "html",
    "data",
    "markdown",
    "bibtex",
    "record",
    "entry",
)
_ROOT = "../"  # lists and the files beside them are all one folder below the first page

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Fullness:
    """How much of a note its block on a list shows."""

    comments: int
    comment_length: int
    summary_length: int
    tags: int
    title_length: int = 300


_FULLNESSES = (_Fullness(3, 280, 800, 12), _Fullness(1, 140, 400, 4), _Fullness(0, 0, 160, 1, 160))


@dataclass(frozen=True, slots=True)
class Entry:
    """A note as it stands in feeds, and the stamp of when what it shows last changed."""

    xml: bytes
    updated: str

    @classmethod
    def read(cls, kept: bytes) -> Entry:
        """The entry as it is kept: a stamp, and behind it the XML."""
        return cls(kept[_STAMP:], kept[:_STAMP].decode())


class Blocks:
    """Makes what lists, files, feeds and search show of notes, and keeps it until a note changes.

    `fetch` reads notes that come into a feed later than they were made.
    """

    def __init__(self, render: Rendering, site: Site, fetch: Callable[[Sequence[int]], Iterable[Note]]) -> None:
        self._render = render
        self._site = site
        self.fetch = fetch
        self._kept = KeptTexts(*_KINDS)

    def put(self, note: Note, *, in_feeds: bool) -> None:
        """Keep what is shown of the note, its entry if it stands in feeds. May raise whatever making it raises."""
        fields = note_data(note, self._render.facts_of(note), self._site)
        texts = {
            _HTML: self._block(note),
            _DATA: json_bytes(fields),
            _MARKDOWN: note_markdown(fields, self._site, self._render.wording, _ROOT),
            _RECORD: self._record(note),
        }
        if fields["bibtex"]:
            texts[_BIBTEX] = str(fields["bibtex"]).encode()
        if in_feeds:
            texts[_ENTRY] = self._entry(note)
        self._kept.put(note.id, texts)

    def drop(self, note_id: int) -> None:
        """Keep nothing of a note."""
        self._kept.drop(note_id)

    def html(self, places: Sequence[Place]) -> bytes:
        """The blocks of these notes, in their order, for a page one folder below the first page."""
        return b"".join(self._found(_HTML, places))

    def html_on_first_page(self, places: Sequence[Place]) -> bytes:
        """The same for the first page itself. Quotation marks of texts are escaped, so only links are changed."""
        return self.html(places).replace(b'href="../', b'href="').replace(b'src="../', b'src="')

    def data(self, places: Sequence[Place]) -> list[bytes]:
        """These notes as JSON objects, in their order."""
        return self._found(_DATA, places)

    def markdown(self, places: Sequence[Place]) -> list[bytes]:
        """These notes as Markdown, in their order, for a file one folder below the first page."""
        return self._found(_MARKDOWN, places)

    def bibtex(self, places: Sequence[Place]) -> list[bytes]:
        """How to cite these notes' papers, in their order, so far as that is known."""
        return self._found(_BIBTEX, places)

    def records(self, places: Sequence[Place]) -> list[bytes]:
        """What search knows of these notes, in their order."""
        return self._found(_RECORD, places)

    def entries(self, places: Sequence[Place]) -> list[Entry]:
        """The entries of these notes in feeds, in their order."""
        numbers = [place.note_id for place in places]
        kept = self._kept.get(_ENTRY, numbers)
        missing = [number for number in numbers if number not in kept]
        for note in self.fetch(missing) if missing else ():
            try:
                kept[note.id] = self._entry(note)
            except Exception:  # whatever is wrong with one note, the feed tells of the others
                log.exception("note %s (%s) is left out of the feeds", note.id, note.paper_id)
        return [Entry.read(kept[number]) for number in numbers if number in kept]

    def _found(self, kind: str, places: Sequence[Place]) -> list[bytes]:
        numbers = [place.note_id for place in places]
        kept = self._kept.get(kind, numbers)
        return [kept[number] for number in numbers if number in kept]

    def _block(self, note: Note) -> bytes:
        facts = {"site": self._site, "root": _ROOT, **self._render.facts_of(note)}
        html = b""
        for fullness in _FULLNESSES:
            html = self._render("entry.html", {**facts, "full": fullness})
            if len(html) <= _HEAVIEST:
                break
        return html

    def _record(self, note: Note) -> bytes:
        day = note.noted_at.astimezone(self._site.zone).date().isoformat()
        return search_record(note, str(self._render.facts_of(note)["venue"]), day)

    def _entry(self, note: Note) -> bytes:
        when = stamp(updated(note))
        what = atom_id(note.workspace, str(note.paper_id))
        facts = {"site": self._site, "note": note, "updated": when, "id": what}
        return when.encode() + self._render("entry.xml", facts)


def atom_id(workspace: str, what: str) -> str:
    """An Atom id that never changes, not even when the pages move (RFC 4287, section 4.2.6)."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'fusen {workspace} {fit(what)}')}"
