"""Who sees what: every reading verb, for every kind of channel."""

from __future__ import annotations

from collections.abc import Callable

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
    message,
    paper,
    say,
    settle,
    share,
    store,
    tag,
)

from papers.asker import Asker
from papers.brief import Fallen
from papers.note import Audience, Channel, ChannelKind, Note, Tag, TagCount
from papers.periods import Period
from papers.settled import Setting
from papers.shelf import Shelf
from papers.tag_keeping import TagKeeping
from papers.tags import tag as named
from storage.shelves import StoredShelves

CLOSED = [SECRET, DIRECT, UNASKED]
TODAY = Period(NOW - DAY, NOW + DAY)


def reads(shelf: Shelf, note_id: int, audience: Audience) -> list[Note | None]:
    """The note by every verb that reads notes."""
    found: list[Note | None] = [shelf.notes.get(note_id, audience), shelf.notes.of_paper(paper(1), audience)]
    for selected in (
        shelf.notes.select(audience),
        shelf.notes.search(audience, ["2310.00001"], limit=20),
        shelf.notes.select(audience, period=TODAY),
        shelf.notes.select(audience, limit=1),
    ):
        assert len(selected) <= 1
        found.append(selected[0] if selected else None)
    return found


@pytest.fixture
def stored(shelves: StoredShelves) -> StoredShelves:
    with shelves.writing() as shelf:
        settle(shelf)
        store(shelf, paper(1))
    return shelves


@pytest.mark.parametrize("channel", CLOSED)
def test_a_share_in_a_closed_channel_is_seen_there_and_nowhere_else(stored: StoredShelves, channel: str) -> None:
    with stored.writing() as shelf:
        note_id = share(shelf, paper(1), channel, "1.0")
    with stored.reading() as shelf:
        for audience in (
            ANYBODY,
            Audience(TEAM, PUBLIC),
            Audience(TEAM, "C_OTHER"),
            Audience("T2"),
            Audience("T2", channel),
        ):
            assert reads(shelf, note_id, audience) == [None] * 6
        for seen in reads(shelf, note_id, Audience(TEAM, channel)):
            assert seen and [one.channel.id for one in seen.shares] == [channel]


@pytest.mark.parametrize("channel", [SECRET, DIRECT])
def test_a_paper_noted_in_private_first_is_new_to_others_when_it_is_shared_in_public(
    stored: StoredShelves, channel: str
) -> None:
    with stored.writing() as shelf:
        share(shelf, paper(1), channel, "1.0", NOW - DAY)
        share(shelf, paper(2), PUBLIC, "2.0", NOW - DAY / 2)
        share(shelf, paper(1), PUBLIC, "3.0", NOW)
    with stored.reading() as shelf:
        theirs = shelf.notes.select(ANYBODY)
        assert [(one.paper_id, one.noted_at) for one in theirs] == [(paper(1), NOW), (paper(2), NOW - DAY / 2)]
        own = shelf.notes.select(Audience(TEAM, channel))
        assert [one.noted_at for one in own] == [NOW - DAY / 2, NOW - DAY]


def test_a_share_in_a_public_channel_is_seen_by_anybody(stored: StoredShelves) -> None:
    with stored.writing() as shelf:
        note_id = share(shelf, paper(1), PUBLIC, "1.0")
    with stored.reading() as shelf:
        for audience in (ANYBODY, Audience(TEAM, PUBLIC), Audience(TEAM, SECRET)):
            for seen in reads(shelf, note_id, audience):
                assert seen and [one.channel.id for one in seen.shares] == [PUBLIC]
        assert reads(shelf, note_id, Audience("T2")) == [None] * 6


