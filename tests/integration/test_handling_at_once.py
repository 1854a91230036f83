"""Messages that people change, and events that come to be seen in another order, while others are handled."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import timedelta
from itertools import pairwise, permutations
from types import SimpleNamespace
from typing import Any

import pytest
from stored import DAY, MINUTE, NOW, PUBLIC, TEAM, paper, settle

from bot.blocks import Rendered
from bot.handling import LEASE, Handling
from bot.payloads.events import Posted, happening, inbox_event, past
from bot.pruning import Pruning
from bot.verbs import Desk
from papers.asker import Asker
from papers.backfills import Backfills
from papers.forgetting import Forgetting
from papers.lookup import Lookup
from papers.note import Audience
from papers.notebook import Notebook
from papers.tagging import Tagging
from papers.tags import NoTag
from papers.work import Event, PostKind
from storage.shelves import StoredShelves

LINK, OTHER = f"https://arxiv.org/abs/{paper(1).id}", f"https://arxiv.org/abs/{paper(2).id}"
MOST = 40
"""No thread has so many events here that they are handled more often, all together."""


class Channel:
    """A channel whose events are stored and handled, and what happens `meanwhile`: while one is handled."""

    def __init__(self, shelves: StoredShelves) -> None:
        self.shelves = shelves
        self.now = NOW
        self.handled = 0
        self.meanwhile: Callable[[], object] | None = None
        notebook = Notebook(shelves, lambda _: None, lambda: NOW, lambda: timedelta(0))
        backfills = Backfills(shelves, lambda _: None, lambda: NOW, "/note")
        lookup, unheard = Lookup(shelves), lambda *_: None
        desk: Any = SimpleNamespace(today=NOW.date, notebook=notebook, backfills=backfills, lookup=lookup)
        desk.nudge, desk.bot_user = unheard, "fusen"
        desk.refusal, desk.messages = lambda *_: "", SimpleNamespace(sentence=lambda said: Rendered(said, ()))
        names: Any = SimpleNamespace(of=self._names, learn=self._names)
        others: Any = SimpleNamespace(told_beside=unheard)
        self.handle = Handling(shelves, desk, others, others, names, "UBOT", lambda: self.now, self._count)
        with shelves.writing() as shelf:
            settle(shelf)

    def comes(self, *events: Event) -> None:
        with self.shelves.writing() as shelf:
            shelf.inbox.put(events, self.now)

    def says(self, *events: Event) -> None:
        """The events come, and all that waits is handled."""
        self.comes(*events)
        self.handle()

    def elsewhere(self, *events: Event) -> None:
        """The same in another process, which takes this one for dead."""
        self.now += 2 * LEASE
        with ThreadPoolExecutor(1) as other:
            other.submit(self.says, *events).result()

    @contextmanager
    def coming(self, event: Event) -> Iterator[None]:
        """The event has its number, and is seen by others only after the block."""
        with self.shelves.writing() as shelf:
            shelf.inbox.put([event], self.now)
            yield

    @property
    def shared(self) -> set[int]:
        """Which papers are shared here."""
        with self.shelves.reading() as shelf:
            return {int(note.paper.paper_id.id[-5:]) for note in shelf.notes.select(Audience(TEAM, PUBLIC))}

    @property
    def comments(self) -> list[str]:
        with self.shelves.reading() as shelf:
            return [one.text for note in shelf.notes.select(Audience(TEAM, PUBLIC)) for one in note.comments]

    def _names(self, *_: object) -> dict[str, str]:
        meanwhile, self.meanwhile = self.meanwhile, None
        if meanwhile:
            meanwhile()
        return {}

    def _count(self, *_: str) -> None:
        self.handled += 1
        assert self.handled < MOST


@pytest.fixture
def channel(shelves: StoredShelves) -> Channel:
    return Channel(shelves)


def told(said: dict[str, Any]) -> Event:
    body = {"team_id": TEAM, "type": "event_callback", "event": {"type": "message", "channel": PUBLIC, **said}}
    happened = happening(body)
    assert happened
    return inbox_event(body, happened)


def posted(ts: str, text: str, thread: str | None = None) -> Event:
    return told({"ts": ts, "user": "U1", "text": text, "thread_ts": thread})


def edited(ts: str, text: str, thread: str | None = None, at: str = "8.0", before: str = "") -> Event:
    now = {"ts": ts, "user": "U1", "text": text, "thread_ts": thread}
    was = {**now, "text": before}
    return told({"subtype": "message_changed", "ts": at, "message": now, "previous_message": was})


def deleted(ts: str, thread: str | None = None, at: str = "9.0") -> Event:
    before = {"ts": ts, "user": "U1", "thread_ts": thread}
    return told({"subtype": "message_deleted", "ts": at, "deleted_ts": ts, "previous_message": before})


def read(ts: str, text: str, thread: str | None = None) -> Posted:
    """A message as the channel's past tells it."""
    found = past(TEAM, PUBLIC, {"ts": ts, "user": "U1", "text": text, "thread_ts": thread}, direct=False)
    assert found
    return found


