"""Commands, clicks, shortcuts and modals become values."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot import slack_blocks, slack_text
from bot.payloads import fields, home
from bot.payloads.fields import Payload, mapping, number, text
from papers.asker import Asker
from papers.note import Message, Tag

# What follows a second colon only keeps the actions of one message apart.
VERB = re.compile(r"^verb:([a-z]+)(?::.*)?$", re.DOTALL)
"""The action of a control that runs a verb, and the callback of a verb's modal."""

IN_PLACE = "here"
"""How what keeps a button apart begins, if the answer to it takes the place of the message it stands in."""

SAVE_LINK = "save_link"
PAPER_SHORTCUT = re.compile(rf"^([a-z]+)_paper$|^{SAVE_LINK}$")
"""The callback of a message shortcut that runs a verb on the message's paper, or saves links in it."""

NOTES_SHORTCUT = re.compile(r"^([a-z]+)_notes$")
"""The callback of a global shortcut that runs a verb."""


@dataclass(frozen=True, slots=True)
class Typed:
    """A slash command: who typed what, and where."""

    asker: Asker
    text: str


@dataclass(frozen=True, slots=True)
class Click:
    """A control that was used: whose wish for which verb, on which note (0 is none), with which words.

    `trigger_id` lets a modal open; `view_id` is the modal or Home that the control stands in, or empty.
    `thread_ts` is the thread that the control's message stands in; empty for one at the top of a channel.
    `stack_is_full` says that no modal goes on top of that one. `in_place` says that the answer takes the place
    of the message that the control stands in. In a Home (`in_home`) `direct` is the member's conversation with
    Fusen.
    """

    asker: Asker
    verb: str
    note_id: int
    words: str
    trigger_id: str
    thread_ts: str = ""
    view_id: str = ""
    in_modal: bool = False
    stack_is_full: bool = False
    in_place: bool = False
    in_home: bool = False
    direct: str = ""


@dataclass(frozen=True, slots=True)
class Shortcut:
    """A shortcut: the verb it runs, the message it was run on (None: on none) and what that says.

    `note_id` is the note whose card the message is; 0 if it is no card. `thread_ts` is as in a click.
    """

    asker: Asker
    verb: str
    message: Message | None
    note_id: int
    trigger_id: str
    thread_ts: str = ""
    said: str = ""


@dataclass(frozen=True, slots=True)
class Sought:
    """What somebody has typed so far into a choice whose options Slack asks the app for."""

    asker: Asker
    typed: str


@dataclass(frozen=True, slots=True)
class SecondThought:
    """Who takes back which tags (folded keys) of a note, or moves them to the note `other_id`; 0 is none.

    Or else the comment that the act `act` made.
    """

    asker: Asker
    note_id: int
    keys: tuple[str, ...]
    other_id: int
    act: str = ""


@dataclass(frozen=True, slots=True)
class Submitted:
    """A verb's modal that was submitted: for which note (0: none) or message, and what was filled in, by block.

    `kept` are the texts that the modal has remembered for its options.
    """

    asker: Asker
    verb: str
    note_id: int
    typed: Mapping[str, str]
    chosen: Mapping[str, tuple[str, ...]]
    message: Message | None = None
    kept: tuple[str, ...] = ()


REQUESTS = frozenset(
    {"block_actions", "block_suggestion", "message_action", "shortcut", "view_closed", "view_submission"}
)
"""What Slack calls the requests that are no events, but for slash commands."""


def request_kind(body: Payload) -> str:
    """The word for a request that is no event."""
    kind = body.get("type")
    return kind if isinstance(kind, str) and kind in REQUESTS else "command" if "command" in body else "other"


def typed(body: Payload) -> Typed:
    """The slash command in a request.

    https://docs.slack.dev/interactivity/implementing-slash-commands
    """
    asker = Asker(
        workspace=text(body, "team_id"),
        channel=text(body, "channel_id"),
        member=text(body, "user_id"),
        origin=f"command:{text(body, 'trigger_id')}",
    )
    return Typed(asker, slack_text.numbers_as_typed(text(body, "text")))


