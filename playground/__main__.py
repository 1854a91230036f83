"""The playground by itself: `python -m playground --port 8010 --data workspace.sqlite`."""

import argparse
import json
import signal
import sys
import threading
from dataclasses import replace
from pathlib import Path

from playground import Command, Playground, SlackApp, SlackError, StoreInUse, StoreUnusable
from playground.seed import TEAM_ID


def main(arguments: list[str] | None = None) -> int:
    """Serve until Ctrl-C; return the exit code."""
    options = _parser().parse_args(arguments)
    try:
        app = _app(options)
    except (OSError, ValueError, KeyError) as problem:
        return _complain(f"The manifest cannot be read: {problem!r}")
    playground = Playground(
        options.port,
        options.host,
        options.data,
        team=options.team,
        app=app,
        notice=options.notice,
        suggestions=options.suggest,
        retry_after=options.retry_after,
        ack_seconds=options.ack_seconds,
    )
    ended = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: ended.set())
    try:
        playground.start()
    except (OSError, StoreInUse, StoreUnusable) as problem:
        return _complain(f"The playground cannot start: {problem}")
    _say(playground)
    try:
        if options.request_url and not _register(playground, options.request_url):
            return 1
        ended.wait()
    finally:
        playground.stop()
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m playground", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="port of the page and the API (0: any free one)")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (default: this machine only)")
    parser.add_argument("--data", type=Path, help="SQLite file that keeps the workspace (default: memory only)")
    parser.add_argument("--team", default=TEAM_ID, help="id of the workspace, where it is new")
    parser.add_argument(
        "--manifest", type=Path, help="Slack app manifest (JSON): name, commands, shortcuts, events"
    )
    parser.add_argument("--bot-name", default="", help="name of the app's bot user")
    parser.add_argument(
        "--command", action="append", default=[], help="a slash command of the app; may be repeated"
    )
    parser.add_argument("--request-url", default="", help="deliver signed HTTP requests here, not by Socket Mode")
    parser.add_argument("--notice", default="", help="text of a banner on the page")
    parser.add_argument("--suggest", action="append", default=[], help="text to try, offered under the banner")
    parser.add_argument("--ack-seconds", type=float, default=3.0, help="how long the app may take to acknowledge")
    parser.add_argument(
        "--retry-after",
        type=lambda text: [float(part) for part in text.split(",") if part],
        default=[0.0, 60.0, 300.0],
        help="seconds before each new delivery, as 0,60,300",
    )
    return parser


def _app(options: argparse.Namespace) -> SlackApp:
    app = SlackApp()
    if options.manifest:
        app = SlackApp.from_manifest(json.loads(options.manifest.read_text(encoding="utf-8")))
    if options.bot_name:
        app = replace(app, name=options.bot_name)
    if options.command:
        app = replace(app, commands=tuple(Command("/" + name.removeprefix("/")) for name in options.command))
    return app


def _say(playground: Playground) -> None:
    lines = [f"Playground: {playground.url}", f"  API:            {playground.api_url}"]
    lines += [f"  bot token:      {playground.bot_token}", f"  app token:      {playground.app_token}"]
    lines.append(f"  signing secret: {playground.signing_secret}")
    lines += [f"  {name + ':':<15} {token}" for name, token in playground.member_tokens.items()]
    sys.stdout.write("\n".join(lines) + "\n")
    sys.stdout.flush()


def _register(playground: Playground, url: str) -> bool:
    try:
        playground.set_request_url(url)
    except SlackError as refusal:
        _complain(f"The request URL was refused: {refusal.answer()}")
        return False
    return True


def _complain(text: str) -> int:
    sys.stderr.write(text + "\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
