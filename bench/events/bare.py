"""Bolt with listeners that do nothing, on the web server of Fusen or, given a Slack's address, by socket."""

from __future__ import annotations

import sys

import waitress
from slack_bolt import Ack, App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bench.events.requests import APP_TOKEN, SECRET, TEAM
from bot.socket_mode import PING_SECONDS
from bot.web import THREADS


def main() -> None:
    """Answer until killed."""
    app = App(
        signing_secret=SECRET,
        authorize=lambda: AuthorizeResult(
            enterprise_id=None, team_id=TEAM, bot_user_id="U0000000BOT", bot_token="xoxb-nobody"
        ),
        process_before_response=True,
    )

    @app.event("message")
    def heard() -> None:
        """Nothing."""

    @app.command("/note")
    def told(ack: Ack) -> None:
        ack("Nothing.")

    if len(sys.argv) > 1:
        client = WebClient(APP_TOKEN, base_url=f"{sys.argv[1]}/api/")
        SocketModeHandler(app, APP_TOKEN, web_client=client, ping_interval=PING_SECONDS).connect()  # type: ignore[no-untyped-call] # Bolt gives no types here
    server = waitress.create_server(SlackRequestHandler(app), host="127.0.0.1", port=0, threads=THREADS)
    sys.stdout.write(f"Port: {server.effective_port}\n")
    sys.stdout.flush()
    server.run()


if __name__ == "__main__":
    main()
