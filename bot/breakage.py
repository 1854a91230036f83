"""When something breaks that nobody foresaw: the person gets a reference, the log the whole story."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Callable
from http.client import HTTPException
from typing import Any

from slack_bolt import BoltResponse, Respond

from bot.blocks import Rendered
from bot.door import Door
from bot.payloads.events import is_event
from bot.payloads.interactions import first_input
from papers.wording import LANGUAGES

log = logging.getLogger(__name__)


def noted(door: Door, error: Exception) -> Rendered:
    """Log an unexpected error under a new reference. Returns the words that tell of it."""
    return door.desk.messages.sentence(_noted(door, error)[0])


def teller(door: Door) -> Callable[..., BoltResponse]:
    """What answers Slack when a listener raises."""

    def tell(error: Exception, body: dict[str, Any], respond: Respond) -> BoltResponse:
        if is_event(body):
            # Not acknowledged: Slack delivers it again.
            log.error("an event could not be stored", exc_info=error)
            door.count("event", "not_stored")
            return BoltResponse(status=500)
        text, reference = _noted(door, error)
        if "command" in body:
            return BoltResponse(status=200, body={"response_type": "ephemeral", "text": text})
        if block := first_input(body):
            return BoltResponse(status=200, body={"response_action": "errors", "errors": {block: text}})
        _try_to_whisper(respond, door.desk.messages.sentence(text), reference)
        return BoltResponse(status=200)

    return tell


def whisper(respond: Respond, told: Rendered, thread_ts: str | None = None, in_place: bool = False) -> None:
    """Answer a click for the eyes of who clicked; `in_place` of the message that was clicked in."""
    if not respond.response_url:
        log.warning("a click came without an address for its answer")
        return
    respond(
        text=told.text,
        blocks=list(told.blocks),
        response_type="ephemeral",
        replace_original=in_place,
        thread_ts=thread_ts,
    )


def _noted(door: Door, error: Exception) -> tuple[str, str]:
    reference = secrets.token_hex(4)
    log.error("reference %s", reference, exc_info=error)
    door.count("request", "broken")
    # The database may be what broke, so the person's language is not asked for: both are said.
    words = (door.desk.messages.wording(one)("broke", reference=reference) for one in LANGUAGES)
    return "\n".join(words), reference


def _try_to_whisper(respond: Respond, told: Rendered, reference: str) -> None:
    try:
        whisper(respond, told)
    except (OSError, ValueError, HTTPException) as error:
        # Slack cannot be reached, or gave no address for an answer. The log has the whole story already.
        log.warning("nobody could be told of reference %s: %s", reference, type(error).__name__)
