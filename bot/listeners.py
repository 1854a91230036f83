"""Slack in: everything that Slack sends, stored or answered within its three seconds.

Events are only stored here, in a global middleware, because Bolt acknowledges an event before a listener
runs. Commands, clicks and modals are use cases in the database and answered at once.
"""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from http.client import HTTPException
from typing import Any

from slack_bolt import Ack, App, BoltRequest, BoltResponse, Respond

from bot import modals, tag_echo
from bot.commands import Desk, answer
from bot.handling import Handling
from bot.messages import Rendered
from bot.names import Names
from bot.payloads import (
    TAG_BUTTON,
    Click,
    Payload,
    Shortcut,
    Submitted,
    click,
    first_input,
    happening,
    inbox_event,
    is_event,
    modal_memory,
    second_thought,
    shortcut,
    submitted,
    typed,
)
from bot.slack import Slack, SlackTrouble
from papers.errors import DatabaseUnreachable, FusenError, UnknownPaper
from papers.note import Note
from papers.notebook import Asker
from papers.nudges import Job
from papers.shelf import Shelves
from papers.wording import LANGUAGES

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Door:
    """What the listeners work with."""

    desk: Desk
    shelves: Shelves
    handling: Handling
    names: Names
    slack: Slack
    now: Callable[[], datetime]

    def words_for(self, asker: Asker) -> str:
        """The language in which to answer somebody."""
        return self.desk.notebook.language(asker.workspace, asker.member)

    def gone(self, asker: Asker) -> Rendered:
        """The answer to a click whose note is no longer there."""
        words = self.desk.messages.wording(self.words_for(asker))
        return self.desk.messages.sentence(words("gone"))


class NothingChosen(Exception):
    """A modal for tags was submitted without any."""


def attach(app: App, door: Door) -> None:
    """Let the app take in events, the slash command, the buttons, the shortcuts and the modals."""
    _store_events(app, door)
    _take_commands(app, door)
    _take_buttons(app, door)
    _take_shortcuts(app, door)
    _take_second_thoughts(app, door)
    _take_modals(app, door)
    app.error(_tell_of_breakage(door))


def _store_events(app: App, door: Door) -> None:
    @app.middleware
    def store(body: Payload, req: BoltRequest, next: Callable[[], Any]) -> BoltResponse | None:
        if req.body.get("type") == "app_rate_limited":
            log.warning("Slack holds events back: the workspace sends more than it may")
            return BoltResponse(status=200)
        if not is_event(body):
            next()
            return None
        happened = happening(body)
        if happened is not None and door.handling.concerns(happened):
            with door.shelves.writing() as shelf:
                shelf.inbox.put(inbox_event(body, happened), door.now())
            door.desk.nudge(Job.HANDLE_EVENTS)
        return BoltResponse(status=200)


def _take_commands(app: App, door: Door) -> None:
    @app.command(door.desk.command)
    def take(ack: Ack, body: dict[str, Any]) -> None:
        said = typed(body)
        door.names.learn(said.asker.workspace, said.asker.channel, said.asker.member)
        try:
            told = answer(door.desk, said.asker, said.text)
        except DatabaseUnreachable:
            raise  # its sentence is for whoever runs Fusen
        except FusenError as error:
            told = door.desk.messages.sentence(error.sentence(door.words_for(said.asker)))
        ack(text=told.text, blocks=list(told.blocks), response_type="ephemeral")


def _take_buttons(app: App, door: Door) -> None:
    def open_for(body: dict[str, Any], respond: Respond, build: ModalBuilder) -> None:
        clicked = click(body)
        note = door.desk.notebook.note(clicked.note_id, clicked.asker.audience)
        if note is None:
            _whisper(respond, door.gone(clicked.asker))
        else:
            _open_modal(door, clicked, note, respond, build)

    @app.action(TAG_BUTTON)
    def tag(ack: Ack, body: dict[str, Any], respond: Respond) -> None:
        ack()
        open_for(body, respond, _tag_modal)

    @app.action("comment_note")
    def comment(ack: Ack, body: dict[str, Any], respond: Respond) -> None:
        ack()
        open_for(body, respond, _comment_modal)


def _take_shortcuts(app: App, door: Door) -> None:
    def open_for(body: dict[str, Any], respond: Respond, build: ModalBuilder) -> None:
        chosen = shortcut(body)
        try:
            note = _note_of(door, chosen)
        except DatabaseUnreachable:
            raise
        except FusenError as error:
            told = door.desk.messages.sentence(error.sentence(door.words_for(chosen.asker)))
            _whisper(respond, told, chosen.message.thread_ts)
            return
        _open_modal(door, Click(chosen.asker, note.id, chosen.trigger_id), note, respond, build)

    @app.message_shortcut(modals.TAG_SHORTCUT)
    def tag(ack: Ack, body: dict[str, Any], respond: Respond) -> None:
        ack()
        open_for(body, respond, _tag_modal)

    @app.message_shortcut(modals.COMMENT_SHORTCUT)
    def comment(ack: Ack, body: dict[str, Any], respond: Respond) -> None:
        ack()
        open_for(body, respond, _comment_modal)


def _note_of(door: Door, chosen: Shortcut) -> Note:
    """The note that a message is about. A card tells its own, though its thread may be about another."""
    notebook = door.desk.notebook
    shown = notebook.note(chosen.note_id, chosen.asker.audience) if chosen.note_id else None
    # The shortcut works in threads, where the slash command does not.
    example = f"@{door.desk.bot_user} show 2310.13671"
    return shown or notebook.find_by_message(chosen.asker, chosen.message, example)