@pytest.mark.parametrize("channel", [SECRET, DIRECT])
def test_what_a_closed_channel_adds_to_a_public_note_stays_there(stored: StoredShelves, channel: str) -> None:
    with stored.writing() as shelf:
        note_id = share(shelf, paper(1), PUBLIC, "1.0")
        tag(shelf, note_id, PUBLIC, "open")
        say(shelf, note_id, PUBLIC, "1.1", "said aloud")
        share(shelf, paper(1), channel, "2.0", member="U2")
        tag(shelf, note_id, channel, "hush, open")
        say(shelf, note_id, channel, "2.1", "whispered", thread_ts="2.0")
    with stored.reading() as shelf:
        for seen in reads(shelf, note_id, ANYBODY):
            assert seen
            assert [one.message.ts for one in seen.shares] == ["1.0"]
            assert seen.tags == (Tag("open", "open"),)
            assert [one.text for one in seen.comments] == ["said aloud"]
        for seen in reads(shelf, note_id, Audience(TEAM, channel)):
            assert seen
            assert [one.message.ts for one in seen.shares] == ["1.0", "2.0"]
            assert {one.key for one in seen.tags} == {"hush", "open"}
            assert [one.text for one in seen.comments] == ["said aloud", "whispered"]
        assert shelf.tags.counted(ANYBODY) == (TagCount(Tag("open", "open"), 1),)
        assert len(shelf.tags.counted(Audience(TEAM, channel))) == 2
        assert shelf.notes.select(ANYBODY, tag="hush") == ()
        assert len(shelf.notes.select(Audience(TEAM, channel), tag="hush")) == 1


@pytest.mark.parametrize("word", ["whispered", "hush", "囁き"])
def test_search_does_not_betray_what_a_private_channel_said(stored: StoredShelves, word: str) -> None:
    with stored.writing() as shelf:
        note_id = share(shelf, paper(1), PUBLIC, "1.0")
        tag(shelf, note_id, SECRET, "hush")
        say(shelf, note_id, SECRET, "2.1", "whispered 囁きました", thread_ts="2.0")
    with stored.reading() as shelf:
        assert shelf.notes.search(ANYBODY, [word], limit=20) == ()
        assert shelf.notes.search(Audience(TEAM, PUBLIC), [word], limit=20) == ()
        assert shelf.notes.search(ANYBODY, ["language", word], limit=20) == ()
        assert len(shelf.notes.search(Audience(TEAM, SECRET), ["language", word], limit=20)) == 1


def test_a_tag_on_a_note_that_nobody_may_see_is_not_counted(stored: StoredShelves) -> None:
    with stored.writing() as shelf:
        note_id = share(shelf, paper(1), SECRET, "1.0")
        tag(shelf, note_id, PUBLIC, "open")
    with stored.reading() as shelf:
        assert shelf.tags.counted(ANYBODY) == ()
        assert shelf.notes.select(ANYBODY, tag="open") == ()


AFTER, LATER, LAST = NOW + DAY, NOW + 2 * DAY, NOW + 3 * DAY


def test_what_came_only_from_a_channel_that_the_bot_left_is_seen_there_alone(stored: StoredShelves) -> None:
    with stored.writing() as shelf:
        note_id = share(shelf, paper(1), PUBLIC, "1.0")
        shelf.directory.hear_presence(TEAM, PUBLIC, True, NOW)
        assert shelf.directory.hear_presence(TEAM, PUBLIC, False, AFTER)
    with stored.reading() as shelf:
        for audience in (ANYBODY, Audience(TEAM, SECRET)):
            assert reads(shelf, note_id, audience) == [None] * 6
        assert all(reads(shelf, note_id, Audience(TEAM, PUBLIC)))
        assert not shelf.directory.is_in(TEAM, PUBLIC)


