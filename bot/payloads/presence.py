"""Events about people and the bot itself coming to a channel and going become values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.payloads.fields import Payload, mapping, moment, text


@dataclass(frozen=True, slots=True)
class Joined:
    """A member, or the bot, is in a channel now. `inviter` is empty for one who came unasked."""

    workspace: str
    channel: str
    member: str
    inviter: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Left:
    """A member is in a channel no longer; the bot itself where `member` is empty."""

    workspace: str
    channel: str
    member: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Uninstalled:
    """The workspace took Fusen away, or revoked its token: the one may be told before the other, or alone."""

    workspace: str


def departure(workspace: str, event: Payload) -> Uninstalled | None:
    """Whether the event tells that Fusen was taken away.

    https://docs.slack.dev/reference/events/app_uninstalled, …/tokens_revoked
    """
    kind = event.get("type")
    # Members may revoke tokens of their own.
    revoked = kind == "tokens_revoked" and bool(mapping(event.get("tokens")).get("bot"))
    return Uninstalled(workspace) if kind == "app_uninstalled" or revoked else None


def presence(workspace: str, event: Payload) -> Joined | Left | None:
    """Who came to a channel or left it, if the event tells of that.

    Slack tells an app that it was removed by `channel_left` and `group_left`, which name no member.
    https://docs.slack.dev/reference/events/member_joined_channel, …/member_left_channel, …/channel_left
    """
    kind, channel, member = event.get("type"), text(event, "channel"), text(event, "user")
    at = moment(text(event, "event_ts"))
    if not channel:
        return None
    if kind == "member_joined_channel" and member:
        return Joined(workspace, channel, member, text(event, "inviter"), at)
    if kind == "member_left_channel" and member:
        return Left(workspace, channel, member, at)
    return Left(workspace, channel, "", at) if kind in ("channel_left", "group_left") else None
