"""The command line: `fusen run`, `publish`, `digest`, `migrate` and `find`."""

from __future__ import annotations

import argparse
import io
import json
import logging
import os
import sys
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path

from dotenv import dotenv_values

from bot import settings as settings_
from bot.composition import Fusen, at_work, digests, messages, open_playground, publishing, stored, today
from bot.messages import readable
from bot.settings import Settings
from bot.stopping import stop_on_signals
from papers.digests import Subject
from papers.errors import FusenError
from papers.finding import find_papers
from papers.note import Audience, Workspace
from papers.nudges import Job
from papers.shelf import Shelves

FAILED = 1
READY = "Ready. Ctrl-C stops."


class NoWorkspace(FusenError):
    """There is nothing to publish or to digest yet."""

    en = "No workspace is known yet. Start Fusen once (make run), then try again."
    ja = "ワークスペースがまだありません。一度 Fusen を起動 (make run) してから、もう一度試してください。"


class UnreadableFile(FusenError):
    """A file that was named cannot be read."""

    en = "{file} cannot be read: {reason}."
    ja = "{file} を読み取れません: {reason}。"


class UnwritableOutput(FusenError):
    """Standard output takes nothing: a full disk, say."""

    en = "The output cannot be written: {reason}."
    ja = "出力を書き込めません: {reason}。"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 an expected error (told on stderr), 2 misuse."""
    options = _parser().parse_args(arguments)
    _log_to_stderr(options.verbose)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # where the terminal's encoding lacks a character
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except FusenError as error:
        sys.stderr.write(f"{error.sentence(_language())}\n")
        return FAILED
    except BrokenPipeError:
        # The reader (head, say) has seen enough.
        return FAILED
    except KeyboardInterrupt:
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="fusen", description="Shared paper notes in Slack.")
    parser.add_argument("-v", "--verbose", action="store_true", help="log more")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], int], about: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=about, description=about)
        sub.set_defaults(run=run)
        return sub

    command("run", _run, "Run the bot; without Slack tokens, in a playground on this machine.")
    command("publish", _publish, "Bring the published pages up to date, now.")
    digest = command("digest", _digest, "Let the running bot post the digest that is due.")
    digest.add_argument("--dry-run", action="store_true", help="print this week's digest so far; post nothing")
    command("migrate", _migrate, "Bring the database's schema up to date.")
    find = command("find", _find, "Print the papers that the bot would find in each line of a text, as JSON.")
    find.add_argument("file", nargs="?", help="a text file; without it, standard input is read")
    return parser


def _log_to_stderr(verbose: bool) -> None:
    logging.basicConfig(
        level=logging.INFO if verbose else logging.WARNING,
        format="%(asctime)s %(levelname)s %(name)s: %(message)s",
    )
    # On a bad signature Bolt logs the whole request, which may hold private text.
    logging.getLogger("slack_bolt.RequestVerification").setLevel(logging.WARNING)
    # APScheduler counts a sweep that found its job still running; the clock lets the job run again anyway.
    logging.getLogger("apscheduler").setLevel(logging.ERROR)


def _settings() -> Settings:
    """The settings from `.env`, overruled by the environment. Raises WrongSettings or UnreadableFile."""
    return settings_.read(_environment())


def _environment() -> Mapping[str, str]:
    try:
        written = dotenv_values(".env") if Path(".env").exists() else {}
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise UnreadableFile(file=".env", reason=reason) from error
    return {**{name: value for name, value in written.items() if value is not None}, **os.environ}


def _language() -> str:
    """The language for an error's sentence: settled as the others are, but an error in settling is none here."""
    try:
        environment = _environment()
    except UnreadableFile:
        environment = os.environ
    return environment.get("FUSEN_LANGUAGE", "").strip().lower()


def _run(_options: argparse.Namespace) -> int:
    settings = _settings()
    stopped = threading.Event()
    stop_on_signals(stopped)
    with ExitStack() as closing:
        offline = None
        if not settings.has_slack:
            playground, settings, online = open_playground(settings)
            closing.callback(playground.stop)
            offline = not online
            _say(f"Playground: {playground.url}")
        stores = closing.enter_context(stored(settings))
        closing.enter_context(at_work(stores))
        fusen = Fusen(settings, stores, stopped, offline)
        closing.callback(fusen.stop)
        fusen.start()
        _say(f"Pages: {fusen.pages_address}")
        _say(READY)
        stopped.wait()
        _say("Stopping.")
    return 0


def _publish(_options: argparse.Namespace) -> int:
    settings = _settings()
    with stored(settings) as stores:
        for workspace in _workspaces(stores.shelves):
            _say(publishing(stores, settings).publish(workspace))
    return 0


def _digest(options: argparse.Namespace) -> int:
    settings = _settings()
    with stored(settings) as stores:
        weekly = digests(stores.shelves, settings, _sweep_finds_it)
        if not options.dry_run:
            owed = weekly.owe_due()
            _say(
                f"Digests owed: {owed}. The running bot posts them within seconds."
                if owed
                else "No digest is due."
            )
            return 0
        for workspace in _workspaces(stores.shelves):
            orders = [order for order, _ in weekly.orders(workspace.id)]
            subjects = [Subject(Audience(workspace.id, one.channel), one.scope, one.tag) for one in orders]
            for subject in subjects or [Subject(Audience(workspace.id))]:
                digest = weekly.preview(subject, workspace.zone)
                _say(readable(messages(settings).digest(digest, subject, workspace, workspace.language)))
    return 0


def _migrate(_options: argparse.Namespace) -> int:
    settings = _settings()
    with stored(settings):
        _say("The database is up to date.")
    return 0


def _find(options: argparse.Namespace) -> int:
    day = today()
    for number, line in enumerate(_lines(options.file), start=1):
        found = [
            {"source": link.paper_id.source, "id": link.paper_id.id, "version": link.version}
            for link in find_papers(line, today=day)
        ]
        _say(json.dumps({"line": number, "papers": found}, ensure_ascii=False))
    return 0


def _lines(file: str | None) -> Iterator[str]:
    """The lines of a file or of standard input, without their ends; bytes that are no UTF-8 do no harm."""
    try:
        # 0 is standard input, in whatever way Python has set it up.
        with open(
            0 if file is None else file, encoding="utf-8", errors="replace", newline="\n", closefd=file is not None
        ) as lines:
            yield from (line.rstrip("\r\n") for line in lines)
    except OSError as error:
        raise UnreadableFile(file=file or "standard input", reason=error.strerror) from error


def _workspaces(shelves: Shelves) -> tuple[Workspace, ...]:
    with shelves.reading() as shelf:
        found = shelf.directory.workspaces()
    if not found:
        raise NoWorkspace
    return found


def _sweep_finds_it(_job: Job) -> None:
    """No clock runs in a single command: the running bot sweeps."""


def _say(text: str) -> None:
    """Print a line at once. Raises BrokenPipeError, or UnwritableOutput."""
    if sys.stdout is None:
        raise UnwritableOutput(reason="it is closed")
    try:
        sys.stdout.write(f"{text}\n")
        sys.stdout.flush()
    except OSError as error:
        # Python would complain once more when it flushes what is left at its end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            raise
        raise UnwritableOutput(reason=error.strerror) from error


if __name__ == "__main__":
    sys.exit(main())
