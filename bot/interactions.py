"""Buttons, menus, shortcuts and modals: each ends in a verb, and its answer stands where it was asked for."""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from slack_bolt import Ack, App, Respond

from bot import breakage, modals
from bot.blocks import Block, Rendered
from bot.breakage import whisper
from bot.door import Door
from bot.home_clicks import attach_home, speaker
from bot.payloads.interactions import (
    NOTES_SHORTCUT,
    PAPER_SHORTCUT,
    VERB,
    click,
    first_input,
    modal_memory,
    second_thought,
    shortcut,
    sought,
    submitted,
)
from bot.slack_trouble import SlackTrouble
from bot.verbs import REGISTRY, Command, Form, NoteGone, Request, asked, by_title, discussing, tag_echo
from bot.verbs.pointed import note_pointed_at
from papers.database_errors import DatabaseUnreachable
from papers.errors import FusenError, UnknownPaper
from papers.pointing import SeveralPapers
from papers.settled import WrongSetting
from papers.unseen import fit

log = logging.getLogger(__name__)


CLOSED = "not_found"
"""How Slack refuses to change a modal that somebody has closed."""

SHOWN_IN_HOME = frozenset({"read", "unread", "reading", "unfollow"})
"""The verbs whose outcome a Home shows by itself."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where an answer stands: beside a message or in its place, or in a modal.

    The modal opens, is stacked on one, or replaces one, as it must where the stack is full. In a Home nothing is
    said of what it will show itself.
    `thread_ts` is the thread that the message stands in; empty at the top of a channel.
    """

    trigger_id: str
    on_message: bool = False
    modal: str = ""
    full: bool = False
    thread_ts: str = ""
    in_place: bool = False
    home: bool = False


def attach_interactions(app: App, door: Door) -> None:
    """Let the app take in clicks, shortcuts and modals."""
    _take_clicks(app, door)
    _take_shortcuts(app, door)
    _take_modals(app, door)
    _take_second_thoughts(app, door)
    _offer_options(app, door)
    attach_home(app, door)


def _take_clicks(app: App, door: Door) -> None:
    @app.action(VERB)
    def take(ack: Ack, body: dict[str, Any], respond: Respond) -> None:
        ack()
        clicked = click(body)
        if chosen := REGISTRY.get(clicked.verb):
            asker = speaker(door, clicked)
            door.channels.told_with_request(asker.workspace, body)
            door.names.learn(asker.workspace, asker.channel, asker.member)
            request = replace(asked(door.desk, asker, clicked.words, note_id=clicked.note_id), pressed=True)
            modal = clicked.view_id if clicked.in_modal else ""
            place = Place(
                clicked.trigger_id,
                on_message=not clicked.view_id,
                modal=modal,
                full=clicked.stack_is_full,
                thread_ts=clicked.thread_ts,
                in_place=clicked.in_place,
                home=clicked.in_home,
            )
            _serve(door, chosen, request, place, respond)
            if clicked.view_id:
                door.homes.touched(asker.workspace, asker.member)


def _take_shortcuts(app: App, door: Door) -> None:
    def take(ack: Ack, body: dict[str, Any], respond: Respond) -> None:
        ack()
        ran = shortcut(body)
        if chosen := REGISTRY.get(ran.verb):
            door.channels.told_with_request(ran.asker.workspace, body)
            door.names.learn(ran.asker.workspace, ran.asker.channel, ran.asker.member)
            request = asked(door.desk, ran.asker, note_id=ran.note_id, message=ran.message, said=ran.said)
            _serve(door, chosen, request, Place(ran.trigger_id, thread_ts=ran.thread_ts), respond)

    app.message_shortcut(PAPER_SHORTCUT)(take)
    app.global_shortcut(NOTES_SHORTCUT)(take)


