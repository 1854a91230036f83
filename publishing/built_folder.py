"""A folder with what one flavour has built there: brought up to date by the shortest way that is sure."""

from __future__ import annotations

import gc
from collections.abc import Collection, Iterable, Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from papers.stock import Stock
from publishing import folder, folder_changes
from publishing.building import Builder
from publishing.content import Content, Gone, Page
from publishing.folder import Written

_MANY = 10_000  # files


class BuiltFolder:
    """The folder `where`, made with these rights if there is none, and the builders of its flavour by language."""

    def __init__(self, where: Path, builders: Mapping[str, Builder], rights: int = 0o777) -> None:
        self.where = where
        self._rights = rights
        # A builder remembers what it has built: from then on it renders only what changes touch.
        self._builders = builders
        self._standing: tuple[str, str] | None = None
        self._seen: folder_changes.Seen | None = None

    @property
    def left_out(self) -> int:
        """How many notes do not stand there because they could not be rendered."""
        return self._builders[self._standing[1]].left_out if self._standing else 0

    @property
    def stands(self) -> bool:
        """Whether what was built there is there still."""
        return folder.stands(self.where)

    def held(self) -> AbstractContextManager[None]:
        """Let no other process write to the folder until the context ends. Raises UnwritablePagesFolder."""
        return folder.hold(self.where, self._rights)

    def bring_up_to_date(self, content: Content, stock: Stock, changed: Collection[int] | None) -> Written:
        """Write what these changes touch; everything where that cannot be told, or if `changed` is None.

        The folder is held since before what is in stock was read. Raises UnwritablePagesFolder.
        """
        builder = self._builders[content.workspace.language]
        # What stands in the folder was built last, by this builder, or all is to be built.
        mine = (content.workspace.id, content.workspace.language)
        standing, self._standing = self._standing, None
        written = None
        as_left = self.stands and folder_changes.goes_on(self.where, self._seen)
        if changed is not None and standing == mine and as_left:
            few = builder.update(content, stock, changed)
            written = self._amend(few) if few else None
        if written is None:
            written = folder.write(self.where, builder.build(content, stock))
            if written.written + written.unchanged > _MANY:
                # What is remembered of a large site stays: not to look through it for garbage again and again.
                gc.collect()
                gc.freeze()
        self._seen = folder_changes.seen(self.where)
        self._standing = mine
        return written

    def _amend(self, few: Iterable[Page | Gone]) -> Written | None:
        """Write these; None if others changed more since the last time, so that everything is to be written."""
        made: set[str] = set()

        def noted() -> Iterator[Page | Gone]:
            for page in few:
                made.add(page.path)
                yield page

        written = folder.amend(self.where, noted())
        return None if folder.differs(self.where, self._seen, made) else written
