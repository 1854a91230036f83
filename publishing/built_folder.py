"""A folder with what one flavour has built there: brought up to date by the shortest way that is sure."""

from __future__ import annotations

import gc
from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager
from pathlib import Path

from papers.stock import Stock
from publishing import folder
from publishing.building import Builder
from publishing.content import Content
from publishing.folder import Written

_MANY = 10_000  # files


class BuiltFolder:
    """The folder `where`, and the builders of its flavour by language."""

    def __init__(self, where: Path, builders: Mapping[str, Builder]) -> None:
        self.where = where
        # A builder remembers what it has built: from then on it renders only what changes touch.
        self._builders = builders
        self._standing: tuple[str, str] | None = None

    @property
    def left_out(self) -> int:
        """How many notes do not stand there because they could not be rendered."""
        return self._builders[self._standing[1]].left_out if self._standing else 0

    def held(self) -> AbstractContextManager[None]:
        """Let no other process write to the folder until the context ends. Raises UnwritablePagesFolder."""
        return folder.hold(self.where)

    def bring_up_to_date(self, content: Content, stock: Stock, changed: Collection[int] | None) -> Written:
        """Write what these changes touch; everything where that cannot be told, or if `changed` is None.

        The folder is held since before what is in stock was read. Raises UnwritablePagesFolder.
        """
        builder = self._builders[content.workspace.language]
        # What stands in the folder was built last, by this builder, or all is to be built.
        mine = (content.workspace.id, content.workspace.language)
        standing, self._standing = self._standing, None
        few = None
        if changed is not None and standing == mine and folder.stands(self.where):
            few = builder.update(content, stock, changed)
        written = folder.amend(self.where, few) if few else folder.write(self.where, builder.build(content, stock))
        self._standing = mine
        if few is None and written.written + written.unchanged > _MANY:
            # What is remembered of a large site stays: not to look through it for garbage again and again.
            gc.collect()
            gc.freeze()
        return written
