"""Events of Slack's Events API become values: what a person did with a message, who came and who left."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import get_args

from bot import slack_blocks
from bot.payloads.fields import Payload, mapping, moment, storable, text
from bot.payloads.fields import workspace as workspace_of
from bot.payloads.files import images
from bot.payloads.presence import (
    Altered,
    Connected,
    Joined,
    Left,
    Renumbered,
    Uninstalled,
    alteration,
    connection,
    departure,
    presence,
    private_channel,
)
from papers.emoji import Reaction, canonical
from papers.images import Attached
from papers.note import Message
from papers.work import Event, message_key

SPOKEN = frozenset({"file_share", "thread_broadcast"})
"""Subtypes of messages that a person wrote, beside none at all; the others are notices, or bots."""

OF_CHANNEL = "/channel"
"""How the id ends of what the inbox keeps of an event's channel alone."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A message that a person posted, in Slack's text form, made from the blocks if there are any.

    `text` is what was typed, beside the `tables` that were pasted. `styled` is all of it with the marks of bold,
    slanted and struck words, for those who read it: between the marks a command or a bare id would not be found.
    `forwarded` is what it passes on of somebody else: links in it are shared, but the words are not theirs;
    `passed_on_from` are the addresses of the messages passed on.
    """

    message: Message
    member: str
    text: str
    styled: str
    forwarded: str
    at: datetime
    direct: bool
    passed_on_from: tuple[str, ...] = ()
    images: tuple[Attached, ...] = ()
    tables: str = ""
    edited_at: str = ""
    """Slack's time stamp of the last change to it; empty if there was none."""


@dataclass(frozen=True, slots=True)
class Edited:
    """A message that a person changed, and what it was `before`, if Slack says so."""

    posted: Posted
    before: Posted | None


@dataclass(frozen=True, slots=True)
class Deleted:
    """A message that is gone."""

    message: Message


@dataclass(frozen=True, slots=True)
class Reacted:
    """A member put an emoji under a message (`came`), or took it away."""

    reaction: Reaction
    came: bool


@dataclass(frozen=True, slots=True)
class FileGone:
    """A file is deleted, wherever it was shared."""

    workspace: str
    file: str


OfChannel = Joined | Left | Connected | Altered | Renumbered

Happening = Posted | Edited | Deleted | Reacted | FileGone | OfChannel | Uninstalled


KINDS = (*(kind.__name__.lower() for kind in get_args(Happening)), "other")
"""All words for what happens."""


def kind_of(happened: Happening | None) -> str:
    """The word for what happened: `posted`, `reacted`, ...; `other` for what Fusen does not look at."""
    return "other" if happened is None else type(happened).__name__.lower()


def is_event(body: Payload) -> bool:
    """Whether a request from Slack is an event of the Events API."""
    return body.get("type") == "event_callback"


def happening(body: Payload) -> Happening | None:
    """What happened: what a person did with a message, or who came to a channel or left it; None for all else.

    https://docs.slack.dev/reference/events/message
    """
    event = mapping(body.get("event"))
    workspace = workspace_of(body)
    if not workspace:
        return None
    if event.get("type") in ("reaction_added", "reaction_removed"):
        return _reacted(workspace, event)
    if event.get("type") == "file_deleted":
        return FileGone(workspace, text(event, "file_id")) if text(event, "file_id") else None
    if event.get("type") not in ("message", "app_mention"):
        return departure(workspace, event) or presence(workspace, event) or connection(workspace, event)
    if not text(event, "channel"):
        return None
    subtype = event.get("subtype")
    if event.get("type") == "app_mention" and "edited" in event:
        return None  # a mention told again, with its old `ts`: the edit is told as a change of the message
    direct = event.get("channel_type") == "im" or text(event, "channel").startswith("D")
    if subtype == "message_deleted":
        gone = {**mapping(event.get("previous_message")), "ts": event.get("deleted_ts")}
        return Deleted(_message(workspace, event, gone)) if text(gone, "ts") else None
    if subtype == "message_changed":
        now, before = mapping(event.get("message")), mapping(event.get("previous_message"))
        if now.get("subtype") == "tombstone":
            return Deleted(_message(workspace, event, now)) if text(now, "ts") else None
        posted = _posted(workspace, event, {"ts": before.get("ts"), **now}, direct)
        # Slack tells in the same way that it attached a preview: then nobody changed the words.
        same = all(part(now) == part(before) for part in (_styled, _forwarded, images))
        was = _posted(workspace, event, before, direct)
        return Edited(posted, was) if posted and not same else None
    return alteration(workspace, event) or _posted(workspace, event, event, direct)


def external_channel(body: Payload) -> str:
    """The channel of an event, if Slack says with it that it is shared with another organization; else nothing.

    https://docs.slack.dev/apis/events-api (`is_ext_shared_channel`)
    """
    if body.get("is_ext_shared_channel") is not True:
        return ""
    event = mapping(body.get("event"))
    return text(event, "channel") or text(mapping(event.get("item")), "channel")


def past(workspace: str, channel: str, message: Payload, direct: bool) -> Posted | None:
    """A message as a channel's history gives it, if a person posted it.

    https://docs.slack.dev/reference/methods/conversations.history
    """
    return _posted(workspace, {"channel": channel}, message, direct)


