"""Who reads what, on both databases: read marks are personal, claims are seen by those who may, and end."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

import pytest
from stored import ANYBODY, DAY, NOW, PUBLIC, SECRET, TEAM, paper, settle, share, store

from papers.asker import Asker
from papers.errors import UnknownPaper
from papers.note import Audience, Channel, ChannelKind, Member, Note
from papers.nudges import Job
from papers.reader_shelf import Mark, Own
from papers.readers import CLAIMED, Readers
from storage.shelves import StoredShelves


@dataclass
class Team:
    """Two people and a paper shared in a public channel, with a clock that the test sets."""

    shelves: StoredShelves
    now: datetime = NOW
    nudges: list[Job] = field(default_factory=list)
    note_id: int = 0

    def __post_init__(self) -> None:
        self.readers = Readers(self.shelves, self.nudges.append, lambda: self.now)
        with self.shelves.writing() as shelf:
            settle(shelf)
            self.note_id = share(shelf, paper(1), PUBLIC, "1.0")
            store(shelf, paper(1))

    def note(self, audience: Audience = ANYBODY) -> Note:
        with self.shelves.reading() as shelf:
            found = shelf.notes.get(self.note_id, audience)
        assert found
        return found

    def shown(self, audience: Audience = ANYBODY) -> list[str]:
        return [reader.member.name for reader in self.note(audience).readers]


@pytest.fixture
def team(shelves: StoredShelves) -> Team:
    return Team(shelves)


def asker(member: str = "U1", channel: str = PUBLIC, origin: str = "command:1") -> Asker:
    return Asker(TEAM, channel, member, origin)


INSIDE = Audience(TEAM, SECRET)


def test_claiming_twice_is_one_claim_that_lasts_longer(team: Team) -> None:
    assert team.readers.claim(asker(), team.note_id).changed
    stamped = team.note().change
    team.now += 3 * DAY
    again = team.readers.claim(asker(origin="command:2"), team.note_id)
    assert not again.changed
    (reader,) = team.note().readers
    assert (reader.member.name, reader.since, reader.until) == ("Aki", NOW, NOW + 3 * DAY + CLAIMED)
    # Nothing that a card shows has changed.
    assert team.note().change == stamped


def test_a_claim_ends_by_itself_and_its_card_is_out_of_date_then(team: Team) -> None:
    team.readers.claim(asker(), team.note_id)
    team.now += DAY
    team.readers.claim(asker("U2"), team.note_id)
    before = team.note().change
    team.now = NOW + CLAIMED - DAY / 2
    team.readers.expire()
    assert (team.shown(), team.note().change) == (["Aki", "Ben"], before)
    team.now = NOW + CLAIMED
    team.nudges.clear()
    team.readers.expire()
    assert team.shown() == ["Ben"]
    assert team.note().change > before
    assert set(team.nudges) == {Job.REFRESH_CARDS, Job.PUBLISH_PAGES}
    team.nudges.clear()
    team.readers.expire()
    assert team.nudges == []


def test_a_claim_is_put_down_and_putting_down_twice_is_once(team: Team) -> None:
    team.readers.claim(asker(), team.note_id)
    assert team.readers.put_down(asker(), team.note_id).changed
    assert team.shown() == []
    before = team.note().change
    assert not team.readers.put_down(asker(), team.note_id).changed
    assert team.note().change == before


def test_the_button_takes_up_and_puts_down_for_each_by_themselves(team: Team) -> None:
    assert team.readers.toggle(asker(), team.note_id).until == NOW + CLAIMED
    assert team.readers.toggle(asker("U2"), team.note_id).until
    assert team.readers.toggle(asker(), team.note_id).until is None
    assert team.shown() == ["Ben"]


def test_who_has_read_a_paper_is_no_longer_reading_it(team: Team) -> None:
    team.readers.claim(asker(), team.note_id)
    team.readers.read(asker(), team.note_id)
    assert team.shown() == []


def test_read_is_personal_and_changes_nothing_that_others_see(team: Team) -> None:
    before = team.note()
    team.readers.read(asker(), team.note_id)
    team.readers.read(asker(origin="command:2"), team.note_id)
    assert team.note() == before
    assert team.readers.read_among("U1", [before]) == {team.note_id}
    assert team.readers.read_among("U2", [before]) == set()
    team.readers.unread(asker("U2"), team.note_id)
    assert team.readers.read_among("U1", [before]) == {team.note_id}
    team.readers.unread(asker(), team.note_id)
    team.readers.unread(asker(), team.note_id)
    assert team.readers.read_among("U1", [before]) == set()


def test_a_claim_made_in_private_is_not_seen_outside(team: Team) -> None:
    with team.shelves.writing() as shelf:
        share(shelf, paper(1), SECRET, "2.0")
    team.readers.claim(asker(channel=SECRET), team.note_id)
    assert team.shown() == team.shown(Audience(TEAM, PUBLIC)) == []
    assert team.shown(INSIDE) == ["Aki"]
    assert team.readers.own(asker(), Mark.READING) == ()
    assert len(team.readers.own(asker(channel=SECRET), Mark.READING)) == 1
    # In public the button takes it up, because nobody there sees it as taken.
    assert team.readers.toggle(asker(), team.note_id).until
    assert team.shown() == team.shown(INSIDE) == ["Aki"]
    # Reading no longer is reading nowhere.
    team.readers.put_down(asker(), team.note_id)
    assert team.shown() == team.shown(INSIDE) == []


def test_a_channel_made_private_takes_its_claims_with_it(team: Team) -> None:
    with team.shelves.writing() as shelf:
        share(shelf, paper(1), "C_OTHER", "3.0")
        shelf.directory.store_channel(TEAM, Channel("C_OTHER", "other", ChannelKind.PUBLIC), NOW)
    team.readers.claim(asker(channel="C_OTHER"), team.note_id)
    assert team.shown() == ["Aki"]
    before = team.note().change
    with team.shelves.writing() as shelf:
        shelf.directory.store_channel(TEAM, Channel("C_OTHER", "other", ChannelKind.PRIVATE), NOW)
    assert team.shown() == []
    assert team.note().change > before


def test_a_reader_whose_name_is_learned_later_is_asked_for_and_then_shown(team: Team) -> None:
    team.readers.claim(asker("U3"), team.note_id)
    before = team.note().change
    with team.shelves.writing() as shelf:
        assert "U3" in shelf.directory.members_to_ask(TEAM, NOW, 10)
        shelf.directory.store_member(TEAM, Member("U3", "Chie"), NOW)
    assert team.shown() == ["Chie"]
    assert team.note().change > before


def test_nobody_reads_what_they_do_not_see(team: Team) -> None:
    with team.shelves.writing() as shelf:
        hidden = share(shelf, paper(2), SECRET, "2.0")
    for act in (team.readers.claim, team.readers.put_down, team.readers.toggle, team.readers.read):
        with pytest.raises(UnknownPaper):
            act(asker(), hidden)


def test_own_lists_hold_what_is_read_unread_and_being_read(team: Team) -> None:
    with team.shelves.writing() as shelf:
        other = share(shelf, paper(2), PUBLIC, "2.0", NOW + DAY)
        share(shelf, paper(3), SECRET, "3.0", NOW + DAY)
    team.readers.read(asker(), other)
    team.readers.claim(asker(), team.note_id)
    listed = {mark: [note.id for note in team.readers.own(asker(), mark)] for mark in Mark}
    assert listed == {Mark.READ: [other], Mark.UNREAD: [team.note_id], Mark.READING: [team.note_id]}
    assert [note.id for note in team.readers.own(asker("U2"), Mark.UNREAD)] == [other, team.note_id]
    with team.shelves.reading() as shelf:
        assert len(shelf.notes.select(INSIDE, own=Own("U2", Mark.UNREAD))) == 3


def test_only_what_an_act_made_is_undone_with_it(team: Team) -> None:
    team.readers.claim(asker(origin="a"), team.note_id)
    team.readers.claim(asker(origin="b"), team.note_id)
    with team.shelves.writing() as shelf:
        shelf.readers.mark_read(team.note_id, "a", "U1", NOW)
        assert not shelf.readers.put_down(team.note_id, "U1", "b")
        assert not shelf.readers.mark_unread(team.note_id, "U1", "b")
        assert shelf.readers.put_down(team.note_id, "U1", "a")
        assert shelf.readers.mark_unread(team.note_id, "U1", "a")


def test_a_forgotten_member_has_read_and_claimed_nothing(team: Team) -> None:
    team.readers.read(asker(), team.note_id)
    for member in ("U1", "U2"):
        team.readers.claim(asker(member), team.note_id)
    before = team.note().change
    with team.shelves.writing() as shelf:
        shelf.oblivion.forget(TEAM, "U1", NOW)
    assert team.shown() == ["Ben"]
    assert team.readers.read_among("U1", [team.note()]) == set()
    assert team.note().change > before