ModalBuilder = Callable[[Door, Click, Note, str], dict[str, Any]]


def _open_modal(door: Door, clicked: Click, note: Note, respond: Respond, build: ModalBuilder) -> None:
    language = door.words_for(clicked.asker)
    try:
        door.slack.open_modal(clicked.trigger_id, build(door, clicked, note, language))
    except SlackTrouble as trouble:
        log.warning("a modal did not open: %s", trouble.reason)
        words = door.desk.messages.wording(language)
        _whisper(respond, door.desk.messages.sentence(words("modal_failed", reason=trouble.reason)))


def _tag_modal(door: Door, clicked: Click, note: Note, language: str) -> dict[str, Any]:
    tags, words = door.desk.notebook.tags(clicked.asker.audience), door.desk.messages.wording(language)
    return modals.tag_modal(note, tags, words, modal_memory(clicked))


def _comment_modal(door: Door, clicked: Click, note: Note, language: str) -> dict[str, Any]:
    return modals.comment_modal(note, door.desk.messages.wording(language), modal_memory(clicked))


def _take_second_thoughts(app: App, door: Door) -> None:
    def replace(body: dict[str, Any], respond: Respond, act: tag_echo.Act) -> None:
        thought = second_thought(body)
        try:
            told = act(door.desk.notebook, door.desk.messages, thought)
        except DatabaseUnreachable:
            raise
        except UnknownPaper:
            told = door.gone(thought.asker)
        except FusenError as error:
            told = door.desk.messages.sentence(error.sentence(door.words_for(thought.asker)))
        respond(text=told.text, blocks=list(told.blocks), response_type="ephemeral", replace_original=True)

    @app.action(tag_echo.UNDO)
    def undo(ack: Ack, body: dict[str, Any], respond: Respond) -> None:
        ack()
        replace(body, respond, tag_echo.undo)

    @app.action(tag_echo.ANOTHER)
    def another(ack: Ack, body: dict[str, Any], respond: Respond) -> None:
        ack()
        replace(body, respond, tag_echo.move)


def _take_modals(app: App, door: Door) -> None:
    def answer_modal(ack: Ack, body: dict[str, Any], block: str, act: Callable[[Submitted], object]) -> None:
        sent = submitted(body)
        door.names.learn(sent.asker.workspace, sent.asker.channel, sent.asker.member)
        try:
            act(sent)
        except DatabaseUnreachable:
            raise
        except NothingChosen:
            words = door.desk.messages.wording(door.words_for(sent.asker))
            ack(response_action="errors", errors={block: words("modal_nothing")})
            return
        except FusenError as error:
            ack(response_action="errors", errors={block: error.sentence(door.words_for(sent.asker))})
            return
        ack()

    @app.view(modals.TAG_MODAL)
    def tag(ack: Ack, body: dict[str, Any]) -> None:
        def act(sent: Submitted) -> object:
            named = (*sent.chosen.get(modals.KNOWN_TAGS, ()), sent.typed.get(modals.NEW_TAGS, ""))
            typed_or_chosen = ",".join(name for name in named if name.strip())
            if not typed_or_chosen:
                raise NothingChosen
            return door.desk.notebook.tag(sent.asker, sent.note_id, typed_or_chosen)

        answer_modal(ack, body, modals.NEW_TAGS, act)

    @app.view(modals.COMMENT_MODAL)
    def comment(ack: Ack, body: dict[str, Any]) -> None:
        answer_modal(
            ack,
            body,
            modals.COMMENT,
            lambda sent: door.desk.notebook.comment(sent.asker, sent.note_id, sent.typed.get(modals.COMMENT, "")),
        )


def _tell_of_breakage(door: Door) -> Callable[..., BoltResponse]:
    def tell(error: Exception, body: dict[str, Any], respond: Respond) -> BoltResponse:
        if is_event(body):
            # Not acknowledged: Slack delivers it again.
            log.error("an event could not be stored", exc_info=error)
            return BoltResponse(status=500)
        reference = secrets.token_hex(4)
        log.error("reference %s", reference, exc_info=error)
        # The database may be what broke, so the person's language is not asked for: both are said.
        text = "\n".join(door.desk.messages.wording(one)("broke", reference=reference) for one in LANGUAGES)
        if "command" in body:
            return BoltResponse(status=200, body={"response_type": "ephemeral", "text": text})
        if block := first_input(body):
            return BoltResponse(status=200, body={"response_action": "errors", "errors": {block: text}})
        _try_to_whisper(respond, door.desk.messages.sentence(text), reference)
        return BoltResponse(status=200)

    return tell


def _try_to_whisper(respond: Respond, told: Rendered, reference: str) -> None:
    try:
        _whisper(respond, told)
    except (OSError, ValueError, HTTPException) as error:
        # Slack cannot be reached, or gave no address for an answer. The log has the whole story already.
        log.warning("nobody could be told of reference %s: %s", reference, error)


def _whisper(respond: Respond, told: Rendered, thread_ts: str | None = None) -> None:
    respond(
        text=told.text,
        blocks=list(told.blocks),
        response_type="ephemeral",
        replace_original=False,
        thread_ts=thread_ts,
    )