def _posted(workspace: str, event: Payload, message: Payload, direct: bool) -> Posted | None:
    subtype, member = message.get("subtype"), text(message, "user")
    spoken = subtype is None or (isinstance(subtype, str) and subtype in SPOKEN)
    if not spoken or message.get("bot_id") or not member or not text(message, "ts"):
        return None
    at = moment(text(message, "ts"))
    where = _message(workspace, event, message)
    sources = tuple(map(storable, slack_blocks.forwarded_from(message.get("attachments"))))
    blocks, attachments = message.get("blocks"), message.get("attachments")
    return Posted(
        where,
        member,
        storable(slack_blocks.typed(blocks, text(message, "text"))),
        _styled(message),
        _forwarded(message),
        at,
        direct,
        sources,
        images(message),
        storable(slack_blocks.tables(blocks, attachments)),
        text(mapping(message.get("edited")), "ts"),
    )


def _reacted(workspace: str, event: Payload) -> Reacted | None:
    """A reaction to a message; those to files are passed over.

    https://docs.slack.dev/reference/events/reaction_added
    """
    item = mapping(event.get("item"))
    message = Message(workspace, text(item, "channel"), text(item, "ts"))
    member, name, told_at = text(event, "user"), canonical(text(event, "reaction")), text(event, "event_ts")
    if item.get("type") != "message" or not (message.channel and message.ts and member and name and told_at):
        return None
    return Reacted(Reaction(message, member, name, moment(told_at)), event.get("type") == "reaction_added")


def _styled(message: Payload) -> str:
    said, attachments = text(message, "text"), message.get("attachments")
    return storable(slack_blocks.marked_up(message.get("blocks"), said, styled=True, attachments=attachments))


def _forwarded(message: Payload) -> str:
    return storable("\n".join(slack_blocks.forwarded(message.get("attachments"))))


def _message(workspace: str, event: Payload, message: Payload) -> Message:
    ts, thread_ts = text(message, "ts"), text(message, "thread_ts")
    # Once it is answered, a message names itself as its thread: in a history, and when it is changed or deleted.
    return Message(workspace, text(event, "channel"), ts, thread_ts if thread_ts not in ("", ts) else None)


def inbox_event(body: Payload, happened: Happening) -> Event:
    """The event as the inbox keeps it: unique by its id and by the moment in its channel that it tells of."""
    event = mapping(body.get("event"))
    if isinstance(happened, Reacted):
        return _reaction_event(body, happened.reaction)
    if isinstance(happened, OfChannel):
        return _event_of_none(body, happened.workspace, f"{happened.channel}/{event.get('event_ts')}")
    if isinstance(happened, Uninstalled):
        return _event_of_none(body, happened.workspace, f"{event.get('type')}/{body.get('event_time')}")
    if isinstance(happened, FileGone):
        return _event_of_none(body, happened.workspace, f"{happened.file}/{event.get('event_ts')}")
    message = happened.posted.message if isinstance(happened, Edited) else happened.message
    key = partial(message_key, message.workspace, message.channel)
    return Event(
        event_id=text(body, "event_id") or key(f"{event.get('event_ts') or event.get('ts')}"),
        workspace=message.workspace,
        body=_kept(body),
        # One mention comes as two events; both tell of the same moment in the channel.
        message_key=key(f"{event.get('ts') or event.get('event_ts')}"),
        thread=key(message.thread),
        changes=key(message.ts) if isinstance(happened, Edited | Deleted) else None,
    )


def channel_event(body: Payload) -> Event:
    """What an event says of its channel, as the inbox keeps it: that alone, by a key of its own."""
    private, external = private_channel(body), external_channel(body)
    workspace, channel = workspace_of(body), private or external
    told = {
        "team_id": workspace,
        "event": {"channel": channel, "channel_type": "group" if private else ""},
        "is_ext_shared_channel": bool(external),
    }
    event = mapping(body.get("event"))
    told_at = text(body, "event_id") or f"{workspace}/{channel}/{event.get('event_ts') or event.get('ts')}"
    return Event(f"{told_at}{OF_CHANNEL}", workspace, json.dumps(told))


def _event_of_none(body: Payload, workspace: str, told_at: str) -> Event:
    """An event that belongs to no message; without an id of its own it is known by what it tells of, and when."""
    return Event(text(body, "event_id") or f"{workspace}/{told_at}", workspace, _kept(body))


def _reaction_event(body: Payload, reaction: Reaction) -> Event:
    """The event of a reaction: unique by who reacted how and when; it belongs to the thread of its message."""
    message = reaction.message
    thread = message_key(message.workspace, message.channel, message.ts)
    key = f"{thread}/{reaction.member}/{reaction.emoji}/{reaction.at.isoformat()}"
    return Event(text(body, "event_id") or key, message.workspace, _kept(body), key, thread)


def _kept(body: Payload) -> str:
    """The event without the token by which Slack once proved itself: nobody needs it, and it is a secret."""
    return json.dumps({name: value for name, value in body.items() if name != "token"})
