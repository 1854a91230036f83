"""Notes on the shelf: shares, threads, tags and comments, and the change counts that follow them."""

from __future__ import annotations

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
    message,
    note,
    paper,
    say,
    settle,
    share,
    tag,
)

from papers.note import Audience, Channel, ChannelKind, Member, Note, Tag, TagCount
from papers.shelf import Shelf
from storage.shelves import StoredShelves

HERE = Audience(TEAM, PUBLIC)
LLM = Tag("LLM", "llm")


def seen(shelf: Shelf, note_id: int, audience: Audience = HERE) -> Note:
    found = shelf.notes.get(note_id, audience)
    assert found
    return found


def change(shelf: Shelf) -> int:
    found = shelf.directory.workspace(TEAM)
    assert found
    return found.change


@pytest.fixture
def settled(shelves: StoredShelves) -> StoredShelves:
    with shelves.writing() as shelf:
        settle(shelf)
    return shelves


def test_one_paper_is_one_note_in_a_workspace(settled: StoredShelves) -> None:
    with settled.writing() as shelf:
        assert note(shelf, paper(1)) == note(shelf, paper(1))
        assert note(shelf, paper(2)) != note(shelf, paper(1))
        assert shelf.notes.ensure("T2", paper(1), NOW) != note(shelf, paper(1))


def test_a_note_needs_a_paper_that_somebody_wanted(settled: StoredShelves) -> None:
    with pytest.raises(LookupError), settled.writing() as shelf:
        shelf.notes.ensure(TEAM, paper(1), NOW)


def test_slack_delivering_twice_is_one_share(settled: StoredShelves) -> None:
    with settled.writing() as shelf:
        note_id = note(shelf, paper(1))
        assert shelf.notes.share(note_id, "m", "U1", message(PUBLIC, "1.0"), 2, NOW) is True
        before = change(shelf)
        assert shelf.notes.share(note_id, "m", "U1", message(PUBLIC, "1.0"), 2, NOW) is False
        assert change(shelf) == before
        (only,) = seen(shelf, note_id).shares
    assert only.member == Member("U1", "Aki")
    assert only.channel == Channel(PUBLIC, PUBLIC.lower(), ChannelKind.PUBLIC)
    assert (only.message, only.version, only.shared_at) == (message(PUBLIC, "1.0"), 2, NOW)


def test_a_share_by_strangers_makes_them_known_without_a_name(settled: StoredShelves) -> None:
    with settled.writing() as shelf:
        note_id = share(shelf, paper(1), "C_NEW", "1.0", member="U_NEW")
        (only,) = seen(shelf, note_id, Audience(TEAM, "C_NEW")).shares
        assert (only.member, only.channel) == (Member("U_NEW"), Channel("C_NEW"))
        assert shelf.directory.members_to_ask(TEAM, NOW, 9) == ("U_NEW",)
        assert shelf.directory.channels_to_ask(TEAM, NOW, 9) == ("C_NEW",)


def test_shares_and_comments_stand_oldest_first_whenever_they_arrive(settled: StoredShelves) -> None:
    with settled.writing() as shelf:
        note_id = share(shelf, paper(1), PUBLIC, "2.0", NOW)
        share(shelf, paper(1), PUBLIC, "1.0", NOW - DAY)
        for ts, at in (("2.2", NOW), ("2.1", NOW - MINUTE)):
            shelf.notes.comment(note_id, ts, "U1", PUBLIC, message(PUBLIC, ts, "2.0"), ts, at)
        assert [one.message.ts for one in seen(shelf, note_id).shares] == ["1.0", "2.0"]
        assert [one.text for one in seen(shelf, note_id).comments] == ["2.1", "2.2"]


def test_withdrawing_takes_back_what_a_message_shared_except_what_it_keeps(settled: StoredShelves) -> None:
    with settled.writing() as shelf:
        first, second = share(shelf, paper(1), PUBLIC, "1.0"), share(shelf, paper(2), PUBLIC, "1.0")
        share(shelf, paper(1), SECRET, "1.0")
        assert shelf.notes.withdraw(message(PUBLIC, "1.0"), NOW, keep=[second]) == (first,)
        assert shelf.notes.withdraw(message(PUBLIC, "1.0"), NOW, keep=[second]) == ()
        assert shelf.notes.get(first, HERE) is None
        assert seen(shelf, first, Audience(TEAM, SECRET)).shares
        assert seen(shelf, second).shares


def test_a_withdrawn_share_that_is_made_again_is_there_again(settled: StoredShelves) -> None:
    with settled.writing() as shelf:
        note_id = share(shelf, paper(1), PUBLIC, "1.0")
        shelf.notes.withdraw(message(PUBLIC, "1.0"), NOW)
        before = change(shelf)
        origin = f"{PUBLIC}:1.0"
        assert shelf.notes.share(note_id, origin, "U1", message(PUBLIC, "1.0"), 3, NOW + DAY) is True
        assert change(shelf) == before + 1
        (only,) = seen(shelf, note_id).shares
        assert (only.version, only.shared_at) == (3, NOW)


