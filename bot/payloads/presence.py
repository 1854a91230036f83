"""Events about who is in a channel, and what becomes of the channel itself, become values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.payloads.fields import Payload, mapping, moment, text

_TO_PRIVATE = "channel_convert_to_private"
_PRIVATE = ("group", "G")
"""How messages and comings name the kind of a private channel."""

_PRIVATE_NAME = "privategroup"
"""What slash commands, clicks and shortcuts call each private channel; its real name is not told.

https://docs.slack.dev/interactivity/implementing-slash-commands
"""

_ALTERING = frozenset({_TO_PRIVATE, "channel_convert_to_public", "channel_name", "group_name"})


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


@dataclass(frozen=True, slots=True)
class Connected:
    """A channel is shared with one more organization, or with one less: with some, if `external`."""

    workspace: str
    channel: str
    external: bool


@dataclass(frozen=True, slots=True)
class Altered:
    """A channel is called otherwise from now on, or was made private or public."""

    workspace: str
    channel: str


@dataclass(frozen=True, slots=True)
class Renumbered:
    """A channel has another id from now on."""

    workspace: str
    channel: str
    before: str


def connection(workspace: str, event: Payload) -> Connected | Renumbered | None:
    """What becomes of a channel when organizations share it (Slack Connect), if the event tells of that.

    https://docs.slack.dev/reference/events/channel_shared, …/channel_unshared, …/channel_id_changed
    """
    kind, channel = event.get("type"), text(event, "channel")
    if kind in ("channel_shared", "channel_unshared") and channel:
        return Connected(workspace, channel, kind == "channel_shared" or bool(event.get("is_ext_shared")))
    before, now = text(event, "old_channel_id"), text(event, "new_channel_id")
    if kind == "channel_id_changed" and before and now:
        return Renumbered(workspace, now, before)
    return None


def alteration(workspace: str, event: Payload) -> Altered | None:
    """What becomes of a channel's name and kind, if a message of Slack's in it tells of that.

    https://docs.slack.dev/reference/events/message/channel_convert_to_private, …/channel_name
    """
    channel = text(event, "channel")
    return Altered(workspace, channel) if channel and text(event, "subtype") in _ALTERING else None


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


def private_channel(body: Payload) -> str:
    """The channel of an event, if Slack says with it that it is a private one; else nothing."""
    event = mapping(body.get("event"))
    private = event.get("channel_type") in _PRIVATE or event.get("subtype") == _TO_PRIVATE
    return text(event, "channel") if private else ""


def private_place(body: Payload) -> str:
    """The channel of a slash command, click or shortcut, if Slack says that it is private; else nothing."""
    place = mapping(body.get("channel"))
    private = _PRIVATE_NAME in (text(body, "channel_name"), text(place, "name"))
    return (text(body, "channel_id") or text(place, "id")) if private else ""
