"""The shape that Bolt takes for granted in what Slack sends, looked at before Bolt does."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeGuard

from bot.payloads import fields
from bot.payloads.fields import Payload, mapping
from bot.payloads.interactions import REQUESTS

_TEXTS = ("type", "action_id", "callback_id", "command")


def is_readable(body: object) -> TypeGuard[Payload]:
    """Whether Bolt can find out what a request is about: if not, it is none of Slack's."""
    if not isinstance(body, Mapping):
        return False
    view = body.get("view", {})
    if view is None and not str(body.get("type")).startswith("view_"):
        view = {}
    parts = (body, body.get("event", {}), view, *_first_action(body))
    return all(isinstance(part, Mapping) and _has_texts(part) for part in parts)


def workspace_told(body: Payload) -> str:
    """The workspace that a request says it comes from; empty if it says none."""
    told = fields.team(body) if body.get("type") in REQUESTS else ""
    return told or fields.workspace(body)


def _first_action(body: Mapping[str, Any]) -> tuple[object, ...]:
    if body.get("type") != "block_actions" or "actions" not in body:
        return ()
    first = fields.first(body["actions"])
    return (first if "action_id" in mapping(first) else None,)


def _has_texts(part: Mapping[str, Any]) -> bool:
    return all(isinstance(part.get(name, ""), str) for name in _TEXTS)
