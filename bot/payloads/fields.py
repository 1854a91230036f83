"""Reading single fields of what Slack sends: whatever is missing or of the wrong kind reads as empty."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

Payload = Mapping[str, Any]


def workspace(body: Payload) -> str:
    """The workspace that the app is installed in; with Slack Connect the event may come from another."""
    return text(mapping(first(body.get("authorizations"))), "team_id") or text(body, "team_id")


def team(body: Payload) -> str:
    """The workspace of a click, shortcut or modal; of a modal that somebody of another one opened, ours.

    https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload
    """
    installed = text(mapping(body.get("view")), "app_installed_team_id")
    return installed or text(mapping(body.get("team")), "id") or text(mapping(body.get("user")), "team_id")


def memory_of(remembered: str) -> Payload:
    """What was remembered as JSON in a payload of ours; nothing, if it is not of our making."""
    try:
        return mapping(json.loads(remembered))
    except (ValueError, RecursionError):
        return {}


def chosen(options: object) -> tuple[str, ...]:
    """The values of the options that were chosen."""
    values = (text(mapping(option), "value") for option in (options if isinstance(options, list) else ()))
    return tuple(value for value in values if value)


def texts(values: object) -> tuple[str, ...]:
    """The texts of a list; nothing for anything else."""
    return tuple(
        storable(value) for value in (values if isinstance(values, list) else ()) if isinstance(value, str)
    )


def mapping(value: object) -> Payload:
    """The value, if it is a mapping; else an empty one."""
    return value if isinstance(value, Mapping) else {}


def first(value: object) -> object:
    """The first of a list, or None."""
    return value[0] if isinstance(value, list) and value else None


def text(payload: Payload, key: str) -> str:
    """The text under a key, fit to be stored; else an empty one."""
    value = payload.get(key)
    return storable(value) if isinstance(value, str) else ""


# A zero and half a surrogate pair are JSON, but PostgreSQL stores neither, and UTF-8 has no half pairs.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def storable(said: str) -> str:
    """The text without what a database refuses."""
    return _UNSTORABLE.sub("\ufffd", said)


def number(value: object) -> int:
    """The id of a row in a text; 0, which is none, for anything else."""
    digits = str(value)
    return int(digits) if digits.isdecimal() and len(digits) <= 18 else 0


def moment(ts: str) -> datetime:
    """The moment of a time stamp; the first of all moments if it is none."""
    try:
        return datetime.fromtimestamp(float(ts), UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.fromtimestamp(0, UTC)
