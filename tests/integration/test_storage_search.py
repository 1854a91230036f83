"""Search: every word must stand somewhere, in any language, and a wildcard is only a character."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import pytest
from sqlalchemy import delete, select
from stored import (
    ANYBODY,
    DAY,
    DIRECT,
    MINUTE,
    NOW,
    PUBLIC,
    SECRET,
    TEAM,
    message,
    paper,
    say,
    settle,
    share,
    store,
    tag,
)

from papers.note import Audience, Channel, ChannelKind, Tag
from papers.notebook import Notebook
from papers.shelf import Shelf
from papers.tags import fold
from storage.engine import Database
from storage.search_index import PACKED
from storage.searching import AT_ONCE
from storage.shelves import StoredShelves
from storage.tables import INDEXES, note_places, note_terms

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
    "zoe": {3},
    "ZOÉ": {3},
    "kościół": {3},
    "kosciol": {3},
    "がく": {3},
    "かく": set(),
    "йод": {3},
    "иод": set(),
    "cafe": {3},
    "#cafe": {3},
    "#Café": {3},
    "naïve": {3},
    "#naïve": {3},
    "😀": {3},
    "#😀": {3},
    "#🙃": set(),
    "#.net": {3},
    "##net": set(),
    "snake %": {3},
    "attention %": set(),
    "%": set(),
    "_": set(),
    "snake_case": {3},
    "snakexcase": set(),
    "10%": set(),
    "50%": {3},
    "file_name 100%": {3},
    "\\": set(),
    "a%need": set(),
    "": set(),
    "attentions": {1},
    "transforming": {1},
    "translation": {1},
    "ten": set(),
    "need.": {1},
    "“Transformers,” (translation)!": {1},
    "「言語モデル」。": {2},
    "need+": set(),
    "?": set(),
    "評": {2},
    "本": {2},
    "大規模言語モデルの評価": {2},
    "大規模モデル": set(),
    "#sequence": {1},
    "＃Seq": {1},
    "(tag:sequence)": {1},
    "#models": set(),
    "#sequence models": {1},
    "#sequence attention": {1},
    "#sequence snake": set(),
    "need #機械翻訳": {1},
    "#翻訳": set(),
    "#attention": set(),
    "#snake need": set(),
    "#": set(),
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
        say(shelf, signs, PUBLIC, "3.1", "50% done, file_name, Kościół, がく, йод")
        tag(shelf, signs, PUBLIC, "Café, naive, 😀, .NET")
    return shelves


def test_search_finds_the_notes_that_say_every_word(library: StoredShelves) -> None:
    numbers = {paper(number): number for number in (1, 2, 3)}
    with library.reading() as shelf:
        found = {
            typed: {numbers[one.paper_id] for one in shelf.notes.search(ANYBODY, fold(typed).split(), limit=20)}
            for typed in FOUND
        }
    assert found == FOUND


def test_a_paper_is_found_by_what_its_authors_say_of_where_it_came_out(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        shared = [share(shelf, paper(number), PUBLIC, f"{number}.0") for number in (1, 2)]
        store(shelf, paper(1), comment="NeurIPS 2019, 12 pages")
        store(shelf, paper(2), journal_ref="Schrödinger Lett. 7 (2019)")
        for typed, expected in (("neurips", 0), ("NeurIPS 2019", 0), ("schrodinger lett", 1)):
            words = fold(typed).split()
            assert [one.id for one in shelf.notes.search(ANYBODY, words, limit=5)] == [shared[expected]]


def test_a_word_is_found_though_a_part_of_it_is_set_off(library: StoredShelves) -> None:
    with library.writing() as shelf:
        (one,) = shelf.notes.search(ANYBODY, ["attention"], limit=20)
        say(shelf, one.id, PUBLIC, "1.2", "\u200b*拡散*\u200bモデルを`fit`した")
        for typed in ("拡散モデル", "fitした"):
            assert [found.id for found in shelf.notes.search(ANYBODY, [typed], limit=20)] == [one.id]
        shelf.notes.edit_comments(message(PUBLIC, "1.2", "1.0"), "_画像_\u200b生成")
        assert [found.id for found in shelf.notes.search(ANYBODY, ["画像生成"], limit=20)] == [one.id]


def test_a_tag_is_asked_for_by_its_names_and_where_it_was_set_in_private_only_there(
    library: StoredShelves,
) -> None:
    with library.writing() as shelf:
        (one,) = shelf.notes.search(ANYBODY, ["#sequence"], limit=20, best=True)
        share(shelf, paper(1), SECRET, "9.0")
        tag(shelf, one.id, SECRET, "Hidden")
        say(shelf, one.id, PUBLIC, "1.3", "#spoken of")
        assert shelf.notes.search(ANYBODY, ["#hidden"], limit=20) == ()
        assert len(shelf.notes.search(Audience(TEAM, SECRET), ["#hid"], limit=20)) == 1
        assert shelf.notes.search(ANYBODY, ["#spoken"], limit=20) == ()
        shelf.tags.alias(Audience(TEAM, PUBLIC), Tag("Chains", "chains"), "sequence models")
        assert len(shelf.notes.search(ANYBODY, ["#chains", "classic"], limit=20)) == 1


def test_an_old_paper_is_found_by_its_tag_behind_many_with_the_word(
    shelves: StoredShelves, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("storage.searching.RANKED", 3)
    with shelves.writing() as shelf:
        settle(shelf)
        for number in range(1, 9):
            note_id = share(shelf, paper(number), PUBLIC, f"{number}.0", at=NOW + number * MINUTE)
            store(shelf, paper(number))
            if number == 1:
                tag(shelf, note_id, PUBLIC, "RLHF")
    with shelves.reading() as shelf:
        for best in (False, True):
            found = shelf.notes.search(Audience(TEAM, PUBLIC), ["#rlhf", "language"], limit=10, best=best)
            assert [one.paper.paper_id for one in found] == [paper(1)]


def test_two_words_may_stand_in_different_comments(library: StoredShelves) -> None:
    with library.writing() as shelf:
        (one,) = shelf.notes.search(ANYBODY, ["attention"], limit=20)
        say(shelf, one.id, PUBLIC, "1.2", "marvellous")
        assert len(shelf.notes.search(ANYBODY, ["twice", "marvellous"], limit=20)) == 1


def test_the_newest_comes_first_or_the_best_match(library: StoredShelves) -> None:
    with library.writing() as shelf:
        old = share(shelf, paper(4), PUBLIC, "4.0", at=NOW - DAY)
        store(shelf, paper(4), title="Attention, attention", abstract="Attention")
        new = share(shelf, paper(5), PUBLIC, "5.0", at=NOW + DAY)
        store(shelf, paper(5), title="Memory", abstract="Unlike attention")
    with library.reading() as shelf:
        first = shelf.notes.search(ANYBODY, ["attention"], limit=20)
        best = shelf.notes.search(ANYBODY, ["attention"], limit=20, best=True)
        assert [one.id for one in first][::2] == [new, old]
        assert [one.id for one in best][::2] == [old, new]
        assert shelf.notes.search(ANYBODY, ["attention"], limit=1) == first[:1]
        assert shelf.notes.search(ANYBODY, ["attention"], limit=1, best=True) == best[:1]


def test_what_is_only_said_in_private_proposes_and_orders_nothing_outside(library: StoredShelves) -> None:
    with library.writing() as shelf:
        (one,) = shelf.notes.search(ANYBODY, ["attention"], limit=20)
        for number in (2, 3):
            shelf.notes.withdraw(message(PUBLIC, f"{number}.0"), NOW)
            share(shelf, paper(number), PUBLIC, f"{number}.1", at=NOW - DAY)
        share(shelf, paper(1), SECRET, "0.5", at=NOW - 9 * DAY)
        say(shelf, one.id, SECRET, "0.6", "evaluation canary", thread_ts="0.5")
        tag(shelf, one.id, SECRET, "Hidden")
    with library.reading() as shelf:
        for word in ("canary", "hidden", "evaluations"):
            assert shelf.notes.search(ANYBODY, [word], limit=20) == ()
            assert len(shelf.notes.search(Audience(TEAM, SECRET), [word], limit=20)) == 1
        assert shelf.notes.search(ANYBODY, ["cs"], limit=1)[0].id == one.id


def test_a_word_said_in_private_finds_nothing_by_letters_it_shares_with_what_is_public(
    shelves: StoredShelves,
) -> None:
    words = ("firing", "sued", "rats", "dying", "gpt-4", "layoffs", "kumquats", "🔥")
    with shelves.writing() as shelf:
        settle(shelf)
        public = share(shelf, paper(1), PUBLIC, "1.0")
        store(shelf, paper(1), abstract="First, we discuss this issue of text generation with ChatGPT-4o. 🔥")
        tag(shelf, public, PUBLIC, "Kumar")
        share(shelf, paper(1), SECRET, "0.5")
        say(shelf, public, SECRET, "0.6", "Firing, sued, rats, dying: GPT 4 brings layoffs", thread_ts="0.5")
        tag(shelf, public, SECRET, "Kumquats, 🔥🔥")
    with shelves.reading() as shelf:
        for best in (False, True):
            for word in words:
                assert shelf.notes.search(ANYBODY, [word], limit=20, best=best) == ()
            for word in ("rats", "layoffs", "kumquats", "🔥", "generations"):
                (found,) = shelf.notes.search(Audience(TEAM, SECRET), [word], limit=20, best=best)
                assert found.id == public
        assert shelf.notes.search(ANYBODY, ["generations", "🔥"], limit=20)
        assert not shelf.notes.search(ANYBODY, ["generations", "rats"], limit=20)


def test_what_is_said_in_private_does_not_change_which_match_is_best(shelves: StoredShelves) -> None:
    words = ["language", "kalman", "lang"]

    def best(audience: Audience) -> list[list[int]]:
        with shelves.reading() as shelf:
            found = [
                shelf.notes.search(audience, typed, limit=20, best=True)
                for typed in (words[:1], words[:2], words[2:])
            ]
        return [[one.id for one in some] for some in found]

    with shelves.writing() as shelf:
        settle(shelf)
        for number in range(1, 8):
            share(shelf, paper(number), PUBLIC, f"{number}.0", at=NOW + number * MINUTE)
            store(
                shelf,
                paper(number),
                abstract="Language, Kalman" + number % 3 * " language" + number % 2 * " Kalman",
            )
            tag(shelf, number, PUBLIC, "Lang")
    before = best(ANYBODY)
    assert all(sorted(one) == list(range(1, 8)) for one in before)
    with shelves.writing() as shelf:
        for number in (3, 6):
            share(shelf, paper(number), SECRET, f"{number}.5")
            say(shelf, number, SECRET, f"{number}.6", "language " * 30, thread_ts=f"{number}.5")
        tag(shelf, 4, SECRET, "Langue")
        for number in range(8, 20):
            share(shelf, paper(number), SECRET, f"{number}.0")
            store(shelf, paper(number), abstract="Kalman")
    assert best(ANYBODY) == before
    assert set(best(Audience(TEAM, SECRET))[0][:2]) == {3, 6}


def test_the_newest_is_the_one_that_the_audience_saw_last(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        for number, channel, days in ((1, DIRECT, 9), (2, SECRET, 5), (1, SECRET, 0)):
            share(shelf, paper(number), channel, f"{number}.{days}", at=NOW - days * DAY)
            store(shelf, paper(number))
    with shelves.reading() as shelf:
        for limit in (1, 2):
            found = shelf.notes.search(Audience(TEAM, SECRET), ["language"], limit=limit)
            assert found == shelf.notes.select(Audience(TEAM, SECRET), limit=limit)


@pytest.mark.parametrize("first", [DIRECT, SECRET])
def test_the_newest_is_found_though_it_was_shared_long_ago_where_the_asker_is_not(
    shelves: StoredShelves, first: str
) -> None:
    here = Audience(TEAM, SECRET) if first == DIRECT else Audience(TEAM, DIRECT, conversations=(DIRECT,))
    with shelves.writing() as shelf:
        settle(shelf)
        for number in range(1, AT_ONCE + 10):
            share(shelf, paper(number), here.channel or "", f"{number}.0", at=NOW + number * MINUTE)
            store(shelf, paper(number))
        share(shelf, paper(90), first, "90.0", at=NOW - 30 * DAY)
        share(shelf, paper(90), here.channel or "", "90.1", at=NOW + DAY)
        store(shelf, paper(90))
    with shelves.reading() as shelf:
        found = shelf.notes.search(here, ["language"], limit=10)
        assert found == shelf.notes.select(here, limit=10)
        assert found[0].paper.paper_id == paper(90)


def test_the_index_is_after_any_changes_what_it_would_be_if_it_were_made_anew(database: Database) -> None:
    random, shelves = Random(7), StoredShelves(database)
    with shelves.writing() as shelf:
        settle(shelf)
    for step in range(120):
        with shelves.writing() as shelf:
            change(shelf, random, step)
    kept = index_of(database)
    assert kept
    with database.writing() as connection:
        for table in INDEXES:
            connection.execute(delete(table))
    Notebook(shelves, lambda _: None, lambda: NOW, lambda: DAY).index()
    assert index_of(database) == kept


def test_while_the_index_is_made_anew_the_newest_notes_are_found_first(database: Database) -> None:
    shelves = StoredShelves(database)
    with shelves.writing() as shelf:
        settle(shelf)
        made = []
        for number in (1, 2, 3):
            made.append(share(shelf, paper(number), PUBLIC, f"{number}.0", at=NOW + number * MINUTE))
            store(shelf, paper(number))
    with database.writing() as connection:
        for table in INDEXES:
            connection.execute(delete(table))
    for count in (1, 2, 3):
        with shelves.writing() as shelf:
            assert shelf.notes.index(1) == 1
            assert {one.id for one in shelf.notes.search(ANYBODY, ["lovelace"], limit=5)} == set(made[-count:])


def change(shelf: Shelf, random: Random, step: int) -> None:
    """Any change that search has to know of."""
    number, channel, ts = random.randint(1, 9), random.choice([PUBLIC, SECRET]), f"{random.randint(1, 9)}.0"
    note_id = share(shelf, paper(number), channel, ts, at=NOW + random.randint(-9, 9) * DAY)
    store(shelf, paper(number), title=f"Title {random.randint(1, 3)}", abstract=f"評価 {step % 7}")
    said = f"{ts}{random.randint(1, 3)}"
    known = f"Tag{random.randint(1, 4)}"
    acts: list[Callable[[], object]] = [
        lambda: say(shelf, note_id, channel, said, f"words {step}", thread_ts=ts),
        lambda: shelf.notes.edit_comments(message(channel, said), f"other {step} 言葉"),
        lambda: shelf.notes.delete_comments(message(channel, said)),
        lambda: tag(shelf, note_id, channel, known),
        lambda: shelf.notes.untag(note_id, [known.lower()], Audience(TEAM, channel)),
        lambda: shelf.notes.withdraw(message(channel, ts), NOW),
        lambda: shelf.directory.hear_presence(TEAM, channel, step % 2 == 0, NOW + step * MINUTE),
        lambda: shelf.directory.store_channel(
            TEAM, Channel(channel, channel.lower(), random.choice([ChannelKind.PUBLIC, ChannelKind.PRIVATE])), NOW
        ),
        lambda: shelf.oblivion.forget(TEAM, "U1", NOW) if step % 40 == 0 else None,
    ]
    random.choice(acts)()


def index_of(database: Database) -> set[tuple[int, int, int]]:
    with database.reading() as connection:
        terms = {tuple(row) for row in connection.execute(select(note_terms))}
        packed = connection.execute(select(note_places.c.place, note_places.c.terms)).all()
    told = {
        (term, row.place, times) for row in packed if row.place for term, times in PACKED.iter_unpack(row.terms)
    }
    assert terms == told
    return terms


def test_a_word_may_be_said_ever_so_often_and_the_discussion_goes_on(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        note_id = share(shelf, paper(1), PUBLIC, "1.0")
        store(shelf, paper(1))
    for number in range(3):
        with shelves.writing() as shelf:
            say(shelf, note_id, PUBLIC, f"1.{number}", "評" * 20_000 + f" word{number}")
    with shelves.reading() as shelf:
        assert [one.id for one in shelf.notes.search(ANYBODY, ["評", "word2"], limit=20)] == [note_id]


def test_a_very_long_word_is_merely_not_found(library: StoredShelves) -> None:
    with library.reading() as shelf:
        assert shelf.notes.search(ANYBODY, ["言" * 40_000], limit=20) == ()
        assert shelf.notes.search(ANYBODY, ["nul\0byte"], limit=20) == ()


def test_very_many_words_are_merely_not_found(library: StoredShelves) -> None:
    with library.reading() as shelf:
        assert shelf.notes.search(ANYBODY, [f"word{number}" for number in range(2_000)], limit=20) == ()
