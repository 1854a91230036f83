"""Slack's dictionaries become values here, and nowhere else."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot import slack_text
from papers.note import Message, Tag
from papers.notebook import Asker
from papers.work import Event

Payload = Mapping[str, Any]

SPOKEN = frozenset({"file_share", "thread_broadcast"})
"""Subtypes of messages that a person wrote, beside none at all; the others are notices, or bots."""

TAG_BUTTON = "tag_note"
"""The action of the button under each card that opens the modal for tags; its value is the note."""


@dataclass(frozen=True, slots=True)
class Posted:
    """A message that a person posted, in Slack's text form, made from the blocks if there are any.

    `forwarded` is what it passes on of somebody else: links in it are shared, but the words are not theirs.
    """

    message: Message
    member: str
    text: str
    forwarded: str
    at: datetime
    direct: bool


@dataclass(frozen=True, slots=True)
class Edited:
    """A message that a person changed."""

    posted: Posted


@dataclass(frozen=True, slots=True)
class Deleted:
    """A message that is gone."""

    message: Message


Happening = Posted | Edited | Deleted


@dataclass(frozen=True, slots=True)
class Typed:
    """A slash command: who typed what, and where."""

    asker: Asker
    text: str


@dataclass(frozen=True, slots=True)
class Click:
    """A button on a message: whose click on which note, and the trigger that lets a modal open."""

    asker: Asker
    note_id: int
    trigger_id: str


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A shortcut run on a message. `note_id` is the note whose card the message is; 0 if it is no card."""

    asker: Asker
    message: Message
    note_id: int
    trigger_id: str


@dataclass(frozen=True, slots=True)
class SecondThought:
    """Who takes back which tags (folded keys) of a note, or moves them to the note `other_id`; 0 is none."""

    asker: Asker
    note_id: int
    keys: tuple[str, ...]
    other_id: int


@dataclass(frozen=True, slots=True)
class Submitted:
    """A modal that was submitted: for which note, and what was filled in, by block."""

    asker: Asker
    note_id: int
    typed: Mapping[str, str]
    chosen: Mapping[str, tuple[str, ...]]


def is_event(body: Payload) -> bool:
    """Whether a request from Slack is an event of the Events API."""
    return body.get("type") == "event_callback"


def happening(body: Payload) -> Happening | None:
    """What happened, if it is something that a person did with a message; None for all else.

    https://docs.slack.dev/reference/events/message
    """
    event = _mapping(body.get("event"))
    workspace = _workspace(body)
    if event.get("type") not in ("message", "app_mention") or not workspace:
        return None
    subtype = event.get("subtype")
    direct = event.get("channel_type") == "im" or _text(event, "channel").startswith("D")
    if subtype == "message_deleted":
        gone = {**_mapping(event.get("previous_message")), "ts": event.get("deleted_ts")}
        return Deleted(_message(workspace, event, gone)) if _text(gone, "ts") else None
    if subtype == "message_changed":
        now, before = _mapping(event.get("message")), _mapping(event.get("previous_message"))
        if now.get("subtype") == "tombstone":
            return Deleted(_message(workspace, event, now)) if _text(now, "ts") else None
        posted = _posted(workspace, event, {"ts": before.get("ts"), **now}, direct)
        # Slack tells in the same way that it attached a preview: then nobody changed the words.
        same = _words(now) == _words(before) and _forwarded(now) == _forwarded(before)
        return Edited(posted) if posted and not same else None
    return _posted(workspace, event, event, direct)


def _posted(workspace: str, event: Payload, message: Payload, direct: bool) -> Posted | None:
    subtype, member = message.get("subtype"), _text(message, "user")
    spoken = subtype is None or (isinstance(subtype, str) and subtype in SPOKEN)
    if not spoken or message.get("bot_id") or not member or not _text(message, "ts"):
        return None
    at = _moment(_text(message, "ts"))
    where = _message(workspace, event, message)
    return Posted(where, member, _words(message), _forwarded(message), at, direct)


def _words(message: Payload) -> str:
    return _storable(slack_text.marked_up(message.get("blocks"), _text(message, "text")))


def _forwarded(message: Payload) -> str:
    return _storable("\n".join(slack_text.forwarded(message.get("attachments"))))


def _message(workspace: str, event: Payload, message: Payload) -> Message:
    return Message(workspace, _text(event, "channel"), _text(message, "ts"), _text(message, "thread_ts") or None)


def inbox_event(body: Payload, happened: Happening) -> Event:
    """The event as the inbox keeps it: unique by its id and by the moment in its channel that it tells of."""
    event = _mapping(body.get("event"))
    message = happened.posted.message if isinstance(happened, Edited) else happened.message
    key = f"{message.workspace}/{message.channel}"
    return Event(
        event_id=_text(body, "event_id") or f"{key}/{event.get('event_ts') or event.get('ts')}",
        workspace=message.workspace,
        body=json.dumps(body),
        # One mention comes as two events; both tell of the same moment in the channel.
        message_key=f"{key}/{event.get('ts') or event.get('event_ts')}",
        thread=f"{key}/{message.thread}",
    )


def typed(body: Payload) -> Typed:
    """The slash command in a request.

    https://docs.slack.dev/interactivity/implementing-slash-commands
    """
    asker = Asker(
        workspace=_text(body, "team_id"),
        channel=_text(body, "channel_id"),
        member=_text(body, "user_id"),
        origin=f"command:{_text(body, 'trigger_id')}",
    )
    return Typed(asker, _text(body, "text"))