def control(verb: str, note_id: int, words: str = "", distinct: str = "") -> dict[str, str]:
    """What a button needs to run a verb on a note (0 is none): its action and its value.

    `distinct` keeps two buttons of one message apart, as Slack wants it.
    """
    action = f"verb:{verb}:{distinct}" if distinct else f"verb:{verb}"
    return {"action_id": action, "value": control_value(note_id, words)}


def control_value(note_id: int, words: str = "") -> str:
    """The value of a button, or of an option of a menu, that runs a verb on a note."""
    return f"{note_id}:{words}" if words else str(note_id)


def option_value(verb: str, note_id: int) -> str:
    """The value of an option in a menu of verbs, whose action is `verb:menu`."""
    return f"{verb}:{note_id}"


def click(body: Payload) -> Click:
    """The use of a control in a request: a button, or an option of a menu, on a message, modal or Home.

    https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
    """
    container, action = mapping(body.get("container")), mapping(fields.first(body.get("actions")))
    message, view = mapping(body.get("message")), mapping(body.get("view"))
    memory = fields.memory_of(text(view, "private_metadata"))
    in_home = text(view, "type") == "home"
    asker = Asker(
        workspace=fields.team(body),
        channel=text(container, "channel_id")
        or text(mapping(body.get("channel")), "id")
        or (in_home and home.channel_of(text(action, "block_id")))
        or text(memory, "channel"),
        member=text(mapping(body.get("user")), "id"),
        origin=f"click:{text(body, 'trigger_id')}",
        thread_ts=text(message, "thread_ts") or text(container, "thread_ts") or None,
    )
    meant = VERB.match(text(action, "action_id"))
    verb, value = meant[1] if meant else "", text(action, "value")
    if option := text(mapping(action.get("selected_option")), "value"):
        verb, _, value = option.partition(":")
    note, _, words = value.partition(":")
    return Click(
        asker,
        verb,
        number(note),
        words,
        text(body, "trigger_id"),
        _stands_in(asker.thread_ts, text(message, "ts") or text(container, "message_ts")),
        text(view, "id"),
        text(view, "type") == "modal",
        _is_third(view),
        text(action, "action_id").startswith(f"verb:{verb}:{IN_PLACE}"),
        in_home,
        text(memory, "channel") if in_home else "",
    )


def _is_third(view: Payload) -> bool:
    """Whether two modals lie beneath this one: Slack stacks no more than three.

    https://docs.slack.dev/surfaces/modals
    """
    beneath = text(view, "previous_view_id")
    return bool(beneath) and beneath != text(view, "root_view_id")


def _stands_in(thread_ts: str | None, ts: str) -> str:
    """The thread of a message; empty if it stands at the top of a channel, where it may begin one."""
    return thread_ts if thread_ts and thread_ts != ts else ""


def shortcut(body: Payload) -> Shortcut:
    """The shortcut in a request, on a message or on none.

    https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload
    """
    told, channel = mapping(body.get("message")), text(mapping(body.get("channel")), "id")
    ts = text(told, "ts") or text(body, "message_ts")
    message = Message(fields.team(body), channel, ts, text(told, "thread_ts") or None) if ts else None
    asker = Asker(
        workspace=fields.team(body),
        channel=channel,
        member=text(mapping(body.get("user")), "id"),
        origin=f"shortcut:{text(body, 'trigger_id')}",
        thread_ts=message.thread_ts if message else None,
    )
    verb = verb_meant_by(text(body, "callback_id"))
    attachments = told.get("attachments")
    said = slack_blocks.marked_up(told.get("blocks"), text(told, "text"), attachments=attachments)
    passed_on = slack_blocks.forwarded(attachments)
    said = fields.storable("\n".join((said, *passed_on)))
    thread_ts = _stands_in(asker.thread_ts, ts)
    return Shortcut(asker, verb, message, card_note(told), text(body, "trigger_id"), thread_ts, said)


def verb_meant_by(callback: str) -> str:
    """The verb that a shortcut runs, by its callback; empty if it is none of ours."""
    if callback == SAVE_LINK:
        return "add"
    meant = PAPER_SHORTCUT.match(callback) or NOTES_SHORTCUT.match(callback)
    return meant[1] if meant else ""


