"""What members and channels are called is asked of Slack again, also where Slack no longer tells of some."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime, timedelta

import pytest
from stored import ANYBODY, DAY, MINUTE, NOW, TEAM, paper, settle, share
from written import MESSAGES

from bot.assembly import HURRIED_SECONDS
from bot.channels import Channels
from bot.names import AT_ONCE, PAUSE, Names
from bot.payloads.events import OfChannel
from bot.payloads.presence import Altered, Connected, Joined, Renumbered
from bot.slack import Slack
from bot.slack_trouble import SlackTrouble
from papers.membership import Membership
from papers.note import Channel, ChannelKind, Member
from papers.nudges import Job
from papers.settled import Setting
from papers.work import PostKind
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
    return Names(shelves, Slack(playground.bot_token, playground.api_url), lambda job: None, lambda: NOW)


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


def test_a_channel_that_slack_knows_no_more_is_left_until_fusen_is_invited_again(
    shelves: StoredShelves, playground: Playground, names: Names
) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
        note_id = share(shelf, paper(1), GONE[0], "1.0")
    learned(shelves, GONE[0], "gone", ago=2)
    with shelves.reading() as shelf:
        assert shelf.notes.get(note_id, ANYBODY)
    names()
    with shelves.reading() as shelf:
        assert shelf.notes.get(note_id, ANYBODY) is None
        assert shelf.directory.channel(TEAM, GONE[0]).kind is ChannelKind.PUBLIC
    with shelves.writing() as shelf:
        shelf.directory.hear_presence(TEAM, GONE[0], True, NOW + MINUTE)
        assert shelf.notes.get(note_id, ANYBODY)


def test_a_channel_of_which_slack_does_not_tell_now_is_not_left(
    shelves: StoredShelves, playground: Playground
) -> None:
    note_id = known_as(shelves, ChannelKind.PUBLIC)
    silent = Untold(playground.bot_token, playground.api_url)
    assert not Names(shelves, silent, lambda job: None, lambda: NOW).learn_again(TEAM, PAPERS)
    with shelves.reading() as shelf:
        assert shelf.notes.get(note_id, ANYBODY)


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

    slow = Names(shelves, Slow(playground.bot_token, playground.api_url), lambda job: None, lambda: NOW)
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


class Moments:
    """A clock that goes on when Slack takes its time."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now


class Thinking:
    """Slack, when each answer of it takes nine tenths of a second."""

    def __init__(self, clock: Moments) -> None:
        self.asked: list[str] = []
        self._clock = clock

    def member(self, member: str) -> Member:
        self._answer(member)
        return Member(member, member.lower())

    def channel(self, channel: str) -> tuple[Channel, bool]:
        self._answer(channel)
        return Channel(channel, channel.lower(), ChannelKind.PUBLIC), True

    def _answer(self, what: str) -> None:
        self.asked.append(what)
        self._clock.now += timedelta(seconds=0.9)


def test_who_waits_for_an_answer_waits_two_seconds_for_all_names_and_the_job_learns_the_rest(
    shelves: StoredShelves,
) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
    nudged: list[Job] = []
    clock = Moments()
    slack = Thinking(clock)
    waited_for = Names(shelves, slack, nudged.append, clock, patience=timedelta(seconds=HURRIED_SECONDS))
    said = "comment <@U0ADA> <@U0BEA> <@U0CAI> see <#C0ONE|> <#C0TWO|> <#C0SIX|>"
    waited_for.learn(TEAM, "C0HERE", "U0ME", said)
    assert clock.now - NOW < timedelta(seconds=2)
    # Who may read the answer depends on the channel: that is asked first.
    assert slack.asked == ["C0HERE", "U0ME"]
    assert Job.LEARN_NAMES in nudged
    with shelves.writing() as shelf:
        share(shelf, paper(1), "C0ONE", "1.0", member="U0ADA")
    Names(shelves, slack, nudged.append, clock)()
    assert {"C0ONE", "U0ADA"} <= {*slack.asked}


def test_a_job_that_nobody_waits_for_learns_all_that_a_message_names(shelves: StoredShelves) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
    clock = Moments()
    slack = Thinking(clock)
    Names(shelves, slack, lambda job: None, clock).learn(TEAM, "C0HERE", "U0ME", "<@U0ADA> <#C0ONE|>")
    assert slack.asked == ["C0HERE", "U0ME", "U0ADA", "C0ONE"]


