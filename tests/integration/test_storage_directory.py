"""The directory: names, kinds and settings of workspaces, channels and members."""

from __future__ import annotations

from dataclasses import replace

from stored import DAY, NOW, PUBLIC, SECRET, TEAM, paper, say, settle, share, tag

from papers.note import Audience, Channel, ChannelKind, Member, Workspace
from papers.shelf import Shelf
from storage.shelves import StoredShelves

HERE = Audience(TEAM, PUBLIC)


def counts(shelf: Shelf, *notes: int) -> list[int]:
    found = [shelf.notes.get(note_id, HERE) for note_id in notes]
    return [one.change for one in found if one]


def test_a_workspace_seen_again_takes_new_names(shelves: StoredShelves) -> None:
    first = Workspace(TEAM, "Team", "https://team.slack.com", "ja", "Asia/Tokyo")
    with shelves.writing() as shelf:
        shelf.directory.ensure_workspace(first, NOW)
        shelf.directory.ensure_workspace(Workspace(TEAM, "New", "https://new.slack.com"), NOW + DAY)
        assert shelf.directory.workspace(TEAM) == Workspace(TEAM, "New", "https://new.slack.com", "en", "UTC")


def test_workspaces_come_by_id_and_unknown_ones_are_nobody(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        for name in ("T2", "T10", "T1"):
            shelf.directory.ensure_workspace(Workspace(name), NOW)
        assert [one.id for one in shelf.directory.workspaces()] == ["T1", "T10", "T2"]
        assert shelf.directory.workspace("T9") is None


def test_who_is_not_known_has_no_name(shelves: StoredShelves) -> None:
    with shelves.reading() as shelf:
        assert shelf.directory.member(TEAM, "U9") == Member("U9")
        assert shelf.directory.channel(TEAM, "C9") == Channel("C9", "", ChannelKind.UNKNOWN)


def test_a_new_name_stamps_the_notes_that_show_it_and_the_same_name_none(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        shared = share(shelf, paper(1), PUBLIC, "1.0", member="U2")
        commented = share(shelf, paper(2), PUBLIC, "2.0")
        say(shelf, commented, PUBLIC, "2.1", "by U2", thread_ts="2.0")
        other = share(shelf, paper(3), PUBLIC, "3.0")
        before = counts(shelf, shared, commented, other)
        shelf.directory.store_member(TEAM, Member("U2", "Ben", "ja"), NOW)
        assert counts(shelf, shared, commented, other) == before
        assert shelf.directory.member(TEAM, "U2") == Member("U2", "Ben", "ja")
        shelf.directory.store_member(TEAM, Member("U2", "Benjamin"), NOW)
        after = counts(shelf, shared, commented, other)
        assert after[0] == after[1] == max(before) + 1
        assert after[2] == before[2]


def test_a_channel_that_becomes_public_stamps_its_notes(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        note_id = share(shelf, paper(1), PUBLIC, "1.0")
        tag(shelf, note_id, SECRET, "hush")
        before = counts(shelf, note_id)
        shelf.directory.store_channel(TEAM, Channel(SECRET, SECRET.lower(), ChannelKind.PRIVATE), NOW)
        assert counts(shelf, note_id) == before
        shelf.directory.store_channel(TEAM, Channel(SECRET, SECRET.lower(), ChannelKind.PUBLIC), NOW)
        assert counts(shelf, note_id) == [before[0] + 1]
        note = shelf.notes.get(note_id, HERE)
        assert note and [one.key for one in note.tags] == ["hush"]


def test_only_people_and_channels_on_notes_are_asked_for_and_again_when_it_is_long_ago(
    shelves: StoredShelves,
) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        share(shelf, paper(1), PUBLIC, "1.0", member="U1")
        note_id = share(shelf, paper(2), "C_NEW", "2.0", member="U_NEW")
        tag(shelf, note_id, "C_TAGGED", "a")
        say(shelf, note_id, "C_SAID", "2.1", "by U2")
        shelf.directory.store_member(TEAM, Member("U_IDLE", "Idle"), NOW - 9 * DAY)
        assert shelf.directory.members_to_ask(TEAM, NOW, 9) == ("U_NEW",)
        assert shelf.directory.members_to_ask(TEAM, NOW + DAY, 9) == ("U_NEW", "U1", "U2")
        assert shelf.directory.members_to_ask(TEAM, NOW + DAY, 1) == ("U_NEW",)
        assert shelf.directory.channels_to_ask(TEAM, NOW, 9) == ("C_NEW", "C_SAID", "C_TAGGED")
        shelf.directory.store_channel(TEAM, Channel("C_NEW"), NOW)
        assert shelf.directory.channels_to_ask(TEAM, NOW, 9) == ("C_SAID", "C_TAGGED")


def test_a_workspace_as_settled_is_what_was_given(shelves: StoredShelves) -> None:
    given = Workspace(TEAM, "チーム", "https://team.slack.com", "ja", "Asia/Tokyo")
    with shelves.writing() as shelf:
        shelf.directory.ensure_workspace(given, NOW)
        share(shelf, paper(1), PUBLIC, "1.0")
        found = shelf.directory.workspace(TEAM)
    assert found == replace(given, change=2)
