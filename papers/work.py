"""The ports to what is still to be done: events taken in from Slack, posts owed to Slack.

Work is claimed by lease: a claim hides its rows until the lease ends, so that a process that dies while it
works gives them back by dying. Claiming counts an attempt, and is committed before the risky part begins.
Wanted papers are claimed in the same way (`papers.paper_shelf.PaperShelf`).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from papers.note import Message


def message_key(workspace: str, channel: str, ts: str) -> str:
    """The key by which the inbox knows a message, and a thread: that of its first message."""
    return f"{workspace}/{channel}/{ts}"


def in_parts(key: str) -> tuple[str, str, str]:
    """The workspace, the channel and the time stamp of a `message_key`."""
    workspace, _, rest = key.partition("/")
    channel, _, ts = rest.rpartition("/")
    return workspace, channel, ts


def answer_key(message: Message) -> str:
    """The key of the post that answers what a message asked."""
    return f"answer:{message.channel}:{message.ts}"


def refusal_key(message: Message, edited_at: str) -> str:
    """The key of the post that says why nothing was done for a message as it was edited last, if it was.

    Times of edits are time stamps of Slack's, too: nothing else in the channel has the same.
    """
    return f"refuse:{message.channel}:{edited_at or message.ts}"


@dataclass(frozen=True, slots=True)
class Event:
    """An event from Slack as the inbox keeps it: its ids, the thread it concerns, and the body as JSON text.

    `message_key` is unique too, because one message may arrive as two events; None where there is none.
    `thread` orders the work: events of one thread are handled one after the other, oldest first.
    `changes` is the `message_key` of the message that the event tells a change of; None where it tells of none.
    """

    event_id: str
    workspace: str
    body: str
    message_key: str | None = None
    thread: str | None = None
    changes: str | None = None


@dataclass(frozen=True, slots=True)
class ClaimedEvent:
    """An event that a worker has leased, until when, and how many times it has been claimed, this time included.

    `changed` says whether its message was changed later, as far as Slack had told when it was claimed.
    """

    id: int
    event: Event
    attempts: int
    received_at: datetime
    leased_until: datetime
    changed: bool


class Inbox(Protocol):
    """Events from Slack, stored before they are acknowledged, handled after."""

    def put(self, events: Sequence[Event], at: datetime) -> int:
        """Make sure the events are there. Returns how many are new: neither event_id nor message_key was there.

        Where a thread is named by a message that is itself a reply, the event joins that reply's thread.
        """
        ...

    def claim(self, limit: int, now: datetime, lease: timedelta) -> tuple[ClaimedEvent, ...]:
        """Lease unfinished events, oldest first, never one whose thread has an older unfinished one."""
        ...

    def finish(self, done: Mapping[ClaimedEvent, str], at: datetime) -> None:
        """These events are handled; those with an error, given up. Not one that was reopened or claimed since."""
        ...

    def postpone(self, claimed: ClaimedEvent, until: datetime, error: str) -> None:
        """Handling failed for now; claim it again from `until`. Nothing happens if it was claimed again since."""
        ...

    def reopen(self, thread: str, at: datetime, but: int | None = None) -> int:
        """Handle the events of a thread once more, those at work too; all but one, if it is given.

        For what begins a thread may be known later than replies and reactions to it. Returns how many there are.
        """
        ...

    def last_change(self, message_key: str, since: datetime | None = None) -> Event | None:
        """The event that tells of the last change of a message, handled or not; None if none came since then."""
        ...

    def prune(self, before: datetime) -> int:
        """Forget events that were finished before then. Returns how many."""
        ...


class ChangedAgain(Exception):
    """A message was changed again since it was read."""


def refuse_changed(inbox: Inbox, message: Message, heard: str) -> None:
    """Raise ChangedAgain if Slack has told of another change of the message than the event `heard`, if any, does.

    The caller holds the workspace: a change that is told of later is then handled after what the caller does.
    """
    last = inbox.last_change(message_key(message.workspace, message.channel, message.ts))
    if last and last.event_id != heard:
        raise ChangedAgain


class PostKind(StrEnum):
    """What a post says. A card, a seen line and news speak of a note and read it when they are posted.

    A welcome says what Fusen keeps of a channel that it was invited to; once a private one is made public, or one
    that another organization shared is disconnected, its people are told what that means for the notes
    (`opened`). A surplus says how many papers of a message were too many to be kept. A follower is told of one
    note, or of several together.
    """

    CARD = "card"
    SEEN = "seen"
    DIGEST = "digest"
    ANSWER = "answer"
    NEWS = "news"
    WELCOME = "welcome"
    OPENED = "opened"
    PROGRESS = "progress"
    SURPLUS = "surplus"
    FOLLOWED = "followed"
    GATHERING = "gathering"


ANSWERS_A_SHARE = frozenset({PostKind.CARD, PostKind.SEEN})
"""What is posted in the thread of a message that shares a paper."""


@dataclass(frozen=True, slots=True)
class Owed:
    """A post that is owed to Slack. `key` is its identity: owed twice, it is one post.

    With `only_for` it is ephemeral, seen by that member alone. `body` holds what the kind needs beyond the
    note: the period of a digest, the finished text of an answer, the change that is news, who invited Fusen
    and is greeted, the reading of a past, how many papers were too many, the notes of a gathering. `origin` is
    the share that an added paper's card will place.
    """

    workspace: str
    key: str
    kind: PostKind
    channel: str
    thread_ts: str | None = None
    note_id: int | None = None
    only_for: str = ""
    body: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Post:
    """A post that a worker has leased. `attempts` counts this one; above 1 an earlier one may have arrived.

    `ts` is set once it is posted, `shown` is then the change count of the note that it shows.
    """

    id: int
    owed: Owed
    attempts: int
    owed_at: datetime
    ts: str | None = None
    shown: int = 0


class Outbox(Protocol):
    """What is to be posted to Slack, each with its own identity."""

    def owe(self, owed: Owed, at: datetime, due: datetime) -> bool:
        """Make sure the post is there, to be posted from `due` on. False if it was there before.

        An answer to a share that was given up or taken away is owed once more: the share is there again. So is the
        word that a channel is public now.
        """
        ...

    def claim(self, limit: int, now: datetime, lease: timedelta, behind: Collection[str] = ()) -> tuple[Post, ...]:
        """Lease posts that are due and not posted, oldest first.

        Those of the channels `behind` only if there are no others.
        """
        ...

    def claim_outdated(self, limit: int, now: datetime, lease: timedelta) -> tuple[Post, ...]:
        """Lease posted cards whose note has changed since, and what else is to be said anew."""
        ...

    def posted(self, post: int, ts: str, shown: int, at: datetime, was: int = 0) -> None:
        """The post stands in Slack at `ts` and shows the note as of `shown`. Ends the lease.

        If it is to be said anew since it was claimed, when it showed what it `was`, that stays.
        """
        ...

    def keep(self, post: Post, until: datetime) -> bool:
        """Renew the lease. False if it ended and the post is somebody else's by now, or done."""
        ...

    def postpone(self, post: int, until: datetime, error: str, counted: bool = True) -> None:
        """Posting failed for now; claim it again from `until`. An attempt that is not `counted` was none."""
        ...

    def abandon(self, post: int, at: datetime, error: str) -> None:
        """The post can never be made (the channel is gone, say): it is owed no longer, nor kept up to date."""
        ...

    def take_away(self, post: int, at: datetime, error: str) -> None:
        """The post stands in Slack no longer."""
        ...

    def take_up_cards(self, workspace: str, channel: str) -> int:
        """Cards that stand in the channel and were given up are kept up to date again. Returns how many."""

    def owe_cards_again(self, workspace: str, channel: str, since: datetime, due: datetime, most: int) -> int:
        """Cards that were given up before they stood in the channel are owed once more. Returns how many.

        The newest alone, owed since then, of shares that still stand.
        """
        ...

    def prune(self, before: datetime) -> int:
        """Forget answers given, or given up, before then, that cannot be asked for again. Returns how many.

        An event that the inbox still holds may be handled once more, and what answers it is known by its row.
        """
        ...

    def stands(self, workspace: str, key: str) -> str | None:
        """Where in Slack a post stands: its time stamp; empty while it is owed; None if it never will stand."""
        ...

    def next_due(self) -> datetime | None:
        """When the next post that is not posted falls due, or None."""
        ...

    def shows(self, message: Message) -> int | None:
        """The note that a post of ours speaks of, if this message is one; None for all other messages."""
        ...

    def last_period(self, workspace: str, beginning: str, at: datetime) -> str | None:
        """The name that sorts last of the periods, claimed up to `at`, whose names begin so; None if none was.

        A claim that was made later does not count.
        """
        ...

    def claim_period(self, workspace: str, period: str, at: datetime) -> bool:
        """Claim a digest's period. True for the first caller only.

        A claim that was made later than `at` was made by a clock that was wrong, and does not count.
        """
        ...