class Refusing(Thinking):
    """Slack, when it refuses to tell of most."""

    def __init__(self, clock: Moments, trouble: SlackTrouble, told: Collection[str] = ()) -> None:
        super().__init__(clock)
        self._trouble, self._told = trouble, told

    def _answer(self, what: str) -> None:
        super()._answer(what)
        if what not in self._told:
            raise self._trouble


def shared_by_many(shelves: StoredShelves, members: int) -> list[str]:
    """As many members, each of whom has shared a paper in a channel of their own."""
    people = [f"U{number:05}" for number in range(members)]
    with shelves.writing() as shelf:
        settle(shelf)
        for number, member in enumerate(people):
            share(shelf, paper(1), f"C{number:05}", f"{number}.0", member=member)
    return people


REFUSAL = SlackTrouble("team_access_not_granted", 30, False)
TIME_OUT = SlackTrouble("users.info: timed out", 5, True)


@pytest.mark.parametrize(("trouble", "rounds"), [(REFUSAL, 2), (TIME_OUT, AT_ONCE + 1)])
def test_names_that_cannot_be_had_keep_no_others_from_being_asked_about(
    shelves: StoredShelves, trouble: SlackTrouble, rounds: int
) -> None:
    people = shared_by_many(shelves, AT_ONCE + 1)
    clock = Moments()
    slack = Refusing(clock, trouble, told={people[-1], f"C{AT_ONCE:05}"})
    names = Names(shelves, slack, lambda job: None, clock)
    for _ in range(rounds):
        names()
        clock.now += timedelta(seconds=30)
    with shelves.reading() as shelf:
        assert shelf.directory.member(TEAM, people[-1]).name
        assert shelf.directory.channel(TEAM, f"C{AT_ONCE:05}").kind is ChannelKind.PUBLIC


def test_whom_slack_would_not_tell_of_it_is_asked_about_again_before_a_day_is_over(shelves: StoredShelves) -> None:
    (member,) = shared_by_many(shelves, 1)
    clock = Moments()
    Names(shelves, Refusing(clock, REFUSAL), lambda job: None, clock)()
    clock.now += PAUSE
    Names(shelves, Thinking(clock), lambda job: None, clock)()
    with shelves.reading() as shelf:
        assert shelf.directory.member(TEAM, member).name == member.lower()


def test_slack_that_asks_for_patience_is_asked_no_more_until_that_is_over(shelves: StoredShelves) -> None:
    shared_by_many(shelves, 3)
    clock = Moments()
    slack = Refusing(clock, SlackTrouble("ratelimited", 60, False))
    names = Names(shelves, slack, lambda job: None, clock)
    names()
    # Slack counts each kind of question by itself.
    assert slack.asked == ["U00000", "C00000"]
    clock.now += timedelta(seconds=30)
    names()
    assert len(slack.asked) == 2
    clock.now += timedelta(seconds=30)
    names()
    assert len(slack.asked) == 4


class Untold(Slack):
    """Tells nothing of channels at the moment."""

    def channel(self, channel: str) -> tuple[Channel, bool]:
        raise SlackTrouble("internal_error", 1, sent=True)


class Private(Slack):
    """Says of each channel that it is private."""

    def channel(self, channel: str) -> tuple[Channel, bool]:
        return Channel(channel, "papers", ChannelKind.PRIVATE), True


def hearing(shelves: StoredShelves, slack: Slack, at: datetime = NOW) -> Channels:
    names = Names(shelves, slack, lambda job: None, lambda: at)
    return Channels(Membership(shelves, lambda job: None, lambda: at), names, lambda: at)


def known_as(shelves: StoredShelves, kind: ChannelKind) -> int:
    """The channel was learned two days ago to be of this kind. Returns the note that was shared there."""
    with shelves.writing() as shelf:
        settle(shelf)
        note_id = share(shelf, paper(1), PAPERS, "1.0")
        shelf.directory.store_channel(TEAM, Channel(PAPERS, "papers", kind), NOW - 2 * DAY)
        shelf.directory.hear_presence(TEAM, PAPERS, True, NOW - 2 * DAY)
    return note_id


def kind_of(shelves: StoredShelves) -> ChannelKind:
    with shelves.reading() as shelf:
        return shelf.directory.channel(TEAM, PAPERS).kind


