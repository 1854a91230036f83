"""Undo: one's own last act in a channel, one further with each time, for a day, and nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from stored import DAY, NOW, PUBLIC, SECRET, TEAM, paper, settle, share, store, tag

from papers.acts import KEPT, MOST, Act, Deed
from papers.asker import Asker
from papers.backfills import Backfills
from papers.digest_order import Scope
from papers.digests import Digests
from papers.emoji import EmojiVerb, Meaning
from papers.following import Following
from papers.follows import Follower, Target, TargetKind
from papers.note import Audience, Note
from papers.notebook import Notebook
from papers.nudges import Job
from papers.paper import PaperLink
from papers.periods import WeeklyTime
from papers.preferences import Preferences
from papers.reactions import Reactions
from papers.reader_shelf import Claim, ReadMark
from papers.readers import CLAIMED, Readers
from papers.settled import Setting, Standing
from papers.tag_keeping import TagKeeping
from papers.tagging import Tagging
from papers.tags import tag as named
from papers.undoing import NothingToUndo, TooLateToUndo, Undoing, UndoneAlready
from storage import tables
from storage.engine import Database
from storage.shelves import StoredShelves


class Person:
    """Somebody who does things with the note on paper 1, in a channel."""

    def __init__(self, shelves: StoredShelves, member: str = "U1", channel: str = PUBLIC) -> None:
        self.shelves = shelves
        self.member, self.channel = member, channel
        self.now = NOW
        self.done = 0
        self.notebook = Notebook(shelves, _nobody, self._now, lambda: timedelta(0))
        self.tagging = Tagging(shelves, _nobody, self._now)
        self.keeping = TagKeeping(shelves, _nobody, self._now)
        self.readers = Readers(shelves, _nobody, self._now)
        self.following = Following(shelves, _nobody, self._now, WeeklyTime.parse("mon 09:00"))
        self.reactions = Reactions(shelves, _nobody, self._now)
        self.digests = Digests(shelves, _nobody, self._now, WeeklyTime.parse("mon 09:00"))
        self.preferences = Preferences(shelves, _nobody, self._now)
        self.backfills = Backfills(shelves, _nobody, self._now, "/note")
        self.undoing = Undoing(shelves, _nobody, self._now)

    def _now(self) -> datetime:
        return self.now

    @property
    def asker(self) -> Asker:
        self.done += 1
        return Asker(TEAM, self.channel, self.member, f"command:{self.member}{self.done}")

    def tag(self, typed: str) -> None:
        self.tagging.tag(self.asker, self.note.id, typed)

    def untag(self, typed: str) -> None:
        self.tagging.untag(self.asker, self.note.id, typed)

    def comment(self, text: str) -> None:
        self.notebook.comment(self.asker, self.note.id, text)

    def undo(self) -> tuple[Deed, str]:
        undone = self.undoing.undo(self.asker)
        return undone.deed, ", ".join(undone.taken.named or (target.name for target in undone.taken.targets))

    def stays(self) -> tuple[str, tuple[str, ...]]:
        """What undo says that it does not take back, and what is typed to change it by hand."""
        undone = self.undoing.undo(self.asker)
        assert undone.deed is Deed.STAYS
        return undone.taken.did, undone.taken.back

    @property
    def note(self) -> Note:
        with self.shelves.reading() as shelf:
            note = shelf.notes.of_paper(paper(1), Audience(TEAM, self.channel))
        assert note
        return note

    @property
    def claims(self) -> tuple[Claim, ...]:
        with self.shelves.reading() as shelf:
            return shelf.readers.claims(self.note.id, self.member)

    @property
    def mark(self) -> ReadMark | None:
        with self.shelves.reading() as shelf:
            return shelf.readers.read_mark(self.note.id, self.member)

    @property
    def follower(self) -> Follower:
        return Follower(TEAM, self.member)

    @property
    def followed(self) -> list[tuple[str, bool]]:
        return [(one.target.name, one.weekly) for one in self.following.of(self.follower)]

    @property
    def tags(self) -> list[str]:
        return [one.name for one in self.note.tags]

    @property
    def comments(self) -> list[str]:
        return [one.text for one in self.note.comments]


def _nobody(_job: Job) -> None:
    """Nothing runs here."""


@pytest.fixture
def stored(shelves: StoredShelves) -> StoredShelves:
    with shelves.writing() as shelf:
        settle(shelf)
        share(shelf, paper(1), PUBLIC, "1.0")
        store(shelf, paper(1))
    return shelves


def test_each_undo_goes_one_further_back_until_nothing_is_left(stored: StoredShelves) -> None:
    aki = Person(stored)
    aki.tag("LLM, Data")
    aki.comment("worth reading")
    aki.untag("Data")
    assert aki.undo() == (Deed.UNTAG, "Data")
    assert sorted(aki.tags) == ["Data", "LLM"]
    assert aki.undo() == (Deed.COMMENT, "")
    assert aki.comments == []
    assert aki.undo() == (Deed.TAG, "LLM, Data")
    assert aki.tags == []
    for _ in range(2):
        with pytest.raises(NothingToUndo):
            aki.undo()


def test_undoing_a_removal_brings_back_who_set_the_tag_where_and_when(stored: StoredShelves) -> None:
    aki, ben = Person(stored), Person(stored, "U2")
    aki.tag("LLM")
    with stored.writing() as shelf:
        before = shelf.notes.uses(aki.note.id)
    ben.untag("LLM")
    ben.undo()
    with stored.reading() as shelf:
        assert shelf.notes.uses(aki.note.id) == before
    assert aki.undo() == (Deed.TAG, "LLM")


def test_only_the_tags_that_were_new_are_taken_off(stored: StoredShelves) -> None:
    aki, ben = Person(stored), Person(stored, "U2")
    ben.tag("Kept")
    aki.tag("Kept, Wrong")
    assert aki.undo() == (Deed.TAG, "Wrong")
    assert aki.tags == ["Kept"]


def test_nobody_undoes_what_another_did_nor_what_was_done_elsewhere(stored: StoredShelves) -> None:
    with stored.writing() as shelf:
        share(shelf, paper(1), SECRET, "2.0")
    aki = Person(stored)
    aki.tag("LLM")
    aki.comment("mine")
    for other in (Person(stored, "U2"), Person(stored, "U1", SECRET)):
        with pytest.raises(NothingToUndo):
            other.undo()
    assert (aki.tags, aki.comments) == (["LLM"], ["mine"])


def test_what_is_gone_already_is_passed_over(stored: StoredShelves) -> None:
    aki, ben = Person(stored), Person(stored, "U2")
    aki.tag("First")
    aki.tag("Second")
    ben.untag("Second")
    assert aki.undo() == (Deed.TAG, "First")
    assert aki.tags == []


def test_an_added_paper_is_withdrawn_and_may_be_added_again(stored: StoredShelves) -> None:
    aki = Person(stored)
    (added,) = aki.notebook.add(aki.asker, [PaperLink(paper(2))])
    assert added.new
    assert aki.undo() == (Deed.ADD, "")
    with stored.reading() as shelf:
        assert shelf.notes.of_paper(paper(2), Audience(TEAM, PUBLIC)) is None
    assert [one.new for one in aki.notebook.add(aki.asker, [PaperLink(paper(2))])] == [True]
    assert [one.new for one in aki.notebook.add(aki.asker, [PaperLink(paper(2))])] == [False]
    assert aki.undo() == (Deed.ADD, "")
    with pytest.raises(NothingToUndo):
        aki.undo()


def test_a_comment_is_taken_back_whatever_was_done_since(stored: StoredShelves) -> None:
    aki, ben = Person(stored), Person(stored, "U2")
    asker = aki.asker
    aki.notebook.comment(asker, aki.note.id, "a slip")
    aki.comment("meant")
    with pytest.raises(TooLateToUndo):
        ben.undoing.undo_comment(ben.asker, aki.note.id, asker.origin)
    aki.undoing.undo_comment(aki.asker, aki.note.id, asker.origin)
    assert aki.comments == ["meant"]
    with pytest.raises(TooLateToUndo):
        aki.undoing.undo_comment(aki.asker, aki.note.id, asker.origin)


def test_a_comment_moved_to_another_paper_is_undone_there(stored: StoredShelves) -> None:
    aki, ben = Person(stored), Person(stored, "U2")
    with stored.writing() as shelf:
        other = share(shelf, paper(2), PUBLIC, "2.0")
    asker = aki.asker
    aki.notebook.comment(asker, aki.note.id, "of the other")
    with pytest.raises(TooLateToUndo):
        ben.undoing.move_comment(ben.asker, aki.note.id, asker.origin, other)
    moved = aki.undoing.move_comment(aki.asker, aki.note.id, asker.origin, other)
    assert (aki.comments, [one.text for one in moved.comments]) == ([], ["of the other"])
    assert [note.id for note in aki.notebook.search(aki.asker.audience, "of the other")] == [other]
    with pytest.raises(TooLateToUndo):
        aki.undoing.move_comment(aki.asker, aki.note.id, asker.origin, other)
    assert aki.undo()[0] is Deed.COMMENT
    assert aki.notebook.note(other, aki.asker.audience).comments == ()  # type: ignore[union-attr]


def test_tags_moved_to_another_paper_are_undone_there(stored: StoredShelves) -> None:
    with stored.writing() as shelf:
        other = share(shelf, paper(2), PUBLIC, "2.0")
    aki = Person(stored)
    aki.tag("Moved")
    aki.tagging.move_tags(aki.asker, aki.note.id, ["moved"], other)
    undone = aki.undoing.undo(aki.asker)
    assert (undone.note and undone.note.id, undone.taken.named) == (other, ("Moved",))
    with pytest.raises(NothingToUndo):
        aki.undo()


def test_the_same_act_delivered_twice_is_undone_once(stored: StoredShelves) -> None:
    aki = Person(stored)
    asker = aki.asker
    for _ in range(2):
        aki.notebook.comment(asker, aki.note.id, "once")
        aki.tagging.tag(asker, aki.note.id, "Once")
    assert [aki.undo()[0] for _ in range(2)] == [Deed.TAG, Deed.COMMENT]
    with pytest.raises(NothingToUndo):
        aki.undo()


def test_a_wish_to_undo_that_is_handled_twice_undoes_one_act(stored: StoredShelves) -> None:
    aki = Person(stored)
    aki.tag("LLM")
    aki.comment("two acts")
    asker = aki.asker
    assert aki.undoing.undo(asker).deed is Deed.COMMENT
    with pytest.raises(UndoneAlready):
        aki.undoing.undo(asker)
    assert aki.undo() == (Deed.TAG, "LLM")


@pytest.mark.parametrize(("late", "left"), [(timedelta(0), True), (timedelta(seconds=1), False)])
def test_after_a_day_nothing_is_undone_and_then_it_is_forgotten(
    stored: StoredShelves, late: timedelta, left: bool
) -> None:
    aki = Person(stored)
    aki.tag("LLM")
    aki.now += KEPT + late
    if left:
        assert aki.undo() == (Deed.TAG, "LLM")
    else:
        with pytest.raises(NothingToUndo):
            aki.undo()
        with stored.writing() as shelf:
            assert shelf.acts.prune(aki.now - KEPT) == 1


def test_so_many_acts_are_remembered_and_no_more(stored: StoredShelves) -> None:
    aki = Person(stored)
    for number in range(MOST + 3):
        aki.comment(f"comment {number}")
    for _ in range(MOST):
        aki.undo()
    with pytest.raises(NothingToUndo):
        aki.undo()
    assert aki.comments == ["comment 0", "comment 1", "comment 2"]


@pytest.mark.parametrize(
    "deed",
    [
        lambda aki: aki.tag("LLM"),
        lambda aki: aki.comment("said"),
        lambda aki: aki.notebook.add(aki.asker, [PaperLink(paper(3))]),
    ],
)
def test_a_deed_is_remembered_with_itself_whatever_breaks_after_it(
    stored: StoredShelves, deed: Callable[[Person], object]
) -> None:
    aki = Person(stored)

    class Broken(RuntimeError):
        """What breaks."""

    def break_down(_job: Job) -> None:
        raise Broken

    aki.notebook = Notebook(stored, break_down, lambda: NOW, lambda: timedelta(0))
    aki.tagging = Tagging(stored, break_down, lambda: NOW)
    with pytest.raises(Broken):
        deed(aki)
    assert aki.undo()


def test_a_tag_that_became_one_with_another_is_not_made_anew(stored: StoredShelves) -> None:
    with stored.writing() as shelf:
        note_id = Person(stored).note.id
        tag(shelf, note_id, PUBLIC, "LLM")
        (use,) = shelf.notes.uses(note_id)
        shelf.notes.untag(note_id, ["llm"], Audience(TEAM, PUBLIC))
        assert [one.name for one in shelf.notes.put_back(note_id, [use])] == ["LLM"]
        assert shelf.notes.put_back(note_id, [use]) == ()


# What was done with tags themselves


def test_a_renamed_tag_is_named_back_and_what_came_before_is_undone_next(stored: StoredShelves) -> None:
    aki = Person(stored)
    aki.tag("LLMs")
    aki.keeping.rename(aki.asker, named("LLMs"), named("LLM"))
    assert aki.tags == ["LLM"]
    assert aki.undo() == (Deed.RENAME, "LLMs")
    assert aki.tags == ["LLMs"]
    assert aki.undo() == (Deed.TAG, "LLMs")


def test_the_name_that_is_taken_back_no_longer_means_the_tag(stored: StoredShelves) -> None:
    aki, ben = Person(stored), Person(stored, "U2")
    aki.tag("Reasonning")
    aki.keeping.rename(aki.asker, named("Reasonning"), named("Reasoning"))
    aki.undo()
    assert aki.keeping.other_names(aki.asker, named("Reasonning"))[1] == ()
    ben.tag('"Reasoning"')
    assert aki.tags == ["Reasonning", "Reasoning"]


def test_another_name_that_became_the_name_is_another_name_again(stored: StoredShelves) -> None:
    aki = Person(stored)
    aki.tag("LLMs")
    aki.keeping.alias(aki.asker, named("LLM"), named("LLMs"))
    aki.keeping.rename(aki.asker, named("LLMs"), named("LLM"))
    aki.undo()
    assert aki.keeping.other_names(aki.asker, named("LLMs"))[1] == ("LLM",)


def test_what_is_not_remembered_of_a_renaming_takes_no_other_name_away(stored: StoredShelves) -> None:
    aki = Person(stored)
    aki.tag("LLMs")
    with stored.writing() as shelf:
        shelf.tags.rename(aki.asker.audience, "llms", named("LLM"))
        before = Act(Deed.RENAME, None, "command:before", {"old": "LLMs", "new": "LLM"})
        shelf.acts.record(aki.asker, before, NOW)
    assert aki.undo() == (Deed.RENAME, "LLMs")
    assert aki.keeping.other_names(aki.asker, named("LLMs"))[1] == ("LLM",)


def test_renaming_back_by_hand_leaves_nothing_to_undo_of_either(stored: StoredShelves) -> None:
    aki = Person(stored)
    aki.tag("LLMs")
    aki.keeping.rename(aki.asker, named("LLMs"), named("LLM"))
    aki.keeping.rename(aki.asker, named("LLM"), named("LLMs"))
    assert aki.undo() == (Deed.TAG, "LLMs")


def test_a_tag_that_others_have_renamed_since_keeps_their_name(stored: StoredShelves) -> None:
    aki, ben = Person(stored), Person(stored, "U2")
    aki.tag("LLMs")
    aki.keeping.rename(aki.asker, named("LLMs"), named("LLM"))
    ben.keeping.rename(ben.asker, named("LLM"), named("LanguageModel"))
    with pytest.raises(TooLateToUndo):
        aki.undoing.undo_renaming(aki.asker, named("LLMs"), named("LLM"))
    assert aki.undo() == (Deed.TAG, "LanguageModel")


def test_the_button_of_a_rename_undoes_this_one_whatever_was_done_since(stored: StoredShelves) -> None:
    aki = Person(stored)
    aki.tag("LLMs, Data")
    aki.keeping.rename(aki.asker, named("LLMs"), named("LLM"))
    aki.keeping.rename(aki.asker, named("Data"), named("Corpora"))
    aki.comment("worth reading")
    undone = aki.undoing.undo_renaming(aki.asker, named("LLMs"), named("LLM"))
    assert (undone.deed, undone.taken.named) == (Deed.RENAME, ("LLMs",))
    assert sorted(aki.tags) == ["Corpora", "LLMs"]
    assert (aki.undo()[0], aki.undo()[0]) == (Deed.COMMENT, Deed.RENAME)
    assert sorted(aki.tags) == ["Data", "LLMs"]


def test_a_tag_is_not_named_back_to_what_is_another_tag_by_now(stored: StoredShelves) -> None:
    aki, ben = Person(stored), Person(stored, "U2")
    aki.tag("LLMs")
    aki.keeping.rename(aki.asker, named("LLMs"), named("LLM"))
    ben.keeping.unalias(ben.asker, named("LLMs"))
    ben.tag('"LLMs"')
    with pytest.raises(NothingToUndo):
        aki.undo()
    assert aki.tags == ["LLM", "LLMs"]


def test_undo_says_that_a_merge_stays_and_goes_on_with_what_came_before(stored: StoredShelves) -> None:
    aki = Person(stored)
    aki.tag('LLMs, "LLM"')
    aki.keeping.merge(aki.asker, named("LLMs"), named("LLM"))
    assert aki.undo() == (Deed.MERGE, "LLMs, LLM")
    assert aki.tags == ["LLM"]
    assert aki.undo() == (Deed.TAG, "LLM")


@pytest.mark.parametrize(("one", "other"), [("Tiger", "Lion"), ("Lion", "Tiger")])
def test_undo_after_a_merge_leaves_the_tag_that_an_older_act_has_set(
    stored: StoredShelves, one: str, other: str
) -> None:
    aki, ben = Person(stored), Person(stored, "U2")
    ben.comment("first")
    ben.tag("Lion")
    ben.now += DAY / 24
    ben.tag("Tiger")
    aki.now = ben.now
    aki.keeping.merge(aki.asker, named(one), named(other))
    assert ben.undo() == (Deed.TAG, other)
    assert ben.tags == []
    assert ben.undo() == (Deed.COMMENT, "")


def test_undo_takes_off_a_tag_that_was_taken_off_and_set_again(stored: StoredShelves) -> None:
    aki = Person(stored)
    for _ in range(2):
        aki.tag("Lion")
        aki.now += DAY / 24
        aki.untag("Lion")
        aki.now += DAY / 24
    assert aki.undo() == (Deed.UNTAG, "Lion")
    assert aki.tags == ["Lion"]
    assert aki.undo() == (Deed.TAG, "Lion")
    assert aki.tags == []


# What was done with readers and follows


def test_saying_that_one_reads_and_no_longer_reads_is_undone(stored: StoredShelves) -> None:
    aki = Person(stored)
    aki.readers.claim(aki.asker, aki.note.id)
    (claimed,) = aki.claims
    aki.now += DAY / 4
    aki.readers.put_down(aki.asker, aki.note.id)
    assert aki.claims == ()
    assert aki.undo() == (Deed.PUT_DOWN, "")
    assert aki.claims == (claimed,)
    assert aki.undo() == (Deed.READING, "")
    assert aki.claims == ()
    aki.readers.put_down(aki.asker, aki.note.id)  # nothing was put down
    with pytest.raises(NothingToUndo):
        aki.undo()


def test_having_read_and_not_having_read_is_undone_with_the_claim_that_it_ended(stored: StoredShelves) -> None:
    aki = Person(stored)
    aki.readers.toggle(aki.asker, aki.note.id)
    before = aki.claims
    aki.readers.read(aki.asker, aki.note.id)
    mark = aki.mark
    assert aki.claims == ()
    aki.now += DAY / 4
    aki.readers.unread(aki.asker, aki.note.id)
    assert aki.mark is None
    assert aki.undo() == (Deed.UNREAD, "")
    assert aki.mark == mark
    assert aki.undo() == (Deed.READ, "")
    assert (aki.mark, aki.claims) == (None, before)
    assert aki.undo() == (Deed.READING, "")


def test_a_claim_whose_time_is_over_is_not_made_again(stored: StoredShelves) -> None:
    aki = Person(stored)
    aki.readers.claim(aki.asker, aki.note.id)
    aki.now += CLAIMED - DAY / 4
    aki.readers.put_down(aki.asker, aki.note.id)
    aki.now += DAY / 2
    with pytest.raises(NothingToUndo):
        aki.undo()


def test_following_how_often_and_not_following_is_undone(stored: StoredShelves) -> None:
    aki = Person(stored)
    tag, ben = Target(TargetKind.TAG, "llm", "LLM"), Target(TargetKind.MEMBER, "U2")
    aki.following.follow(aki.asker, aki.follower, [tag], weekly=True)
    aki.following.follow(aki.asker, aki.follower, [tag, ben], weekly=False)
    assert aki.followed == [("LLM", False), ("Ben", False)]
    aki.following.unfollow(aki.asker, aki.follower, [tag, ben])
    assert aki.followed == []
    assert aki.undo() == (Deed.UNFOLLOW, "LLM, Ben")
    assert aki.followed == [("LLM", False), ("Ben", False)]
    assert aki.undo() == (Deed.FOLLOW, "Ben")
    assert aki.undo() == (Deed.OFTEN, "LLM")
    assert aki.followed == [("LLM", True)]
    aki.following.follow(aki.asker, aki.follower, [tag], weekly=True)  # nothing new
    assert aki.undo() == (Deed.FOLLOW, "LLM")
    with pytest.raises(NothingToUndo):
        aki.undo()


def test_what_a_channel_follows_is_undone_for_the_channel_and_by_who_did_it(stored: StoredShelves) -> None:
    aki, ben = Person(stored), Person(stored, "U2")
    here, tag = Follower(TEAM, PUBLIC, is_channel=True), Target(TargetKind.TAG, "llm", "LLM")
    ben.following.follow(ben.asker, here, [tag], weekly=False)
    aki.following.unfollow(aki.asker, here, [tag])
    with pytest.raises(NothingToUndo):
        ben.undo()
    assert aki.undo() == (Deed.UNFOLLOW, "LLM")
    (back,) = aki.following.of(here)
    assert (back.by.id, back.since) == ("U2", NOW)


def test_an_act_that_names_whoever_is_forgotten_cannot_be_undone_any_more(stored: StoredShelves) -> None:
    aki, ben = Person(stored), Target(TargetKind.MEMBER, "U2")
    aki.following.follow(aki.asker, aki.follower, [ben], weekly=False)
    aki.following.unfollow(aki.asker, aki.follower, [ben])
    with stored.writing() as shelf:
        shelf.oblivion.forget(TEAM, "U2", NOW)
    with pytest.raises(NothingToUndo):
        aki.undo()


# What undo does not take back


def _alias(one: Person) -> None:
    one.keeping.alias(one.asker, named("models"), named("LLM"))


def _describe(one: Person, text: str = "What they are") -> None:
    one.keeping.describe(one.asker, named("LLM"), text)


def _group(one: Person, group: str, *tags: str) -> None:
    one.keeping.group(one.asker, group, [named(tag) for tag in tags])


def _ungroup(one: Person, *tags: str) -> None:
    one.keeping.ungroup(one.asker, [named(tag) for tag in tags])


def _emoji(one: Person, meaning: Meaning | None, name: str = "x") -> None:
    one.reactions.settle(one.asker, name, meaning)


def _order(one: Person, weekly: str = "", scope: Scope = Scope.WORKSPACE, tag: str = "") -> None:
    one.digests.order(one.asker, scope, tag, weekly)


def _stop(one: Person, scope: Scope = Scope.WORKSPACE, tag: str = "") -> None:
    one.digests.stop(one.asker, scope, tag)


def _quiet(one: Person, days: int) -> None:
    one.preferences.settle(one.asker, {Setting.QUIET_DAYS: days}, lambda: Standing.MEMBER)


def _nothing(_one: Person) -> None:
    """Nothing was done before."""


ALL_THAT_STAYS: dict[str, tuple[Callable[[Person], object], Callable[[Person], object], str, str]] = {
    "alias": (_nothing, _alias, "tidy alias models, LLM", "tidy unalias models"),
    "alias of another": (
        lambda one: one.keeping.alias(one.asker, named("models"), named("Data")),
        _alias,
        "tidy alias models, LLM",
        "tidy alias models, Data",
    ),
    "alias already": (_alias, _alias, "tidy alias models, LLM", ""),
    "unalias": (
        _alias,
        lambda one: one.keeping.unalias(one.asker, named("models")),
        "tidy unalias models",
        "tidy alias models, LLM",
    ),
    "describe": (_nothing, _describe, "tidy describe LLM: …", "tidy describe LLM:"),
    "describe anew": (
        lambda one: _describe(one, "Old"),
        _describe,
        "tidy describe LLM: …",
        "tidy describe LLM: …",
    ),
    "describe no more": (_describe, lambda one: _describe(one, ""), "tidy describe LLM:", "tidy describe LLM: …"),
    "group": (
        lambda one: _group(one, "Old", "Data"),
        lambda one: _group(one, "Methods", "LLM", "Data"),
        "tidy group Methods: LLM, Data",
        "tidy ungroup LLM · tidy group Old: Data",
    ),
    "ungroup": (
        lambda one: _group(one, "Methods", "LLM"),
        lambda one: _ungroup(one, "LLM", "Data"),
        "tidy ungroup LLM, Data",
        "tidy group Methods: LLM",
    ),
    "emoji": (
        _nothing,
        lambda one: _emoji(one, Meaning(EmojiVerb.TAG, "LLM, Data")),
        "emoji :x: tag LLM, Data",
        "emoji :x: off",
    ),
    "emoji off": (_nothing, lambda one: _emoji(one, None, "eyes"), "emoji :eyes: off", "emoji :eyes: reading"),
    "digest": (_nothing, _order, "digest here", "digest off everything"),
    "digest of a tag": (
        _nothing,
        lambda one: _order(one, "fri 17:00", Scope.TAG, "deep learning"),
        'digest here "deep learning" fri 17:00',
        'digest off "deep learning"',
    ),
    "digest at another time": (
        lambda one: _order(one, "tue 10:00"),
        lambda one: _order(one, "fri 17:00"),
        "digest here fri 17:00",
        "digest here tue 10:00",
    ),
    "digest off": (
        lambda one: _order(one, "fri 17:00", Scope.CHANNEL),
        lambda one: _stop(one, Scope.CHANNEL),
        "digest off channel",
        "digest here channel fri 17:00",
    ),
    "settings": (_nothing, lambda one: _quiet(one, 5), "settings quiet-days 5", "settings quiet-days 0"),
    "settings already": (_nothing, lambda one: _quiet(one, 0), "settings quiet-days 0", ""),
    "several settings": (
        _nothing,
        lambda one: one.preferences.settle(
            one.asker, {Setting.LANGUAGE: "ja", Setting.NAMED: True, Setting.FEED: True}, lambda: Standing.GUEST
        ),
        "settings language ja, feed yes",
        "settings language slack, feed no",
    ),
    "backfill": (_nothing, lambda one: one.backfills.ask(one.asker, "10"), "backfill 10", "backfill stop"),
    "backfill stop": (
        lambda one: one.backfills.ask(one.asker, "10"),
        lambda one: one.backfills.stop(one.asker),
        "backfill stop",
        "backfill 10",
    ),
}


@pytest.mark.parametrize(("before", "act", "did", "back"), ALL_THAT_STAYS.values(), ids=ALL_THAT_STAYS)
def test_undo_names_what_it_does_not_take_back_and_then_goes_on_with_what_came_before(
    stored: StoredShelves,
    before: Callable[[Person], object],
    act: Callable[[Person], object],
    did: str,
    back: str,
) -> None:
    aki, ben = Person(stored), Person(stored, "U2")
    ben.tag("LLM, Data")
    before(ben)
    aki.tag("Marker")
    act(aki)
    assert aki.stays() == (did, tuple(filter(None, back.split(" · "))))
    assert "Marker" in aki.tags
    assert aki.undo() == (Deed.TAG, "Marker")
    with pytest.raises(NothingToUndo):
        aki.undo()


def test_what_has_nothing_to_change_is_no_act(stored: StoredShelves) -> None:
    aki = Person(stored)
    aki.tag("LLM")
    _describe(aki, "")
    assert aki.undo() == (Deed.TAG, "LLM")


def test_a_past_that_was_read_to_its_end_need_not_be_stopped(stored: StoredShelves) -> None:
    aki = Person(stored)
    begun = aki.backfills.ask(aki.asker, "10")
    with stored.writing() as shelf:
        shelf.backfills.finish(begun.id, NOW)
    assert aki.stays() == ("backfill 10", ())


def test_what_stays_is_named_once_though_slack_tells_of_it_twice(stored: StoredShelves) -> None:
    aki = Person(stored)
    aki.tag("LLM")
    asker = aki.asker
    for _ in range(2):
        aki.keeping.group(asker, "Methods", [named("LLM")])
    assert aki.stays() == ("tidy group Methods: LLM", ("tidy ungroup LLM",))
    assert aki.undo() == (Deed.TAG, "LLM")


def test_what_stays_is_left_alone_by_an_older_fusen_and_what_is_newer_by_this_one(
    stored: StoredShelves, database: Database
) -> None:
    aki = Person(stored)
    aki.tag("LLM")
    _alias(aki)
    kept = tables.acts
    with database.writing() as connection:
        assert list(connection.scalars(select(kept.c.deed).order_by(kept.c.id))) == ["tag", "undo"]
        connection.execute(update(kept).where(kept.c.deed == "undo").values(deed="thought"))
    assert aki.undo() == (Deed.TAG, "LLM")


def test_what_stays_is_forgotten_with_who_did_it(stored: StoredShelves) -> None:
    aki = Person(stored)
    aki.tag("LLM")
    _alias(aki)
    with stored.writing() as shelf:
        shelf.oblivion.forget(TEAM, "U1", NOW)
    with pytest.raises(NothingToUndo):
        aki.undo()