def card_note(message: Payload) -> int:
    """The note of the buttons under a message of a bot. People cannot post buttons."""
    blocks = message.get("blocks") if message.get("bot_id") else None
    for block in map(mapping, blocks if isinstance(blocks, list) else ()):
        elements = block.get("elements")
        for element in map(mapping, elements if isinstance(elements, list) else ()):
            if VERB.match(text(element, "action_id")) and (
                note := number(text(element, "value").partition(":")[0])
            ):
                return note
    return 0


def sought(body: Payload) -> Sought:
    """What is typed into a choice, in a request for its options.

    https://docs.slack.dev/reference/interaction-payloads/block_suggestion-payload
    """
    return Sought(click(body).asker, text(body, "value"))


def second_thought(body: Payload) -> SecondThought:
    """The click on Undo, or the choice of another paper, under the answer to tagging or commenting.

    A button has its memory in its value; a choice in its block's id, for its value is the note chosen.
    """
    action = mapping(fields.first(body.get("actions")))
    memory = fields.memory_of(text(action, "value") or text(action, "block_id"))
    keys = memory.get("tags")
    return SecondThought(
        click(body).asker,
        number(memory.get("note")),
        tuple(key for key in (keys if isinstance(keys, list) else ()) if isinstance(key, str)),
        number(mapping(action.get("selected_option")).get("value")),
        text(memory, "act"),
    )


def comment_memory(note_id: int, act: str) -> str:
    """What the answer to commenting remembers: the note, and the act that made the comment."""
    return json.dumps({"note": note_id, "act": act}, ensure_ascii=False, separators=(",", ":"))


def tag_memory(note_id: int, tags: Sequence[Tag]) -> str:
    """What the answer to tagging remembers: the note and the tags that are new on it."""
    memory = {"note": note_id, "tags": [tag.key for tag in tags]}
    return json.dumps(memory, ensure_ascii=False, separators=(",", ":"))


def submitted(body: Payload) -> Submitted:
    """The modal submitted in a request; its private metadata is what `modal_memory` made.

    https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload
    """
    view = mapping(body.get("view"))
    memory = fields.memory_of(text(view, "private_metadata"))
    values = {
        block: mapping(action)
        for block, actions in mapping(mapping(view.get("state")).get("values")).items()
        for action in mapping(actions).values()
    }
    asker = Asker(
        workspace=fields.team(body),
        channel=text(memory, "channel"),
        member=text(mapping(body.get("user")), "id"),
        origin=f"modal:{text(view, 'id')}",
        thread_ts=text(memory, "thread") or None,
    )
    meant = VERB.match(text(view, "callback_id"))
    return Submitted(
        asker,
        meant[1] if meant else "",
        number(memory.get("note")),
        {block: text(action, "value") for block, action in values.items()},
        {block: _chosen(action) for block, action in values.items()},
        Message(asker.workspace, asker.channel, ts, asker.thread_ts) if (ts := text(memory, "message")) else None,
        fields.texts(memory.get("kept")),
    )


def _chosen(action: Payload) -> tuple[str, ...]:
    several = fields.texts(action.get("selected_users")) or fields.texts(action.get("selected_channels"))
    options = fields.chosen(action.get("selected_options")) or fields.chosen([action.get("selected_option")])
    return options or several


def first_input(body: Payload) -> str:
    """The block of a submitted modal at which Slack can show what went wrong; empty if this is no such request."""
    view = mapping(body.get("view")) if body.get("type") == "view_submission" else {}
    blocks = view.get("blocks")
    inputs = [mapping(block) for block in (blocks if isinstance(blocks, list) else ())]
    return next((text(block, "block_id") for block in inputs if block.get("type") == "input"), "")


def modal_memory(asker: Asker, note_id: int, message: Message | None = None, kept: Sequence[str] = ()) -> str:
    """What a modal keeps in its private metadata, so that its submission knows the note, message and channel.

    `kept` are the texts that its options stand for.
    """
    memory = {"note": note_id, "channel": asker.channel, "thread": asker.thread_ts or ""}
    more = {"message": message.ts} if message else {}
    return json.dumps(memory | more | ({"kept": list(kept)} if kept else {}), ensure_ascii=False)
