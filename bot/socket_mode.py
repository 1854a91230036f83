"""Socket Mode: how Slack's events reach Fusen without a public address."""

from __future__ import annotations

import logging
import socket
import threading
import time
from contextlib import suppress

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

from bot.slack_trouble import FAILURES, trouble_of

PING_SECONDS = 2
"""How often the socket to Slack is tried; Slack's client needs several pings to notice a dead one."""

CLOSE_SECONDS = 2.0
"""How long closing is waited for; Slack delivers again what was not acknowledged."""

LOOK_SECONDS = 0.05


class SocketMode:
    """The connection to Slack for an app. Connected, once it can be, and closed."""

    def __init__(self, app: App, app_token: str, api_url: str) -> None:
        client = WebClient(app_token, base_url=api_url)
        self._app = app
        # A connection that was cut without a word is noticed after a few pings.
        self._handler = SocketModeHandler(app, app_token, web_client=client, ping_interval=PING_SECONDS)

    def connect(self) -> None:
        """Take in what Slack sends from now on. Raises SlackTrouble; then it may be tried again."""
        self._handler.client.wss_uri = None  # each address serves once
        try:
            self._handler.connect()  # type: ignore[no-untyped-call] # Bolt gives no types here
        except FAILURES as error:
            raise trouble_of(error, "apps.connections.open") from error

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