def _serve(door: Door, chosen: Command, request: Request, place: Place, respond: Respond) -> None:
    form = chosen.form
    if form and form.known and not request.rest:
        request = replace(request, rest=form.known(door.desk, request))
    if form and not request.rest:
        stack = not place.in_place
        _show(door, request, place, respond, lambda: _form(door, chosen, form, request), stack=stack)
    elif place.home and chosen.name in SHOWN_IN_HOME:
        _do_quietly(door, chosen, request, place, respond)
    elif place.on_message:
        told = _answered(door, request, lambda: chosen.run(door.desk, request))
        _say(door, request, place, respond, told)
    else:
        _show(door, request, place, respond, lambda: _told(door, request, _ran(door, chosen, request)))


def _say(door: Door, request: Request, place: Place, respond: Respond, told: Rendered) -> None:
    """Answer beside the message, in its thread, or in its place."""
    if place.thread_ts and not place.in_place:
        try:
            # An address for answers leads to the channel alone, unless everybody is to see them:
            # https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
            door.slack.whisper(request.asker.channel, request.asker.member, told, place.thread_ts)
        except SlackTrouble as trouble:
            log.warning("an answer was not taken in its thread: %s", trouble.reason)
            if trouble.sent:
                return  # it may stand there
        else:
            return
    whisper(respond, told, in_place=place.in_place)


def _do_quietly(door: Door, chosen: Command, request: Request, place: Place, respond: Respond) -> None:
    """Do what the Home will show anyway; only what goes wrong is said."""
    try:
        chosen.run(door.desk, request)
    except Exception as error:  # noqa: BLE001 - said, and logged where it is unexpected
        view = _told(door, request, _trouble(door, request, error))
        _show(door, request, place, respond, lambda: view)


def _form(door: Door, chosen: Command, form: Form, request: Request) -> Block:
    try:
        note = note_pointed_at(door.desk, request, chosen.name) if chosen.of_note else None
    except SeveralPapers as several:
        return _told(door, request, by_title.which(door.desk, chosen, request, several.notes))
    request = replace(request, kept=form.kept(door.desk, request)) if form.kept else request
    blocks = form.fields(door.desk, request, note)
    memory = modal_memory(request.asker, note.id if note else 0, request.message, request.kept)
    words = door.desk.messages.wording(request.language)
    return modals.asking_for(chosen.name, form.submit, words, note, blocks, memory)


def _ran(door: Door, chosen: Command, request: Request) -> Rendered:
    """The verb's answer, or the question which of several papers is meant."""
    try:
        return chosen.run(door.desk, request)
    except SeveralPapers as several:
        return by_title.which(door.desk, chosen, request, several.notes)


def _told(door: Door, request: Request, told: Rendered) -> Block:
    memory = modal_memory(request.asker, request.note_id)
    return modals.telling(door.desk.messages.wording(request.language), told, memory)


def _answered(door: Door, request: Request, run: Callable[[], Rendered]) -> Rendered:
    """The verb's answer; an expected error's sentence is one too."""
    try:
        return run()
    except DatabaseUnreachable:
        raise  # its sentence is for whoever runs Fusen
    except FusenError as error:
        return door.desk.messages.sentence(door.desk.refusal(error, request.asker, request.message))


def _show(
    door: Door, request: Request, place: Place, respond: Respond, build: Callable[[], Block], stack: bool = False
) -> None:
    """Open a modal at once, or stack one on the modal it is asked in, and fill it when its content is there.

    What goes wrong is said in it.
    """
    modal = _window(door, request, place, respond, stack)
    if not modal:
        return
    try:
        view = build()
    except Exception as error:  # noqa: BLE001 - logged; and the modal must not say for ever that it is loading
        view = _told(door, request, _trouble(door, request, error))
    try:
        door.slack.update_modal(modal, view)
    except SlackTrouble as trouble:
        log.warning("a modal was not filled: %s", trouble.reason)
        if trouble.reason != CLOSED:
            _say_not_filled(door, request, modal, trouble)


