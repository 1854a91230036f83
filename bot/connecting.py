"""How a starting Fusen meets Slack: who it is there, and the Bolt app that hears what Slack says."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any, TypeVar

from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.logger import get_bolt_logger
from slack_bolt.logger.messages import warning_client_prioritized_and_token_skipped

from bot.payloads.events import is_event
from bot.payloads.fields import Payload
from bot.payloads.shape import is_readable
from bot.settings import Settings
from bot.slack import Identity
from bot.slack_trouble import NO_USE, SlackTrouble
from bot.slack_wire import client_of
from papers.errors import FusenError

T = TypeVar("T")

log = logging.getLogger(__name__)

RECONNECT_SECONDS = 5
"""How long to wait before Slack is tried again at the start."""


class SlackRefused(FusenError):
    """Slack does not accept the tokens."""

    en = "Slack does not accept the tokens ({reason}). Check SLACK_BOT_TOKEN and SLACK_APP_TOKEN in .env."
    ja = "Slack がトークンを受け付けません ({reason})。.env のトークンを確認してください。"


def insist(ask: Callable[[], T], stopped: threading.Event) -> T:
    """What Slack answers, asked until it does. Raises SlackRefused; KeyboardInterrupt once `stopped` is set."""
    while True:
        try:
            return ask()
        except SlackTrouble as trouble:
            if trouble.reason in NO_USE:
                raise SlackRefused(reason=trouble.reason) from trouble
            log.warning("Slack cannot be reached yet: %s", trouble.reason)
            if stopped.wait(RECONNECT_SECONDS):
                raise KeyboardInterrupt from trouble


class Hearing(App):
    """Bolt's app, which is given only what has the shape that it takes for granted, and no events.

    An event wants no answer but that it is kept; Bolt would acknowledge it before a listener runs.

    `hurried` is entered for what somebody waits for: Slack takes an answer for three seconds. An event is better
    late than told again after a minute.
    """

    def __init__(self, hurried: Callable[[], AbstractContextManager[None]], **options: Any) -> None:
        super().__init__(**options)
        self._hurried = hurried
        self._keep: Callable[[Payload], int] = lambda _: 503

    def keep_events(self, keep: Callable[[Payload], int]) -> None:
        """Let `keep` store what happened; it returns the status that Slack is answered with."""
        self._keep = keep

    def hear(self, body: object) -> int | None:
        """The status of the answer, where Bolt has no part in it: to an event, or to what cannot be read."""
        if not is_readable(body):
            log.warning("a request of Slack has no shape that is known")
            return 400
        return self._keep(body) if is_event(body) else None

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        """Answer a request."""
        if (status := self.hear(req.body)) is not None:
            return BoltResponse(status=status)
        with self._hurried():
            return super().dispatch(req)


def _is_news(record: logging.LogRecord) -> bool:
    """Whether it is not what Bolt says of a SLACK_BOT_TOKEN that it finds in the environment by itself."""
    return record.msg != warning_client_prioritized_and_token_skipped()


def bolt(settings: Settings, identity: Identity, hurried: Callable[[], AbstractContextManager[None]]) -> Hearing:
    """The app that Slack's payloads are given to; `hurried` is entered for what somebody waits for."""

    def authorize() -> AuthorizeResult:
        # Who we are is known. Bolt would ask Slack at the first event, and take the event for done if refused.
        return AuthorizeResult(
            enterprise_id=None,
            team_id=identity.workspace,
            bot_user_id=identity.user,
            bot_token=settings.slack_bot_token,
        )

    get_bolt_logger(App).addFilter(_is_news)
    # With `process_before_response` Bolt answers when the listener is done, instead of polling for its
    # acknowledgement every 10 ms.
    return Hearing(
        hurried,
        client=client_of(settings.slack_api_url),
        authorize=authorize,
        # What comes over HTTP is proved to be Slack's in front of it, by `bot.signed`.
        request_verification_enabled=False,
        process_before_response=True,
        raise_error_for_unhandled_request=False,
    )
