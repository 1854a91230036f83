"""What published pages are made of, as anybody may see it: the port to it, and it taken from a shelf."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Protocol

from papers.brief import Brief, Fallen
from papers.note import Audience, Note
from papers.relatedness import Kept
from papers.shelf import Shelf
from papers.tag_groups import TagOrder


class Stock(Protocol):
    """The public notes of one workspace in one steady state."""

    def briefs(self) -> Iterable[Brief]:
        """All of them, in brief."""
        ...

    def fallen(self, note_ids: Collection[int] | None = None) -> Iterable[Fallen]:
        """The notes that anybody could see once and nobody can any longer, of these or of all."""
        ...

    def order(self) -> TagOrder:
        """The order that people have brought into their tags."""
        ...

    def notes(self, note_ids: Collection[int]) -> Iterable[Note]:
        """Those of these notes that anybody may see, whole."""
        ...

    def image(self, name: str) -> bytes | None:
        """The bytes of an image that anybody may see."""
        ...

    def kept(self, note_ids: Collection[int]) -> Mapping[int, Mapping[int, Kept]]:
        """What these notes are kept as like: by note, by other note. One that is like none may be left out."""
        ...

    def keepers(self, note_ids: Collection[int]) -> Collection[int]:
        """The notes that are kept as like one of these."""
        ...


class ShelfStock:
    """The public notes of a workspace on a shelf."""

    def __init__(self, shelf: Shelf, workspace: str) -> None:
        self._shelf = shelf
        self._workspace = workspace

    def briefs(self) -> Iterable[Brief]:
        """All of them, in brief."""
        return self._shelf.pages.briefs(self._workspace)

    def fallen(self, note_ids: Collection[int] | None = None) -> Iterable[Fallen]:
        """The notes that anybody could see once and nobody can any longer, of these or of all."""
        return self._shelf.pages.fallen(self._workspace, note_ids)

    def order(self) -> TagOrder:
        """The order that people have brought into their tags."""
        tags = self._shelf.tags
        return TagOrder(
            tags.groups(Audience(self._workspace)),
            tags.moved(self._workspace),
            tags.moved_names(self._workspace),
            tags.descriptions(Audience(self._workspace)),
        )

    def notes(self, note_ids: Collection[int]) -> Iterable[Note]:
        """Those of these notes that anybody may see, whole."""
        return self._shelf.notes.several(note_ids, Audience(self._workspace))

    def image(self, name: str) -> bytes | None:
        """The bytes of an image that anybody may see."""
        return self._shelf.images.published(self._workspace, name)

    def kept(self, note_ids: Collection[int]) -> Mapping[int, Mapping[int, Kept]]:
        """What these notes are kept as like: by note, by other note."""
        return self._shelf.relations.kept(note_ids)

    def keepers(self, note_ids: Collection[int]) -> Collection[int]:
        """The notes that are kept as like one of these."""
        return self._shelf.relations.keepers(note_ids)


class NoStock:
    """No notes at all, for a workspace that is to be seen no more."""

    def briefs(self) -> Iterable[Brief]:
        """None."""
        return ()

    def fallen(self, _note_ids: Collection[int] | None = None) -> Iterable[Fallen]:
        """None."""
        return ()

    def order(self) -> TagOrder:
        """None."""
        return TagOrder()

    def notes(self, _note_ids: Collection[int]) -> Iterable[Note]:
        """None."""
        return ()

    def image(self, _name: str) -> bytes | None:
        """None."""
        return None

    def kept(self, _note_ids: Collection[int]) -> Mapping[int, Mapping[int, Kept]]:
        """Nothing."""
        return {}

    def keepers(self, _note_ids: Collection[int]) -> Collection[int]:
        """None."""
        return ()
