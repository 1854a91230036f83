"""The use cases of Fusen's coming and going, and of what becomes of the channels that it is in."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta

from papers.nudges import Job, Nudge
from papers.shelf import Shelf, Shelves
from papers.work import Owed, PostKind

OWED_AGAIN = 10
"""How many papers get the card that they lacked when Fusen is invited: more would bury the channel."""

OWED_AGAIN_SINCE = timedelta(days=30)
"""Papers that were added longer ago get none: the channel has moved on."""

AFTER_THE_WELCOME = timedelta(seconds=5)


def owe_word_of_opening(shelf: Shelf, workspace: str, channel: str, now: datetime) -> None:
    """A closed channel is so no more: owe its people word of what that means, if Fusen is there.

    It was private and is public, or was shared with another organization. Once for as long as it stays so, for
    Slack may tell of its closed time late, and in any order: the word is taken away where it is true no longer,
    and owed anew.
    """
    if shelf.directory.is_in(workspace, channel):
        key = f"opened:{channel}"
        shelf.outbox.owe(Owed(workspace=workspace, key=key, kind=PostKind.OPENED, channel=channel), now, now)


class Membership:
    """Keeps in which channels Fusen is. What came only from a channel that it has left is not published."""

    def __init__(self, shelves: Shelves, nudge: Nudge, now: Callable[[], datetime]) -> None:
        self._shelves = shelves
        self._nudge = nudge
        self._now = now

    def arrive(self, workspace: str, channel: str, inviter: str, at: datetime) -> None:
        """Fusen was invited to the channel: owe its welcome, once for each channel, however often it comes.

        What came from there before is published again, and the cards that stand there are kept up to date. The
        cards of papers that were added while Fusen was not there follow the welcome.
        """
        now = self._now()
        with self._shelves.writing() as shelf:
            shelf.directory.hear_presence(workspace, channel, True, at)
            shelf.outbox.take_up_cards(workspace, channel)
            since, due = now - OWED_AGAIN_SINCE, now + AFTER_THE_WELCOME
            shelf.outbox.owe_cards_again(workspace, channel, since, due, OWED_AGAIN)
            owed = Owed(
                workspace=workspace,
                key=f"welcome:{channel}",
                kind=PostKind.WELCOME,
                channel=channel,
                body=json.dumps({"inviter": inviter}),
            )
            shelf.outbox.owe(owed, now, now)
        for job in (Job.POST_MESSAGES, Job.REFRESH_CARDS, Job.PUBLISH_PAGES):
            self._nudge(job)

    def depart(self, workspace: str, channel: str, at: datetime) -> None:
        """Fusen has left the channel, or was removed: what came only from it is published no longer."""
        with self._shelves.writing() as shelf:
            shelf.directory.hear_presence(workspace, channel, False, at)
        self._changed()

    def is_news(self, workspace: str, channel: str, private: bool, external: bool) -> bool:
        """Whether it is to be heard of a channel that it is private, or external, as far as it is said to be."""
        with self._shelves.reading() as shelf:
            return shelf.directory.is_news(workspace, channel, private, external)

    def connect(self, workspace: str, channel: str, at: datetime) -> None:
        """The channel was shared with another organization then: its people are told only of itself."""
        if not self.is_news(workspace, channel, private=False, external=True):
            return
        with self._shelves.writing() as shelf:
            news = shelf.directory.hear_external(workspace, channel, at)
        if news:
            self._changed()

    def close(self, workspace: str, channel: str, at: datetime) -> bool:
        """The channel was a private one then: what was made in it stays there. True if that is news."""
        if not self.is_news(workspace, channel, private=True, external=False):
            return False
        with self._shelves.writing() as shelf:
            news = shelf.directory.hear_private(workspace, channel, at)
        if news:
            self._changed()
        return news

    def doubt(self, workspace: str, channel: str, at: datetime) -> None:
        """Nobody could say then what the channel was: until Slack does, what was made in it stays there."""
        with self._shelves.writing() as shelf:
            news = shelf.directory.doubt(workspace, channel, at)
        if news:
            self._changed()

    def renumber(self, workspace: str, before: str, channel: str, at: datetime) -> None:
        """The channel got another id then: all that is known of it goes with it, once.

        Slack does this when a private channel is shared with another organization, so it counts as that.
        """
        with self._shelves.writing() as shelf:
            shelf.directory.renumber(workspace, before, channel)
            shelf.directory.hear_external(workspace, channel, at)
        self._changed()

    def _changed(self) -> None:
        for job in (Job.REFRESH_CARDS, Job.PUBLISH_PAGES):
            self._nudge(job)
