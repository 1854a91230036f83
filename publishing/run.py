"""One going over the notes: their own pages first, then the pages that show several of them."""

from __future__ import annotations

import logging
from collections.abc import Collection, Hashable, Iterator, Sequence

from papers.brief import Brief, brief_of
from papers.note import Note
from papers.relatedness import Kin
from papers.stock import Stock
from publishing import addresses
from publishing.content import Gone, Page
from publishing.kinds import Build, Counting, Describing, Flavour, Key
from publishing.taken_back import in_place_of_paper, in_place_of_tag, taken_back, with_older

_AT_ONCE = 250
"""So many notes are read and rendered before the next are read."""

log = logging.getLogger(__name__)


class Run:
    """Makes pages, all of them or those that changes touch. Good for one time.

    `shown` remembers from run to run a hash of what each note's page shows of other notes.
    """

    def __init__(self, build: Build, flavour: Flavour, stock: Stock, shown: dict[int, int]) -> None:
        self.build = build
        self._flavour = flavour
        self._kinds = flavour.kinds
        self._stock = stock
        self._shown = shown
        self._scale = build.catalogue.kinship.scale
        self._found: dict[int, Note] = {}
        self._changed: set[int] = set()
        self._touched: set[tuple[int, Key]] = set()
        self._waiting: set[int] = set()
        self._gone: set[str] = set()
        self._fallen_tags: set[str] = set()
        flavour.begin(build, stock)

    def everything(self) -> Iterator[Page]:
        """All pages."""
        newest_first = [place.note_id for place in reversed(self.build.catalogue.places)]
        self._changed.update(newest_first)
        yield from self._papers(newest_first)
        while self._waiting:  # some could not be rendered, and others named them
            yield from self._papers(self._take_waiting())
        for kind in self._kinds:
            for key in kind.all(self.build):
                page = kind.page(self.build, key)
                if isinstance(page, Page):
                    yield page
        if self._flavour.has_paper_pages:
            yield from taken_back(self.build)

    def after(self, changed: Collection[int], last: Build) -> Iterator[Page | Gone]:
        """The pages that may be others because these notes changed, came or went; and those that are gone.

        `last` is the build before, which may have had another order of tags.
        """
        reordered = last.order != self.build.order
        if reordered:
            self._touch_ordered(last)
            self._touch_described(last)
        self._changed.update(changed)
        self._found = {note.id: note for note in self._stock.notes(changed)}
        for note_id in changed:
            note = self._found.get(note_id)
            self._put(note_id, brief_of(note) if note else None)
        self._fall(changed, self._found)
        self._waiting.update(changed, self._keepers(changed))
        while self._waiting:
            yield from self._papers(self._take_waiting())
        if reordered:
            self._touch_ordered(self.build)
        made: set[str] = set()
        for kind, key in sorted(self._touched):
            page = self._kinds[kind].page(self.build, key)
            if isinstance(page, Page):
                made.add(page.path)
                yield page
            else:
                self._gone.add(page.path)
        for page in self._taken_back(changed):
            made.add(page.path)
            yield page
        live = {
            path
            for brief in map(self.build.catalogue.brief, self._changed)
            if brief
            for path in self._flavour.paths(brief)
        }
        for path in sorted(self._gone - live - made):
            yield Gone(path)

    def _put(self, note_id: int, now: Brief | None) -> None:
        """The note is this from now on, or off the site. What that touches is remembered."""
        catalogue = self.build.catalogue
        before = catalogue.brief(note_id)
        counted = self._counted(before)
        if before:
            self._touch(before)
            self._gone.update(self._flavour.paths(before))
        catalogue.left_out.discard(note_id)
        self._waiting |= catalogue.change(note_id, now)
        if now:
            self._touch(now)
        else:
            self._flavour.drop(self.build, note_id)
        self._touched.update((number, key) for number, key, _ in counted ^ self._counted(now))
        if catalogue.kinship.scale != self._scale:
            self._scale = catalogue.kinship.scale
            self._waiting.update(place.note_id for place in catalogue.places)

    def _fall(self, changed: Collection[int], found: Collection[int]) -> None:
        """Which of the notes have been taken back from now on, and which have not any more."""
        catalogue = self.build.catalogue
        if not self._flavour.has_paper_pages:
            return
        missing = set(changed).difference(found)
        fallen = {one.note_id: one for one in self._stock.fallen(missing)} if missing else {}
        for note_id in changed:
            before, now = catalogue.fallen.get(note_id), fallen.get(note_id)
            catalogue.fall(note_id, now)
            if before:
                self._gone.add(addresses.paper_page(before.paper_id))
            for one in filter(None, (before, now)):
                self._fallen_tags.update(one.tags)

    def _taken_back(self, changed: Collection[int]) -> Iterator[Page]:
        build = self.build
        for note_id in changed:
            if note_id in build.catalogue.fallen:
                yield in_place_of_paper(build, note_id)
        for key in with_older(build, self._fallen_tags):
            page = in_place_of_tag(build, key)
            if isinstance(page, Page):
                yield page
            else:
                self._gone.add(page.path)

    def _touch(self, brief: Brief) -> None:
        for number, kind in enumerate(self._kinds):
            self._touched.update((number, key) for key in kind.concerned(self.build, brief))

    def _counted(self, brief: Brief | None) -> set[tuple[int, Key, Hashable]]:
        if brief is None:
            return set()
        return {
            (number, key, what)
            for number, kind in enumerate(self._kinds)
            if isinstance(kind, Counting)
            for key, what in kind.counted(self.build, brief)
        }

    def _touch_ordered(self, build: Build) -> None:
        for number, kind in enumerate(self._kinds):
            if kind.in_order:
                self._touched.update((number, key) for key in kind.all(build))

    def _touch_described(self, last: Build) -> None:
        before, now = last.order.descriptions, self.build.order.descriptions
        changed = {key for key in before.keys() | now.keys() if before.get(key) != now.get(key)}
        for number, kind in enumerate(self._kinds):
            if isinstance(kind, Describing):
                for tag in changed:
                    self._touched.update((number, key) for key in kind.described(self.build, tag))

    def _take_waiting(self) -> list[int]:
        waiting = sorted(self._waiting)
        self._waiting.clear()
        return [note_id for note_id in waiting if self.build.catalogue.brief(note_id)]

    def _papers(self, note_ids: Sequence[int]) -> Iterator[Page]:
        """The pages of these notes, so far as they are changed ones or show other notes than before."""
        for start in range(0, len(note_ids), _AT_ONCE):
            some = note_ids[start : start + _AT_ONCE]
            related = self._related(some)
            wanted = [one for one in some if one in self._changed or self._shown.get(one) != _hash(related[one])]
            unread = [note_id for note_id in wanted if note_id not in self._found]
            notes = {note.id: note for note in self._stock.notes(unread)} if unread else {}
            for note_id in wanted:
                yield from self._paper(self._found.get(note_id) or notes[note_id], related[note_id])

    def _keepers(self, note_ids: Collection[int]) -> Collection[int]:
        return self._stock.keepers(note_ids) if self._flavour.has_paper_pages else ()

    def _related(self, note_ids: Collection[int]) -> dict[int, tuple[Kin, ...]]:
        if not self._flavour.has_paper_pages:
            return dict.fromkeys(note_ids, ())
        kinship, kept = self.build.catalogue.kinship, self._stock.kept(note_ids)
        return {note_id: kinship.of(note_id, kept.get(note_id, {})) for note_id in note_ids}

    def _paper(self, note: Note, related: tuple[Kin, ...]) -> Sequence[Page]:
        try:
            if note.id in self._changed:
                self._flavour.keep(self.build, note)
            pages = tuple(self._flavour.pages(self.build, note, related))
        except OSError:  # no room for what is kept: that is no fault of the note
            raise
        except Exception:  # whatever is wrong with one note, the others are published
            log.exception("note %s (%s) cannot be rendered and is left out", note.id, note.paper_id)
            self._changed.add(note.id)
            self._put(note.id, None)
            self.build.catalogue.left_out.add(note.id)
            self._waiting.update(self._keepers([note.id]))
            return ()
        self._shown[note.id] = _hash(related)
        return pages


def _hash(related: tuple[Kin, ...]) -> int:
    """Tells within one process whether two lists of related notes would be shown alike."""
    return hash(
        tuple(
            (one.brief.paper_id, one.brief.title, one.brief.year, one.brief.withdrawn, one.percent, one.reasons)
            for one in related
        )
    )