def test_a_reply_that_is_deleted_while_it_is_handled_is_no_comment(channel: Channel) -> None:
    channel.says(posted("1.0", LINK))
    channel.meanwhile = lambda: channel.elsewhere(deleted("1.1", "1.0"))
    channel.says(posted("1.1", "regretted", "1.0"))
    assert channel.comments == []


def test_a_reply_that_is_edited_while_it_is_handled_says_what_it_says_now(channel: Channel) -> None:
    channel.says(posted("1.0", LINK))
    channel.meanwhile = lambda: channel.elsewhere(edited("1.1", "well said", "1.0"))
    channel.says(posted("1.1", "badly said", "1.0"))
    assert channel.comments == ["well said"]


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)  # SQLite has one writer
def test_a_reply_that_is_seen_before_the_message_it_answers_is_a_comment(channel: Channel) -> None:
    with channel.coming(posted("1.0", LINK)):
        channel.elsewhere(posted("1.1", "a remark", "1.0"))
    channel.handle()
    assert channel.comments == ["a remark"]


@pytest.mark.parametrize("together", [True, False])
def test_a_message_and_its_edits_come_to_an_end_in_whatever_order_they_come(
    channel: Channel, together: bool
) -> None:
    for number, order in enumerate(permutations(range(3))):
        root, channel.handled = f"{number}.0", 0
        events = (
            posted(root, LINK),
            edited(root, OTHER, at=f"{number}.7"),
            edited(root, f"rather {LINK}", at=f"{number}.8"),
        )
        remark = posted(f"{number}.1", f"remark {number}", root)
        if together:
            channel.says(*(events[one] for one in order), remark)
        else:
            for event in (*(events[one] for one in order), remark):
                channel.says(event)
        assert channel.comments[-1] == f"remark {number}"
    assert channel.shared == {1}


def test_a_link_in_a_reply_that_is_deleted_while_it_is_handled_is_not_shared(channel: Channel) -> None:
    channel.says(posted("1.0", LINK))
    channel.meanwhile = lambda: channel.elsewhere(deleted("1.1", "1.0"))
    channel.says(posted("1.1", OTHER, "1.0"))
    assert channel.shared == {1}


def test_a_message_of_the_past_that_was_deleted_since_is_not_kept(channel: Channel) -> None:
    channel.says(deleted("2.0"))
    assert channel.handle.recall(read("2.0", LINK), NOW - MINUTE) == 0
    assert channel.shared == set()


def test_a_message_of_the_past_that_was_edited_since_shares_what_it_links_to_now(channel: Channel) -> None:
    channel.says(edited("2.0", OTHER))
    assert channel.handle.recall(read("2.0", LINK), NOW - MINUTE) == 0
    assert channel.shared == {2}