def test_a_card_places_the_share_of_a_command(settled: StoredShelves) -> None:
    with settled.writing() as shelf:
        note_id = note(shelf, paper(1))
        shelf.notes.share(note_id, "command", "U1", message(PUBLIC, ""), None, NOW)
        assert shelf.notes.withdraw(message(PUBLIC, ""), NOW) == ()
        assert shelf.notes.delete_comments(message(PUBLIC, "")) == ()
        shelf.notes.place(note_id, "command", "7.0")
        before = change(shelf)
        shelf.notes.place(note_id, "command", "7.0")
        assert change(shelf) == before
        assert seen(shelf, note_id).shares[0].message == message(PUBLIC, "7.0")
        assert shelf.notes.of_thread(message(PUBLIC, "7.1", "7.0")) == (note_id,)


def recent(shelf: Shelf, limit: int) -> list[int]:
    return [note.id for note in shelf.notes.recent_in(HERE, limit)]


def test_the_latest_note_of_a_channel_is_the_one_with_the_newest_share(settled: StoredShelves) -> None:
    with settled.writing() as shelf:
        assert recent(shelf, 1) == []
        old = share(shelf, paper(1), PUBLIC, "1.0", NOW)
        new = share(shelf, paper(2), PUBLIC, "2.0", NOW + MINUTE)
        share(shelf, paper(3), SECRET, "3.0", NOW + DAY)
        assert recent(shelf, 1) == [new]
        shelf.notes.withdraw(message(PUBLIC, "2.0"), NOW)
        assert recent(shelf, 1) == [old]


def test_the_recent_notes_of_a_channel_stand_once_each_by_their_newest_share(settled: StoredShelves) -> None:
    with settled.writing() as shelf:
        ids = [share(shelf, paper(n), PUBLIC, f"{n}.0", NOW + n * MINUTE) for n in range(4)]
        share(shelf, paper(9), SECRET, "9.0", NOW + DAY)
        for again in range(3):
            share(shelf, paper(1), PUBLIC, f"1.{again + 1}", NOW + (10 + again) * MINUTE)
        assert recent(shelf, 10) == [ids[1], ids[3], ids[2], ids[0]]
        assert recent(shelf, 2) == [ids[1], ids[3]]
        shelf.notes.withdraw(message(PUBLIC, "3.0"), NOW)
        assert recent(shelf, 10) == [ids[1], ids[2], ids[0]]


def test_the_recent_notes_of_a_private_channel_are_its_own(settled: StoredShelves) -> None:
    with settled.writing() as shelf:
        own = share(shelf, paper(1), SECRET, "1.0")
        share(shelf, paper(2), PUBLIC, "2.0")
        (found,) = shelf.notes.recent_in(Audience(TEAM, SECRET), 10)
        assert found.id == own
        assert shelf.notes.recent_in(Audience("T2", SECRET), 10) == ()
        assert shelf.notes.recent_in(ANYBODY, 10) == ()


def test_a_thread_is_about_what_began_it_or_else_about_what_was_shared_in_it(settled: StoredShelves) -> None:
    with settled.writing() as shelf:
        first, second = share(shelf, paper(1), PUBLIC, "1.0"), share(shelf, paper(2), PUBLIC, "1.0")
        inside = note(shelf, paper(3))
        shelf.notes.share(inside, "m", "U1", message(PUBLIC, "1.5", "1.0"), None, NOW)
        shelf.notes.share(inside, "n", "U1", message(PUBLIC, "8.5", "8.0"), None, NOW)
        shelf.notes.share(inside, "o", "U1", message(PUBLIC, "8.6", "8.0"), None, NOW)
        assert shelf.notes.of_thread(message(PUBLIC, "1.9", "1.0")) == (first, second)
        assert shelf.notes.of_thread(message(PUBLIC, "8.9", "8.0")) == (inside,)
        assert shelf.notes.of_thread(message(SECRET, "1.9", "1.0")) == ()
        shelf.notes.withdraw(message(PUBLIC, "1.0"), NOW)
        assert shelf.notes.of_thread(message(PUBLIC, "1.9", "1.0")) == (inside,)


