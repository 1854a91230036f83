"""Reactions on both databases: done once, undone exactly, in whatever order Slack tells of them."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field
from datetime import datetime

import pytest
from stored import ANYBODY, DAY, MINUTE, NOW, PUBLIC, SECRET, TEAM, message, paper, settle, share, store, tag

from papers.asker import Asker
from papers.emoji import MOST, EmojiVerb, Meaning, Reaction, TooManyEmoji
from papers.note import Audience, Message, Note
from papers.nudges import Job
from papers.reactions import Reactions
from papers.readers import Readers
from papers.work import Owed, PostKind
from storage.shelves import StoredShelves

TAGS = "robot_face"
BY = Asker(TEAM, PUBLIC, "U1", "command:1")


@dataclass
class Team:
    """Two people, a paper shared by a message, and a clock that moves a minute at each act."""

    shelves: StoredShelves
    now: datetime = NOW
    nudges: list[Job] = field(default_factory=list)
    note_id: int = 0

    def __post_init__(self) -> None:
        self.reactions = Reactions(self.shelves, self.nudges.append, self.tick)
        self.readers = Readers(self.shelves, self.nudges.append, self.tick)
        with self.shelves.writing() as shelf:
            settle(shelf)
            self.note_id = share(shelf, paper(1), PUBLIC, "1.0")
            store(shelf, paper(1))
        self.reactions.settle(BY, TAGS, Meaning(EmojiVerb.TAG, "LLM, Agents"))

    def tick(self) -> datetime:
        self.now += MINUTE
        return self.now

    def note(self, audience: Audience = ANYBODY) -> Note:
        with self.shelves.reading() as shelf:
            found = shelf.notes.get(self.note_id, audience)
        assert found
        return found

    @property
    def tags(self) -> list[str]:
        return [one.name for one in self.note().tags]

    @property
    def reading(self) -> list[str]:
        return [one.member.id for one in self.note().readers]

    def has_read(self, member: str = "U1") -> bool:
        return bool(self.readers.read_among(member, [self.note()]))


@pytest.fixture
def team(shelves: StoredShelves) -> Team:
    return Team(shelves)


def reaction(
    emoji: str, at: int, member: str = "U1", channel: str = PUBLIC, ts: str = "1.0", of: Message | None = None
) -> Reaction:
    """A reaction that Slack says came or went in minute `at`."""
    return Reaction(of or message(channel, ts), member, emoji, NOW + at * MINUTE)


def asker(member: str = "U1") -> Asker:
    return Asker(TEAM, PUBLIC, member, "command:1")


def test_each_emoji_does_what_it_means_and_undoes_it(team: Team) -> None:
    for emoji in ("eyes", "white_check_mark", TAGS):
        team.reactions.come(reaction(emoji, 1, "U2"))
    assert (team.reading, team.has_read("U2"), team.tags) == ([], True, ["LLM", "Agents"])
    for emoji in ("white_check_mark", TAGS):
        team.reactions.go(reaction(emoji, 2, "U2"))
    assert (team.has_read("U2"), team.tags) == (False, [])
    team.reactions.come(reaction("eyes", 3))
    assert team.reading == ["U1"]
    team.reactions.go(reaction("eyes", 4))
    assert team.reading == []


@pytest.mark.parametrize("emoji", ["eyes", "white_check_mark", TAGS])
def test_the_last_word_holds_in_whatever_order_it_is_told(team: Team, emoji: str) -> None:
    def tell(at: int, ts: str) -> None:
        act = team.reactions.come if at % 2 else team.reactions.go
        act(reaction(emoji, at, ts=ts))

    def done() -> bool:
        return bool(team.reading or team.tags or team.has_read())

    for number, order in enumerate(itertools.permutations([1, 2, 3, 4])):
        ts = f"{number + 10}.0"
        with team.shelves.writing() as shelf:
            share(shelf, paper(1), PUBLIC, ts)
        told = [at for at in order if at < 4]
        for at in (*told, *told):
            tell(at, ts)
        assert done(), order
        tell(4, ts)
        assert not done(), order
        for at in order:
            tell(at, ts)
        assert not done(), order


def test_a_removal_told_before_its_addition_leaves_nothing(team: Team) -> None:
    for emoji in ("eyes", "white_check_mark", TAGS):
        team.reactions.go(reaction(emoji, 2))
        team.reactions.come(reaction(emoji, 1))
    assert (team.reading, team.has_read(), team.tags) == ([], False, [])


def test_what_had_been_done_otherwise_stays_when_the_reaction_goes(team: Team) -> None:
    team.readers.read(asker(), team.note_id)
    team.readers.claim(asker(), team.note_id)
    with team.shelves.writing() as shelf:
        tag(shelf, team.note_id, PUBLIC, "LLM")
    for emoji in ("eyes", TAGS):
        team.reactions.come(reaction(emoji, 1))
    assert team.tags == ["LLM", "Agents"]
    for emoji in ("eyes", TAGS):
        team.reactions.go(reaction(emoji, 2))
    assert (team.reading, team.tags) == (["U1"], ["LLM"])
    team.reactions.come(reaction("white_check_mark", 3))
    team.reactions.go(reaction("white_check_mark", 4))
    assert team.has_read()


def test_a_tag_stays_while_anybodys_reaction_for_it_stands(team: Team) -> None:
    for member in ("U1", "U2"):
        team.reactions.come(reaction(TAGS, 1, member))
    team.reactions.go(reaction(TAGS, 2, "U1"))
    assert team.tags == ["LLM", "Agents"]
    team.reactions.go(reaction(TAGS, 3, "U2"))
    assert team.tags == []


def test_a_tag_that_was_taken_off_and_set_by_hand_since_is_not_the_reactions(team: Team) -> None:
    team.reactions.come(reaction(TAGS, 1))
    with team.shelves.writing() as shelf:
        shelf.notes.untag(team.note_id, ["llm"], Audience(TEAM))
        tag(shelf, team.note_id, PUBLIC, "LLM")
    team.reactions.go(reaction(TAGS, 2))
    assert team.tags == ["LLM"]


def test_an_emoji_acts_as_it_did_mean_when_it_is_taken_away(team: Team) -> None:
    team.reactions.come(reaction(TAGS, 1))
    team.reactions.settle(BY, TAGS, None)
    gone = reaction(TAGS, 2)
    assert team.reactions.concerns(gone)
    team.reactions.go(gone)
    assert team.tags == []
    assert not team.reactions.concerns(gone)
    team.reactions.come(reaction(TAGS, 3))
    assert team.tags == []


def test_the_card_and_the_seen_line_are_about_their_paper(team: Team) -> None:
    for kind, ts in ((PostKind.CARD, "1.5"), (PostKind.SEEN, "1.6")):
        with team.shelves.writing() as shelf:
            shelf.outbox.owe(Owed(TEAM, ts, kind, PUBLIC, "1.0", team.note_id), NOW, NOW)
            (post,) = shelf.outbox.claim(1, NOW, MINUTE)
            shelf.outbox.posted(post.id, ts, 1, NOW)
        team.reactions.come(reaction("eyes", 1, ts=ts))
        assert team.reading == ["U1"]
        team.reactions.go(reaction("eyes", 2, ts=ts))
        assert team.reading == []


def test_a_message_about_several_papers_or_none_is_passed_over(team: Team) -> None:
    with team.shelves.writing() as shelf:
        share(shelf, paper(2), PUBLIC, "2.0")
        share(shelf, paper(3), PUBLIC, "2.0")
        # A paper shared in a thread is not what the message that began the thread is about.
        note_id = share(shelf, paper(4), PUBLIC, "3.1")
        shelf.notes.share(note_id, "x", "U1", message(PUBLIC, "3.2", "3.0"), None, NOW)
    for ts in ("2.0", "3.0", "9.9", "1.1"):
        for emoji in ("eyes", TAGS):
            assert not team.reactions.acts_on(reaction(emoji, 1, ts=ts))
            team.reactions.come(reaction(emoji, 1, ts=ts))
            team.reactions.go(reaction(emoji, 2, ts=ts))
            team.reactions.come(reaction(emoji, 3, ts=ts))
    with team.shelves.writing() as shelf:
        assert not any(note.tags or note.readers for note in shelf.notes.select(ANYBODY))
        assert shelf.reactions.prune(NOW + DAY) == 0


def test_a_reaction_in_private_does_what_it_does_there_alone(team: Team) -> None:
    with team.shelves.writing() as shelf:
        share(shelf, paper(1), SECRET, "5.0")
    for emoji in ("eyes", TAGS):
        team.reactions.come(reaction(emoji, 1, channel=SECRET, ts="5.0"))
    inside = team.note(Audience(TEAM, SECRET))
    assert (len(inside.tags), len(inside.readers)) == (2, 1)
    outside = team.note()
    assert (outside.tags, outside.readers) == ((), ())


def test_only_reactions_that_are_gone_are_pruned(team: Team) -> None:
    team.reactions.come(reaction("eyes", 1))
    team.reactions.go(reaction("white_check_mark", 1))
    with team.shelves.writing() as shelf:
        assert shelf.reactions.prune(NOW) == 0
        assert shelf.reactions.prune(NOW + DAY) == 1
    team.reactions.go(reaction("eyes", 2))
    assert team.reading == []


def test_a_forgotten_member_has_no_reactions(team: Team) -> None:
    for member in ("U1", "U2"):
        team.reactions.come(reaction("eyes", 1, member))
    with team.shelves.writing() as shelf:
        shelf.oblivion.forget(TEAM, "U1", NOW)
        assert not shelf.reactions.stands(reaction("eyes", 1))
        assert shelf.reactions.stands(reaction("eyes", 1, "U2"))


def test_a_reaction_from_before_its_member_was_forgotten_does_nothing_and_a_later_one_does(team: Team) -> None:
    with team.shelves.writing() as shelf:
        shelf.oblivion.forget(TEAM, "U1", reaction("eyes", 2).at)
    team.reactions.come(reaction("eyes", 1))
    assert team.reading == []
    team.reactions.come(reaction("eyes", 3))
    assert len(team.reading) == 1


def test_nothing_is_kept_of_a_reaction_that_its_member_took_away_before_they_were_forgotten(team: Team) -> None:
    with team.shelves.writing() as shelf:
        shelf.oblivion.forget(TEAM, "U1", reaction("eyes", 2).at)
    team.reactions.go(reaction("eyes", 1))
    team.reactions.go(reaction("tada", 3))
    with team.shelves.writing() as shelf:
        assert shelf.reactions.prune(NOW + DAY) == 1  # the later one


def test_a_workspace_gives_meanings_to_a_hundred_emoji_and_no_more(team: Team) -> None:
    for number in range(MOST - 1):
        team.reactions.settle(BY, f"e{number}", Meaning(EmojiVerb.READ))
    with pytest.raises(TooManyEmoji):
        team.reactions.settle(BY, "one_more", None)
    team.reactions.settle(BY, TAGS, None)
    assert TAGS not in team.reactions.meanings(Audience(TEAM))
    assert "e7" in team.reactions.meanings(Audience(TEAM))
    assert "e7" not in team.reactions.meanings(Audience("T_OTHER"))
