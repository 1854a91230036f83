"""Search without a server: its page, and the files of records that it loads when somebody searches."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator

from papers.brief import Brief
from publishing import addresses
from publishing.content import Gone, Page
from publishing.kinds import Build, Key, OnePage
from publishing.search_records import shard_script
from publishing.shards import concerned, find, shards


class SearchPage(OnePage):
    """The page with the field. It names the files of records, newest first, and the older names of tags."""

    in_order = True

    def counted(self, build: Build, brief: Brief) -> Iterable[tuple[Key, Hashable]]:
        """The one: a file may come or go, or a tag that has older names."""
        return (((), (build.catalogue.place(brief.note_id), build.catalogue.alone(brief))),)

    def page(self, build: Build, _key: Key) -> Page | Gone:
        """The page with the field."""
        names = [shard.name for shard in shards(build.catalogue.places)]
        older = build.older_keys
        return build.render.page(
            build.site, "search.html", addresses.SEARCH, shards=" ".join(reversed(names)), older=older
        )


class SearchShards:
    """The records. Known by the name of their part of the calendar."""

    in_order = False

    def all(self, build: Build) -> Iterator[Key]:
        """One for each part that has notes."""
        return ((shard.name,) for shard in shards(build.catalogue.places))

    def concerned(self, build: Build, brief: Brief) -> Iterator[Key]:
        """The note's own, or several where its month or year is just about full."""
        place = build.catalogue.place(brief.note_id)
        return ((name,) for name in concerned(build.catalogue.places, place))

    def page(self, build: Build, key: Key) -> Page | Gone:
        """The records of one part."""
        (name,) = key
        path = addresses.search_shard(name)
        shard = find(build.catalogue.places, name)
        if shard is None:
            return Gone(path)
        records = build.blocks.records(build.catalogue.places[shard.start : shard.stop])
        return Page(path, shard_script(name, records))
