"""Slack in: everything that Slack sends, stored or answered within its three seconds.

Events are only stored here, in a global middleware, because Bolt acknowledges an event before a listener
runs. Commands, clicks and modals are use cases in the database and answered at once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App, BoltRequest, BoltResponse

from bot import breakage
from bot.door import Door
from bot.interactions import attach_interactions
from bot.payloads.events import happening, inbox_event, is_event, kind_of
from bot.payloads.fields import Payload
from bot.payloads.home import home_opened
from bot.payloads.interactions import request_kind, typed
from bot.payloads.shape import workspace_told
from bot.tracing import of_event, tracing
from bot.verbs import answer
from papers.errors import DatabaseUnreachable, FusenError
from papers.nudges import Job

log = logging.getLogger(__name__)


def attach(app: App, door: Door) -> None:
    """Let the app take in events, the slash command, clicks, shortcuts and modals."""
    _store_events(app, door)
    _take_commands(app, door)
    attach_interactions(app, door)
    app.error(breakage.teller(door))


def _store_events(app: App, door: Door) -> None:
    @app.middleware
    def store(body: Payload, req: BoltRequest, next: Callable[[], Any]) -> BoltResponse | None:
        if req.body.get("type") == "app_rate_limited":
            log.warning("Slack holds events back: the workspace sends more than it may")
            return BoltResponse(status=200)
        if workspace_told(body) != door.workspace:
            # Of that workspace there is nothing here, not even the workspace.
            log.warning("a request of another workspace was passed over")
            door.count("event" if is_event(body) else request_kind(body), "foreign")
            return BoltResponse(status=200 if is_event(body) else 404)
        if not is_event(body):
            door.count(request_kind(body), "taken")
            next()
            return None
        if opened := home_opened(body):
            # Nothing of the event is needed later but the wish itself, which is stored by that.
            door.homes.opened(opened.workspace, opened.member, opened.direct)
            door.count("home", "stored")
            return BoltResponse(status=200)
        happened = happening(body)
        outcome = "passed_over"
        if happened is not None and door.handling.concerns(happened):
            event = inbox_event(body, happened)
            outcome = "stored" if door.intake.put(event) else "repeated"
            with tracing(of_event(event)):
                log.info("event %s (%s): %s", event.event_id, kind_of(happened), outcome)
            door.desk.nudge(Job.HANDLE_EVENTS)
        door.count(kind_of(happened), outcome)
        return BoltResponse(status=200)


def _take_commands(app: App, door: Door) -> None:
    @app.command(door.desk.command)
    def take(ack: Ack, body: dict[str, Any]) -> None:
        said = typed(body)
        door.names.learn(said.asker.workspace, said.asker.channel, said.asker.member)
        door.names.learn_named(said.asker.workspace, said.text)
        try:
            told = answer(door.desk, said.asker, said.text)
        except DatabaseUnreachable:
            raise  # its sentence is for whoever runs Fusen
        except FusenError as error:
            told = door.desk.messages.sentence(error.sentence(door.words_for(said.asker)))
        ack(text=told.text, blocks=list(told.blocks), response_type="ephemeral")