def test_a_note_that_another_public_channel_shares_too_stays_without_what_the_left_one_said(
    stored: StoredShelves,
) -> None:
    with stored.writing() as shelf:
        shelf.directory.store_channel(TEAM, Channel("C_SECOND", "second", ChannelKind.PUBLIC), NOW)
        note_id = share(shelf, paper(1), PUBLIC, "1.0", NOW - DAY)
        tag(shelf, note_id, PUBLIC, "left behind")
        say(shelf, note_id, PUBLIC, "1.1", "left behind")
        share(shelf, paper(1), "C_SECOND", "2.0")
        shelf.directory.hear_presence(TEAM, PUBLIC, False, AFTER)
    with stored.reading() as shelf:
        seen = shelf.notes.get(note_id, ANYBODY)
        assert seen
        assert ([one.channel.id for one in seen.shares], seen.tags, seen.comments) == (["C_SECOND"], (), ())
        assert seen.noted_at == NOW


def test_invited_again_the_bot_shows_all_as_before(stored: StoredShelves) -> None:
    with stored.writing() as shelf:
        note_id = share(shelf, paper(1), PUBLIC, "1.0")
        before = shelf.notes.get(note_id, ANYBODY)
        shelf.directory.hear_presence(TEAM, PUBLIC, False, AFTER)
        assert shelf.directory.hear_presence(TEAM, PUBLIC, True, LATER)
    with stored.reading() as shelf:
        after = shelf.notes.get(note_id, ANYBODY)
        assert before and after
        assert after.shares == before.shares
        assert after.change > before.change
        assert shelf.directory.is_in(TEAM, PUBLIC)


def test_words_of_coming_and_going_in_any_order_end_alike(stored: StoredShelves) -> None:
    words = [(True, NOW), (False, AFTER), (True, LATER), (False, LAST)]
    with stored.writing() as shelf:
        note_id = share(shelf, paper(1), PUBLIC, "1.0")
        for here, at in reversed(words):
            shelf.directory.hear_presence(TEAM, PUBLIC, here, at)
        change = shelf.notes.get(note_id, Audience(TEAM, PUBLIC))
        for here, at in words:
            assert not shelf.directory.hear_presence(TEAM, PUBLIC, here, at)
        assert shelf.notes.get(note_id, ANYBODY) is None
        assert shelf.notes.get(note_id, Audience(TEAM, PUBLIC)) == change


def test_a_public_channel_that_the_bot_never_was_in_is_seen(stored: StoredShelves) -> None:
    with stored.writing() as shelf:
        note_id = share(shelf, paper(1), PUBLIC, "1.0")
    with stored.reading() as shelf:
        assert not shelf.directory.is_in(TEAM, PUBLIC)
        assert shelf.notes.get(note_id, ANYBODY)


def test_the_period_asks_for_a_share_that_the_audience_sees(stored: StoredShelves) -> None:
    with stored.writing() as shelf:
        share(shelf, paper(1), PUBLIC, "1.0", NOW - 9 * DAY)
        share(shelf, paper(1), SECRET, "2.0", NOW)
    with stored.reading() as shelf:
        assert shelf.notes.select(ANYBODY, period=TODAY) == ()
        assert len(shelf.notes.select(Audience(TEAM, SECRET), period=TODAY)) == 1


def test_a_period_has_its_start_and_not_its_end(stored: StoredShelves) -> None:
    with stored.writing() as shelf:
        share(shelf, paper(1), PUBLIC, "1.0", NOW)
    with stored.reading() as shelf:
        assert len(shelf.notes.select(ANYBODY, period=Period(NOW, NOW + DAY))) == 1
        assert shelf.notes.select(ANYBODY, period=Period(NOW - DAY, NOW)) == ()


def test_a_channel_made_private_takes_its_shares_tags_and_comments_with_it(stored: StoredShelves) -> None:
    with stored.writing() as shelf:
        note_id = share(shelf, paper(1), PUBLIC, "1.0")
        tag(shelf, note_id, PUBLIC, "open")
        before = shelf.notes.get(note_id, ANYBODY)
        shelf.directory.store_channel(TEAM, Channel(PUBLIC, "general", ChannelKind.PRIVATE), NOW)
        assert shelf.notes.get(note_id, ANYBODY) is None
        assert shelf.tags.counted(ANYBODY) == ()
        inside = shelf.notes.get(note_id, Audience(TEAM, PUBLIC))
    assert before and inside and inside.change > before.change


