"""What a kind of page is, and what a flavour is: the answers that let a change find its pages."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from papers.brief import Brief
from papers.note import Note
from papers.relatedness import Kin
from papers.stock import Stock
from papers.tag_groups import TagOrder
from publishing.blocks import Blocks
from publishing.catalogue import Catalogue
from publishing.content import Content, Gone, Page
from publishing.rendering import Rendering, Site
from publishing.tag_order import older_keys

Key = tuple[str, ...]
"""What tells the pages of one kind apart, such as a tag's key."""


@dataclass(frozen=True, slots=True)
class Build:
    """What pages that show more than one note are made of."""

    content: Content
    order: TagOrder
    site: Site
    render: Rendering
    catalogue: Catalogue
    blocks: Blocks

    @property
    def older_keys(self) -> Mapping[str, tuple[str, ...]]:
        """By the key of a tag that has a page, the older keys whose addresses lead to it."""
        return older_keys(self.order.moved, set(self.catalogue.keys))


class Kind(Protocol):
    """One kind of page that shows more than one note: write these, and name it in a flavour.

    `in_order` says whether its pages depend on the order of tags: their groups, and where older names lead.
    """

    in_order: bool

    def all(self, build: Build) -> Iterable[Key]:
        """All pages of this kind that there are."""
        ...

    def concerned(self, build: Build, brief: Brief) -> Iterable[Key]:
        """The pages that show or link this note, which is on the site, or would be others without it.

        Asked before a change, of the note as it was, and after it, of the note as it is. A page named in vain
        costs little: it is made, found to be equal and left alone. Where another order of tags concerns a kind,
        all its pages are looked at.
        """
        ...

    def page(self, build: Build, key: Key) -> Page | Gone:
        """One page of this kind; or that it is gone, where there is nothing to show on it any more."""
        ...


class OnePage:
    """What kinds have in common of which there is one page. It shows no note, unless a kind says otherwise."""

    in_order = False

    def all(self, _build: Build) -> Iterable[Key]:
        """The one."""
        return ((),)

    def concerned(self, _build: Build, _brief: Brief) -> Iterable[Key]:
        """None."""
        return ()


@runtime_checkable
class Describing(Protocol):
    """A kind of page that tells what a tag is about."""

    def described(self, build: Build, tag: str) -> Iterable[Key]:
        """The pages that tell it of this tag, by its key."""
        ...


@runtime_checkable
class Counting(Protocol):
    """A kind with pages that tell nothing of a note but that it is there: most changes leave them as they are."""

    def counted(self, build: Build, brief: Brief) -> Iterable[tuple[Key, Hashable]]:
        """The pages that count this note, which is on the site, each with all of the note that it depends on.

        Asked like `concerned`. Where both answers are the same, the page is not looked at.
        """
        ...


class Flavour(Protocol):
    """One way to publish notes: the files of each note alone, what is kept of it, and the kinds of other pages.

    Made anew for each full build. `has_paper_pages` says whether papers have pages of their own, which show
    notes that are like theirs.
    """

    has_paper_pages: bool
    kinds: Sequence[Kind]

    def begin(self, build: Build, stock: Stock) -> None:
        """Before a build, of all or of what changed: notes that are not kept are to be read from this stock."""
        ...

    def keep(self, build: Build, note: Note) -> None:
        """Keep what pages of several notes show of this one. May raise whatever making it raises."""
        ...

    def drop(self, build: Build, note_id: int) -> None:
        """Keep nothing of a note."""
        ...

    def pages(self, build: Build, note: Note, related: tuple[Kin, ...]) -> Iterable[Page]:
        """The files of the note alone."""
        ...

    def paths(self, brief: Brief) -> Collection[str]:
        """Where these are."""
        ...
