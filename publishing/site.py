"""The published site: notes in, pages out, all of them or those that a change touches."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from pathlib import Path

from papers.stock import Stock
from papers.wording import Wording
from publishing import addresses
from publishing.blocks import Blocks
from publishing.catalogue import Catalogue
from publishing.content import Content, Gone, Page
from publishing.feeds import Feed, TagFeeds
from publishing.for_programs import ForAgents, JsonFeed, SiteMaps
from publishing.front import AttentionPage, FirstPage, Fixed
from publishing.kinds import Build, Kind
from publishing.months import MonthList, MonthPages
from publishing.moved import MovedTags
from publishing.rendering import Rendering, Site, zone
from publishing.run import Run
from publishing.search_pages import SearchPage, SearchShards
from publishing.tag_files import TagFiles
from publishing.tag_pages import TagLists, TagPages, TagParts


class SiteBuilder:
    """Builds the pages of a workspace from the templates in `templates` (the folder `site`) and one wording.

    The same notes give the same bytes, whether all pages are built or those that changes touch, one change
    after the other. Only the first page says when it was made. A note that cannot be rendered is reported to
    the log and left out.
    """

    def __init__(self, templates: Path, wording: Wording) -> None:
        self._render = Rendering(templates, wording)
        self._kinds: tuple[Kind, ...] = (
            Fixed(templates),
            TagPages(),
            TagParts(),
            TagFeeds(),
            TagFiles(),
            TagLists(),
            MovedTags(),
            Feed(),
            JsonFeed(),
            ForAgents(),
            SiteMaps(),
            SearchShards(),
            SearchPage(),
            MonthPages(),
            MonthList(),
            AttentionPage(),
            FirstPage(),
        )
        self._last: Build | None = None
        self._shown: dict[int, int] = {}

    def build(self, content: Content, stock: Stock) -> Iterator[Page]:
        """All pages, one by one."""
        self._last = None
        site = _site(content)
        catalogue = Catalogue(stock.briefs(), site.zone)
        build = Build(
            content, stock.order(), site, self._render, catalogue, Blocks(self._render, site, stock.notes)
        )
        self._shown = {}
        yield from Run(build, self._kinds, stock, self._shown).everything()
        self._last = build

    def update(self, content: Content, stock: Stock, changed: Collection[int]) -> Iterator[Page | Gone] | None:
        """The pages that may differ from those of the last build or update because these notes changed.

        Those that came or went are among them. None if that cannot be told, so that all are to be built: if
        nothing was built yet, the last one did not come to its end, or what all pages share is another.
        """
        last = self._last
        if last is None or (last.site, last.content.workspace.id) != (_site(content), content.workspace.id):
            return None
        build = replace(last, content=content, order=stock.order())
        return self._updated(Run(build, self._kinds, stock, self._shown), changed, last)

    def _updated(self, run: Run, changed: Collection[int], last: Build) -> Iterator[Page | Gone]:
        self._last = None
        yield from run.after(changed, last)
        self._last = run.build


def _site(content: Content) -> Site:
    zone_name, where = zone(content.workspace.zone)
    address = addresses.public_address(content.address)
    return Site(content.title, address, content.workspace.url, zone_name, where, content.listed)