def test_what_was_said_of_tags_in_a_channel_goes_from_the_pages_with_it(stored: StoredShelves) -> None:
    other = "C_TALK"
    with stored.writing() as shelf:
        shelf.directory.store_channel(TEAM, Channel(other, "talk", ChannelKind.PUBLIC), NOW)
        tag(shelf, share(shelf, paper(1), PUBLIC, "1.0"), PUBLIC, "open")
    keeping = TagKeeping(stored, lambda _: None, lambda: NOW)
    keeping.describe(Asker(TEAM, other, "U1", "command:1"), named("open"), "said in talk")
    before = changes(stored)
    with stored.writing() as shelf:
        assert shelf.tags.descriptions(ANYBODY) == {"open": "said in talk"}
        assert shelf.directory.hear_private(TEAM, other, NOW)
        assert not shelf.directory.hear_private(TEAM, other, NOW)
        assert shelf.tags.descriptions(ANYBODY) == {}
    assert changes(stored) > before


def changes(stored: StoredShelves) -> int:
    """What publishing looks at to know whether there is something to do."""
    with stored.reading() as shelf:
        (workspace,) = shelf.directory.workspaces()
        return workspace.change


def test_a_withdrawn_share_is_seen_by_nobody_and_may_come_back(stored: StoredShelves) -> None:
    with stored.writing() as shelf:
        note_id = share(shelf, paper(1), PUBLIC, "1.0")
        shelf.notes.withdraw(message(PUBLIC, "1.0"), NOW)
        assert reads(shelf, note_id, Audience(TEAM, PUBLIC)) == [None] * 6
        share(shelf, paper(1), PUBLIC, "1.0")
        assert None not in reads(shelf, note_id, Audience(TEAM, PUBLIC))


def connect(shelf: Shelf, channel: str, kind: ChannelKind) -> None:
    """The channel is shared with another organization."""
    shelf.directory.store_channel(TEAM, Channel(channel, channel.lower(), kind, external=True), NOW)


@pytest.mark.parametrize(
    "kind", [ChannelKind.PUBLIC, ChannelKind.PRIVATE, ChannelKind.DIRECT, ChannelKind.UNKNOWN]
)
def test_people_of_another_organization_see_what_was_made_in_their_channel_and_nothing_else(
    stored: StoredShelves, kind: ChannelKind
) -> None:
    theirs = Audience(TEAM, "C_SHARED")
    with stored.writing() as shelf:
        note_id = share(shelf, paper(1), PUBLIC, "1.0")
        tag(shelf, note_id, PUBLIC, "open")
        say(shelf, note_id, PUBLIC, "1.1", "said to colleagues")
        connect(shelf, "C_SHARED", kind)
    with stored.reading() as shelf:
        assert reads(shelf, note_id, theirs) == [None] * 6
        assert shelf.tags.counted(theirs) == shelf.tags.suggest(theirs, "", 9) == ()
    with stored.writing() as shelf:
        share(shelf, paper(1), "C_SHARED", "3.0", member="U2")
        tag(shelf, note_id, "C_SHARED", "ours")
        say(shelf, note_id, "C_SHARED", "3.1", "said to both", thread_ts="3.0")
    with stored.reading() as shelf:
        for seen in reads(shelf, note_id, theirs):
            assert seen
            assert [one.message.ts for one in seen.shares] == ["3.0"]
            assert seen.tags == (Tag("ours", "ours"),)
            assert [one.text for one in seen.comments] == ["said to both"]
        for audience in (ANYBODY, Audience(TEAM, PUBLIC), Audience(TEAM, SECRET)):
            for seen in reads(shelf, note_id, audience):
                assert seen
                assert [one.message.ts for one in seen.shares] == ["1.0"]
                assert [one.text for one in seen.comments] == ["said to colleagues"]
        # Who is in both sees both.
        both = Audience(TEAM, DIRECT, conversations=("C_SHARED",))
        for seen in reads(shelf, note_id, both):
            assert seen and [one.message.ts for one in seen.shares] == ["1.0", "3.0"]


