"""The files for programs beside the pages of tags and of their parts: JSON, BibTeX and Markdown."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

from papers.brief import Brief
from papers.note import Tag
from papers.unseen import fit
from publishing import addresses
from publishing.content import Gone, Page
from publishing.data import document
from publishing.kinds import Build, Key
from publishing.markdown import link, paragraph, plain
from publishing.parts import Part, Place, find, neighbours, years
from publishing.tag_pages import NEWEST, TagPages, TagParts

JSON, BIBTEX, MARKDOWN = ENDINGS = ("json", "bib", "md")


@dataclass(frozen=True, slots=True)
class _Held:
    """What one file holds: notes of a tag, newest first; and the parts where its other notes are."""

    tag: Tag
    part: str
    count: int
    places: Sequence[Place]
    parts: tuple[tuple[str, int], ...]
    newer: str = ""
    older: str = ""


class TagFiles:
    """Three files for each page of a tag and each of its parts. Known by tag, part (or nothing) and ending."""

    in_order = False

    def __init__(self) -> None:
        self._pages, self._parts = TagPages(), TagParts()

    def all(self, build: Build) -> Iterator[Key]:
        """Those of each tag and part."""
        for key in (*self._pages.all(build), *self._parts.all(build)):
            yield from _three(key)

    def concerned(self, build: Build, brief: Brief) -> Iterator[Key]:
        """Those beside the pages that are concerned."""
        for key in (*self._pages.concerned(build, brief), *self._parts.concerned(build, brief)):
            yield from _three(key)

    def counted(self, build: Build, brief: Brief) -> Iterator[tuple[Key, Hashable]]:
        """Those beside the tags' own pages and beside their parts, which count the notes by periods."""
        place = build.catalogue.place(brief.note_id)
        parts = (key for key, _ in self._parts.counted(build, brief))
        for key in (*((tag.key,) for tag in brief.tags), *parts):
            yield from ((file, place) for file in _three(key))

    def described(self, _build: Build, tag: str) -> Iterator[Key]:
        """Those beside the tag's own page."""
        return _three((tag,))

    def page(self, build: Build, key: Key) -> Page | Gone:
        """One of the three files."""
        tag, part, ending = key
        path = addresses.tag_file(tag, ending, part)
        held = _held(build, tag, part)
        if held is None:
            return Gone(path)
        return Page(path, _WRITERS[ending](build, held))


def _three(key: Key) -> Iterator[Key]:
    tag, part = (*key, "")[:2]
    return ((tag, part, ending) for ending in ENDINGS)


def _held(build: Build, key: str, name: str) -> _Held | None:
    places = build.catalogue.tagged(key)
    if not places:
        return None
    tag = build.catalogue.tag(key)
    if not name:
        archive = years(places)
        shown = places[-NEWEST:] if archive else places
        return _Held(tag, "", len(places), shown[::-1], archive[::-1])
    part = find(places, name)
    if part is None:
        return None
    shown = () if part.within else places[part.start : part.stop]
    newer, older = neighbours(places, part)
    return _Held(tag, name, _size(part), shown[::-1], part.within[::-1], newer, older)


def _size(part: Part) -> int:
    return part.stop - part.start


def _json(build: Build, held: _Held) -> bytes:
    def address(name: str) -> str:
        return build.site.link(addresses.tag_file(held.tag.key, JSON, name))

    head = {
        "version": 1,
        "tag": fit(held.tag.name),
        "description": _description(build, held) or None,
        "page_url": build.site.link(addresses.tag_page(held.tag.key, held.part)),
        "notes_total": held.count,
        "parts": [{"name": name, "notes": count, "url": address(name)} for name, count in held.parts],
        "newer": address(held.newer) if held.newer else None,
        "older": address(held.older) if held.older else None,
    }
    return document(head, "notes", build.blocks.data(held.places))


def _bibtex(build: Build, held: _Held) -> bytes:
    say = build.render.wording
    lines = [f"% {say('notes', count=held.count)}\n"]
    lines += [f"% {count}: {_beside(held.tag.key, BIBTEX, name)}\n" for name, count in held.parts]
    return b"\n".join(("".join(lines).encode("utf-8"), *build.blocks.bibtex(held.places)))


def _markdown(build: Build, held: _Held) -> bytes:
    say = build.render.wording
    lines = [f"# {plain(held.tag.name)}{f' {held.part}' if held.part else ''}", ""]
    described = _description(build, held)
    lines += [paragraph(described), ""] if described else []
    lines += [f"> {say('notes_in_file', notes=say('notes', count=held.count))}", ""]
    for name, count in held.parts:
        lines.append(f"- {link(name, _beside(held.tag.key, MARKDOWN, name))}: {say('notes', count=count)}")
    for name, key in ((held.newer, "newer"), (held.older, "older")):
        if name:
            lines.append(f"- {say(key)}: {link(name, _beside(held.tag.key, MARKDOWN, name))}")
    lines.append("")
    return b"\n".join(("\n".join(lines).encode("utf-8"), *build.blocks.markdown(held.places)))


def _description(build: Build, held: _Held) -> str:
    """What the tag is about; told beside its own page alone, where the parts lead back to."""
    return "" if held.part else fit(build.order.descriptions.get(held.tag.key, ""))


def _beside(key: str, ending: str, part: str) -> str:
    return addresses.tag_file(key, ending, part).rpartition("/")[2]


_WRITERS = {JSON: _json, BIBTEX: _bibtex, MARKDOWN: _markdown}
