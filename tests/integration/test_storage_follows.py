"""Who is told of which notes: as they may see them, once each, on both databases."""

from __future__ import annotations

from datetime import datetime

import pytest
from stored import (
    ANYBODY,
    DAY,
    DIRECT,
    MINUTE,
    NOW,
    PUBLIC,
    SECRET,
    TEAM,
    UNASKED,
    paper,
    settle,
    share,
    store,
    tag,
)

from papers.follows import Follow, Follower, Target, TargetKind
from papers.note import Audience, Channel, ChannelKind
from papers.shelf import Shelf
from storage.shelves import StoredShelves

LLM = Target(TargetKind.TAG, "llm", "LLM")
AKI, BEN = Target(TargetKind.MEMBER, "U1"), Target(TargetKind.MEMBER, "U2")
PAPERS = Target(TargetKind.CHANNEL, PUBLIC)
CARA = Follower(TEAM, "U3")
SECRET_CHANNEL = Follower(TEAM, SECRET, is_channel=True)
SECOND = "C_SECOND"
BEFORE = NOW - DAY


@pytest.fixture
def stored(shelves: StoredShelves) -> StoredShelves:
    with shelves.writing() as shelf:
        settle(shelf)
        shelf.directory.store_channel(TEAM, Channel(SECOND, "second", ChannelKind.PUBLIC), NOW)
        for number in range(1, 4):
            store(shelf, paper(number))
    return shelves


def follow(
    shelf: Shelf, follower: Follower, *targets: Target, weekly: bool = False, at: datetime = BEFORE
) -> None:
    for target in targets:
        shelf.follows.follow(follower, target, weekly, "U2", at)


def told(shelf: Shelf, at: datetime = NOW) -> set[tuple[str, int]]:
    """Whom a look tells of which notes."""
    _, tales = shelf.follows.look(TEAM, 100, at)
    assert len({(tale.follower.id, tale.note_id) for tale in tales}) == len(tales)
    return {(tale.follower.id, tale.note_id) for tale in tales}


def named(follows: tuple[Follow, ...]) -> list[tuple[str, str]]:
    return [(one.target.kind, one.target.name) for one in follows]


@pytest.mark.parametrize("target", [LLM, AKI, PAPERS])
def test_a_note_in_public_is_told_once_for_a_tag_a_person_or_a_channel(
    stored: StoredShelves, target: Target
) -> None:
    with stored.writing() as shelf:
        follow(shelf, CARA, target)
        note_id = share(shelf, paper(1), PUBLIC, "1.0")
        tag(shelf, note_id, PUBLIC, "LLM")
        assert told(shelf) == {("U3", note_id)}
        assert [one.target.key for one in shelf.follows.why(CARA, note_id)] == [target.key]
        assert shelf.follows.behind() == ()
        tag(shelf, note_id, PUBLIC, "Other")
        assert shelf.follows.behind() == (TEAM,)
        assert told(shelf) == set()


def test_whatever_matches_a_follower_is_told_of_a_note_once(stored: StoredShelves) -> None:
    with stored.writing() as shelf:
        follow(shelf, CARA, LLM, AKI, PAPERS)
        follow(shelf, Follower(TEAM, "U4"), LLM)
        note_id = share(shelf, paper(1), PUBLIC, "1.0")
        assert told(shelf) == {("U3", note_id)}
        tag(shelf, note_id, PUBLIC, "LLM")
        assert told(shelf) == {("U4", note_id)}
        assert len(shelf.follows.why(CARA, note_id)) == 3


@pytest.mark.parametrize("channel", [SECRET, DIRECT, UNASKED])
def test_nobody_is_told_of_what_happens_in_a_closed_channel(stored: StoredShelves, channel: str) -> None:
    with stored.writing() as shelf:
        follow(shelf, CARA, LLM, AKI, Target(TargetKind.CHANNEL, channel))
        note_id = share(shelf, paper(1), channel, "1.0")
        tag(shelf, note_id, channel, "LLM")
        assert told(shelf) == set()
        public = share(shelf, paper(2), PUBLIC, "2.0", member="U2")
        tag(shelf, public, channel, "LLM")
        share(shelf, paper(2), channel, "3.0")
        assert told(shelf) == set()
        assert shelf.follows.why(CARA, public) == ()


