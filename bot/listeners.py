"""Slack in: everything that Slack sends, stored or answered within its three seconds.

Events are only stored here, before Slack is answered. Commands, clicks and modals are use cases in the database
and answered at once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from typing import Any

from slack_bolt import Ack, BoltResponse

from bot import breakage
from bot.connecting import Hearing
from bot.door import Door
from bot.interactions import attach_interactions
from bot.payloads.events import Happening, channel_event, happening, inbox_event, kind_of
from bot.payloads.fields import Payload
from bot.payloads.home import home_opened
from bot.payloads.interactions import request_kind, typed
from bot.payloads.shape import workspace_told
from bot.tracing import of_event, tracing
from bot.verbs import answer
from papers.database_errors import DatabaseUnreachable
from papers.errors import FusenError
from papers.nudges import Job
from papers.work import Event

log = logging.getLogger(__name__)


def attach(app: Hearing, door: Door) -> None:
    """Let the app take in events, the slash command, clicks, shortcuts and modals."""
    app.keep_events(partial(_take_event, door))
    _pass_over_others(app, door)
    _take_commands(app, door)
    attach_interactions(app, door)
    app.error(breakage.teller(door))


def _take_event(door: Door, body: Payload) -> int:
    """Store an event; the status that says so to Slack, which delivers again what could not be stored."""
    try:
        _keep_event(door, body)
    except Exception as error:  # noqa: BLE001 # whatever it is, Slack must hear that it is not stored
        breakage.not_kept(door, error)
        return 500
    return 200


def _keep_event(door: Door, body: Payload) -> None:
    if _is_of_others(door, body, "event"):
        return
    if opened := home_opened(body):
        # Nothing of the event is needed later but the wish itself, which is stored by that.
        door.homes.opened(opened.workspace, opened.member, opened.direct)
        door.count("home", "stored")
        return
    if door.channels.is_news(body):
        # By itself, for the event may be passed over, or have come before as one that does not say this.
        _store(door, channel_event(body), None)
    happened = happening(body)
    if happened is not None and door.handling.concerns(happened):
        _store(door, inbox_event(body, happened), happened)
    else:
        door.count(kind_of(happened), "passed_over")


def _store(door: Door, event: Event, happened: Happening | None) -> None:
    outcome = "stored" if door.intake.put(event) else "repeated"
    with tracing(of_event(event)):
        log.info("event %s (%s): %s", event.event_id, kind_of(happened), outcome)
    door.desk.nudge(Job.HANDLE_EVENTS)
    door.count(kind_of(happened), outcome)


def _is_of_others(door: Door, body: Payload, kind: str) -> bool:
    if workspace_told(body) == door.workspace:
        return False
    # Of that workspace there is nothing here, not even the workspace.
    log.warning("a request of another workspace was passed over")
    door.count(kind, "foreign")
    return True


def _pass_over_others(app: Hearing, door: Door) -> None:
    @app.middleware
    def look(body: Payload, next: Callable[[], Any]) -> BoltResponse | None:
        if body.get("type") == "app_rate_limited":
            log.warning("Slack holds events back: the workspace sends more than it may")
            return BoltResponse(status=200)
        kind = request_kind(body)
        if _is_of_others(door, body, kind):
            return BoltResponse(status=404)
        door.count(kind, "taken")
        next()
        return None


def _take_commands(app: Hearing, door: Door) -> None:
    @app.command(door.desk.command)
    def take(ack: Ack, body: dict[str, Any]) -> None:
        said = typed(body)
        door.channels.told_with_request(said.asker.workspace, body)
        door.names.learn(said.asker.workspace, said.asker.channel, said.asker.member, said.text)
        try:
            told = answer(door.desk, said.asker, said.text)
        except DatabaseUnreachable:
            raise  # its sentence is for whoever runs Fusen
        except FusenError as error:
            told = door.desk.messages.sentence(door.desk.refusal(error, said.asker))
        ack(text=told.text, blocks=list(told.blocks), response_type="ephemeral")
