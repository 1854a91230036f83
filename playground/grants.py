"""What the app gets with a command or a click and may use for a while: trigger ids and response URLs.

Source: docs.slack.dev/interactivity/handling-user-interaction: a trigger lives 3 s and works once; a
response URL works 5 times within 30 minutes.
"""

import secrets
import time
from dataclasses import dataclass

from playground.records import Json, SlackError

TRIGGER_SECONDS = 3.0
RESPONSE_SECONDS = 1800.0
RESPONSE_USES = 5
MAX_KEPT = 5000


@dataclass
class Trigger:
    """Who did something, when, and in which view (when it was in a view)."""

    user_id: str
    made: float
    view_id: str
    used: bool = False


@dataclass
class ResponseAddress:
    """Where answers to one response URL go."""

    user_id: str
    channel_id: str
    message: Json | None
    is_ephemeral: bool
    made: float
    uses: int = 0


class Grants:
    """All grants that were given out; the oldest are forgotten beyond a bound."""

    def __init__(self, trigger_seconds: float = TRIGGER_SECONDS) -> None:
        self._trigger_seconds = trigger_seconds
        self._triggers: dict[str, Trigger] = {}
        self._addresses: dict[str, ResponseAddress] = {}

    def new_trigger(self, user_id: str, view_id: str = "") -> str:
        """Return a trigger id for something that a person just did."""
        _bound(self._triggers)
        name = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self._triggers[name] = Trigger(user_id, time.monotonic(), view_id)
        return name

    def exchange(self, trigger_id: str) -> Trigger:
        """Use a trigger id up; refuse an unknown, late or used one."""
        trigger = self._triggers.get(trigger_id)
        if trigger is None:
            raise SlackError("invalid_trigger_id")
        if trigger.used:
            raise SlackError("exchanged_trigger_id")
        if time.monotonic() - trigger.made > self._trigger_seconds:
            raise SlackError("expired_trigger_id")
        trigger.used = True
        return trigger

    def new_address(self, user_id: str, channel_id: str, message: Json | None, *, is_ephemeral: bool) -> str:
        """Return the secret part of a response URL."""
        _bound(self._addresses)
        name = secrets.token_urlsafe(24)
        self._addresses[name] = ResponseAddress(user_id, channel_id, message, is_ephemeral, time.monotonic())
        return name

    def use_address(self, name: str) -> ResponseAddress:
        """Return where an answer goes and count the use."""
        address = self._addresses.get(name)
        if address is None or time.monotonic() - address.made > RESPONSE_SECONDS:
            raise SlackError("expired_url")
        if address.uses >= RESPONSE_USES:
            raise SlackError("used_url")
        address.uses += 1
        return address


def _bound(kept: dict[str, Trigger] | dict[str, ResponseAddress]) -> None:
    while len(kept) >= MAX_KEPT:
        del kept[next(iter(kept))]