def opened(shelves: StoredShelves) -> list[str]:
    """The words that are owed to channels that are public now."""
    with shelves.writing() as shelf:
        posts = shelf.outbox.claim(9, NOW + DAY, MINUTE)
    return [post.owed.channel for post in posts if post.owed.kind is PostKind.OPENED]


@pytest.mark.parametrize("asked_again", [False, True])
def test_an_answer_is_void_if_the_channel_was_heard_to_be_private_meanwhile_though_that_was_known(
    shelves: StoredShelves, playground: Playground, asked_again: bool
) -> None:
    note_id = known_as(shelves, ChannelKind.PRIVATE)
    said = {"team_id": TEAM, "event": {"type": "message", "channel": PAPERS, "channel_type": "group"}}
    other = hearing(shelves, Private(playground.bot_token, playground.api_url), NOW + MINUTE)
    assert not other.is_news(said)

    class Slow(Slack):
        """Says that it is public; that it is made private is heard before that arrives."""

        def channel(self, channel: str) -> tuple[Channel, bool]:
            told = super().channel(channel)
            assert other.is_news(said)
            other.told_beside(TEAM, said, NOW + MINUTE)
            if asked_again:
                other.happened(Altered(TEAM, channel), NOW + MINUTE)
            return told

    nudged: list[Job] = []
    slow = Slow(playground.bot_token, playground.api_url)
    assert not Names(shelves, slow, nudged.append, lambda: NOW).learn_again(TEAM, PAPERS)
    assert nudged == [Job.LEARN_NAMES]
    with shelves.reading() as shelf:
        assert shelf.notes.get(note_id, ANYBODY) is None
        asked_for = shelf.directory.channels_to_ask(TEAM, NOW - 9 * DAY, 9)
        assert asked_for == (() if asked_again else (PAPERS,))


def test_of_two_answers_that_of_the_later_question_counts(shelves: StoredShelves, playground: Playground) -> None:
    known_as(shelves, ChannelKind.UNKNOWN)
    private = Private(playground.bot_token, playground.api_url)
    later = Names(shelves, private, lambda job: None, lambda: NOW + MINUTE)

    class Slow(Slack):
        """Answers after somebody else has asked, and was answered."""

        def channel(self, channel: str) -> tuple[Channel, bool]:
            told = super().channel(channel)
            assert later.learn_again(TEAM, channel)
            return told

    slow = Slow(playground.bot_token, playground.api_url)
    assert not Names(shelves, slow, lambda job: None, lambda: NOW).learn_again(TEAM, PAPERS)
    assert kind_of(shelves) is ChannelKind.PRIVATE


@pytest.mark.parametrize("happened", [Altered(TEAM, PAPERS), Connected(TEAM, PAPERS, False)])
def test_what_was_asked_in_vain_is_asked_again_before_a_day_is_over(
    shelves: StoredShelves, playground: Playground, names: Names, happened: OfChannel
) -> None:
    known_as(shelves, ChannelKind.PRIVATE)
    hearing(shelves, Untold(playground.bot_token, playground.api_url)).happened(happened, NOW)
    with shelves.reading() as shelf:
        assert shelf.directory.channels_to_ask(TEAM, NOW - 9 * DAY, 9) == (PAPERS,)
    names()
    assert kind_of(shelves) is ChannelKind.PUBLIC
    assert opened(shelves) == [PAPERS]


def test_invited_to_a_channel_of_which_slack_tells_nothing_fusen_closes_it_until_it_does(
    shelves: StoredShelves, playground: Playground, names: Names
) -> None:
    note_id = known_as(shelves, ChannelKind.PUBLIC)
    silent = hearing(shelves, Untold(playground.bot_token, playground.api_url))
    silent.happened(Joined(TEAM, PAPERS, "UBOT", "", NOW), NOW)
    with shelves.reading() as shelf:
        assert shelf.notes.get(note_id, ANYBODY) is None
    names()
    with shelves.reading() as shelf:
        assert shelf.notes.get(note_id, ANYBODY)
    assert opened(shelves) == []  # it never was private


def test_a_channel_without_notes_that_was_doubted_is_asked_about_until_slack_tells(
    shelves: StoredShelves, playground: Playground, names: Names
) -> None:
    with shelves.writing() as shelf:
        settle(shelf)
    names.learn(TEAM, PAPERS, "")
    names.learn(TEAM, PAPERS, "")
    silent = hearing(shelves, Untold(playground.bot_token, playground.api_url))
    silent.happened(Joined(TEAM, PAPERS, "UBOT", "", NOW), NOW)
    assert kind_of(shelves) is ChannelKind.UNKNOWN
    names()
    assert kind_of(shelves) is ChannelKind.PUBLIC


