"""The published site: the pages that people open in a browser, and the files for programs beside them."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from pathlib import Path

from papers.brief import Brief
from papers.formulas import FindFormulas, no_formulas
from papers.note import Note
from papers.relatedness import Kin
from papers.stock import Stock
from papers.wording import Wording
from publishing.building import Builder
from publishing.content import Page
from publishing.feeds import Feed, TagFeeds
from publishing.for_programs import ForAgents, JsonFeed, SiteMaps
from publishing.front import AttentionPage, FirstPage, Fixed
from publishing.image_files import ImageFiles
from publishing.kinds import Build, Kind
from publishing.months import MonthList, MonthPages
from publishing.moved import MovedTags
from publishing.paper_pages import paper_pages, paper_paths
from publishing.people import PersonFeeds, PersonPages
from publishing.rendering import Rendering
from publishing.search_pages import SearchPage, SearchShards
from publishing.tag_files import TagFiles
from publishing.tag_map import TagMap
from publishing.tag_pages import TagLists, TagPages, TagParts


class SiteBuilder(Builder):
    """Builds the pages of a workspace from the templates in `templates` (the folder `site`) and one wording.

    Only the first page says when it was made, and comes last but for those in place of what was taken back.
    `find_formulas` finds those in what people wrote; those of papers come with their reading.
    """

    def __init__(self, templates: Path, wording: Wording, find_formulas: FindFormulas = no_formulas) -> None:
        super().__init__(Rendering(templates, wording, find_formulas), lambda: Html(templates))


class Html:
    """The flavour for browsers: a page for each paper and each tag, and all that leads to them."""

    has_paper_pages = True

    def __init__(self, templates: Path) -> None:
        self._images = ImageFiles(lambda _name: None)
        self.kinds: Sequence[Kind] = (
            Fixed(templates),
            self._images,
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
            PersonPages(),
            PersonFeeds(),
            TagMap(),
            FirstPage(),
        )

    def begin(self, build: Build, stock: Stock) -> None:
        """From now on images, and notes that are not kept, are read from this stock."""
        build.blocks.fetch = stock.notes
        self._images.fetch = stock.image

    def keep(self, build: Build, note: Note) -> None:
        """Keep what lists, feeds and search show of the note."""
        build.blocks.put(note, in_feeds=build.catalogue.is_in_feeds(note.id))

    def drop(self, build: Build, note_id: int) -> None:
        """Keep nothing of a note."""
        build.blocks.drop(note_id)

    def pages(self, build: Build, note: Note, related: tuple[Kin, ...]) -> Iterable[Page]:
        """The pages of the paper."""
        return paper_pages(build.render, build.site, note, related)

    def paths(self, brief: Brief) -> Collection[str]:
        """Where these are."""
        return paper_paths(brief)
