"""Building in one flavour: notes in, files out, all of them or those that a change touches."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from dataclasses import replace

from papers.stock import Stock
from publishing import addresses
from publishing.blocks import Blocks
from publishing.catalogue import Catalogue
from publishing.content import Content, Gone, Page
from publishing.kinds import Build, Flavour
from publishing.rendering import Rendering, Site, zone
from publishing.run import Run


class Builder:
    """Builds what is published of a workspace, as one flavour has it.

    The same notes give the same bytes, whether everything is built or what changes touch, one change after the
    other. A note that cannot be rendered is reported to the log and left out.
    """

    def __init__(self, render: Rendering, flavour: Callable[[], Flavour]) -> None:
        self._render = render
        self._make = flavour
        self._flavour = flavour()
        self._last: Build | None = None
        self._shown: dict[int, int] = {}

    @property
    def left_out(self) -> int:
        """How many notes the last build or update could not render: they are seen on no page, and in the log."""
        return len(self._last.catalogue.left_out) if self._last else 0

    def build(self, content: Content, stock: Stock) -> Iterator[Page]:
        """All files, one by one."""
        self._last = None
        site = _site(content)
        fallen = stock.fallen() if self._flavour.has_paper_pages else ()
        catalogue = Catalogue(stock.briefs(), site.zone, fallen)
        build = Build(
            content, stock.order(), site, self._render, catalogue, Blocks(self._render, site, stock.notes)
        )
        self._flavour, self._shown = self._make(), {}
        yield from Run(build, self._flavour, stock, self._shown).everything()
        self._last = build

    def update(self, content: Content, stock: Stock, changed: Collection[int]) -> Iterator[Page | Gone] | None:
        """The files that may differ from those of the last build or update because these notes changed.

        Those that came or went are among them. None if that cannot be told, so that all are to be built: if
        nothing was built yet, the last one did not come to its end, or what all pages share is another.
        """
        last = self._last
        if last is None or (last.site, last.content.workspace.id) != (_site(content), content.workspace.id):
            return None
        build = replace(last, content=content, order=stock.order())
        return self._updated(Run(build, self._flavour, stock, self._shown), changed, last)

    def _updated(self, run: Run, changed: Collection[int], last: Build) -> Iterator[Page | Gone]:
        self._last = None
        yield from run.after(changed, last)
        self._last = run.build


def _site(content: Content) -> Site:
    zone_name, where = zone(content.workspace.zone)
    address = addresses.public_address(content.address)
    return Site(content.title, address, content.workspace.url, zone_name, where, content.listed)
