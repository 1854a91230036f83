"""Search: every word must stand somewhere, in any language, and a wildcard is only a character."""

from __future__ import annotations

import pytest
from stored import ANYBODY, PUBLIC, paper, say, settle, share, store, tag

from papers.tags import fold
from storage.shelves import StoredShelves

FOUND = {
    "attention": {1},
    "ATTENTION need": {1},
    "attention evaluation": set(),
    "attention transformers": {1},
    "attention classic": {1},
    "機械 classic attention": {1},
    "sequence models": {1},
    "twice": {1},
    "言語": {2},
    "要約": {2},
    "評価 日本": {2},
    "翻訳": {1},
    "言約": set(),
    "lovelace": {1, 2},
    "藤田": {1, 2},
    "2310.00002": {2},
    "cs.ir": {2},
    "cs.cl": {1, 3},
    "ＡＴＴＥＮＴＩＯＮ": {1},
    "strasse": {3},
    "zoë": {3},
    "%": {3},
    "_": {3},
    "snake_case": {3},
    "snakexcase": set(),
    "10%": set(),
    "50%": {3},
    "file_name 100%": {3},
    "\\": {3},
    "a%need": set(),
    "": {1, 2, 3},
}


@pytest.fixture
def library(shelves: StoredShelves) -> StoredShelves:
    """Three notes: an English one, a Japanese one, and one full of signs."""
    with shelves.writing() as shelf:
        settle(shelf)
        english = share(shelf, paper(1), PUBLIC, "1.0")
        store(shelf, paper(1), title="Attention Is All You Need", abstract="Transformers translate.")
        tag(shelf, english, PUBLIC, "機械翻訳, Sequence Models")
        say(shelf, english, PUBLIC, "1.1", "The classic.\nRead it twice")
        share(shelf, paper(2), PUBLIC, "2.0")
        store(
            shelf,
            paper(2),
            title="大規模言語モデルの評価",
            abstract="日本語の要約を生成する。",
            categories=("cs.IR",),
        )
        signs = share(shelf, paper(3), PUBLIC, "3.0")
        store(shelf, paper(3), title="100% of snake_case", abstract=r"A \ B", authors=("Zoë Straße",))
        say(shelf, signs, PUBLIC, "3.1", "50% done, file_name")
    return shelves


def test_search_finds_the_notes_that_say_every_word(library: StoredShelves) -> None:
    numbers = {paper(number): number for number in (1, 2, 3)}
    with library.reading() as shelf:
        found = {
            typed: {numbers[one.paper_id] for one in shelf.notes.select(ANYBODY, words=fold(typed).split())}
            for typed in FOUND
        }
    assert found == FOUND


def test_two_words_may_stand_in_different_comments(library: StoredShelves) -> None:
    with library.writing() as shelf:
        (one,) = shelf.notes.select(ANYBODY, words=["attention"])
        say(shelf, one.id, PUBLIC, "1.2", "marvellous")
        assert len(shelf.notes.select(ANYBODY, words=["twice", "marvellous"])) == 1


def test_tag_and_words_narrow_each_other(library: StoredShelves) -> None:
    with library.reading() as shelf:
        assert len(shelf.notes.select(ANYBODY, tag="機械翻訳", words=["attention"])) == 1
        assert shelf.notes.select(ANYBODY, tag="機械翻訳", words=["言語"]) == ()
        assert shelf.notes.select(ANYBODY, tag="機械") == ()


def test_a_very_long_word_is_merely_not_found(library: StoredShelves) -> None:
    with library.reading() as shelf:
        assert shelf.notes.select(ANYBODY, words=["言" * 40_000]) == ()
        assert shelf.notes.select(ANYBODY, words=["nul\0byte"]) == ()


def test_very_many_words_are_merely_not_found(library: StoredShelves) -> None:
    with library.reading() as shelf:
        assert shelf.notes.select(ANYBODY, words=[f"word{number}" for number in range(2_000)]) == ()