def _window(door: Door, request: Request, place: Place, respond: Respond, stack: bool) -> str:
    """The id of the modal to fill; empty if none opens, which is said where that can be."""
    if place.modal and (place.full or not stack):
        return place.modal
    words = door.desk.messages.wording(request.language)
    try:
        return door.slack.open_modal(place.trigger_id, modals.loading(words), stacked=bool(place.modal))
    except SlackTrouble as trouble:
        log.warning("a modal did not open: %s", trouble.reason)
        if not place.modal and respond.response_url:
            told = door.desk.messages.sentence(words("modal_failed", reason=trouble.reason))
            _say(door, request, replace(place, in_place=False), respond, told)
        return place.modal


def _say_not_filled(door: Door, request: Request, modal: str, trouble: SlackTrouble) -> None:
    words = door.desk.messages.wording(request.language)
    told = door.desk.messages.sentence(words("modal_not_filled", reason=trouble.reason))
    with suppress(SlackTrouble):
        door.slack.update_modal(modal, _told(door, request, told))


def _trouble(door: Door, request: Request, error: Exception) -> Rendered:
    if isinstance(error, FusenError) and not isinstance(error, DatabaseUnreachable):
        return door.desk.messages.sentence(door.desk.refusal(error, request.asker, request.message))
    return breakage.noted(door, error)


def _take_modals(app: App, door: Door) -> None:
    @app.view(VERB)
    def take(ack: Ack, body: dict[str, Any]) -> None:
        sent = submitted(body)
        chosen = REGISTRY.get(sent.verb)
        if chosen is None or chosen.form is None:
            ack()
            return
        try:
            words = chosen.form.words(sent)
            door.names.learn(sent.asker.workspace, sent.asker.channel, sent.asker.member, words)
            request = asked(door.desk, sent.asker, words, note_id=sent.note_id, message=sent.message)
            told = chosen.run(door.desk, request)
        except DatabaseUnreachable:
            raise  # its sentence is for whoever runs Fusen
        except FusenError as error:
            sentence = door.desk.refusal(error, sent.asker, sent.message)
            field = chosen.form.typed_in or first_input(body)
            field = error.setting if isinstance(error, WrongSetting) else field
            ack(response_action="errors", errors={field: fit(sentence)})
            return
        door.homes.touched(sent.asker.workspace, sent.asker.member)
        if chosen.form.shows or told.asks:
            ack(response_action="update", view=_told(door, request, told))
        else:
            ack()


def _take_second_thoughts(app: App, door: Door) -> None:
    def answer(body: dict[str, Any], respond: Respond, act: tag_echo.Act) -> None:
        thought = second_thought(body)
        try:
            told = act(door.desk, thought)
        except DatabaseUnreachable:
            raise
        except UnknownPaper:
            told = door.desk.messages.sentence(door.desk.refusal(NoteGone(), thought.asker))
        except FusenError as error:
            told = door.desk.messages.sentence(door.desk.refusal(error, thought.asker))
        clicked = click(body)
        if clicked.in_modal:
            request, place = asked(door.desk, clicked.asker), Place(clicked.trigger_id, modal=clicked.view_id)
            _show(door, request, place, respond, lambda: _told(door, request, told))
            return
        whisper(respond, told, in_place=True)

    def take(action: str, act: tag_echo.Act) -> None:
        @app.action(action)
        def clicked(ack: Ack, body: dict[str, Any], respond: Respond) -> None:
            ack()
            answer(body, respond, act)

    take(tag_echo.UNDO, tag_echo.undo)
    take(tag_echo.ANOTHER, tag_echo.move)
    take(discussing.UNDO, discussing.undo)
    take(discussing.ANOTHER, discussing.move)


def _offer_options(app: App, door: Door) -> None:
    """Answer what is typed into a choice among tags. Slack shows a list that comes late as an empty one."""

    @app.options(modals.TAG_CHOICE)
    def offer(ack: Ack, body: dict[str, Any]) -> None:
        wanted = sought(body)
        found = door.desk.tagging.suggest(wanted.asker.audience, wanted.typed, modals.OPTIONS)
        ack(options=modals.tag_options(found))