def test_a_channel_is_told_of_what_its_own_people_see(stored: StoredShelves) -> None:
    other = Follower(TEAM, SECOND, is_channel=True)
    with stored.writing() as shelf:
        follow(shelf, SECRET_CHANNEL, LLM)
        follow(shelf, other, LLM)
        note_id = share(shelf, paper(1), PUBLIC, "1.0")
        tag(shelf, note_id, SECRET, "LLM")
        assert told(shelf) == {(SECRET, note_id)}


def test_own_shares_are_never_told(stored: StoredShelves) -> None:
    with stored.writing() as shelf:
        follow(shelf, Follower(TEAM, "U1"), LLM, PAPERS)
        follow(shelf, Follower(TEAM, PUBLIC, is_channel=True), LLM, AKI)
        tag(shelf, share(shelf, paper(1), PUBLIC, "1.0"), PUBLIC, "LLM")
        assert told(shelf) == set()


def test_a_tag_that_the_follower_has_set_is_no_news_to_them(stored: StoredShelves) -> None:
    with stored.writing() as shelf:
        follow(shelf, Follower(TEAM, "U1"), LLM)
        tag(shelf, share(shelf, paper(1), PUBLIC, "1.0", member="U2"), PUBLIC, "LLM")
        assert told(shelf) == set()


def test_notes_older_than_the_follow_are_never_told(stored: StoredShelves) -> None:
    with stored.writing() as shelf:
        note_id = share(shelf, paper(1), PUBLIC, "1.0", NOW - MINUTE)
        follow(shelf, CARA, LLM, AKI, at=NOW)
        tag(shelf, note_id, PUBLIC, "LLM")
        share(shelf, paper(1), SECOND, "2.0", NOW + MINUTE)
        assert told(shelf) == set()


def test_a_note_that_was_private_before_is_new_when_it_comes_to_a_public_channel(stored: StoredShelves) -> None:
    with stored.writing() as shelf:
        note_id = share(shelf, paper(1), SECRET, "1.0", NOW - DAY, member="U2")
        follow(shelf, CARA, AKI, at=NOW - MINUTE)
        share(shelf, paper(1), PUBLIC, "2.0", NOW)
        assert told(shelf) == {("U3", note_id)}


def test_a_channel_that_turns_out_to_be_public_is_told_of_then(stored: StoredShelves) -> None:
    with stored.writing() as shelf:
        follow(shelf, CARA, AKI)
        note_id = share(shelf, paper(1), UNASKED, "1.0")
        assert told(shelf) == set()
        shelf.directory.store_channel(TEAM, Channel(UNASKED, "new", ChannelKind.PUBLIC), NOW)
        assert told(shelf) == {("U3", note_id)}


def test_withdrawn_shares_and_channels_left_behind_are_not_told(stored: StoredShelves) -> None:
    with stored.writing() as shelf:
        follow(shelf, CARA, AKI)
        share(shelf, paper(1), PUBLIC, "1.0")
        share(shelf, paper(2), SECOND, "2.0")
        shelf.directory.hear_presence(TEAM, PUBLIC, False, NOW)
        found = shelf.notes.select(ANYBODY)
        shelf.notes.withdraw(found[0].shares[0].message, NOW)
        assert told(shelf) == set()


def test_many_notes_of_one_change_are_looked_at_in_steps_and_none_is_lost(stored: StoredShelves) -> None:
    with stored.writing() as shelf:
        follow(shelf, CARA, AKI)
        notes = {share(shelf, paper(number), UNASKED, f"{number}.0") for number in range(1, 4)}
        told(shelf)
        # One change stamps all three.
        shelf.directory.store_channel(TEAM, Channel(UNASKED, "new", ChannelKind.PUBLIC), NOW)
    seen: set[int] = set()
    for expected in (True, True, True, False):
        with stored.writing() as shelf:
            assert shelf.follows.behind() == (TEAM,)
            more, tales = shelf.follows.look(TEAM, 1, NOW)
            assert more is expected
            seen.update(tale.note_id for tale in tales)
    with stored.reading() as shelf:
        assert shelf.follows.behind() == ()
    assert seen == notes