def test_a_tag_keeps_the_name_that_it_had_first(settled: StoredShelves) -> None:
    with settled.writing() as shelf:
        one, two = share(shelf, paper(1), PUBLIC, "1.0"), share(shelf, paper(2), PUBLIC, "2.0")
        assert shelf.notes.tag(one, [LLM, Tag("b", "b")], "U1", PUBLIC, NOW) == (LLM, Tag("b", "b"))
        assert shelf.notes.tag(one, [Tag("ＬＬＭ", "llm"), Tag("c", "c")], "U1", PUBLIC, NOW) == (Tag("c", "c"),)
        assert shelf.notes.tag(two, [Tag("llm", "llm")], "U1", PUBLIC, NOW) == (LLM,)
        assert [one.name for one in seen(shelf, one).tags] == ["LLM", "b", "c"]
        assert shelf.tags.counted(HERE) == (
            TagCount(LLM, 2),
            TagCount(Tag("b", "b"), 1),
            TagCount(Tag("c", "c"), 1),
        )


def test_tags_count_by_number_then_key_in_any_language(settled: StoredShelves) -> None:
    with settled.writing() as shelf:
        note_id = share(shelf, paper(1), PUBLIC, "1.0")
        tag(shelf, note_id, PUBLIC, "生成, Zebra, ärger, a-b, a b")
        keys = [one.tag.key for one in shelf.tags.counted(HERE)]
    assert keys == sorted(keys)


def test_a_tag_set_in_private_first_is_new_to_the_public(settled: StoredShelves) -> None:
    with settled.writing() as shelf:
        note_id = share(shelf, paper(1), PUBLIC, "1.0")
        assert shelf.notes.tag(note_id, [LLM], "U1", SECRET, NOW) == (LLM,)
        assert shelf.notes.tag(note_id, [LLM], "U1", PUBLIC, NOW) == (LLM,)
        assert shelf.notes.tag(note_id, [LLM], "U1", DIRECT, NOW) == ()
        assert seen(shelf, note_id, Audience(TEAM, SECRET)).tags == (LLM,)


def test_taking_a_tag_off_takes_it_off_for_all_channels(settled: StoredShelves) -> None:
    with settled.writing() as shelf:
        note_id = share(shelf, paper(1), PUBLIC, "1.0")
        tag(shelf, note_id, SECRET, "llm, a")
        tag(shelf, note_id, PUBLIC, "llm")
        assert shelf.notes.untag(note_id, ["llm", "never"], HERE) == (Tag("llm", "llm"),)
        assert shelf.notes.untag(note_id, ["llm"], HERE) == ()
        assert [one.key for one in seen(shelf, note_id, Audience(TEAM, SECRET)).tags] == ["a"]


def test_taking_back_takes_only_what_the_member_put_there_in_the_channel(settled: StoredShelves) -> None:
    with settled.writing() as shelf:
        note_id = share(shelf, paper(1), PUBLIC, "1.0")
        tag(shelf, note_id, SECRET, "llm")
        tag(shelf, note_id, PUBLIC, "llm, a")
        assert shelf.notes.untag_own(note_id, ["llm", "a"], "U2", PUBLIC) == ()
        assert shelf.notes.untag_own(note_id, ["llm", "never"], "U1", PUBLIC) == (Tag("llm", "llm"),)
        assert shelf.notes.untag_own(note_id, ["llm"], "U1", PUBLIC) == ()
        assert [one.key for one in seen(shelf, note_id).tags] == ["a"]
        assert [one.key for one in seen(shelf, note_id, Audience(TEAM, SECRET)).tags] == ["llm", "a"]


def test_a_comment_delivered_twice_is_one_comment(settled: StoredShelves) -> None:
    with settled.writing() as shelf:
        note_id = share(shelf, paper(1), PUBLIC, "1.0")
        given = (note_id, "m", "U2", PUBLIC, message(PUBLIC, "1.1", "1.0"), "fine <b> & 良い", NOW)
        assert shelf.notes.comment(*given) is True
        assert shelf.notes.comment(*given) is False
        (only,) = seen(shelf, note_id).comments
    assert (only.text, only.message, only.edited) == ("fine <b> & 良い", message(PUBLIC, "1.1", "1.0"), False)


def test_what_was_said_in_a_thread_moves_to_another_note_and_stands_there_once(settled: StoredShelves) -> None:
    with settled.writing() as shelf:
        wrong, right = share(shelf, paper(1), PUBLIC, "1.0"), share(shelf, paper(2), PUBLIC, "1.0")
        say(shelf, wrong, PUBLIC, "2.1", "in another thread", thread_ts="2.0")
        say(shelf, wrong, PUBLIC, "1.1", "first words")
        for note_id in (wrong, right):
            say(shelf, note_id, PUBLIC, "1.2", "second words")
        shelf.notes.move_comments(message(PUBLIC, "1.0"), wrong, right)
        assert [one.text for one in seen(shelf, wrong).comments] == ["in another thread"]
        assert sorted(one.text for one in seen(shelf, right).comments) == ["first words", "second words"]
        assert [one.id for one in shelf.notes.search(HERE, ["first"], limit=20)] == [right]
        before = change(shelf)
        shelf.notes.move_comments(message(PUBLIC, "1.0"), wrong, right)
        assert change(shelf) == before
        shelf.notes.move_comments(message(PUBLIC, "1.0"), right, right)
        assert len(seen(shelf, right).comments) == 2


