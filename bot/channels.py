"""What Slack tells of channels: who is in them, who may read along, and what has become of them."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.names import Names
from bot.payloads.events import OfChannel, external_channel
from bot.payloads.fields import Payload
from bot.payloads.fields import workspace as workspace_of
from bot.payloads.presence import Altered, Connected, Joined, Left, Renumbered, private_channel, private_place
from papers.membership import Membership


class Channels:
    """Takes in what Slack tells of channels, as it happens and beside whatever else happens there.

    What it told at some time, `at`, counts less than what it answered to a question that was asked later. An
    answer counts only if nothing was told since its question. What was asked in vain is asked again.
    """

    def __init__(self, membership: Membership, names: Names, now: Callable[[], datetime]) -> None:
        self._membership = membership
        self._names = names
        self._now = now

    def is_news(self, body: Payload) -> bool:
        """Whether an event says of the channel that it comes from what is not known: that it is private, say."""
        private, external = private_channel(body), external_channel(body)
        if not private and not external:
            return False
        channel = private or external
        return self._membership.is_news(workspace_of(body), channel, bool(private), bool(external))

    def told_beside(self, workspace: str, body: Payload, at: datetime) -> None:
        """Take in what any event says of the channel that it comes from: it may be an external one, or private."""
        if channel := external_channel(body):
            self._membership.connect(workspace, channel, at)
        if channel := private_channel(body):
            self._close(workspace, channel, at)

    def told_with_request(self, workspace: str, body: Payload) -> None:
        """Take in what a slash command, click or shortcut says of the channel that it comes from."""
        if channel := private_place(body):
            # Somebody waits: whether it is public again by now the job asks.
            self._membership.close(workspace, channel, self._now())

    def happened(self, happened: OfChannel, at: datetime) -> None:
        """Take in what has become of a channel, or that Fusen came to it or left it."""
        workspace, channel = happened.workspace, happened.channel
        if isinstance(happened, Joined):
            self._names.learn(workspace, "", happened.inviter)
            # The welcome says whether the channel is public; that may have changed while Fusen was not there.
            if not self._names.learn_again(workspace, channel):
                self._membership.doubt(workspace, channel, at)
            self._membership.arrive(workspace, channel, happened.inviter, happened.at)
        elif isinstance(happened, Connected):
            if happened.external:
                self._membership.connect(workspace, channel, at)
            self._names.learn_again(workspace, channel)
        elif isinstance(happened, Renumbered):
            self._membership.renumber(workspace, happened.before, channel, at)
            self._names.learn_again(workspace, channel)
        elif isinstance(happened, Altered):
            self._names.learn_again(workspace, channel)
        elif isinstance(happened, Left):
            self._membership.depart(workspace, channel, happened.at)

    def _close(self, workspace: str, channel: str, at: datetime) -> None:
        if self._membership.close(workspace, channel, at):
            # It may be public again by now: Slack promises no order.
            self._names.learn_again(workspace, channel)
