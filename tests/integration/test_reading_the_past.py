"""Reading the past of a channel in which much was discussed: at the pace that Slack allows, and to its end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from stored import MINUTE, NOW, PUBLIC, TEAM, paper, settle

from bot.backfilling import LEASE, Backfilling
from bot.payloads.events import Posted
from bot.slack import STRETCH, Stretch
from bot.slack_trouble import SlackTrouble
from papers.asker import Asker
from papers.backfill import Backfill
from papers.backfills import Backfills
from papers.lookup import Lookup
from papers.paper import PaperLink
from papers.shelf import Shelves

MOST_A_MINUTE = 50
SWEEP = timedelta(seconds=10)


class BusyChannel:
    """A channel whose messages were all answered, and Slack, which takes fifty questions a minute of a kind."""

    def __init__(self, threads: int, takes: timedelta = timedelta(seconds=0.2)) -> None:
        self.now = NOW
        self.stamps = [f"{NOW.timestamp() - 60 * (number + 1):.6f}" for number in range(threads)]
        self.asked: list[tuple[str, datetime]] = []
        self.refused = 0
        self.before_each: Callable[[str], object] = lambda _ts: None
        self._takes = takes

    @property
    def threads(self) -> list[str]:
        """The threads that were asked for."""
        return [what for what, _ in self.asked if what]

    def history(self, channel: str, since: datetime, before: str) -> Stretch:
        self._ask("")
        older = [ts for ts in self.stamps if ts < before]
        said = ({"ts": ts, "user": "U1", "text": "a paper", "reply_count": 1} for ts in older[:STRETCH])
        return Stretch(tuple(said), len(older) > STRETCH)

    def replies(self, channel: str, thread_ts: str) -> Iterator[dict[str, Any]]:
        self.before_each(thread_ts)
        self._ask(thread_ts)
        yield {"ts": thread_ts, "user": "U1", "text": "a paper"}
        yield {"ts": f"{thread_ts[:-1]}1", "thread_ts": thread_ts, "user": "U2", "text": "nice"}

    def _ask(self, what: str) -> None:
        self.now += self._takes
        lately = [at for asked, at in self.asked if bool(asked) is bool(what) and self.now - at < MINUTE]
        if len(lately) >= MOST_A_MINUTE:
            self.refused += 1
            raise SlackTrouble("ratelimited", 30, False)
        self.asked.append((what, self.now))


class Reader:
    """Reads the channel's past, as the clock would have it done."""

    def __init__(self, shelves: Shelves, channel: BusyChannel) -> None:
        self.shelves, self.channel = shelves, channel
        self.recalled: list[str] = []
        self.asked_at: list[datetime] = []
        self.due: datetime | None = None
        self._backfills = Backfills(shelves, lambda job: None, self.now, "/note")
        lookup = Lookup(shelves)
        # Nothing is told of it before its post stands, so no words are needed.
        self._job = Backfilling(shelves, lookup, self._backfills, self, channel, None, self._wake, self.now)
        with shelves.writing() as shelf:
            settle(shelf)
        self.wish = self._backfills.ask(Asker(TEAM, PUBLIC, "U1", "command:1"), "30")

    def now(self) -> datetime:
        return self.channel.now

    def recall(self, posted: Posted, asked_at: datetime) -> int:
        """What handling does with a message of the past: here each at the top shares a paper of its own."""
        self.recalled.append(posted.message.ts)
        self.asked_at.append(asked_at)
        if posted.message.thread_ts:
            return 0
        link = PaperLink(paper(self.channel.stamps.index(posted.message.ts)))
        return self._backfills.recall(posted.message, posted.member, [link], posted.at)

    def standing(self) -> Backfill:
        with self.shelves.reading() as shelf:
            found = shelf.backfills.get(self.wish.id)
        assert found
        return found

    def turn(self) -> Backfill:
        """The next turn, when its time has come."""
        self.due = None
        self._job()
        self.channel.now = max(self.channel.now, self.due or self.channel.now + SWEEP)
        return self.standing()

    def to_the_end(self, within: timedelta) -> Backfill:
        while not (standing := self.turn()).finished_at:
            assert self.channel.now - NOW < within, standing
        return standing

    def _wake(self, _job: object, when: datetime) -> None:
        self.due = when


def test_a_past_with_many_threads_is_read_to_its_end_at_the_pace_that_slack_allows(shelves: Shelves) -> None:
    reader = Reader(shelves, channel := BusyChannel(threads=130))
    ended = reader.to_the_end(within=6 * MINUTE)
    assert (ended.messages, ended.papers, ended.refusal) == (130, 130, "")
    assert channel.refused == 0
    assert channel.threads == channel.stamps


def test_what_was_read_before_slack_asked_for_patience_is_not_read_again(shelves: Shelves) -> None:
    reader = Reader(shelves, channel := BusyChannel(threads=5))
    third = channel.stamps[2]

    def refuse_once(thread_ts: str) -> None:
        if thread_ts == third:
            channel.before_each = lambda _ts: None
            raise SlackTrouble("ratelimited", 30, False)

    channel.before_each = refuse_once
    standing = reader.turn()
    assert (standing.messages, standing.reached, standing.finished_at) == (2, channel.stamps[1], None)
    assert channel.now >= NOW + timedelta(seconds=30)
    ended = reader.to_the_end(within=5 * MINUTE)
    # The third message was kept before its thread was refused: its paper counts, and counts once.
    assert (ended.messages, ended.papers) == (5, 5)
    assert channel.threads == channel.stamps
    assert reader.recalled.count(channel.stamps[0]) == 1


def test_nobody_else_reads_a_past_while_slack_takes_its_time_with_its_threads(shelves: Shelves) -> None:
    reader = Reader(shelves, channel := BusyChannel(threads=6, takes=LEASE / 3))

    def nobody_else(_ts: str) -> None:
        with shelves.writing() as shelf:
            assert shelf.backfills.claim(channel.now, LEASE) is None

    channel.before_each = nobody_else
    assert reader.turn().messages == 6


def test_a_past_that_is_stopped_is_read_no_further(shelves: Shelves) -> None:
    reader = Reader(shelves, channel := BusyChannel(threads=6, takes=MINUTE))

    def stop(_ts: str) -> None:
        with shelves.writing() as shelf:
            shelf.backfills.finish(reader.wish.id, channel.now)

    channel.before_each = stop
    assert reader.turn().finished_at
    assert len(channel.threads) == 1
    assert len(reader.recalled) == 1


def test_of_what_is_read_it_is_known_when_slack_was_asked_for_it(shelves: Shelves) -> None:
    reader = Reader(shelves, BusyChannel(threads=2, takes=MINUTE))
    reader.turn()
    # The stretch; then the thread of its first message, and that of its second.
    assert reader.asked_at == [NOW, NOW + MINUTE, NOW, NOW + 2 * MINUTE]
