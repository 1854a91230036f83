"""What a way to the app must be able to do, and how it says that a delivery failed."""

from typing import Protocol

from playground.records import Json


class NotDelivered(Exception):
    """The app did not acknowledge. `reason` is one of Slack's retry reasons."""

    def __init__(self, reason: str, *, no_retry: bool = False) -> None:
        super().__init__(reason)
        self.reason = reason
        self.no_retry = no_retry


class Route(Protocol):
    """A way to the app: Socket Mode or signed HTTP."""

    async def ready(self) -> None:
        """Return when something can be sent."""

    async def send(self, kind: str, payload: Json, attempt: int, reason: str, timeout: float) -> Json:
        """Send one payload and return the app's answer; raise NotDelivered otherwise.

        `kind` is events_api, slash_commands or interactive; `attempt` counts from 0; `timeout` is in seconds.
        """
