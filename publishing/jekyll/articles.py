"""The pages of tags as Jekyll files, and the pages that stand where renamed tags had theirs."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from pathlib import Path

from papers.brief import Brief
from papers.note import Note, Tag
from papers.relatedness import Kin
from papers.stock import Stock
from papers.unseen import fit
from papers.wording import Wording
from publishing.building import Builder
from publishing.content import Gone, Page
from publishing.jekyll.entries import Entries, button
from publishing.jekyll.names import article_path
from publishing.jekyll.texts import front, heading
from publishing.kinds import Build, Key, Kind
from publishing.rendering import Rendering

VISIBLE = 3
"""So many notes are seen before somebody asks for more."""


class JekyllBuilder(Builder):
    """Builds the files for a Jekyll site from the templates in `templates` (the folder `jekyll`) and one wording.

    Only the pages of tags: layout, configuration and all else are the site's own. With `whole_comments` the
    comments stand there whole, which the format had not until later.
    """

    def __init__(self, templates: Path, wording: Wording, *, whole_comments: bool = False) -> None:
        super().__init__(Rendering(templates, wording), lambda: Jekyll(whole_comments=whole_comments))


class Jekyll:
    """The flavour of paper_notes as it was early in 2024: one file for each tag, with all its notes."""

    has_paper_pages = False

    def __init__(self, *, whole_comments: bool) -> None:
        self._entries = Entries(whole=whole_comments)
        articles = Articles(self._entries)
        self.kinds: Sequence[Kind] = (articles, MovedArticles(articles))

    def begin(self, _build: Build, _stock: Stock) -> None:
        """Nothing: of all notes is kept what the pages show."""

    def keep(self, build: Build, note: Note) -> None:
        """Keep the entry of the note."""
        self._entries.put(build.render, note)

    def drop(self, _build: Build, note_id: int) -> None:
        """Keep nothing of a note."""
        self._entries.drop(note_id)

    def pages(self, _build: Build, _note: Note, _related: tuple[Kin, ...]) -> Iterable[Page]:
        """None: a note has no page of its own here."""
        return ()

    def paths(self, _brief: Brief) -> Collection[str]:
        """None."""
        return ()


class Articles:
    """The page of each tag. Known by the tag's key and the page's path, which comes of the tag's name."""

    in_order = False

    def __init__(self, entries: Entries) -> None:
        self._entries = entries

    def all(self, build: Build) -> Iterator[Key]:
        """One for each tag."""
        for key in build.catalogue.keys:
            yield key, article_path(build.catalogue.tag(key))

    def concerned(self, _build: Build, brief: Brief) -> Iterator[Key]:
        """Those of the note's tags, as they are called there."""
        return ((tag.key, article_path(tag)) for tag in brief.tags)

    def page(self, build: Build, key: Key) -> Page | Gone:
        """The page of a tag, unless the tag has another name by now."""
        tag_key, path = key
        places = build.catalogue.tagged(tag_key)
        if not places or article_path(build.catalogue.tag(tag_key)) != path:
            return Gone(path)
        tag = build.catalogue.tag(tag_key)
        entries = self._entries.listed(places, tag)
        page = _page(build, "article.markdown", path, tag, hidden=len(entries) > VISIBLE)
        return page.filled(b"".join(entries[:VISIBLE])).filled(b"".join(entries[VISIBLE:]))


class MovedArticles:
    """Where tags had their pages under older names. Known by the older key and the path of that page."""

    in_order = True

    def __init__(self, articles: Articles) -> None:
        self._articles = articles

    def all(self, build: Build) -> Iterator[Key]:
        """One for each older name of a tag that has a page, but names of tags."""
        for older in build.older_keys.values():
            yield from (_key(build, old) for old in older)

    def concerned(self, build: Build, brief: Brief) -> Iterator[Key]:
        """Those that lead to the note's tags, and those in whose place such a tag may stand now."""
        moved = build.order.moved
        keys = {tag.key for tag in brief.tags}
        return (_key(build, old) for old, new in moved.items() if new in keys or old in keys)

    def page(self, build: Build, key: Key) -> Page | Gone:
        """A page that leads on."""
        old, path = key
        if build.catalogue.tagged(old):  # a tag of that name lives there
            return self._articles.page(build, key)
        new = build.order.moved.get(old, "")
        if not build.catalogue.tagged(new) or _key(build, old) != key:
            return Gone(path)
        to = button(build.catalogue.tag(new))
        return _page(build, "moved.markdown", path, _former(build, old), button=to)


def _key(build: Build, old: str) -> Key:
    return old, article_path(_former(build, old))


def _former(build: Build, old: str) -> Tag:
    return Tag(build.order.names.get(old, old), old)


def _page(build: Build, template: str, path: str, tag: Tag, **facts: object) -> Page:
    name = fit(tag.name)
    return build.render.page(
        build.site,
        template,
        path,
        title=front(build.render.wording("jekyll_title", tag=name)),
        author=front(" ".join(fit(build.site.title).split())),
        heading=heading(name),
        **facts,
    )