def test_an_edit_follows_the_message_and_a_mere_preview_changes_nothing(settled: StoredShelves) -> None:
    with settled.writing() as shelf:
        one, two = share(shelf, paper(1), PUBLIC, "1.0"), share(shelf, paper(2), PUBLIC, "1.0")
        for note_id in (one, two):
            say(shelf, note_id, PUBLIC, "1.1", "first words")
        before = change(shelf)
        assert shelf.notes.edit_comments(message(PUBLIC, "1.1"), "first words") == (one, two)
        assert change(shelf) == before
        assert shelf.notes.edit_comments(message(PUBLIC, "1.1"), "second words") == (one, two)
        assert change(shelf) == before + 1
        assert [(c.text, c.edited) for c in seen(shelf, two).comments] == [("second words", True)]
        assert shelf.notes.search(HERE, ["first"], limit=20) == ()
        assert len(shelf.notes.search(HERE, ["second"], limit=20)) == 2
        assert shelf.notes.edit_comments(message(PUBLIC, "9.9"), "x") == ()


def test_a_deleted_message_takes_its_comments_with_it(settled: StoredShelves) -> None:
    with settled.writing() as shelf:
        note_id = share(shelf, paper(1), PUBLIC, "1.0")
        say(shelf, note_id, PUBLIC, "1.1", "gone soon")
        shelf.notes.comment(note_id, "command", "U1", PUBLIC, None, "stays", NOW)
        assert shelf.notes.delete_comments(message(PUBLIC, "1.1")) == (note_id,)
        assert shelf.notes.delete_comments(message(PUBLIC, "1.1")) == ()
        assert [(c.text, c.message) for c in seen(shelf, note_id).comments] == [("stays", None)]


def test_each_verb_that_changes_a_note_stamps_it_with_the_next_count(settled: StoredShelves) -> None:
    with settled.writing() as shelf:
        note_id = share(shelf, paper(1), PUBLIC, "1.0")
        other = share(shelf, paper(2), PUBLIC, "2.0")
        untouched = seen(shelf, other)
        acts = (
            lambda: tag(shelf, note_id, PUBLIC, "a"),
            lambda: shelf.notes.untag(note_id, ["a"], HERE),
            lambda: say(shelf, note_id, PUBLIC, "1.1", "words"),
            lambda: shelf.notes.edit_comments(message(PUBLIC, "1.1"), "others"),
            lambda: shelf.notes.delete_comments(message(PUBLIC, "1.1")),
            lambda: share(shelf, paper(1), PUBLIC, "3.0", NOW + DAY),
            lambda: shelf.notes.withdraw(message(PUBLIC, "3.0"), NOW),
            lambda: shelf.notes.place(note_id, f"{PUBLIC}:1.0", "1.05"),
        )
        for act in acts:
            before = change(shelf)
            act()
            assert change(shelf) == before + 1 == seen(shelf, note_id).change
            before = change(shelf)
            assert seen(shelf, other) == untouched


def test_doing_it_again_counts_no_change(settled: StoredShelves) -> None:
    with settled.writing() as shelf:
        note_id = share(shelf, paper(1), PUBLIC, "1.0")
        tag(shelf, note_id, PUBLIC, "a")
        say(shelf, note_id, PUBLIC, "1.1", "words")
        before = change(shelf)
        share(shelf, paper(1), PUBLIC, "1.0")
        tag(shelf, note_id, PUBLIC, "a")
        say(shelf, note_id, PUBLIC, "1.1", "words")
        shelf.notes.untag(note_id, ["never"], HERE)
        shelf.notes.withdraw(message(PUBLIC, "9.0"), NOW)
        assert change(shelf) == before


def test_notes_come_newest_first_and_no_more_than_asked_for(settled: StoredShelves) -> None:
    with settled.writing() as shelf:
        times = {1: NOW, 2: NOW - DAY, 3: NOW + DAY, 4: NOW}
        ids = {number: share(shelf, paper(number), PUBLIC, f"{number}.0", at) for number, at in times.items()}
        assert [one.id for one in shelf.notes.select(HERE)] == [ids[3], ids[4], ids[1], ids[2]]
        assert [one.id for one in shelf.notes.select(HERE, limit=2)] == [ids[3], ids[4]]


def test_what_an_exception_interrupts_did_not_happen(settled: StoredShelves) -> None:
    with pytest.raises(ZeroDivisionError), settled.writing() as shelf:
        share(shelf, paper(1), PUBLIC, "1.0")
        raise ZeroDivisionError
    with settled.reading() as shelf:
        assert shelf.papers.get(paper(1)) is None
        assert shelf.notes.select(ANYBODY) == ()