def test_a_paper_whose_details_are_to_come_is_told_as_such(stored: StoredShelves) -> None:
    with stored.writing() as shelf:
        follow(shelf, CARA, AKI)
        share(shelf, paper(1), PUBLIC, "1.0")
        share(shelf, paper(9), PUBLIC, "9.0")
        _, tales = shelf.follows.look(TEAM, 9, NOW)
        assert sorted(tale.described for tale in tales) == [False, True]


def test_what_waits_for_the_week_is_gathered_once_and_what_is_told_at_once_is_not_repeated(
    stored: StoredShelves,
) -> None:
    with stored.writing() as shelf:
        follow(shelf, CARA, LLM, weekly=True)
        follow(shelf, CARA, BEN)
        first = share(shelf, paper(1), PUBLIC, "1.0")
        second = share(shelf, paper(2), PUBLIC, "2.0")
        both = share(shelf, paper(3), PUBLIC, "3.0", member="U2")
        for note_id in (first, second, both):
            tag(shelf, note_id, PUBLIC, "LLM")
        assert told(shelf) == {("U3", both)}
        assert not shelf.follows.waiting(TEAM, NOW)
        assert shelf.follows.gather(TEAM, NOW, 9) == ()
        assert shelf.follows.waiting(TEAM, NOW + MINUTE)
        (gathering,) = shelf.follows.gather(TEAM, NOW + MINUTE, 9)
        assert (gathering.follower, gathering.notes) == (CARA, (first, second))
        assert shelf.follows.gather(TEAM, NOW + MINUTE, 9) == ()
        assert told(shelf) == set()


def test_what_waits_for_the_week_is_told_at_once_when_a_reason_to_do_so_comes_and_not_again(
    stored: StoredShelves,
) -> None:
    with stored.writing() as shelf:
        follow(shelf, CARA, BEN, weekly=True)
        follow(shelf, CARA, LLM)
        note_id = share(shelf, paper(1), PUBLIC, "1.0", member="U2")
        assert told(shelf) == set()
        tag(shelf, note_id, PUBLIC, "LLM")
        assert told(shelf) == {("U3", note_id)}
        tag(shelf, note_id, PUBLIC, "More")
        assert told(shelf) == set()
        assert shelf.follows.gather(TEAM, NOW + MINUTE, 9) == ()


def test_following_again_changes_how_often_and_keeps_the_beginning(stored: StoredShelves) -> None:
    with stored.writing() as shelf:
        follow(shelf, CARA, LLM, BEN, PAPERS)
        follow(shelf, CARA, LLM, weekly=True, at=NOW)
        followed = shelf.follows.of(CARA)
        assert named(followed) == [("tag", "LLM"), ("member", "Ben"), ("channel", "c_public")]
        assert (followed[0].weekly, followed[0].since, followed[0].by.name) == (True, BEFORE, "Ben")
        assert [one.key for one in shelf.follows.unfollow(CARA, [LLM, AKI])] == ["llm"]
        assert named(shelf.follows.of(CARA)) == [("member", "Ben"), ("channel", "c_public")]


def test_a_followed_channel_that_is_not_public_is_not_named(stored: StoredShelves) -> None:
    with stored.writing() as shelf:
        follow(shelf, CARA, PAPERS)
        shelf.directory.store_channel(TEAM, Channel(PUBLIC, "now-secret", ChannelKind.PRIVATE), NOW)
        assert named(shelf.follows.of(CARA)) == [("channel", "")]


def test_a_forgotten_member_follows_nothing_is_not_followed_and_has_set_up_nothing(stored: StoredShelves) -> None:
    with stored.writing() as shelf:
        follow(shelf, Follower(TEAM, "U2"), LLM)
        follow(shelf, CARA, BEN, LLM)
        follow(shelf, SECRET_CHANNEL, LLM)
        shelf.follows.forget(TEAM, "U2")
        assert shelf.follows.of(Follower(TEAM, "U2")) == ()
        assert named(shelf.follows.of(CARA)) == [("tag", "LLM")]
        (kept,) = shelf.follows.of(SECRET_CHANNEL)
        assert (kept.by.id, kept.by.name) == ("", "")
        assert shelf.notes.select(Audience(TEAM)) == ()
