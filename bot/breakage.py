"""When something breaks: the person is told in words, of what nobody foresaw with a reference to the log."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from http.client import HTTPException
from typing import Any

from slack_bolt import BoltResponse, Respond

from bot.blocks import Rendered
from bot.door import Door
from bot.payloads.interactions import first_input
from bot.slack_wire import answer_to
from papers.database_errors import DatabaseUnreachable
from papers.wording import LANGUAGES

log = logging.getLogger(__name__)


def noted(door: Door, error: Exception) -> Rendered:
    """Log an error: an unexpected one under a new reference. Returns the words that tell of it."""
    return door.desk.messages.sentence(_noted(door, error))


def not_kept(door: Door, error: Exception) -> None:
    """Log that an event could not be stored, and count it."""
    if isinstance(error, DatabaseUnreachable):
        log.warning("an event could not be stored: %s", error)
    else:
        log.error("an event could not be stored", exc_info=error)
    door.count("event", "not_stored")


def teller(door: Door) -> Callable[..., BoltResponse]:
    """What answers Slack when a listener raises."""

    def tell(error: Exception, body: dict[str, Any], respond: Respond) -> BoltResponse:
        text = _noted(door, error)
        if "command" in body:
            return BoltResponse(status=200, body={"response_type": "ephemeral", "text": text})
        if block := first_input(body):
            return BoltResponse(status=200, body={"response_action": "errors", "errors": {block: text}})
        _try_to_whisper(respond, door.desk.messages.sentence(text))
        return BoltResponse(status=200)

    return tell


def whisper(respond: Respond, told: Rendered, in_place: bool = False) -> None:
    """Answer a click for the eyes of who clicked; `in_place` of the message that was clicked in."""
    if not respond.response_url:
        log.warning("a click came without an address for its answer")
        return
    answered = answer_to(respond.response_url).send(
        text=told.text,
        blocks=list(told.blocks),
        response_type="ephemeral",
        replace_original=in_place,
    )
    if answered.status_code != 200:
        log.warning("the answer to a click was not taken: HTTP %s", answered.status_code)


def _noted(door: Door, error: Exception) -> str:
    door.count("request", "broken")
    # The database may be what broke, so the person's language is not asked for: both are said.
    wording = door.desk.messages.wording
    if isinstance(error, DatabaseUnreachable):
        # Its own sentence is for whoever runs Fusen.
        log.warning("a request could not be served: %s", error)
        return "\n".join(wording(one)("away") for one in LANGUAGES)
    reference = secrets.token_hex(4)
    log.error("reference %s", reference, exc_info=error)
    return "\n".join(wording(one)("broke", reference=reference) for one in LANGUAGES)


def _try_to_whisper(respond: Respond, told: Rendered) -> None:
    try:
        whisper(respond, told)
    except (OSError, ValueError, HTTPException) as error:
        # Slack cannot be reached, or gave no address for an answer. The log has the whole story already.
        log.warning("nobody could be told that a request failed: %s", type(error).__name__)