def test_of_a_private_channel_there_is_no_doubt(
    shelves: StoredShelves, playground: Playground, names: Names
) -> None:
    known_as(shelves, ChannelKind.PRIVATE)
    silent = hearing(shelves, Untold(playground.bot_token, playground.api_url))
    silent.happened(Joined(TEAM, PAPERS, "UBOT", "", NOW), NOW)
    assert kind_of(shelves) is ChannelKind.PRIVATE
    names()
    assert opened(shelves) == [PAPERS]


@pytest.mark.parametrize("kind", [ChannelKind.PRIVATE, ChannelKind.DIRECT])
def test_the_people_of_a_channel_that_was_opened_while_fusen_was_away_are_told_when_it_is_back(
    shelves: StoredShelves, playground: Playground, kind: ChannelKind
) -> None:
    known_as(shelves, kind)
    with shelves.writing() as shelf:
        shelf.directory.hear_presence(TEAM, PAPERS, False, NOW - DAY)
    channels = hearing(shelves, Slack(playground.bot_token, playground.api_url))
    channels.happened(Joined(TEAM, PAPERS, "UBOT", "", NOW), NOW)
    assert opened(shelves) == [PAPERS]


@pytest.mark.parametrize("told", [True, False])
def test_the_people_of_a_channel_that_is_disconnected_are_told_that_its_notes_stay_there(
    shelves: StoredShelves, playground: Playground, names: Names, told: bool
) -> None:
    note_id = known_as(shelves, ChannelKind.PUBLIC)
    with shelves.writing() as shelf:
        shelf.directory.hear_external(TEAM, PAPERS, NOW - DAY)
    if told:
        channels = hearing(shelves, Slack(playground.bot_token, playground.api_url))
        channels.happened(Connected(TEAM, PAPERS, False), NOW)
    names()  # else it is asked about again sooner or later
    assert opened(shelves) == [PAPERS]
    with shelves.reading() as shelf:
        channel, home = shelf.directory.channel(TEAM, PAPERS), shelf.directory.workspace(TEAM)
        assert shelf.notes.get(note_id, ANYBODY) is None
    assert not channel.external and home
    word = MESSAGES.opened(channel, home)
    assert word and "stay here" in word.text and "publish-external" in word.text


def test_nothing_is_said_of_a_disconnected_channel_whose_notes_were_published_anyway(
    shelves: StoredShelves, playground: Playground, names: Names
) -> None:
    note_id = known_as(shelves, ChannelKind.PUBLIC)
    with shelves.writing() as shelf:
        shelf.settings.settle(TEAM, Setting.PUBLISH_EXTERNAL, True, "U1", NOW)
        shelf.directory.hear_external(TEAM, PAPERS, NOW - DAY)
    names()
    assert opened(shelves) == []
    with shelves.reading() as shelf:
        assert shelf.notes.get(note_id, ANYBODY)


def test_another_id_that_is_told_of_once_more_does_not_make_the_channel_external_again(
    shelves: StoredShelves, playground: Playground
) -> None:
    known_as(shelves, ChannelKind.PUBLIC)
    silent = hearing(shelves, Untold(playground.bot_token, playground.api_url))
    silent.happened(Renumbered(TEAM, PAPERS, "C0BEFORE"), NOW - 3 * DAY)
    assert kind_of(shelves) is ChannelKind.PUBLIC
    with shelves.reading() as shelf:
        assert not shelf.directory.channel(TEAM, PAPERS).external


def test_a_channel_that_is_private_under_one_of_its_two_ids_stays_so(
    shelves: StoredShelves, playground: Playground
) -> None:
    note_id = known_as(shelves, ChannelKind.PRIVATE)
    with shelves.writing() as shelf:
        shelf.directory.store_channel(TEAM, Channel("C0BEFORE", "papers", ChannelKind.PUBLIC), NOW - 3 * DAY)
    silent = hearing(shelves, Untold(playground.bot_token, playground.api_url))
    silent.happened(Renumbered(TEAM, PAPERS, "C0BEFORE"), NOW)
    assert kind_of(shelves) is ChannelKind.PRIVATE
    with shelves.reading() as shelf:
        assert shelf.notes.get(note_id, ANYBODY) is None
