"""The files of the images that people posted: each once, for as long as a comment on the site shows it."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from papers.brief import Brief
from publishing import addresses
from publishing.content import Gone, Page
from publishing.kinds import Build, Key


class ImageFiles:
    """The file of each image. Known by its name, which is made of its bytes: the same name, the same file.

    `fetch` reads the bytes of an image that anybody may see.
    """

    in_order = False

    def __init__(self, fetch: Callable[[str], bytes | None]) -> None:
        self.fetch = fetch

    def all(self, build: Build) -> Iterable[Key]:
        """One for each image."""
        return ((name,) for name in build.catalogue.images)

    def concerned(self, _build: Build, brief: Brief) -> Iterable[Key]:
        """Those that the note's comments show."""
        return ((name,) for name in brief.images)

    def page(self, build: Build, key: Key) -> Page | Gone:
        """The file of an image."""
        (name,) = key
        body = self.fetch(name) if build.catalogue.shows(name) else None
        return Page(addresses.image(name), body) if body else Gone(addresses.image(name))
