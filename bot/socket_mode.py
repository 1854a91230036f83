"""Socket Mode: how Slack's events reach Fusen without a public address."""

from __future__ import annotations

import json
import logging
import socket
import threading
import time
from contextlib import suppress
from typing import Any

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk.socket_mode.response import SocketModeResponse

from bot.slack_trouble import FAILURES, NO_USE, trouble_of
from bot.slack_wire import client_of, proxy_of

log = logging.getLogger(__name__)

PING_SECONDS = 2
"""How often the socket to Slack is tried; Slack's client needs several pings to notice a dead one."""

CLOSE_SECONDS = 2.0
"""How long closing is waited for; Slack delivers again what was not acknowledged."""

LOOK_SECONDS = 0.05

TOLD_EVERY = 60.0
"""Seconds after which the log tells again that Slack is not heard; Slack's client tries every few seconds."""

_SAID_BY_US = (
    "Failed to check the state of sock",
    "Failed to establish a connection",
    "Failed to retrieve WSS URL",
    "on_error invoked",
)
"""How Slack's client begins to say the same at each try; the reason, which it cites, is cut from the log."""

_OPENING = "apps.connections.open"


def _is_news(record: logging.LogRecord) -> bool:
    return not record.getMessage().startswith(_SAID_BY_US)


class SocketMode:
    """The connection to Slack for an app. Connected, once it can be, and closed."""

    def __init__(self, app: App, app_token: str, api_url: str) -> None:
        web_client = client_of(api_url, app_token)
        self._app = app
        # A connection that was cut without a word is noticed after a few pings.
        self._handler = SocketModeHandler(app, app_token, web_client=web_client, ping_interval=PING_SECONDS)
        app.logger.addFilter(_is_news)
        client = self._handler.client
        client.proxy = proxy_of(api_url)
        self._open_again, self._open = client.connect_to_new_endpoint, client.connect
        client.connect = self._open_well  # type: ignore[method-assign]
        client.connect_to_new_endpoint = self._connect_again  # type: ignore[method-assign]
        client.send_socket_mode_response = self._answer  # type: ignore[method-assign]
        self._told_at: float | None = None

    def connect(self) -> None:
        """Take in what Slack sends from now on. Raises SlackTrouble; then it may be tried again."""
        self._handler.client.wss_uri = None  # each address serves once
        try:
            self._handler.connect()  # type: ignore[no-untyped-call] # Bolt gives no types here
        except FAILURES as error:
            raise trouble_of(error, _OPENING) from error

    def _open_well(self) -> None:
        """Open a socket, and make sure that the receiver hears it, and that its silence is noticed.

        Slack's client gives its receiver first the new socket, then the word by which to end it. A receiver that
        looks in between begins with the old word, which nobody says any more: with the socket after this one it
        would be deaf for ever. And it takes a socket for dead by the time since the last answer to its pings: one
        that never answered would be waited on for ever.
        """
        client = self._handler.client
        word = client.current_session_state
        self._open()
        word.terminated = True
        session = client.current_session
        if session is not None and session.last_ping_pong_time is None:
            session.last_ping_pong_time = time.time()

    def _answer(self, response: dict[str, Any] | SocketModeResponse) -> None:
        """Send what a request is answered with. Slack's client frames 65,535 bytes at most.

        As long as a message may be it has fewer in UTF-8, and up to thrice as many with Japanese escaped.
        """
        facts = response if isinstance(response, dict) else response.to_dict()
        words = json.dumps(facts, ensure_ascii=False)
        # Half of a surrogate pair, which JSON can tell of and UTF-8 cannot, becomes a question mark.
        self._handler.client.send_message(words.encode(errors="replace").decode())

    def is_connected(self) -> bool:
        """Whether Slack can be heard."""
        return self._handler.client.is_connected()

    def _connect_again(self, force: bool = False) -> None:
        """What Slack's client does when the socket was cut, and again until it has another."""
        reason = "no socket could be opened"
        try:
            self._open_again(force)
        except FAILURES as error:
            reason = trouble_of(error, _OPENING).reason
        if not self.is_connected():
            self._tell(reason)
        elif self._told_at is not None:
            self._told_at = None
            log.warning("Slack is heard again")

    def _tell(self, reason: str) -> None:
        now = time.monotonic()
        if self._told_at is not None and now - self._told_at < TOLD_EVERY:
            return
        self._told_at = now
        if reason in NO_USE:
            log.error("Slack is not heard: it does not accept SLACK_APP_TOKEN (%s)", reason)
        else:
            log.warning("Slack is not heard: %s", reason)

    def close(self) -> None:
        """Take in nothing more; return when all is closed, or after `CLOSE_SECONDS`."""
        # What is being acknowledged while the socket closes complains.
        self._app.logger.setLevel(logging.CRITICAL)
        client = self._handler.client
        client.closed = True
        client.auto_reconnect_enabled = False
        closing = threading.Thread(target=self._close, name="closing", daemon=True)
        closing.start()
        end = time.monotonic() + CLOSE_SECONDS
        while closing.is_alive() and time.monotonic() < end:
            # Slack's client waits for its receiver, which sleeps at the socket and, when it has only just begun,
            # takes back the word that it is to end: so it is told again, and woken.
            client.current_session_state.terminated = True
            self._wake()
            closing.join(LOOK_SECONDS)

    def _close(self) -> None:
        with suppress(AttributeError, OSError):  # the client stumbles over a socket that was cut before
            self._handler.close()  # type: ignore[no-untyped-call] # nor here

    def _wake(self) -> None:
        client = self._handler.client
        client.message_queue.put(None)  # wakes who waits for a message, and is none
        session = client.current_session
        if session is not None and session.sock is not None:
            with suppress(AttributeError, OSError):  # closed meanwhile
                # The plain method: that of a TLS socket would drop its state under the reader.
                socket.socket.shutdown(session.sock, socket.SHUT_RDWR)