def test_a_message_of_the_past_that_was_edited_before_is_kept_as_it_was_read(channel: Channel) -> None:
    # Fusen may have been away when it was edited once more.
    channel.says(edited("2.0", LINK), edited("2.1", "first words", "2.0"))
    assert channel.handle.recall(read("2.0", OTHER), NOW + MINUTE) == 1
    assert channel.handle.recall(read("2.1", "last words", "2.0"), NOW + MINUTE) == 0
    assert channel.shared == {1, 2}


def test_a_reply_of_the_past_that_was_deleted_since_is_no_comment(channel: Channel) -> None:
    channel.handle.recall(read("2.0", LINK), NOW)
    channel.handle.recall(read("2.1", "kept", "2.0"), NOW)
    channel.says(deleted("2.2", "2.0"))
    channel.handle.recall(read("2.2", "regretted", "2.0"), NOW - MINUTE)
    assert channel.comments == ["kept"]


def test_a_reply_of_the_past_that_is_deleted_while_it_is_taken_in_is_no_comment(channel: Channel) -> None:
    channel.handle.recall(read("2.0", LINK), NOW)
    channel.meanwhile = lambda: channel.elsewhere(deleted("2.1", "2.0"))
    channel.handle.recall(read("2.1", "regretted", "2.0"), NOW - MINUTE)
    assert channel.comments == []


