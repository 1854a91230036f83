"""People act at the same moment: each act is whole, remembers what it did itself, and says what became of it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from itertools import islice

import pytest
from rounds import Act, rounds
from stored import DAY, MINUTE, NOW, PUBLIC, SECRET, TEAM, paper, settle, share, store, tag, want

from papers.asker import Asker
from papers.digest_order import DigestOrder, Scope
from papers.digests import Digests
from papers.errors import UnknownPaper
from papers.following import Following
from papers.follows import Follower, Target, TargetKind
from papers.leaving import LATEST, Leaving
from papers.note import Audience, Message, Workspace
from papers.notebook import Notebook
from papers.nudges import Job
from papers.paper import PaperId, PaperLink
from papers.periods import WeeklyTime
from papers.readers import Readers
from papers.tagging import Tagging
from papers.undoing import NothingToUndo, Undoing, UndoneAlready
from papers.work import PostKind
from storage.engine import Database
from storage.shelves import StoredShelves

# SQLite has one writer: there nothing comes between the statements of an act that writes.
pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)

LATER = NOW + 9 * MINUTE
WEEKLY = WeeklyTime.parse("mon 09:00")


def _nobody(_job: Job) -> None:
    """Nothing runs here."""


class Acts:
    """What people may do."""

    def __init__(self, shelves: StoredShelves) -> None:
        def now() -> datetime:
            return LATER

        self.notebook = Notebook(shelves, _nobody, now, lambda: timedelta(0))
        self.tagging = Tagging(shelves, _nobody, now)
        self.following = Following(shelves, _nobody, now, WEEKLY)
        self.readers = Readers(shelves, _nobody, now)
        self.undoing = Undoing(shelves, _nobody, now)


@pytest.fixture
def acts(shelves: StoredShelves) -> Acts:
    with shelves.writing() as shelf:
        settle(shelf)
    return Acts(shelves)


def by(member: str, number: int, channel: str = PUBLIC) -> Asker:
    return Asker(TEAM, channel, member, f"command:{member}{channel}{number}")


def test_undo_puts_back_the_tags_that_one_took_off_and_not_what_others_took_off_meanwhile(
    acts: Acts, shelves: StoredShelves, database: Database
) -> None:
    notes: list[int] = []

    def both(number: int) -> tuple[Act, Act]:
        with shelves.writing() as shelf:
            notes.append(share(shelf, paper(number), PUBLIC, f"{number}.0"))
            tag(shelf, notes[-1], PUBLIC, "one, two")
        untag = acts.tagging.untag
        return lambda: untag(by("U1", number), notes[-1], "one"), lambda: untag(by("U2", number), notes[-1], "two")

    for number in rounds(database, both):
        acts.undoing.undo(by("U1", -1 - number))
        with shelves.reading() as shelf:
            note = shelf.notes.get(notes[-1], Audience(TEAM, PUBLIC))
        assert note and [one.name for one in note.tags] == ["one"]


def test_undo_ends_what_one_began_to_follow_and_not_what_others_began_meanwhile(
    acts: Acts, database: Database
) -> None:
    def there(number: int) -> Follower:
        return Follower(TEAM, f"C{number}", True)

    def both(number: int) -> tuple[Act, Act]:
        def follow(member: str, key: str) -> None:
            acts.following.follow(by(member, number), there(number), [Target(TargetKind.TAG, key, key)], False)

        return lambda: follow("U1", "one"), lambda: follow("U2", "two")

    for number in rounds(database, both):
        acts.undoing.undo(by("U1", -1 - number))
        assert [one.target.name for one in acts.following.of(there(number))] == ["two"]


def test_undo_follows_again_what_one_gave_up_and_not_what_others_gave_up_meanwhile(
    acts: Acts, database: Database
) -> None:
    one, two = (Target(TargetKind.TAG, key, key) for key in ("one", "two"))

    def there(number: int) -> Follower:
        return Follower(TEAM, f"C{number}", True)

    def both(number: int) -> tuple[Act, Act]:
        here, unfollow = there(number), acts.following.unfollow
        acts.following.follow(by("U2", number), here, [one, two], False)
        return lambda: unfollow(by("U1", number), here, [one]), lambda: unfollow(by("U2", number), here, [two])

    for number in rounds(database, both):
        acts.undoing.undo(by("U1", -1 - number))
        assert [one.target.name for one in acts.following.of(there(number))] == ["one"]


def test_a_claim_that_one_ends_twice_at_the_same_moment_comes_back_with_one_of_both(
    acts: Acts, shelves: StoredShelves, database: Database
) -> None:
    notes: list[int] = []

    def both(number: int) -> tuple[Act, Act]:
        with shelves.writing() as shelf:
            notes.append(share(shelf, paper(number), PUBLIC, f"{number}.0"))
            shelf.readers.claim(notes[-1], "m", "U1", PUBLIC, NOW, NOW + DAY)
        first, second = by("U1", number), by("U1", number, SECRET)
        readers = acts.readers
        return lambda: readers.read(first, notes[-1]), lambda: readers.put_down(second, notes[-1])

    def claims() -> int:
        with shelves.reading() as shelf:
            return len(shelf.readers.claims(notes[-1], "U1"))

    for number in rounds(database, both):
        came_back = []
        for channel in (PUBLIC, SECRET):
            with suppress(NothingToUndo):
                acts.undoing.undo(by("U1", -1 - number, channel))
            came_back.append(claims())
            with shelves.writing() as shelf:
                shelf.readers.put_down(notes[-1], "U1")
        assert sum(came_back) == 1


def test_a_wish_to_undo_that_is_handled_twice_at_the_same_moment_undoes_one_act(
    acts: Acts, shelves: StoredShelves, database: Database
) -> None:
    notes: list[int] = []

    def both(number: int) -> tuple[Act, Act]:
        with shelves.writing() as shelf:
            notes.append(share(shelf, paper(number), PUBLIC, f"{number}.0"))
        for one in (1, 2, 3):
            acts.tagging.tag(by("U1", 9 * number + one), notes[-1], f'"t{one}"')

        def undo() -> None:
            with suppress(UndoneAlready):
                acts.undoing.undo(by("U1", -1 - number))

        return undo, undo

    for _ in rounds(database, both):
        with shelves.reading() as shelf:
            note = shelf.notes.get(notes[-1], Audience(TEAM, PUBLIC))
        assert note and [one.name for one in note.tags] == ["t1", "t2"]


CLICKS: dict[str, Callable[[Acts, Asker, int], object]] = {
    "reading": lambda acts, asker, note: acts.readers.claim(asker, note),
    "not reading": lambda acts, asker, note: acts.readers.put_down(asker, note),
    "the button": lambda acts, asker, note: acts.readers.toggle(asker, note),
    "read": lambda acts, asker, note: acts.readers.read(asker, note),
    "unread": lambda acts, asker, note: acts.readers.unread(asker, note),
    "comment": lambda acts, asker, note: acts.notebook.comment(asker, note, "words"),
    "tag": lambda acts, asker, note: acts.tagging.tag(asker, note, '"two"'),
    "untag": lambda acts, asker, note: acts.tagging.untag(asker, note, "one"),
    "take back tags": lambda acts, asker, note: acts.tagging.take_back_tags(asker, note, ["one"]),
    "undo": lambda acts, asker, _: acts.undoing.undo(asker),
}


@pytest.mark.parametrize("click", CLICKS)
def test_who_clicks_while_a_page_turns_out_to_be_another_is_understood_or_told_that_it_is_gone(
    acts: Acts, shelves: StoredShelves, database: Database, click: str
) -> None:
    def both(number: int) -> tuple[Act, Act]:
        one, other = (PaperId("web", f"https://example.org/{number}/{name}") for name in ("a", "b"))
        with shelves.writing() as shelf:
            for page in (other, one):
                want(shelf, page)
                note_id = share(shelf, page, PUBLIC, f"{number}.{page.id[-1]}")
            tag(shelf, note_id, PUBLIC, "one")
            shelf.readers.mark_read(note_id, "m", "U1", NOW)
        acts.notebook.comment(by("U1", -1 - number), note_id, "to be undone")

        def clicked() -> None:
            with suppress(UnknownPaper):
                CLICKS[click](acts, by("U1", number), note_id)

        def answered() -> None:
            with shelves.writing() as shelf:
                store(shelf, shelf.papers.settle(one, other))

        return clicked, answered

    # Whoever reads before holding does so first.
    assert list(islice(rounds(database, both), 4)) == [0, 1, 2, 3]


def test_a_week_is_told_once_though_its_time_is_changed_while_it_falls_due(
    shelves: StoredShelves, database: Database
) -> None:
    friday = datetime(2026, 11, 20, 17, 0, 10, tzinfo=UTC)

    def team(number: int) -> tuple[StoredShelves, Digests, Asker]:
        served = shelves.serving(f"T{number}")
        return served, Digests(served, _nobody, lambda: friday, WEEKLY), Asker(f"T{number}", PUBLIC, "U1", "c:1")

    def both(number: int) -> tuple[Act, Act]:
        served, digests, asker = team(number)
        with served.writing() as shelf:
            shelf.directory.ensure_workspace(Workspace(asker.workspace), friday - 2 * DAY)
            order = DigestOrder(asker.workspace, PUBLIC, Scope.WORKSPACE, weekly="fri 17:00")
            shelf.digests.order(order, friday - 2 * DAY)
        notebook = Notebook(served, _nobody, lambda: friday, lambda: timedelta(0))
        notebook.share(Message(asker.workspace, PUBLIC, "1.0"), "U1", [PaperLink(paper())], friday - DAY)

        def change() -> None:
            digests.order(asker, Scope.WORKSPACE, "", "fri 16:00")
            digests.owe_due()

        return digests.owe_due, change

    for number in rounds(database, both):
        with team(number)[0].writing() as shelf:
            posts = shelf.outbox.claim(9, friday, MINUTE)
        assert [post.owed.kind for post in posts if post.owed.kind is not PostKind.CARD] == [PostKind.DIGEST]


def test_a_workspace_that_comes_back_while_it_is_forgotten_is_there_afterwards(
    shelves: StoredShelves, database: Database
) -> None:
    leaving = Leaving(shelves, _nobody, lambda: NOW + LATEST)

    def both(number: int) -> tuple[Act, Act]:
        def start() -> None:
            with shelves.writing() as shelf:
                shelf.directory.ensure_workspace(Workspace(f"T{number}"), NOW)

        start()
        with shelves.writing() as shelf:
            shelf.directory.leave(f"T{number}", NOW)
        (left,) = leaving.left()
        return start, lambda: leaving.forget(left)

    for number in rounds(database, both):
        with shelves.reading() as shelf:
            assert shelf.directory.workspace(f"T{number}")
            assert shelf.directory.left() == {}
