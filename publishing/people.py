"""The pages and feeds of people who want one: the notes that they shared or commented on, where all may see it."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator

from papers.brief import Brief, Person
from publishing import addresses
from publishing.catalogue import FEED_LENGTH
from publishing.content import Gone, Page
from publishing.feeds import atom_feed
from publishing.for_programs import json_feed
from publishing.kinds import Build, Key

_PATHS: dict[str, Callable[[str], str]] = {"atom": addresses.person_feed, "json": addresses.person_json_feed}


class PersonPages:
    """The page of each person who wants one: their newest notes. Known by what their feed is called."""

    in_order = False

    def all(self, build: Build) -> Iterable[Key]:
        """One for each such person."""
        return ((feed,) for feed in build.catalogue.feeds)

    def concerned(self, build: Build, brief: Brief) -> Iterator[Key]:
        """Those of the note's people that show it."""
        return ((person.feed,) for person in brief.people if _shows(build, person, brief))

    def counted(self, build: Build, brief: Brief) -> Iterator[tuple[Key, Hashable]]:
        """Those of all its people: they count the notes."""
        return (((person.feed,), build.catalogue.place(brief.note_id)) for person in brief.people)

    def page(self, build: Build, key: Key) -> Page | Gone:
        """The page of a person."""
        (feed,) = key
        path, places = addresses.person_page(feed), build.catalogue.of_person(feed)
        if not places:
            return Gone(path)
        person = build.catalogue.person(feed)
        page = build.render.page(build.site, "person.html", path, person=person, count=len(places))
        return page.filled(build.blocks.html(places[: -FEED_LENGTH - 1 : -1]))


class PersonFeeds:
    """The Atom feed and the JSON feed of each such person. Known by what it is called and by its kind."""

    in_order = False

    def all(self, build: Build) -> Iterator[Key]:
        """Two for each such person."""
        yield from ((feed, kind) for feed in build.catalogue.feeds for kind in _PATHS)

    def concerned(self, build: Build, brief: Brief) -> Iterator[Key]:
        """Those of the note's people that it is in."""
        for person in brief.people:
            if _shows(build, person, brief):
                yield from ((person.feed, kind) for kind in _PATHS)

    def page(self, build: Build, key: Key) -> Page | Gone:
        """The newest notes of a person."""
        feed, kind = key
        path, places = _PATHS[kind](feed), build.catalogue.of_person(feed)
        if not places:
            return Gone(path)
        name = build.catalogue.person(feed).name
        title = build.render.wording("feed_title", about=name, title=build.site.title)
        home = addresses.person_page(feed)
        if kind == "json":
            return json_feed(build, path, home, places, title=title)
        return atom_feed(build, path, home, places, title=title, what=f"person {feed}")


def _shows(build: Build, person: Person, brief: Brief) -> bool:
    """Whether the person's page and feeds show this note of theirs."""
    return build.catalogue.is_in_feed(brief.note_id, build.catalogue.of_person(person.feed))
