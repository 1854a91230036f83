"""Bolt with listeners that do nothing, on the web server that Fusen uses."""

from __future__ import annotations

import sys

import waitress
from slack_bolt import Ack, App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_bolt.authorization import AuthorizeResult

from bench.events.requests import SECRET, TEAM
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

    server = waitress.create_server(SlackRequestHandler(app), host="127.0.0.1", port=0, threads=THREADS)
    sys.stdout.write(f"Port: {server.effective_port}\n")
    sys.stdout.flush()
    server.run()


if __name__ == "__main__":
    main()
