"""What followers are told, from the row that changed to the words that are posted."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from stored import DAY, MINUTE, NOW, PUBLIC, SECRET, TEAM, message, paper, settle, share, store, tag, want
from written import MESSAGES

from bot.blocks import Rendered
from bot.tidings import Tidings
from papers.asker import Asker
from papers.following import Following
from papers.follows import Follower, Target, TargetKind
from papers.lookup import Lookup
from papers.note import Channel, ChannelKind
from papers.notebook import Notebook
from papers.nudges import Job
from papers.periods import WeeklyTime
from papers.tag_keeping import TagKeeping
from papers.tags import tag as named
from papers.work import Post, PostKind
from storage.shelves import StoredShelves

CARA, CARAS = Follower(TEAM, "U3"), Asker(TEAM, PUBLIC, "U3", "o")
AKI = Target(TargetKind.MEMBER, "U1")
TAG_LLM, TAG_LLMS = Target(TargetKind.TAG, "llm", "LLM"), Target(TargetKind.TAG, "llms", "LLMs")
WEEKLY = WeeklyTime.parse("mon 09:00")  # NOW is a Saturday


class Told:
    """The use cases of following, at a time that a test sets."""

    def __init__(self, shelves: StoredShelves) -> None:
        self.shelves = shelves
        self.now = NOW
        nudges: list[Job] = []
        self.following = Following(shelves, nudges.append, lambda: self.now, WEEKLY)
        notebook = Notebook(shelves, nudges.append, lambda: self.now, lambda: timedelta(0))
        self.tidings = Tidings(Lookup(shelves), notebook, self.following, MESSAGES)

    def follow(self, weekly: bool) -> None:
        self.following.follow(CARAS, CARA, [AKI], weekly)

    def share(self, number: int, at: datetime) -> None:
        with self.shelves.writing() as shelf:
            store(shelf, paper(number))
            share(shelf, paper(number), PUBLIC, f"{number}.0", at)

    def posts(self) -> list[Post]:
        """What the job owes when it runs twice, as it may."""
        self.following.tell()
        self.following.tell()
        with self.shelves.writing() as shelf:
            return list(shelf.outbox.claim(9, self.now + DAY, MINUTE))


@pytest.fixture
def told(shelves: StoredShelves) -> Iterator[Told]:
    with shelves.writing() as shelf:
        settle(shelf)
    yield Told(shelves)


def test_a_week_is_told_together_when_it_has_ended_and_once(told: Told) -> None:
    told.follow(weekly=True)
    for number in (1, 2):
        told.share(number, NOW + number * MINUTE)
    assert told.posts() == []
    told.now = NOW + 3 * DAY
    (post,) = told.posts()
    assert (post.owed.kind, post.owed.channel) == (PostKind.GATHERING, "U3")
    rendered = told.tidings.render(post.owed)
    assert isinstance(rendered, Rendered)
    assert "2310.00001" in rendered.text
    assert "2310.00002" in rendered.text
    told.now = NOW + 10 * DAY
    assert [one.id for one in told.posts()] == [post.id]


def test_at_once_is_one_post_for_each_note(told: Told) -> None:
    told.follow(weekly=False)
    told.share(1, NOW + MINUTE)
    (post,) = told.posts()
    assert (post.owed.kind, post.owed.channel) == (PostKind.FOLLOWED, "U3")
    rendered = told.tidings.render(post.owed)
    assert rendered
    assert "Aki" in rendered.text


def test_who_follows_no_longer_is_not_told_of_what_was_owed_before(told: Told) -> None:
    told.follow(weekly=False)
    told.share(1, NOW + MINUTE)
    (post,) = told.posts()
    told.following.unfollow(CARAS, CARA, [AKI])
    assert told.tidings.render(post.owed) is None


def posted(told: Told) -> Post:
    """What was told of one paper, as it stands in Slack."""
    (post,) = told.posts()
    with told.shelves.writing() as shelf:
        shelf.outbox.posted(post.id, "9.0", 0, told.now, post.shown)
    return post


def said_anew(told: Told) -> list[Rendered | None]:
    """What is to be said instead of what stands in Slack."""
    with told.shelves.writing() as shelf:
        posts = shelf.outbox.claim_outdated(9, told.now + DAY, MINUTE)
        for post in posts:
            shelf.outbox.posted(post.id, "9.0", 0, told.now, post.shown)
    return [told.tidings.render(post.owed) for post in posts]


def test_word_of_a_paper_gets_its_title_when_the_source_knows_it(told: Told) -> None:
    told.follow(weekly=False)
    with told.shelves.writing() as shelf:
        want(shelf, paper(1))
        share(shelf, paper(1), PUBLIC, "1.0", NOW + MINUTE)
    posted(told)
    with told.shelves.writing() as shelf:
        shelf.papers.mark_missing([paper(1)], NOW + MINUTE, NOW + DAY)
    assert said_anew(told) == []
    with told.shelves.writing() as shelf:
        store(shelf, paper(1), title="At last")
    (rendered,) = said_anew(told)
    assert rendered and "At last" in rendered.text
    with told.shelves.writing() as shelf:
        store(shelf, paper(1), title="At last", version=2)
    assert said_anew(told) == []


def test_word_of_a_paper_goes_with_its_last_share_that_is_followed(told: Told) -> None:
    told.follow(weekly=False)
    told.share(1, NOW + MINUTE)
    posted(told)
    with told.shelves.writing() as shelf:
        share(shelf, paper(1), PUBLIC, "5.0", NOW + 2 * MINUTE)
        shelf.notes.withdraw(message(PUBLIC, "1.0"), NOW + DAY)
    (rendered,) = said_anew(told)
    assert rendered and "2310.00001" in rendered.text
    with told.shelves.writing() as shelf:
        share(shelf, paper(1), PUBLIC, "6.0", NOW + 3 * MINUTE, member="U2")
        shelf.notes.withdraw(message(PUBLIC, "5.0"), NOW + DAY)
    assert said_anew(told) == [None]


def test_at_most_fifty_things_are_followed(told: Told) -> None:
    many = [Target(TargetKind.TAG, f"t{number}", f"t{number}") for number in range(51)]
    with pytest.raises(Exception, match="At most 50"):
        told.following.follow(Asker(TEAM, PUBLIC, "U3", "o"), CARA, many, False)
    assert told.following.of(CARA) == ()


# Tags that get another name


def called(told: Told, follower: Follower = CARA) -> list[str]:
    return [one.target.name for one in told.following.of(follower)]


def tagged(told: Told, number: int, typed: str, channel: str = PUBLIC) -> int:
    with told.shelves.writing() as shelf:
        store(shelf, paper(number))
        note_id = share(shelf, paper(number), channel, f"{number}.0", told.now)
        tag(shelf, note_id, channel, typed)
    return note_id


def test_a_tag_is_followed_through_new_names_and_ended_by_any(told: Told) -> None:
    keeping = TagKeeping(told.shelves, lambda _: None, lambda: told.now)
    tagged(told, 1, "LLMs")
    told.now += MINUTE
    follows = told.following.follow(CARAS, CARA, [TAG_LLMS], weekly=False)
    told.now += MINUTE
    keeping.rename(CARAS, named("LLMs"), named("LLM"))
    assert called(told) == ["LLM"]
    note_id = tagged(told, 2, "LLM")
    (post,) = told.posts()
    assert post.owed.note_id == note_id
    said = told.tidings.render(post.owed)
    assert said and "#LLM" in said.text and "LLMs" not in said.text
    # Followed again by the new name, it is what was followed before.
    again = told.following.follow(CARAS, CARA, [TAG_LLM], weekly=True)
    assert [(one.target.name, one.weekly, one.since) for one in again] == [("LLM", True, follows[0].since)]
    assert called(told) == ["LLM"]
    assert [one.name for one in told.following.unfollow(CARAS, CARA, [TAG_LLM])] == ["LLM"]
    assert called(told) == []


def test_two_followed_tags_that_become_one_are_one_and_told_once(told: Told) -> None:
    keeping = TagKeeping(told.shelves, lambda _: None, lambda: told.now)
    tagged(told, 1, "LLM, RAG")
    told.now += MINUTE
    told.following.follow(CARAS, CARA, [TAG_LLM, Target(TargetKind.TAG, "rag", "RAG")], weekly=False)
    told.now += MINUTE
    keeping.merge(CARAS, named("RAG"), named("LLM"))
    assert called(told) == ["LLM"]
    tagged(told, 2, "LLM")
    assert len(told.posts()) == 1
    told.following.unfollow(CARAS, CARA, [Target(TargetKind.TAG, "rag", "RAG")])
    assert called(told) == []


def test_the_new_name_of_a_tag_that_lives_in_private_is_not_told_outside(told: Told) -> None:
    insider = Asker(TEAM, SECRET, "U1", "o")
    tagged(told, 1, "Plan", SECRET)
    told.following.follow(CARAS, CARA, [Target(TargetKind.TAG, "plan", "Plan")], weekly=False)
    inside = Follower(TEAM, SECRET, is_channel=True)
    told.following.follow(insider, inside, [Target(TargetKind.TAG, "plan", "Plan")], weekly=False)
    TagKeeping(told.shelves, lambda _: None, lambda: told.now).rename(insider, named("Plan"), named("Takeover"))
    assert called(told) == ["Plan"]
    assert called(told, inside) == ["Takeover"]


def test_what_is_gathered_for_a_channel_says_who_set_that_up_and_for_a_person_not(told: Told) -> None:
    with told.shelves.writing() as shelf:
        shelf.directory.store_channel(TEAM, Channel("C_CLUB", "club", ChannelKind.PUBLIC), NOW)
    club = Follower(TEAM, "C_CLUB", is_channel=True)
    told.following.follow(Asker(TEAM, "C_CLUB", "U2", "o"), club, [AKI], weekly=True)
    told.following.follow(Asker(TEAM, "C_CLUB", "U2", "o"), club, [TAG_LLM], weekly=False)
    told.follow(weekly=True)
    told.share(1, NOW + MINUTE)
    assert told.posts() == []
    told.now = NOW + 3 * DAY
    said = {post.owed.channel: told.tidings.render(post.owed) for post in told.posts()}
    assert said["C_CLUB"] is not None and said["U3"] is not None
    assert "because of Aki (set up by Ben)" in said["C_CLUB"].text
    assert "LLM" not in said["C_CLUB"].text
    assert "set up by" not in said["U3"].text
