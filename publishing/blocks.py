"""Notes as they stand on lists, in feeds and in search: made once, kept, and joined into pages."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import NAMESPACE_URL, uuid5

from papers.note import Note
from publishing.data import note_data, updated
from publishing.packing import Packed
from publishing.parts import Place
from publishing.rendering import Rendering, Site
from publishing.search_records import search_record
from publishing.texts import fit

_PLAIN, _KEPT = 5_000, 100_000  # blocks, of about 3 kB each, or 1 kB packed
_HEAVIEST = 4_900  # bytes; a page holds at most 59 blocks and shall stay below 300 kB

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
    """A note as it stands in feeds, and when what it shows last changed."""

    xml: bytes
    updated: datetime


class Blocks:
    """Makes what lists, feeds and search show of notes, and keeps it until a note changes.

    `fetch` reads notes that are not kept any more, or never were.
    """

    def __init__(self, render: Rendering, site: Site, fetch: Callable[[Sequence[int]], Iterable[Note]]) -> None:
        self._render = render
        self._site = site
        self.fetch = fetch
        self._html = Packed(_PLAIN, _KEPT)
        self._data = Packed(_PLAIN, _KEPT)
        self._records = Packed(_PLAIN, _KEPT)
        self._entries: dict[int, Entry] = {}

    def put(self, note: Note, *, in_feeds: bool) -> None:
        """Keep what is shown of the note, its entry if it stands in feeds. May raise whatever making it raises."""
        html, data, record = self._block(note), self._fields(note), self._record(note)
        entry = self._entry(note) if in_feeds else None
        self._html.put(note.id, html)
        self._data.put(note.id, data)
        self._records.put(note.id, record)
        self._entries.pop(note.id, None)
        if entry:
            self._entries[note.id] = entry

    def drop(self, note_id: int) -> None:
        """Keep nothing of a note."""
        self._html.drop(note_id)
        self._data.drop(note_id)
        self._records.drop(note_id)
        self._entries.pop(note_id, None)

    def html(self, places: Sequence[Place]) -> bytes:
        """The blocks of these notes, in their order, for a page one folder below the first page."""
        return b"".join(self._made(places, self._html, self._block))

    def data(self, places: Sequence[Place]) -> list[bytes]:
        """These notes as JSON objects, in their order."""
        return self._made(places, self._data, self._fields)

    def html_on_first_page(self, places: Sequence[Place]) -> bytes:
        """The same for the first page itself. Quotation marks of texts are escaped, so only links are changed."""
        return self.html(places).replace(b'href="../', b'href="').replace(b'src="../', b'src="')

    def records(self, places: Sequence[Place]) -> list[bytes]:
        """What search knows of these notes, in their order."""
        return self._made(places, self._records, self._record)

    def entries(self, places: Sequence[Place]) -> list[Entry]:
        """The entries of these notes in feeds, in their order."""
        missing = [place.note_id for place in places if place.note_id not in self._entries]
        for note in self.fetch(missing) if missing else ():
            try:
                self._entries[note.id] = self._entry(note)
            except Exception:  # whatever is wrong with one note, the feed tells of the others
                log.exception("note %s (%s) is left out of the feeds", note.id, note.paper_id)
        return [self._entries[place.note_id] for place in places if place.note_id in self._entries]

    def _made(self, places: Sequence[Place], kept: Packed, make: Callable[[Note], bytes]) -> list[bytes]:
        missing = [place.note_id for place in places if place.note_id not in kept]
        fresh = {note.id: make(note) for note in self.fetch(missing)} if missing else {}
        found = (fresh.get(place.note_id) or kept.get(place.note_id) for place in places)
        return [one for one in found if one]

    def _fields(self, note: Note) -> bytes:
        return note_data(note, self._render.facts_of(note), self._site)

    def _block(self, note: Note) -> bytes:
        facts = {"site": self._site, "root": "../", **self._render.facts_of(note)}
        html = b""
        for fullness in _FULLNESSES:
            html = self._render("entry.html", {**facts, "full": fullness})
            if len(html) <= _HEAVIEST:
                break
        return html

    def _record(self, note: Note) -> bytes:
        day = note.noted_at.astimezone(self._site.zone).date().isoformat()
        return search_record(note, str(self._render.facts_of(note)["venue"]), day)

    def _entry(self, note: Note) -> Entry:
        when = updated(note)
        what = atom_id(note.workspace, str(note.paper_id))
        facts = {"site": self._site, "note": note, "updated": when, "id": what}
        return Entry(self._render("entry.xml", facts), when)


def atom_id(workspace: str, what: str) -> str:
    """An Atom id that never changes, not even when the pages move (RFC 4287, section 4.2.6)."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'fusen {workspace} {fit(what)}')}"
