"""Pages that a change touches: the same bytes as of a fresh build, and no file written that did not differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import timedelta

import published
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from links import dead_links
from published import START, TAG_NAMES, Given, many_notes, note

from papers.note import Note
from papers.paper import PaperId
from papers.tag_groups import TagOrder
from papers.tags import tag
from publishing.building import Builder
from publishing.content import Page
from publishing.jekyll.articles import JekyllBuilder
from publishing.site import SiteBuilder

Edit = Callable[[Given], list[int]]
"""Does something to the notes and says to which."""

NUMBERS = st.integers(1, 75)


def fresh() -> SiteBuilder:
    return SiteBuilder(published.TEMPLATES / "site", published.wording())


def jekyll() -> JekyllBuilder:
    return JekyllBuilder(published.TEMPLATES / "jekyll", published.wording())


def dated(number: int, days: int, names: Iterable[str] = ("LLM",)) -> Note:
    return replace(note(number, tags=tuple(names)), noted_at=START + timedelta(days=days))


def tagged(numbers: list[int], names: list[str]) -> Edit:
    def edit(notes: Given) -> list[int]:
        found = [number for number in numbers if number in notes.all]
        for number in found:
            notes.all[number] = replace(notes.all[number], tags=tuple(map(tag, names)))
        return found

    return edit


def added(numbers: list[int], days: int) -> Edit:
    def edit(notes: Given) -> list[int]:
        notes.all.update({number: dated(number, days + number % 3) for number in numbers})
        return numbers

    return edit


def removed(numbers: list[int]) -> Edit:
    def edit(notes: Given) -> list[int]:
        for number in numbers:
            notes.all.pop(number, None)
        return numbers

    return edit


def said(number: int, text: str) -> Edit:
    def edit(notes: Given) -> list[int]:
        if number in notes.all:
            notes.all[number] = replace(note(number, text, ("LLM", "C++"), 2), noted_at=notes.all[number].noted_at)
        return [number]

    return edit


def wanting_a_feed(numbers: list[int], feed: str) -> Edit:
    """Whoever did something to these notes wants this feed from now on, or none."""

    def edit(notes: Given) -> list[int]:
        for found in filter(notes.all.__contains__, numbers):
            member = replace(published.AOKI, feed=feed)
            shares = tuple(replace(one, member=member) for one in notes.all[found].shares)
            notes.all[found] = replace(notes.all[found], shares=shares)
        return numbers

    return edit


def broken(number: int) -> Edit:
    """The note cannot be rendered from now on."""

    def edit(notes: Given) -> list[int]:
        if number in notes.all:
            odd = replace(note(number).comments[0], text=None)  # type: ignore[arg-type]  # a damaged row
            notes.all[number] = replace(notes.all[number], comments=(odd,))
        return [number]

    return edit


def found_elsewhere(number: int) -> Edit:
    """The page turns out to have another address."""

    def edit(notes: Given) -> list[int]:
        if number in notes.all:
            paper = replace(notes.all[number].paper, paper_id=PaperId("web", f"https://e.example/{number}"))
            notes.all[number] = replace(notes.all[number], paper=paper)
        return [number]

    return edit


def reordered(groups: dict[str, str], moved: dict[str, str], said: dict[str, str]) -> Edit:
    def edit(notes: Given) -> list[int]:
        notes.tag_order = TagOrder(groups, moved, descriptions=said)
        return []

    return edit


def withdrawn(number: int) -> Edit:
    def edit(notes: Given) -> list[int]:
        if number in notes.all:
            notes.all[number] = replace(notes.all[number], paper=published.withdrawn(number).paper)
        return [number]

    return edit


def taken_back(number: int) -> Edit:
    def edit(notes: Given) -> list[int]:
        if number in notes.all:
            notes.take_back(number)
        return [number]

    return edit


names = st.lists(
    st.sampled_from((*TAG_NAMES, "NLP", "One", "Two")), max_size=4, unique_by=lambda name: tag(name).key
)
keys = st.sampled_from(("llm", "c", "nlp", "one", "gone"))
edits = st.one_of(
    st.builds(tagged, st.lists(NUMBERS, max_size=3, unique=True), names),
    st.builds(added, st.lists(NUMBERS, max_size=4, unique=True), st.integers(0, 400)),
    st.builds(removed, st.lists(NUMBERS, max_size=4, unique=True)),
    st.builds(said, NUMBERS, st.text(max_size=20)),
    st.builds(wanting_a_feed, st.lists(NUMBERS, max_size=4, unique=True), st.sampled_from(("", "f1", "f2"))),
    st.builds(broken, NUMBERS),
    st.builds(taken_back, NUMBERS),
    st.builds(withdrawn, NUMBERS),
    st.builds(found_elsewhere, NUMBERS),
    st.builds(
        reordered,
        st.dictionaries(keys, st.sampled_from(("A", "B"))),
        st.dictionaries(keys, keys, max_size=2),
        st.dictionaries(keys, st.sampled_from(("About this", "About that")), max_size=2),
    ),
)


def start(count: int) -> Given:
    """So many notes: their tag is, at 60, about to be parted; one more makes the number double at 64."""
    return Given(
        dated(n, n, ("LLM", TAG_NAMES[n % len(TAG_NAMES)]) if n % 11 else ("LLM",)) for n in range(1, count + 1)
    )


@given(st.sampled_from((3, 57, 60, 63)), st.lists(st.lists(edits, min_size=1, max_size=3), min_size=1, max_size=5))
@settings(max_examples=5, deadline=None, phases=(Phase.explicit, Phase.generate))  # to shrink takes minutes
def test_whatever_changes_the_pages_are_those_of_a_fresh_build(count: int, turns: list[list[Edit]]) -> None:
    assert_kept_up_to_date(fresh, count, turns)


@given(st.sampled_from((3, 57)), st.lists(st.lists(edits, min_size=1, max_size=3), min_size=1, max_size=5))
@settings(max_examples=12, deadline=None, phases=(Phase.explicit, Phase.generate))
def test_whatever_changes_the_jekyll_files_are_those_of_a_fresh_build(count: int, turns: list[list[Edit]]) -> None:
    assert_kept_up_to_date(jekyll, count, turns)


def assert_kept_up_to_date(fresh: Callable[[], Builder], count: int, turns: list[list[Edit]]) -> None:
    notes, content, builder = start(count), published.content(), fresh()
    standing = {page.path: page.body for page in builder.build(content, notes)}
    for turn in turns:
        before = notes.alike()
        changed = {number for edit in turn for number in edit(notes)}
        after = notes.alike()
        # Whose likenesses are others is told of, too.
        changed |= {one for one in before.keys() | after.keys() if before.get(one) != after.get(one)}
        pages = builder.update(content, notes, changed)
        assert pages is not None
        for page in pages:
            if isinstance(page, Page):
                standing[page.path] = page.body
            else:
                standing.pop(page.path, None)
        expected = {page.path: page.body for page in fresh().build(content, notes)}
        assert differing(standing, expected) == []
    assert dead_links(standing, content.address) == []


def differing(some: dict[str, bytes], others: dict[str, bytes]) -> list[str]:
    return sorted(path for path in some.keys() | others.keys() if some.get(path) != others.get(path))


@pytest.mark.parametrize("count", [40, 400])
def test_a_tag_on_one_note_touches_as_many_pages_however_many_notes_there_are(count: int) -> None:
    notes, content, builder = Given(dated(n, n // 4) for n in range(1, count + 1)), published.content(), fresh()
    for _ in builder.build(content, notes):
        pass
    notes.all[20] = dated(20, 5, ("LLM", "NLP"))
    touched = {page.path for page in builder.update(content, notes, [20]) or ()}
    assert {"papers/arxiv/2403.00020.html", "tags/nlp.html", "tags/nlp.xml", "index.html"} <= touched
    assert len([path for path in touched if path.startswith("papers/")]) < 120
    assert len(touched - {path for path in touched if path.startswith("papers/")}) < 60


def test_another_zone_or_an_unfinished_build_asks_for_everything_anew() -> None:
    notes, content, builder = start(3), published.content(), fresh()
    assert builder.update(content, notes, [1]) is None
    next(iter(builder.build(content, notes)))
    assert builder.update(content, notes, [1]) is None
    for _ in builder.build(content, notes):
        pass
    assert builder.update(replace(content, workspace=replace(content.workspace, zone="UTC")), notes, []) is None
    assert list(builder.update(content, notes, []) or [1]) == []


def test_what_is_kept_of_hostile_notes_is_what_a_fresh_build_makes() -> None:
    notes, content, builder = Given(many_notes(70)), published.content(), fresh()
    standing = {page.path: page.body for page in builder.build(content, notes)}
    for page in builder.update(content, notes, list(notes.all)) or ():
        assert standing.get(page.path) == (page.body if isinstance(page, Page) else None)
