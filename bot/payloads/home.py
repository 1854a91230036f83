"""Home in Slack's payloads: that somebody looks at it, and what its controls and the view itself remember."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass

from bot.payloads.fields import Payload, mapping, text, workspace

HIDE_STEPS = "home_hide_steps"
"""The action of the button that waves the first steps away."""

_BLOCK = re.compile(r"in:([A-Z0-9]+):")


@dataclass(frozen=True, slots=True)
class HomeOpened:
    """A member looks at Fusen's Home. `direct` is their conversation with Fusen."""

    workspace: str
    member: str
    direct: str


def home_opened(body: Payload) -> HomeOpened | None:
    """Who looks at Fusen's Home, if the event tells of that; to open the tab of messages is something else.

    https://docs.slack.dev/reference/events/app_home_opened
    """
    event, home = mapping(body.get("event")), workspace(body)
    member = text(event, "user")
    if event.get("type") != "app_home_opened" or event.get("tab") != "home" or not (home and member):
        return None
    return HomeOpened(home, member, text(event, "channel"))


def home_memory(direct: str) -> str:
    """What a Home keeps in its private metadata: the member's conversation with Fusen."""
    return json.dumps({"channel": direct})


def block_in(channel: str, distinct: str) -> str:
    """The id of a Home's block whose controls act in a channel; `distinct` keeps two such blocks apart."""
    return f"in:{channel}:{distinct}"


def channel_of(block_id: str) -> str:
    """The channel that the controls of a Home's block act in; empty for none."""
    found = _BLOCK.match(block_id)
    return found[1] if found else ""