def test_a_channel_of_which_nothing_is_known_is_told_of_itself_alone(stored: StoredShelves) -> None:
    with stored.writing() as shelf:
        share(shelf, paper(1), PUBLIC, "1.0")
        share(shelf, paper(2), UNASKED, "2.0")
    with stored.reading() as shelf:
        assert [one.paper_id for one in shelf.notes.select(Audience(TEAM, UNASKED))] == [paper(2)]


def test_a_workspace_may_publish_what_is_said_in_public_channels_that_it_shares(stored: StoredShelves) -> None:
    with stored.writing() as shelf:
        connect(shelf, "C_SHARED", ChannelKind.PUBLIC)
        connect(shelf, SECRET, ChannelKind.PRIVATE)
        note_id = share(shelf, paper(1), "C_SHARED", "1.0")
        share(shelf, paper(1), SECRET, "2.0")
        before = shelf.directory.workspace(TEAM)
        shelf.settings.settle(TEAM, Setting.PUBLISH_EXTERNAL, True, "U1", NOW)
    with stored.reading() as shelf:
        for audience in (ANYBODY, Audience(TEAM, PUBLIC)):
            for seen in reads(shelf, note_id, audience):
                assert seen and [one.message.ts for one in seen.shares] == ["1.0"]
        assert before and note_id in (shelf.pages.touched(TEAM, before.change, 9) or ())
        # It opens the pages to the channel, and not the workspace to the other organization.
        assert [one.paper_id for one in shelf.notes.select(Audience(TEAM, "C_SHARED"))] == [paper(1)]
        home = shelf.directory.workspace(TEAM)
        assert home and home.publishes(shelf.directory.channel(TEAM, "C_SHARED"))
        assert not home.publishes(shelf.directory.channel(TEAM, SECRET))


def test_what_was_made_in_a_shared_channel_stays_there_once_it_is_disconnected(shelves: StoredShelves) -> None:
    disconnected = Channel("C_SHARED", "shared", ChannelKind.PUBLIC)
    with shelves.writing() as shelf:
        settle(shelf)
        connect(shelf, "C_SHARED", ChannelKind.PUBLIC)
        note_id = share(shelf, paper(1), "C_SHARED", "1.0", member="U2")
        store(shelf, paper(1))
        tag(shelf, note_id, "C_SHARED", "theirs")
        say(shelf, note_id, "C_SHARED", "1.1", "said to both", thread_ts="1.0")
        share(shelf, paper(2), PUBLIC, "2.0")
        for _ in range(2):
            shelf.directory.store_channel(TEAM, disconnected, NOW + MINUTE)
    with shelves.reading() as shelf:
        for audience in (ANYBODY, Audience(TEAM, PUBLIC)):
            assert shelf.notes.get(note_id, audience) is None
            assert [one.paper_id for one in shelf.notes.select(audience)] == [paper(2)]
            assert [one.tag.key for one in shelf.tags.counted(audience)] == []
        # Its people are of the workspace alone by now, and see what their colleagues see.
        ours = Audience(TEAM, "C_SHARED")
        assert {one.paper_id for one in shelf.notes.select(ours)} == {paper(1), paper(2)}
        home = shelf.directory.workspace(TEAM)
        assert home and not home.publishes(shelf.directory.channel(TEAM, "C_SHARED"))
        note = shelf.notes.get(note_id, ours)
        assert note and not any(home.publishes(one.channel) for one in note.shares)
    with shelves.writing() as shelf:
        shelf.settings.settle(TEAM, Setting.PUBLISH_EXTERNAL, True, "U1", NOW)
        seen = shelf.notes.get(note_id, ANYBODY)
        assert seen and [one.text for one in seen.comments] == ["said to both"]
        assert note_id in (shelf.pages.touched(TEAM, home.change, 9) or ())


