"""What stands where something stood before: the way to where it is now, or that it was taken back."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from publishing import addresses
from publishing.content import Gone, Page
from publishing.kinds import Build


def taken_back(build: Build) -> Iterator[Page]:
    """The pages of all notes and tags that stood here once."""
    for note_id in sorted(build.catalogue.fallen):
        yield in_place_of_paper(build, note_id)
    for key in with_older(build, build.catalogue.fallen_tags):
        page = in_place_of_tag(build, key)
        if isinstance(page, Page):
            yield page


def with_older(build: Build, fallen: Iterable[str]) -> list[str]:
    """These tags that have no notes, and the older names that led to them: those at which nothing else stands."""
    keys = set(fallen)
    keys |= {old for old, new in build.order.moved.items() if new in keys}
    return sorted(key for key in keys if not _leads_on(build, key) and not build.catalogue.tagged(key))


def in_place_of_paper(build: Build, note_id: int) -> Page:
    """What stands at the address of a paper whose note is seen no longer."""
    return _told(build, addresses.paper_page(build.catalogue.fallen[note_id].paper_id))


def in_place_of_tag(build: Build, key: str) -> Page | Gone:
    """What stands at the address of a tag that no note carries: perhaps it has another name now."""
    path, new = addresses.tag_page(key), build.order.moved.get(key, "")
    if _leads_on(build, key):
        return leading_on(build, path, new)
    if build.catalogue.has_fallen(key) or build.catalogue.has_fallen(new):
        return _told(build, path)
    return Gone(path)


def leading_on(build: Build, path: str, key: str) -> Page:
    """A page that leads to the page of a tag."""
    return build.render.page(build.site, "moved.html", path, tag=build.catalogue.tag(key))


def _leads_on(build: Build, key: str) -> bool:
    return bool(build.catalogue.tagged(build.order.moved.get(key, "")))


def _told(build: Build, path: str) -> Page:
    return build.render.page(build.site, "taken_back.html", path)
