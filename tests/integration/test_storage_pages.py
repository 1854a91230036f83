"""Pages on the shelves: other addresses, notes that become one, twins and who is told of them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, wait
from contextlib import contextmanager, suppress

import pytest
from stored import (
    ANYBODY,
    DAY,
    MINUTE,
    NOW,
    PUBLIC,
    SECRET,
    TEAM,
    at_once,
    note,
    paper,
    reading,
    record,
    say,
    settle,
    share,
    store,
    tag,
    want,
)

from papers.note import Audience, Twin, Workspace
from papers.pages import keep_page
from papers.paper import PaperId
from papers.shelf import Shelf
from papers.sites import PAGE_SOURCES
from papers.source import ReadPage
from papers.titles import title_key
from papers.work import Owed, PostKind
from storage.shelves import StoredShelves

POST = PaperId("web", "https://blog.example/post")
SHORT = PaperId("web", "https://short.example/x")
SHORTER = PaperId("web", "https://short.example/y")
REVIEWED = PaperId("openreview", "xQUe1pOKPam")
TITLE = "A Long Title of Its Own: on {Sleep}"


def test_arxiv_and_pages_are_claimed_apart(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        want(shelf, POST)
        want(shelf, paper(1))
        assert shelf.papers.claim(10, NOW, MINUTE) == (paper(1),)
        assert not shelf.papers.waiting(NOW)
        assert shelf.papers.waiting(NOW, of=PAGE_SOURCES)
        assert shelf.papers.claim(10, NOW, MINUTE, of=PAGE_SOURCES) == (POST,)
        assert shelf.papers.attempts(POST) == 1


def test_pages_are_not_watched(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        for one in (POST, paper(1)):
            share(shelf, one, PUBLIC, "1.0")
            store(shelf, one)
        assert shelf.papers.want_again(NOW + 9 * DAY, NOW + 8 * DAY, NOW + 10 * DAY, 10) == 1


def test_a_page_whose_address_was_another_is_known_by_both(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        note_id = share(shelf, SHORT, PUBLIC, "1.0")
        shelf.papers.settle(SHORT, POST)
        store(shelf, POST)
        assert shelf.papers.known_as(SHORT) == POST
        assert shelf.papers.known_as(POST) == POST
        found = shelf.notes.get(note_id, ANYBODY)
        assert found is not None
        assert found.paper_id == POST


def test_notes_on_two_addresses_of_a_page_become_one(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        kept = share(shelf, POST, PUBLIC, "1.0")
        gone = share(shelf, SHORT, SECRET, "2.0", NOW + MINUTE)
        tag(shelf, kept, PUBLIC, "A, B")
        tag(shelf, gone, PUBLIC, "B, C")
        say(shelf, gone, PUBLIC, "2.1", "from the other", "2.0")
        owed = Owed(TEAM, "share:2.0", PostKind.CARD, SECRET, "2.0", gone)
        shelf.outbox.owe(owed, NOW, NOW)
        before = shelf.notes.get(kept, ANYBODY)
        shelf.papers.settle(SHORT, POST)
        shelf.papers.settle(SHORT, POST)
        found = shelf.notes.get(kept, Audience(TEAM, SECRET))
        assert found is not None
        assert before is not None
        assert [one.message.ts for one in found.shares] == ["1.0", "2.0"]
        assert [one.name for one in found.tags] == ["A", "B", "C"]
        assert [one.text for one in found.comments] == ["from the other"]
        assert found.change > before.change
        assert shelf.notes.get(gone, Audience(TEAM, SECRET)) is None
        (post,) = shelf.outbox.claim(5, NOW, MINUTE)
        assert (post.owed.note_id, post.owed.kind) == (kept, PostKind.SEEN)
        # What was private stays so.
        public = shelf.notes.get(kept, ANYBODY)
        assert public is not None
        assert [one.message.ts for one in public.shares] == ["1.0"]


@pytest.mark.parametrize("posted", [True, False])
def test_a_follower_is_told_once_of_a_page_saved_under_two_addresses(shelves: StoredShelves, posted: bool) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        kept, gone = share(shelf, POST, PUBLIC, "1.0"), share(shelf, SHORT, PUBLIC, "2.0")
        shelf.outbox.owe(Owed(TEAM, "followed:U2:1", PostKind.FOLLOWED, "U2", note_id=kept), NOW, NOW)
        for post in shelf.outbox.claim(9, NOW, MINUTE) if posted else ():
            shelf.outbox.posted(post.id, "9.0", 0, NOW)
        for one in ("U2", "U3"):
            shelf.outbox.owe(Owed(TEAM, f"followed:{one}:2", PostKind.FOLLOWED, one, note_id=gone), NOW, NOW)
        shelf.papers.settle(SHORT, POST)
        left = [(one.owed.channel, one.owed.note_id) for one in shelf.outbox.claim(9, NOW, MINUTE)]
    assert left == ([("U3", kept)] if posted else [("U2", kept), ("U3", kept)])


def test_a_message_with_two_addresses_of_a_page_is_answered_once(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        for one, name in ((POST, "kept"), (SHORT, "gone")):
            note_id = share(shelf, one, PUBLIC, "1.0")
            shelf.outbox.owe(Owed(TEAM, name, PostKind.CARD, PUBLIC, "1.0", note_id), NOW, NOW)
            share(shelf, one, PUBLIC, name)
            shelf.outbox.owe(Owed(TEAM, f"{name} apart", PostKind.CARD, PUBLIC, name, note_id), NOW, NOW)
        shelf.papers.settle(SHORT, POST)
        left = shelf.outbox.claim(9, NOW, MINUTE)
    assert [one.owed.key for one in left] == ["kept", "kept apart", "gone apart"]


def test_an_answer_that_may_stand_in_slack_is_not_lost_when_pages_become_one(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        for one in (POST, SHORT):
            note_id = share(shelf, one, PUBLIC, "1.0")
            shelf.outbox.owe(Owed(TEAM, one.id, PostKind.CARD, PUBLIC, "1.0", note_id), NOW, NOW)
        assert len(shelf.outbox.claim(9, NOW, MINUTE)) == 2
        shelf.papers.settle(SHORT, POST)
        assert len(shelf.outbox.claim(9, NOW + DAY, MINUTE)) == 2


def test_a_gathering_tells_of_a_page_that_turned_out_to_be_another_once(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        kept, gone, other = (share(shelf, one, PUBLIC, one.id) for one in (POST, SHORT, paper(1)))
        for number, told in enumerate(([gone, other], [kept, other, gone], [other])):
            body = json.dumps(told)
            owed = Owed(TEAM, f"gathering:{number}", PostKind.GATHERING, "U2", body=body)
            shelf.outbox.owe(owed, NOW, NOW)
        shelf.papers.settle(SHORT, POST)
        bodies = [json.loads(post.owed.body) for post in shelf.outbox.claim(9, NOW, MINUTE)]
    assert bodies == [[kept, other], [kept, other], [other]]


def test_a_page_that_names_another_address_of_a_page_is_that_page(shelves: StoredShelves) -> None:
    def read(asked: PaperId, own: PaperId) -> None:
        said = record(own)
        keep_page(shelves, asked, ReadPage(said), reading(said), NOW)

    with shelves.writing() as shelf:
        settle(shelf)
        share(shelf, SHORT, PUBLIC, "1.0")
    read(SHORT, POST)
    with shelves.writing() as shelf:
        share(shelf, SHORTER, PUBLIC, "2.0")
    read(SHORTER, SHORT)
    with shelves.reading() as shelf:
        (found,) = shelf.notes.select(ANYBODY)
        assert found.paper_id == shelf.papers.known_as(SHORTER) == shelf.papers.known_as(SHORT) == POST
        assert [one.message.ts for one in found.shares] == ["1.0", "2.0"]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite has one writer
@pytest.mark.parametrize("known", [True, False])
def test_a_page_settled_while_a_note_on_it_is_made_has_the_note(shelves: StoredShelves, known: bool) -> None:
    def answer() -> None:
        with shelves.writing() as shelf:
            shelf.papers.settle(SHORT, POST)
            store(shelf, POST)

    with shelves.writing() as shelf:
        settle(shelf)
        want(shelf, SHORT)
        if known:
            want(shelf, POST)
    with shelves.writing() as shelf:
        paper_id = shelf.papers.known_as(SHORT)
        at_once([answer])
        share(shelf, paper_id, PUBLIC, "1.0")
    with shelves.reading() as shelf:
        (found,) = shelf.notes.select(ANYBODY)
    assert found.paper_id == POST and found.paper.record


def test_a_page_whose_address_was_that_of_an_address_of_another_is_the_other(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        for one in (POST, SHORT, SHORTER):
            share(shelf, one, PUBLIC, one.id)
    for asked, page in ((SHORTER, SHORT), (SHORT, POST)):
        with shelves.writing() as shelf:
            shelf.papers.settle(asked, page)
    with shelves.writing() as shelf:
        assert shelf.papers.known_as(SHORTER) == POST
        share(shelf, SHORTER, PUBLIC, "9.0")
        (found,) = shelf.notes.select(ANYBODY)
    assert len(found.shares) == 4


def test_an_address_that_turned_out_to_be_another_pages_is_not_asked_for_again(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        share(shelf, POST, PUBLIC, "1.0")
        store(shelf, POST)
        share(shelf, SHORT, PUBLIC, "2.0")
        assert shelf.papers.claim(9, NOW, MINUTE, of=PAGE_SOURCES) == (SHORT,)
    said = record(POST)
    keep_page(shelves, SHORT, ReadPage(said), reading(said), NOW)
    with shelves.reading() as shelf:
        assert not shelf.papers.waiting(NOW + DAY, of=PAGE_SOURCES)


def test_pages_that_are_settled_at_once_are_one_page(shelves: StoredShelves) -> None:
    said = record(SHORT)
    with shelves.writing() as shelf:
        settle(shelf)
        for number, one in enumerate((SHORTER, SHORT, POST)):
            share(shelf, one, PUBLIC, f"{number}.0")
            store(shelf, one)
    with ThreadPoolExecutor(1) as threads:
        with shelves.writing() as shelf:
            shelf.papers.settle(SHORT, POST)
            store(shelf, POST)
            other = threads.submit(keep_page, shelves, SHORTER, ReadPage(said), reading(said), NOW)
            wait([other], 0.5)  # time enough to go wrong
        other.result()
    with shelves.reading() as shelf:
        (found,) = shelf.notes.select(ANYBODY)
        assert found.paper_id == shelf.papers.known_as(SHORT) == shelf.papers.known_as(SHORTER) == POST
    assert [one.message.ts for one in found.shares] == ["0.0", "1.0", "2.0"]


def test_two_pages_that_are_each_said_to_be_the_other_are_one_page(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        for one in (SHORT, POST):
            share(shelf, one, PUBLIC, one.id)
    with ThreadPoolExecutor(1) as threads:
        with shelves.writing() as shelf:
            assert shelf.papers.settle(SHORT, POST) == POST
            said = record(SHORT)
            other = threads.submit(keep_page, shelves, POST, ReadPage(said), reading(said), NOW)
            wait([other], 0.5)  # time enough to go wrong
        other.result()
    with shelves.reading() as shelf:
        (found,) = shelf.notes.select(ANYBODY)
    assert found.paper_id == POST and found.paper.record and len(found.shares) == 2


@pytest.mark.parametrize(("asked", "page"), [(SHORT, POST), (POST, SHORT)])
def test_two_pages_are_settled_while_they_are_saved(shelves: StoredShelves, asked: PaperId, page: PaperId) -> None:
    def answer() -> None:
        with shelves.writing() as shelf:
            shelf.papers.settle(asked, page)

    with shelves.writing() as shelf:
        settle(shelf)
        for one in (SHORT, POST):
            want(shelf, one)
    first, second = sorted((SHORT, POST))
    with ThreadPoolExecutor(1) as threads:
        with shelves.writing() as shelf:
            shelf.tags.hold(TEAM)
            share(shelf, first, PUBLIC, "1.0")
            answered = threads.submit(answer)
            wait([answered], 0.5)  # time enough to go wrong
            share(shelf, second, PUBLIC, "1.0")
        answered.result()
    with shelves.writing() as shelf:
        store(shelf, page)
        (found,) = shelf.notes.select(ANYBODY)
    assert found.paper_id == page


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite has one writer
def test_a_noted_page_is_settled_while_it_is_about_to_be_saved_again(shelves: StoredShelves) -> None:
    def answer() -> None:
        with shelves.writing() as shelf:
            shelf.papers.settle(SHORT, POST)

    with shelves.writing() as shelf:
        settle(shelf)
        for one in (SHORT, POST):
            share(shelf, one, PUBLIC, "1.0")
    with ThreadPoolExecutor(1) as threads:
        with shelves.writing() as shelf:
            shelf.tags.hold(TEAM)
            answered = threads.submit(answer)
            wait([answered], 0.5)  # time enough to go wrong
            share(shelf, SHORT, PUBLIC, "2.0")
        answered.result()
    with shelves.reading() as shelf:
        (found,) = shelf.notes.select(ANYBODY)
    assert found.paper_id == POST


def twins(shelves: StoredShelves, of: PaperId, audience: Audience = ANYBODY) -> tuple[Twin, ...]:
    with shelves.reading() as shelf:
        found = shelf.notes.of_paper(of, audience)
        assert found is not None
        return found.twins


def test_twins_name_each_other_where_both_are_seen(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        for one in (REVIEWED, paper(1)):
            share(shelf, one, PUBLIC, "1.0")
            store(shelf, one)
    with shelves.writing() as shelf:
        store(shelf, REVIEWED, named=[paper(1)])
        store(shelf, REVIEWED, named=[paper(1)])
    assert twins(shelves, REVIEWED) == (Twin(paper(1), f"On {paper(1).id}", True),)
    assert twins(shelves, paper(1)) == (Twin(REVIEWED, "On xQUe1pOKPam", True),)


def test_a_twin_that_nobody_noted_is_named_only_on_arxiv(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        share(shelf, POST, PUBLIC, "1.0")
        store(shelf, POST, named=[paper(7)])
    assert twins(shelves, POST) == (Twin(paper(7)),)
    with shelves.writing() as shelf:
        share(shelf, paper(7), PUBLIC, "2.0")
        store(shelf, paper(7))
    assert twins(shelves, paper(7)) == (Twin(POST, f"On {POST.id}", True),)


def test_a_twin_in_private_is_not_told_of_outside_until_it_is_shared_there(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        share(shelf, REVIEWED, SECRET, "1.0")
        share(shelf, paper(1), PUBLIC, "2.0")
        for one in (REVIEWED, paper(1)):
            store(shelf, one)
    with shelves.writing() as shelf:
        store(shelf, REVIEWED, named=[paper(1)])
    assert twins(shelves, paper(1)) == ()
    assert [one.paper_id for one in twins(shelves, paper(1), Audience(TEAM, SECRET))] == [REVIEWED]
    with shelves.writing() as shelf:
        before = shelf.notes.of_paper(paper(1), ANYBODY)
        share(shelf, REVIEWED, PUBLIC, "3.0")
        after = shelf.notes.of_paper(paper(1), ANYBODY)
    assert before is not None
    assert after is not None
    assert [one.paper_id for one in after.twins] == [REVIEWED]
    assert after.change > before.change  # its card has to be told


@pytest.mark.parametrize("first", [POST, paper(1)])
def test_the_same_title_makes_twins_whoever_comes_first(shelves: StoredShelves, first: PaperId) -> None:
    second = paper(1) if first == POST else POST
    for one, title in ((first, TITLE), (second, "a long title of its own  – ON sleep.")):
        with shelves.writing() as shelf:
            settle(shelf)
            share(shelf, one, PUBLIC, one.id)
            store(shelf, one, title=title)
    assert [one.paper_id for one in twins(shelves, first)] == [second]
    assert [one.paper_id for one in twins(shelves, second)] == [first]


def test_other_authors_make_no_twins(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        note(shelf, paper(1))
        share(shelf, POST, PUBLIC, "1.0")
        store(shelf, paper(1), title=TITLE, authors=("Somebody Else",))
        store(shelf, POST, title=TITLE)
    assert twins(shelves, POST) == ()


def test_where_two_papers_bear_the_title_neither_is_the_twin(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        for number in (2, 3):
            want(shelf, paper(number))
            store(shelf, paper(number), title=TITLE)
        share(shelf, POST, PUBLIC, "1.0")
        store(shelf, POST, title=TITLE)
    assert twins(shelves, POST) == ()


class Ending:
    """Shelves of a process that ends after one transaction."""

    def __init__(self, shelves: StoredShelves) -> None:
        self._shelves = shelves
        self._begun = False

    @contextmanager
    def writing(self, lasting: bool = True) -> Iterator[Shelf]:
        if self._begun:
            raise SystemExit
        self._begun = True
        with self._shelves.writing(lasting) as shelf:
            yield shelf

    @contextmanager
    def reading(self, resting: bool = False) -> Iterator[Shelf]:
        with self._shelves.reading(resting) as shelf:
            yield shelf


def test_a_page_that_is_kept_has_its_twins_even_if_the_process_ends_then(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        for one in (POST, paper(1)):
            share(shelf, one, PUBLIC, one.id)
    said = record(POST)
    with suppress(SystemExit):
        keep_page(Ending(shelves), POST, ReadPage(said, (paper(1),)), reading(said), NOW)
    with shelves.reading() as shelf:
        assert not shelf.papers.waiting(NOW, of=PAGE_SOURCES)
    assert [one.paper_id for one in twins(shelves, POST)] == [paper(1)]


def noted_in_another_team(shelf: Shelf, paper_id: PaperId) -> None:
    shelf.directory.ensure_workspace(Workspace("T2"), NOW)
    want(shelf, paper_id)
    shelf.notes.ensure("T2", paper_id, NOW)


def test_twins_of_two_teams_that_are_stored_at_once_are_found(shelves: StoredShelves) -> None:
    def other() -> None:
        with shelves.writing() as shelf:
            store(shelf, paper(1), title=TITLE)

    with shelves.writing() as shelf:
        settle(shelf)
        share(shelf, POST, PUBLIC, "1.0")
        noted_in_another_team(shelf, paper(1))
    with ThreadPoolExecutor(1) as threads:
        with shelves.writing() as shelf:
            store(shelf, POST, title=TITLE)
            stored = threads.submit(other)
            wait([stored], 0.5)  # time enough to go wrong
        stored.result()
    assert [one.paper_id for one in twins(shelves, POST)] == [paper(1)]


def test_a_paper_with_twins_in_several_teams_waits_for_these_in_their_order(shelves: StoredShelves) -> None:
    def answer() -> None:
        with shelves.writing() as shelf:
            store(shelf, paper(1), title=TITLE)

    with shelves.writing() as shelf:
        settle(shelf)
        want(shelf, paper(1))
        noted_in_another_team(shelf, POST)  # the first of its twins, in the second team
        share(shelf, SHORT, PUBLIC, "1.0")
        for one in (POST, SHORT):
            store(shelf, one, title=TITLE)
    with ThreadPoolExecutor(1) as threads:
        with shelves.writing() as shelf:
            shelf.tags.hold(TEAM)
            stored = threads.submit(answer)
            wait([stored], 0.5)  # time enough to go wrong
            shelf.tags.hold("T2")
        stored.result()
    assert [one.paper_id for one in twins(shelves, SHORT)] == [paper(1)]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("A Fine Method for Sleep", "a fine method, for sleep!"),
        ("Ａ Fine Method for Sleep", r"A \emph{Fine} Method for Sleep"),
        ("大規模言語モデルの評価について", "大規模 言語モデルの評価について。"),
    ],
)
def test_titles_that_differ_in_nothing_but_dress_are_one(one: str, other: str) -> None:
    assert title_key(one) == title_key(other) != ""


@pytest.mark.parametrize(
    "title", ["", "Home", "Introduction", "About us", "A B C", "論文一覧", record(POST).title[:2]]
)
def test_titles_that_many_pages_bear_make_no_twins(title: str) -> None:
    assert title_key(title) == ""