def test_only_what_anybody_could_see_is_ever_said_to_be_taken_back(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        shown, private, both, mixed = (
            share(shelf, paper(number), channel, f"{number}.0")
            for number, channel in enumerate((PUBLIC, SECRET, PUBLIC, PUBLIC), start=1)
        )
        share(shelf, paper(3), SECRET, "3.1")
        share(shelf, paper(4), PUBLIC, "4.1")
        for note_id in (shown, both, mixed):
            tag(shelf, note_id, PUBLIC, "Open")
            tag(shelf, note_id, SECRET, "Hidden")
        assert shelf.pages.fallen(TEAM) == ()
        for number, channel in ((1, PUBLIC), (2, SECRET), (3, PUBLIC), (4, PUBLIC)):
            shelf.notes.withdraw(message(channel, f"{number}.0"), NOW)
        expected = (Fallen(shown, paper(1), ("open",)), Fallen(both, paper(3), ("open",)))
        assert shelf.pages.fallen(TEAM) == expected
        assert shelf.pages.fallen(TEAM, [both, mixed, private]) == expected[1:]
        shelf.directory.store_channel(TEAM, Channel(PUBLIC, "p", ChannelKind.PRIVATE), NOW)
        assert shelf.pages.fallen(TEAM) == ()


def opened(shelf: Shelf, channel: str) -> None:
    shelf.directory.store_channel(TEAM, Channel(channel, "s", ChannelKind.PUBLIC), NOW + MINUTE)


def publishing_external(shelf: Shelf, _channel: str) -> None:
    shelf.settings.settle(TEAM, Setting.PUBLISH_EXTERNAL, True, "U1", NOW)


@pytest.mark.parametrize(
    ("kind", "become"), [(ChannelKind.PRIVATE, opened), (ChannelKind.PUBLIC, publishing_external)]
)
def test_what_was_taken_back_before_anybody_could_see_it_never_leaves_a_page(
    shelves: StoredShelves, kind: ChannelKind, become: Callable[[Shelf, str], None]
) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        hidden_there = Channel(SECRET, "s", kind, external=kind is ChannelKind.PUBLIC)
        shelf.directory.store_channel(TEAM, hidden_there, NOW)
        shown, hidden = share(shelf, paper(1), PUBLIC, "1.0"), share(shelf, paper(2), SECRET, "2.0")
        for note_id in (shown, hidden):
            tag(shelf, note_id, PUBLIC, "Open")
            tag(shelf, note_id, SECRET, "Hidden")
        shelf.notes.withdraw(message(PUBLIC, "1.0"), NOW)
        shelf.notes.withdraw(message(SECRET, "2.0"), NOW)
        become(shelf, SECRET)
        assert shelf.pages.fallen(TEAM) == (Fallen(shown, paper(1), ("open",)),)
        # What comes back and is taken back again was seen meanwhile.
        share(shelf, paper(2), SECRET, "2.0")
        shelf.notes.withdraw(message(SECRET, "2.0"), NOW)
        assert shelf.pages.fallen(TEAM)[1:] == (Fallen(hidden, paper(2), ("open", "hidden")),)


def test_a_channel_that_the_bot_has_left_tells_nothing_of_what_was_taken_back(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        note_id = share(shelf, paper(1), PUBLIC, "1.0")
        shelf.notes.withdraw(message(PUBLIC, "1.0"), NOW)
        assert shelf.pages.fallen(TEAM) == (Fallen(note_id, paper(1)),)
        shelf.directory.hear_presence(TEAM, PUBLIC, False, NOW)
        assert shelf.pages.fallen(TEAM) == ()
        shelf.directory.hear_presence(TEAM, PUBLIC, True, NOW + MINUTE)
        assert shelf.pages.fallen(TEAM) == (Fallen(note_id, paper(1)),)
