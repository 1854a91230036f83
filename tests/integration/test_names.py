"""What members and channels are called is asked of Slack again, also where Slack no longer tells of some."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from stored import ANYBODY, DAY, MINUTE, NOW, TEAM, paper, settle, share

from bot.names import AT_ONCE, Names
from bot.slack import Slack
from papers.note import Channel, ChannelKind, Member
from playground import Playground
from storage.shelves import StoredShelves

GONE = [f"C0GONE{number:03}" for number in range(AT_ONCE + 1)]
PAPERS = "C0000PAPERS"  # the playground has it


@pytest.fixture
def playground() -> Iterator[Playground]:
    with Playground() as made:
        yield made


@pytest.fixture
def names(playground: Playground, shelves: StoredShelves) -> Names:
    return Names(shelves, Slack(playground.bot_token, playground.api_url), lambda: NOW)


def learned(shelves: StoredShelves, channel: str, name: str, ago: int) -> None:
    """A public channel in which a paper was shared, and what was learned of it so many days ago."""
    with shelves.writing() as shelf:
        share(shelf, paper(1), channel, "1.0", member=f"U{channel}")
        shelf.directory.store_channel(TEAM, Channel(channel, name, ChannelKind.PUBLIC), NOW - ago * DAY)
        shelf.directory.store_member(TEAM, Member(f"U{channel}", f"by {name}"), NOW - ago * DAY)
        shelf.directory.hear_presence(TEAM, channel, True, NOW - ago * DAY)


def test_those_whom_slack_tells_of_no_longer_keep_no_others_from_being_asked_about(
    shelves: StoredShelves, names: Names
) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
    for channel in GONE:
        learned(shelves, channel, "gone", ago=3)
    learned(shelves, PAPERS, "old", ago=2)
    names()
    names()
    with shelves.reading() as shelf:
        assert shelf.directory.channel(TEAM, PAPERS).name == "papers"
        assert shelf.directory.channel(TEAM, GONE[0]) == Channel(GONE[0], "gone", ChannelKind.PUBLIC)
        assert shelf.directory.member(TEAM, f"U{GONE[0]}").name == "by gone"
        assert shelf.directory.channels_to_ask(TEAM, NOW - MINUTE, 99) == ()
        assert shelf.directory.members_to_ask(TEAM, NOW - MINUTE, 99) == ()


def test_a_channel_that_fusen_was_never_in_and_is_told_nothing_of_is_taken_to_be_private(
    shelves: StoredShelves, names: Names
) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        note_id = share(shelf, paper(1), GONE[0], "1.0")
        shelf.directory.store_channel(TEAM, Channel(GONE[0], "was-public", ChannelKind.PUBLIC), NOW - 2 * DAY)
        assert shelf.notes.get(note_id, ANYBODY)
    names()
    with shelves.reading() as shelf:
        assert shelf.notes.get(note_id, ANYBODY) is None


def test_what_slack_told_before_a_channel_was_made_private_does_not_open_it_again(
    shelves: StoredShelves, playground: Playground
) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
    learned(shelves, PAPERS, "papers", ago=2)

    class Slow(Slack):
        """Answers after something has become of the channel."""

        def channel(self, channel: str) -> tuple[Channel, bool]:
            told = super().channel(channel)
            with shelves.writing() as shelf:
                assert shelf.directory.hear_private(TEAM, channel, NOW)
            return told

    slow = Names(shelves, Slow(playground.bot_token, playground.api_url), lambda: NOW)
    assert not slow.learn_again(TEAM, PAPERS)
    with shelves.reading() as shelf:
        assert shelf.directory.channel(TEAM, PAPERS).kind is ChannelKind.PRIVATE
        # It is asked about again, before a day is over.
        assert shelf.directory.channels_to_ask(TEAM, NOW - 9 * DAY, 9) == (PAPERS,)


def test_what_was_heard_before_a_channel_was_learned_counts_no_more(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
    learned(shelves, PAPERS, "papers", ago=2)
    with shelves.writing() as shelf:
        assert not shelf.directory.hear_private(TEAM, PAPERS, NOW - 3 * DAY)
        assert not shelf.directory.hear_external(TEAM, PAPERS, NOW - 3 * DAY)
        assert shelf.directory.channel(TEAM, PAPERS) == Channel(PAPERS, "papers", ChannelKind.PUBLIC)
        assert shelf.directory.hear_external(TEAM, PAPERS, NOW - DAY)
