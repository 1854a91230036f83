"""What Slack tells of channels: who is in them, who may read along, and what has become of them."""

from __future__ import annotations

from bot.names import Names
from bot.payloads.events import OfChannel, external_channel
from bot.payloads.fields import Payload
from bot.payloads.presence import Altered, Connected, Joined, Left, Renumbered, private_channel
from papers.membership import Membership


class Channels:
    """Takes in what Slack tells of channels, as it happens and beside whatever else happens there."""

    def __init__(self, membership: Membership, names: Names) -> None:
        self._membership = membership
        self._names = names

    def told_beside(self, workspace: str, body: Payload) -> None:
        """Take in what any event says of the channel that it comes from: it may be an external one, or private."""
        if channel := external_channel(body):
            self._membership.connect(workspace, channel)
        channel = private_channel(body)
        if channel and self._membership.close(workspace, channel):
            # It may be public again: Slack promises no order.
            self._names.learn_again(workspace, channel)

    def happened(self, happened: OfChannel) -> None:
        """Take in what has become of a channel, or that Fusen came to it or left it."""
        workspace, channel = happened.workspace, happened.channel
        if isinstance(happened, Joined):
            # The welcome says whether the channel is public, and who invited.
            self._names.learn(workspace, channel, happened.inviter)
            self._membership.arrive(workspace, channel, happened.inviter, happened.at)
        elif isinstance(happened, Connected):
            if happened.external:
                self._membership.connect(workspace, channel)
            self._names.learn_again(workspace, channel)
        elif isinstance(happened, Renumbered):
            self._membership.renumber(workspace, happened.before, channel)
            self._names.learn_again(workspace, channel)
        elif isinstance(happened, Altered):
            self._names.learn_again(workspace, channel)
        elif isinstance(happened, Left):
            self._membership.depart(workspace, channel, happened.at)