def click(body: Payload) -> Click:
    """The click on a button in a request.

    https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
    """
    container, action = _mapping(body.get("container")), _mapping(_first(body.get("actions")))
    message = _mapping(body.get("message"))
    asker = Asker(
        workspace=_team(body),
        channel=_text(container, "channel_id") or _text(_mapping(body.get("channel")), "id"),
        member=_text(_mapping(body.get("user")), "id"),
        origin=f"click:{_text(body, 'trigger_id')}",
        thread_ts=_text(message, "thread_ts") or _text(container, "thread_ts") or None,
    )
    return Click(asker, _number(action.get("value")), _text(body, "trigger_id"))


def shortcut(body: Payload) -> Shortcut:
    """The message shortcut in a request.

    https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload
    """
    told, channel = _mapping(body.get("message")), _text(_mapping(body.get("channel")), "id")
    message = Message(
        _team(body),
        channel,
        _text(told, "ts") or _text(body, "message_ts"),
        _text(told, "thread_ts") or None,
    )
    asker = Asker(
        workspace=message.workspace,
        channel=channel,
        member=_text(_mapping(body.get("user")), "id"),
        origin=f"shortcut:{_text(body, 'trigger_id')}",
        thread_ts=message.thread_ts,
    )
    return Shortcut(asker, message, _card_note(told), _text(body, "trigger_id"))


def _card_note(message: Payload) -> int:
    """The note of the buttons under a message of a bot. People cannot post buttons."""
    blocks = message.get("blocks") if message.get("bot_id") else None
    for block in map(_mapping, blocks if isinstance(blocks, list) else ()):
        elements = block.get("elements")
        for element in map(_mapping, elements if isinstance(elements, list) else ()):
            if element.get("action_id") == TAG_BUTTON:
                return _number(element.get("value"))
    return 0


def second_thought(body: Payload) -> SecondThought:
    """The click on Undo, or the choice of another paper, under the answer to tagging.

    A button has its memory in its value; a choice in its block's id, for its value is the note chosen.
    """
    action = _mapping(_first(body.get("actions")))
    memory = _memory(_text(action, "value") or _text(action, "block_id"))
    keys = memory.get("tags")
    return SecondThought(
        click(body).asker,
        _number(memory.get("note")),
        tuple(key for key in (keys if isinstance(keys, list) else ()) if isinstance(key, str)),
        _number(_mapping(action.get("selected_option")).get("value")),
    )


def tag_memory(note_id: int, tags: Sequence[Tag]) -> str:
    """What the answer to tagging remembers: the note and the tags that are new on it."""
    memory = {"note": note_id, "tags": [tag.key for tag in tags]}
    return json.dumps(memory, ensure_ascii=False, separators=(",", ":"))


def submitted(body: Payload) -> Submitted:
    """The modal submitted in a request; its private metadata is what `modal_memory` made.

    https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload
    """
    view = _mapping(body.get("view"))
    memory = _memory(_text(view, "private_metadata"))
    values = {
        block: _mapping(action)
        for block, actions in _mapping(_mapping(view.get("state")).get("values")).items()
        for action in _mapping(actions).values()
    }
    asker = Asker(
        workspace=_team(body),
        channel=_text(memory, "channel"),
        member=_text(_mapping(body.get("user")), "id"),
        origin=f"modal:{_text(view, 'id')}",
    )
    return Submitted(
        asker,
        _number(memory.get("note")),
        {block: _text(action, "value") for block, action in values.items()},
        {block: _chosen(action.get("selected_options")) for block, action in values.items()},
    )


def first_input(body: Payload) -> str:
    """The block of a submitted modal at which Slack can show what went wrong; empty if this is no such request."""
    view = _mapping(body.get("view")) if body.get("type") == "view_submission" else {}
    blocks = view.get("blocks")
    inputs = [_mapping(block) for block in (blocks if isinstance(blocks, list) else ())]
    return next((_text(block, "block_id") for block in inputs if block.get("type") == "input"), "")


def modal_memory(click: Click) -> str:
    """What a modal keeps in its private metadata, so that its submission knows the note and the channel."""
    return json.dumps({"note": click.note_id, "channel": click.asker.channel})


def _workspace(body: Payload) -> str:
    """The workspace that the app is installed in; with Slack Connect the event may come from another."""
    return _text(_mapping(_first(body.get("authorizations"))), "team_id") or _text(body, "team_id")


def _team(body: Payload) -> str:
    return _text(_mapping(body.get("team")), "id") or _text(_mapping(body.get("user")), "team_id")


def _memory(text: str) -> Payload:
    """What `modal_memory` or `tag_memory` made; nothing, if it is not of our making."""
    try:
        return _mapping(json.loads(text))
    except (ValueError, RecursionError):
        return {}


def _chosen(options: object) -> tuple[str, ...]:
    values = (_text(_mapping(option), "value") for option in (options if isinstance(options, list) else ()))
    return tuple(value for value in values if value)


def _mapping(value: object) -> Payload:
    return value if isinstance(value, Mapping) else {}


def _first(value: object) -> object:
    return value[0] if isinstance(value, list) and value else None


def _text(payload: Payload, key: str) -> str:
    value = payload.get(key)
    return _storable(value) if isinstance(value, str) else ""


# A zero and half a surrogate pair are JSON, but PostgreSQL stores neither, and UTF-8 has no half pairs.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def _storable(text: str) -> str:
    return _UNSTORABLE.sub("\ufffd", text)


def _number(value: object) -> int:
    """The id of a row in a text; 0, which is none, for anything else."""
    text = str(value)
    return int(text) if text.isdecimal() and len(text) <= 18 else 0


def _moment(ts: str) -> datetime:
    """The moment of a time stamp; the first of all moments if it is none."""
    try:
        return datetime.fromtimestamp(float(ts), UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)
