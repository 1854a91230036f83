"""The job that learns what members and channels are called, from Slack."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta

from bot import slack_text
from bot.slack import Slack
from bot.slack_trouble import NO_SUCH, SlackTrouble
from papers.membership import owe_word_of_opening
from papers.note import Channel
from papers.nudges import Job, Nudge
from papers.shelf import Shelves

log = logging.getLogger(__name__)

KEPT = timedelta(days=1)
"""How long a name is taken for granted."""

PAUSE = timedelta(minutes=10)
"""After so long a member of whom Slack would not tell is asked about again."""

AT_ONCE = 20

MOST_MET = 10_000
"""How many members in how many channels are remembered to be known: of what is doubted later, the job asks."""

NAMED = 3
"""How many names of each kind are learned while somebody waits for the answer to what they typed."""


class Names:
    """Learns names when they are first needed, and again when they have grown old.

    Where somebody waits, no question begins after `patience`: what is not learned then is left to the job.
    """

    def __init__(
        self,
        shelves: Shelves,
        slack: Slack,
        nudge: Nudge,
        now: Callable[[], datetime],
        patience: timedelta | None = None,
    ) -> None:
        self._shelves = shelves
        self._slack = slack
        self._nudge = nudge
        self._now = now
        self._patience = patience
        self._rests_until = now()
        self._met: set[tuple[str, str, str]] = set()

    def __call__(self) -> None:
        """Learn the names that are missing or old, a few at a time; none while Slack wants to be left alone."""
        if self._now() < self._rests_until:
            return
        asked_before = self._now() - KEPT
        with self._shelves.reading() as shelf:
            wanted = [
                (
                    workspace.id,
                    shelf.directory.members_to_ask(workspace.id, asked_before, AT_ONCE),
                    shelf.directory.channels_to_ask(workspace.id, asked_before, AT_ONCE),
                )
                for workspace in shelf.directory.workspaces()
            ]
        for workspace, members, channels in wanted:
            self._ask_in_turn(self._learn_member, workspace, members)
            self._ask_in_turn(self._learn_channel, workspace, channels)

    def learn(self, workspace: str, channel: str, member: str, said: str = "") -> None:
        """Learn these names now if they are not known: what is posted next shows them.

        Also of whom and what the text that was `said`, in Slack's form, mentions: a few.
        """
        until = self._now() + self._patience if self._patience else None
        if channel or member:
            self._meet(workspace, channel, member, until)
        if said:
            members, channels, _ = slack_text.named(said)
            for named in members[:NAMED]:
                self._meet(workspace, "", named, until)
            for named in channels[:NAMED]:
                self._meet(workspace, named, "", until)

    def learn_again(self, workspace: str, channel: str) -> bool:
        """Learn what a channel is now: something has become of it. False if Slack does not tell at the moment."""
        try:
            return self._learn_channel(workspace, channel)
        except SlackTrouble:
            return False

    def of(self, workspace: str, members: Sequence[str]) -> dict[str, str]:
        """The names of these members, asked for where they are not known; without those that stay unknown."""
        names = {}
        for member in dict.fromkeys(members[:AT_ONCE]):
            self.learn(workspace, "", member)
            with self._shelves.reading() as shelf:
                if name := shelf.directory.member(workspace, member).name:
                    names[member] = name
        return names

    def _meet(self, workspace: str, channel: str, member: str, until: datetime | None) -> None:
        here = workspace, channel, member
        if here in self._met:
            return
        with self._shelves.reading() as shelf:
            nameless, unknown = shelf.directory.strangers(workspace, member, channel)
        nameless, unknown = nameless and bool(member), unknown and bool(channel)
        # The channel first: who may read what is answered there depends on its kind.
        if unknown and self._is_time(until):
            self.learn_again(workspace, channel)
        if nameless and self._is_time(until):
            with suppress(SlackTrouble):
                self._learn_member(workspace, member)
        if not nameless and not unknown:
            if len(self._met) >= MOST_MET:
                self._met.clear()
            self._met.add(here)

    def _is_time(self, until: datetime | None) -> bool:
        """Whether Slack may still be asked; if not, the job is told."""
        if until is None or self._now() < until:
            return True
        self._nudge(Job.LEARN_NAMES)
        return False

    def _ask_in_turn(self, learn: Callable[[str, str], object], workspace: str, ids: Sequence[str]) -> None:
        """Ask about these, until Slack wants to be left alone or does not answer."""
        for one in ids:
            try:
                learn(workspace, one)
            except SlackTrouble as trouble:
                if trouble.sent or trouble.reason == "ratelimited":
                    self._rests_until = self._now() + timedelta(seconds=trouble.seconds or 0)
                    return

    def _learn_member(self, workspace: str, member: str) -> None:
        """Ask what a member is called, and keep it. Raises SlackTrouble, if that says nothing of the member."""
        try:
            told = self._slack.member(member)
        except SlackTrouble as trouble:
            log.info("the name of member %s stays unknown for now: %s", member, trouble.reason)
            if trouble.reason in NO_SUCH:
                self._keep_member(workspace, member, self._now())
                return
            if trouble.reason != "ratelimited":
                # Before this one is asked about again, all others are: they are asked in the order of this moment.
                self._keep_member(workspace, member, self._now() - KEPT + PAUSE)
            raise
        with self._shelves.writing() as shelf:
            shelf.directory.store_member(workspace, told, self._now())

    def _learn_channel(self, workspace: str, channel: str) -> bool:
        """Ask what a channel is, and keep it. False if what Slack told is old by now, or that it is not there.

        Raises SlackTrouble, if that says nothing of the channel.
        """
        asked_at = self._now()
        with self._shelves.writing() as shelf:
            shelf.directory.ask(workspace, channel, asked_at)
        try:
            told, here = self._slack.channel(channel)
        except SlackTrouble as trouble:
            log.info("the name of channel %s stays unknown for now: %s", channel, trouble.reason)
            if trouble.reason in NO_SUCH:
                self._keep_channel(workspace, channel, asked_at)
                return False
            raise
        kept = self._keep_answer(workspace, told, here, asked_at)
        if not kept:
            self._nudge(Job.LEARN_NAMES)
        return kept

    def _keep_answer(self, workspace: str, told: Channel, here: bool, asked_at: datetime) -> bool:
        """Keep what Slack answered to what it was asked then. False if that is void by now."""
        with self._shelves.writing() as shelf:
            if not shelf.directory.answered(workspace, told.id, asked_at):
                return False
            before = shelf.directory.channel(workspace, told.id)
            # In many a public channel that people write commands in the bot has never been: that is no leaving.
            if here or shelf.directory.is_in(workspace, told.id):
                shelf.directory.hear_presence(workspace, told.id, here, asked_at)
            if shelf.directory.store_channel(workspace, told, asked_at):
                owe_word_of_opening(shelf, workspace, told.id, asked_at)
            changed = shelf.directory.channel(workspace, told.id) != before
        if changed:
            for job in (Job.POST_MESSAGES, Job.REFRESH_CARDS, Job.PUBLISH_PAGES):
                self._nudge(job)
        return True

    def _keep_member(self, workspace: str, member: str, at: datetime) -> None:
        """What is known of the member stays, as if it were learned then."""
        with self._shelves.writing() as shelf:
            shelf.directory.store_member(workspace, shelf.directory.member(workspace, member), at)

    def _keep_channel(self, workspace: str, channel: str, asked_at: datetime) -> None:
        """There is no such channel for us any more: what is known of it stays, but it may be private by now.

        Slack would not say so. Of one that we were in it would tell us still: it is gone, or we are put out of it.
        Whoever invites us again says that it is there.
        """
        with self._shelves.writing() as shelf:
            if not shelf.directory.answered(workspace, channel, asked_at):
                return
            if shelf.directory.is_in(workspace, channel):
                shelf.directory.hear_presence(workspace, channel, False, asked_at)
            else:
                shelf.directory.hear_private(workspace, channel, asked_at)
            shelf.directory.store_channel(workspace, shelf.directory.channel(workspace, channel), asked_at)
