"""The published site: notes in, pages out."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from urllib.parse import urlsplit
from uuid import NAMESPACE_URL, uuid5

from papers.note import Note, Tag
from papers.relatedness import RelatedNote
from papers.wording import Wording
from publishing import addresses
from publishing.bibtex import bibtex
from publishing.content import Content, Page
from publishing.parts import Part, parts
from publishing.rendering import Rendering, Site, stamp, zone
from publishing.tag_order import by_group, older_keys, sections
from publishing.texts import fit
from publishing.venues import venue

_LATEST = 30  # notes on the first page
_FEED_LENGTH = 50
_TAGS_ON_INDEX = 80
_TAGS_ON_LIST = 250  # the longest names, percent-encoded, still stay below the weight of a page
_AUTHORS_SHOWN = 20
_OLDER_LINKS = 10
_NOTES_KEPT = 3_000  # about 15 kB each
_HEAVIEST_BLOCK = 4_900  # bytes; a page holds at most 59 blocks and shall stay below 300 kB
_NEVER = "1970-01-01T00:00:00Z"  # the date of a feed without entries: it must have one, and a steady one

_log = logging.getLogger(__name__)


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
class _Block:
    """A note rendered once, as it stands on the pages of its tags and in the feeds."""

    note: Note
    html: bytes
    atom: bytes
    updated: datetime


@dataclass(frozen=True, slots=True)
class _Rendered:
    """All that is made of one note alone: its block and the pages of its paper."""

    block: _Block
    pages: tuple[Page, ...]


@dataclass(frozen=True, slots=True)
class _TagShelf:
    """A tag and its notes, oldest first. The name is the one that the newest note carries."""

    tag: Tag
    blocks: tuple[_Block, ...]


_Known = tuple[Site, Note, tuple[RelatedNote, ...]]


class SiteBuilder:
    """Builds all pages of a workspace from the templates in `templates` (the folder `site`) and one wording.

    Pure: the same content gives the same bytes. Only the first page says when the content was taken, so a
    build changes no page whose notes did not change. What was rendered of the newest notes is kept for the
    next build by the same builder, as long as nothing of the note has changed.
    """

    def __init__(self, templates: Path, wording: Wording) -> None:
        self._render = Rendering(templates, wording)
        self._kept: dict[_Known, _Rendered] = {}
        self._files = tuple((name, (templates / name).read_bytes()) for name in (addresses.STYLE, addresses.ICON))

    def build(self, content: Content) -> Iterator[Page]:
        """The pages, one by one. A note that cannot be rendered is reported to the log and left out."""
        site = _site(content)
        for name, body in self._files:
            yield Page(name, body)
        blocks: list[_Block] = []
        kept: dict[_Known, _Rendered] = {}
        notes = sorted(content.notes, key=lambda one: (one.noted_at, one.id))
        for place, note in enumerate(notes, start=_NOTES_KEPT - len(notes)):
            try:
                known = (site, note, content.related.get(note.id, ()))
                rendered = self._kept.get(known) or self._rendered(*known)
            except Exception:  # noqa: BLE001 whatever is wrong with one note, the others are published
                _log.exception("note %s (%s) cannot be rendered and is left out", note.id, note.paper_id)
                continue
            if place >= 0:
                kept[known] = rendered
            blocks.append(rendered.block)
            yield from rendered.pages
        self._kept = kept
        shelves = _shelves(blocks)
        older = older_keys(content.order.moved, {shelf.tag.key for shelf in shelves})
        for shelf in shelves:
            yield from self._tag_pages(site, content, shelf, older.get(shelf.tag.key, ()))
        yield from self._tag_lists(site, shelves, content.order.groups)
        yield self._feed(site, addresses.FEED, addresses.INDEX, content, None, blocks)
        yield self._index(site, content, blocks, shelves)
        yield self._not_found(site)

    def _page(self, site: Site, template: str, path: str, **facts: object) -> Page:
        root = addresses.root_of(path)
        return Page(path, self._render(template, {"site": site, "root": root, "path": path, **facts}))

    def _rendered(self, site: Site, note: Note, related: tuple[RelatedNote, ...]) -> _Rendered:
        return _Rendered(self._block(site, note), tuple(self._paper_pages(site, note, related)))

    def _block(self, site: Site, note: Note) -> _Block:
        updated = _updated(note)
        facts = {"site": site, "note": note, "venue": _venue(note), "updated": updated}
        atom = self._render("entry.xml", {**facts, "id": _id(note.workspace, str(note.paper_id)), "root": "../"})
        return _Block(note, self._entry(site, note, "../"), atom, updated)

    def _entry(self, site: Site, note: Note, root: str) -> bytes:
        facts = {"site": site, "note": note, "venue": _venue(note), "root": root}
        html = b""
        for fullness in _FULLNESSES:
            html = self._render("entry.html", {**facts, "full": fullness})
            if len(html) <= _HEAVIEST_BLOCK:
                break
        return html

    def _paper_pages(self, site: Site, note: Note, related: tuple[RelatedNote, ...]) -> Iterator[Page]:
        record = note.paper.record
        cited = bibtex(note.paper, record) if record else ""
        original = " ".join(record.title.split()) if record else ""
        yield self._page(
            site,
            "paper.html",
            addresses.paper_page(note.paper_id),
            note=note,
            venue=_venue(note),
            original_title="" if original == note.paper.title else original,
            authors_shown=_AUTHORS_SHOWN,
            bibtex=cited,
            related=related,
        )
        if cited:
            yield Page(addresses.paper_bibtex(note.paper_id), fit(cited).encode("utf-8"))

    def _tag_pages(self, site: Site, content: Content, shelf: _TagShelf, older: Sequence[str]) -> Iterator[Page]:
        key = shelf.tag.key
        cut = parts(len(shelf.blocks))
        for part in cut:
            shown = shelf.blocks[part.start : part.stop][::-1]
            yield self._joined(
                self._page(
                    site,
                    "tag.html",
                    addresses.tag_page(key, part.number),
                    tag=shelf.tag,
                    count=len(shelf.blocks),
                    part=part,
                    dates=(shown[-1].note.noted_at, shown[0].note.noted_at),
                    newer=_newer(part, cut),
                    older=_older(part, cut),
                ),
                shown,
            )
        feed = self._feed(
            site, addresses.tag_feed(key), addresses.tag_page(key), content, shelf.tag, list(shelf.blocks)
        )
        yield feed
        for old in older:
            # A feed cannot send its readers on, so who has subscribed to the old one goes on getting the notes.
            yield Page(addresses.tag_feed(old), feed.body)
            for part in cut:
                yield self._page(site, "moved.html", addresses.tag_page(old, part.number), tag=shelf.tag)

    def _tag_lists(self, site: Site, shelves: Sequence[_TagShelf], groups: Mapping[str, str]) -> Iterator[Page]:
        by_key = {shelf.tag.key: shelf for shelf in shelves}
        ordered = by_group(by_key, groups)
        last = max(1, -(-len(shelves) // _TAGS_ON_LIST))
        for number in range(1, last + 1):
            shown = ordered[(number - 1) * _TAGS_ON_LIST : number * _TAGS_ON_LIST]
            pages = {other: addresses.tag_list(other) for other in (number - 1, number + 1) if 1 <= other <= last}
            yield self._page(
                site,
                "tags.html",
                addresses.tag_list(number),
                sections=sections(shown),
                shelves=by_key,
                grouped=any(one.heading for one in ordered),
                count=len(shelves),
                before=pages.get(number - 1),
                after=pages.get(number + 1),
            )

    def _index(self, site: Site, content: Content, blocks: Sequence[_Block], shelves: Sequence[_TagShelf]) -> Page:
        often = sorted(shelves, key=lambda shelf: (-len(shelf.blocks), shelf.tag.key))[:_TAGS_ON_INDEX]
        page = self._page(
            site,
            "index.html",
            addresses.INDEX,
            count=len(blocks),
            shelves=sorted(often, key=lambda shelf: shelf.tag.key),
            tag_count=len(shelves),
            made_at=content.made_at,
        )
        newest = [self._entry(site, block.note, "") for block in blocks[: -_LATEST - 1 : -1]]
        return Page(page.path, page.body.replace(_ENTRIES, b"".join(newest)))

    def _not_found(self, site: Site) -> Page:
        # A server shows it at any depth, so here alone the links start at the top of the server.
        root = f"{urlsplit(site.address).path}/"
        return Page(
            addresses.NOT_FOUND,
            self._render("404.html", {"site": site, "root": root, "path": addresses.NOT_FOUND}),
        )

    def _joined(self, page: Page, blocks: Sequence[_Block]) -> Page:
        return Page(page.path, page.body.replace(_ENTRIES, b"".join(block.html for block in blocks)))

    def _feed(
        self, site: Site, path: str, page_path: str, content: Content, tag: Tag | None, blocks: Sequence[_Block]
    ) -> Page:
        newest = blocks[: -_FEED_LENGTH - 1 : -1]
        page = self._page(
            site,
            "feed.xml",
            path,
            tag=tag,
            page_path=page_path,
            id=_id(content.workspace.id, f"tag {tag.key}" if tag else "all"),
            updated=stamp(max(block.updated for block in newest)) if newest else _NEVER,
        )
        return Page(path, page.body.replace(_ENTRIES, b"".join(block.atom for block in newest)))


# What the templates of lists carry where their kept blocks go. No foreign text can hold it: `<` is escaped.
_ENTRIES = b"<!--entries-->"


def _site(content: Content) -> Site:
    zone_name, where = zone(content.workspace.zone)
    address = addresses.public_address(content.address)
    return Site(content.title, address, content.workspace.url, zone_name, where)


def _shelves(blocks: Sequence[_Block]) -> tuple[_TagShelf, ...]:
    """The tags in the order of their keys."""
    tags: dict[str, Tag] = {}
    by_key: dict[str, list[_Block]] = {}
    for block in blocks:
        for tag in {tag.key: tag for tag in block.note.tags}.values():
            tags[tag.key] = tag
            by_key.setdefault(tag.key, []).append(block)
    return tuple(_TagShelf(tags[key], tuple(by_key[key])) for key in sorted(by_key))


def _newer(part: Part, cut: Sequence[Part]) -> Part | None:
    return None if part.number is None else cut[part.number]


def _older(part: Part, cut: Sequence[Part]) -> tuple[Part, ...]:
    """From a filled part the one before; from the main address the newest few and the oldest."""
    if part.number is not None:
        return tuple(cut[part.number - 2 : part.number - 1]) if part.number > 1 else ()
    filled = cut[:-1][::-1]
    return tuple(filled[:_OLDER_LINKS]) + tuple(filled[_OLDER_LINKS:][-1:])


def _updated(note: Note) -> datetime:
    dates = [note.noted_at, *(share.shared_at for share in note.shares), *(c.written_at for c in note.comments)]
    return max(dates + ([note.paper.record.updated] if note.paper.record else []))


def _venue(note: Note) -> str:
    return venue(note.paper.record) if note.paper.record else ""


def _id(workspace: str, what: str) -> str:
    """An Atom id that never changes, not even when the pages move (RFC 4287, section 4.2.6)."""
    return f"urn:uuid:{uuid5(NAMESPACE_URL, f'fusen {workspace} {what}')}"