def test_what_a_mention_asks_for_is_not_done_for_one_who_is_forgotten_meanwhile(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel.says(posted("1.0", LINK))
    forgetting = Forgetting(channel.shelves, lambda _: None, lambda: NOW)

    def tag(_desk: Desk, asker: Asker, said: str, *_: object) -> None:
        forgetting.forget(asker)
        Tagging(channel.shelves, lambda _: None, lambda: NOW).tag(asker, 1, said.removeprefix("tag "))

    monkeypatch.setattr("bot.answers.answer", tag)
    channel.says(posted("1.1", "<@UBOT> tag LLM", "1.0"))
    with channel.shelves.reading() as shelf:
        (note,) = shelf.notes.select(Audience(TEAM, PUBLIC))
        assert not note.tags
        assert shelf.outbox.stands(TEAM, f"answer:{PUBLIC}:1.1") is None


@pytest.fixture
def asked(channel: Channel, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is carried out, of what is asked; there is only the verb `tag`."""
    done: list[str] = []

    def carry_out(_desk: Desk, _asker: Asker, said: str, *_: object) -> Rendered:
        if said == "tag":
            raise NoTag
        if said.startswith("tag "):
            done.append(said)
        return Rendered("Here it is.", ())

    monkeypatch.setattr("bot.answers.answer", carry_out)
    channel.says(posted("1.0", LINK))
    return done


def wordings(*said: str) -> list[Event]:
    """A reply and its edits, as they happened."""
    changes = [
        edited("1.1", now, "1.0", at=f"8.{number}", before=was) for number, (was, now) in enumerate(pairwise(said))
    ]
    return [posted("1.1", said[0], "1.0"), *changes]


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("first", ["nice paper", "<@UBOT> tga LLM", "<@UBOT> tag"])
def test_a_reply_that_is_edited_into_a_command_is_one_command_and_no_comment(
    channel: Channel, asked: list[str], first: str, together: bool
) -> None:
    events = wordings(first, "<@UBOT> tag LLM", "<@UBOT> tag LLM, RAG")
    if together:
        channel.says(*events, *events)
    else:
        for event in (*events, *events):
            channel.says(event)
    assert (len(asked), channel.comments) == (1, [])


@pytest.mark.parametrize("first", ["nice paper", "<@UBOT> tga LLM", "<@UBOT> tag"])
@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_edits_into_a_command_that_come_in_any_order_are_one_command(
    channel: Channel, asked: list[str], first: str, order: tuple[int, ...]
) -> None:
    events = wordings(first, "<@UBOT> tag LLM", "<@UBOT> tag LLM, RAG")
    for one in order:
        channel.says(events[one])
    assert (len(asked), channel.comments) == (1, [])


def test_an_edited_command_that_was_carried_out_is_not_carried_out_again(
    channel: Channel, asked: list[str]
) -> None:
    for event in wordings("<@UBOT> tag LLM", "<@UBOT> tag RAG", "nice paper", "<@UBOT> tag RLHF"):
        channel.says(event)
    assert asked == ["tag LLM"]


def test_a_command_that_is_edited_long_after_it_was_carried_out_is_not_carried_out_again(
    channel: Channel, asked: list[str]
) -> None:
    first, late = wordings("<@UBOT> tag LLM", "<@UBOT> tag RAG")
    channel.says(first)
    with channel.shelves.writing() as shelf:
        for post in shelf.outbox.claim(9, channel.now, MINUTE):
            shelf.outbox.posted(post.id, f"9.{post.id}", 0, channel.now)
    channel.now += 8 * DAY
    Pruning(channel.shelves, lambda: True, lambda: None, lambda *_: None, lambda: channel.now)()
    channel.says(late)
    assert asked == ["tag LLM"]


def test_a_comment_that_was_a_command_for_a_while_is_a_comment_again(channel: Channel, asked: list[str]) -> None:
    for event in wordings("nice paper", "<@UBOT> tag LLM", "a nice paper"):
        channel.says(event)
    assert (asked, channel.comments) == (["tag LLM"], ["a nice paper"])


def test_an_edit_by_somebody_who_asked_to_be_forgotten_commands_nothing(
    channel: Channel, asked: list[str]
) -> None:
    first, late = wordings("nice paper", "<@UBOT> tag LLM")
    channel.says(first)
    Forgetting(channel.shelves, lambda _: None, lambda: NOW).forget(Asker(TEAM, PUBLIC, "U1", "forget"))
    channel.says(late)
    assert (asked, channel.comments) == ([], [])


def test_an_answer_is_forgotten_a_week_after_the_question_was_handled_last(
    channel: Channel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def work_off() -> list[str]:
        with channel.shelves.writing() as shelf:
            posts = shelf.outbox.claim(9, channel.now, MINUTE)
            for post in posts:
                shelf.outbox.posted(post.id, f"9.{post.id}", 0, channel.now)
        return [post.owed.key for post in posts if post.owed.kind is PostKind.ANSWER]

    def prune() -> None:
        Pruning(channel.shelves, lambda: True, unneeded, unneeded, lambda: channel.now)()

    def known() -> bool:
        with channel.shelves.reading() as shelf:
            return shelf.outbox.stands(TEAM, f"answer:{PUBLIC}:1.1") is not None

    def unneeded(*_: object) -> None:
        pass

    monkeypatch.setattr("bot.answers.answer", lambda *_: Rendered("Here it is.", ()))
    channel.says(posted("1.0", "hello"))
    channel.says(posted("1.1", "<@UBOT> show", "1.0"))
    assert work_off() == [f"answer:{PUBLIC}:1.1"]
    channel.now += 5 * DAY
    channel.says(edited("1.0", LINK))  # all that was said in the thread is handled again
    channel.now += 5 * DAY
    prune()
    channel.says(edited("1.0", OTHER, at="8.1"))
    assert (work_off(), known()) == ([], True)
    channel.now += 7 * DAY + MINUTE
    prune()
    assert not known()


def test_the_past_brings_back_nothing_that_was_withdrawn(channel: Channel) -> None:
    channel.says(posted("2.0", LINK))
    channel.says(deleted("2.0"))
    with channel.shelves.writing() as shelf:
        shelf.inbox.prune(NOW + DAY)
    assert channel.handle.recall(read("2.0", LINK), NOW - MINUTE) == 0
    assert channel.shared == set()
