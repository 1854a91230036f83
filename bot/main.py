"""The command line: `fusen run`, `publish`, `digest`, `migrate`, `doctor`, `backup`, `restore` and `find`."""

from __future__ import annotations

import argparse
import gc
import io
import json
import logging
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, suppress
from dataclasses import asdict
from pathlib import Path

from bot import logs, safekeeping
from bot.blocks import readable
from bot.composition.fusen import Fusen
from bot.composition.pages import publishing, sending
from bot.composition.playing import open_playground
from bot.composition.stores import at_work, stored
from bot.composition.surroundings import today, wording
from bot.composition.use_cases import digests, messages
from bot.doctor import doctor
from bot.settings import Settings
from bot.shell import UnreadableFile, UnwritableOutput, known_environment, language, say, settings
from bot.slack import Slack
from bot.slack_trouble import SlackTrouble
from bot.slack_wire import give_up_with_the_request
from bot.stopping import clear_away_on_term, stop_on_signals
from papers.digests import Subject
from papers.errors import FusenError
from papers.finding import find_papers
from papers.note import Audience, Workspace
from papers.nudges import Job
from papers.shelf import Shelves
from papers.wording import Wording

log = logging.getLogger(__name__)

FAILED = 1
BROKEN_OFF = 130

SENDING_PATIENCE = 90.0
"""For so many seconds `fusen publish` waits for its turn where the running bot sends too."""


class NoWorkspace(FusenError):
    """There is nothing to publish or to digest yet."""

    en = "No workspace is known yet. Start Fusen once (make run), then try again."
    ja = "ワークスペースがまだありません。一度 Fusen を起動 (make run) してから、もう一度お試しください。"


class WhichWorkspace(FusenError):
    """There are several workspaces in the database, and none was named, or another."""

    en = "The database holds these workspaces: {known}. Say which one is meant: --workspace {first}"
    ja = "データベースには次のワークスペースがあります: {known}。どれかを指定してください: --workspace {first}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit code: 0 done, 1 an expected error (told on stderr), 2 misuse.

    Ctrl-C is the end of `run`, and breaks all else off: 130, as shells have it.
    """
    gc.freeze()  # what is loaded stays: to look through it for garbage, at the end at last, takes half a second
    options = _parser().parse_args(arguments)
    logs.set_up(known_environment(), options.verbose)
    logs.catch_what_nobody_foresaw()
    clear_away_on_term()
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")  # where the terminal's encoding lacks a character
    run: Callable[[argparse.Namespace], int] = options.run
    try:
        return run(options)
    except FusenError as error:
        sys.stderr.write(f"{error.sentence(language())}\n")
        return FAILED
    except BrokenPipeError:
        # The reader (head, say) has seen enough.
        return FAILED
    except KeyboardInterrupt:
        return 0 if run is _run else BROKEN_OFF


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="fusen", description="Shared paper notes in Slack.")
    parser.add_argument("-v", "--verbose", action="store_true", help="log more")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")

    def command(name: str, run: Callable[[argparse.Namespace], int], about: str) -> argparse.ArgumentParser:
        sub = commands.add_parser(name, help=about, description=about)
        sub.set_defaults(run=run)
        return sub

    command("run", _run, "Run the bot; without Slack tokens, in a playground on this machine.")
    publish = command("publish", _publish, "Bring the published pages up to date, now.")
    digest = command("digest", _digest, "Let the running bot post the digest that is due.")
    digest.add_argument("--dry-run", action="store_true", help="print this week's digest so far; post nothing")
    for one in (publish, digest):
        one.add_argument("--workspace", metavar="ID", help="whose, where the token does not tell: T0123ABCD, say")
    command("migrate", _migrate, "Bring the database's schema up to date.")
    command("doctor", doctor, "Look at all that Fusen needs, and say how to mend what is wrong.")
    backup = command(
        "backup", safekeeping.backup, "Write all that is stored into one file, also while Fusen runs."
    )
    backup.add_argument("file", type=Path, help="where the backup goes; only its owner will be able to read it")
    backup.add_argument("--overwrite", action="store_true", help="replace a backup that is there")
    restore = command("restore", safekeeping.restore, "Put a backup into an empty database of either kind.")
    restore.add_argument("file", type=Path, help="a backup, of this Fusen or of an older one")
    restore.add_argument("--replace", action="store_true", help="delete all that is in the database first")
    find = command("find", _find, "Print the papers that the bot would find in each line of a text, as JSON.")
    find.add_argument("file", nargs="?", help="a text file; without it, standard input is read")
    return parser


def _run(_options: argparse.Namespace) -> int:
    chosen, words = _settings()
    stopped = threading.Event()
    stop_on_signals(stopped)
    give_up_with_the_request()
    with ExitStack() as closing:
        stores = closing.enter_context(stored(chosen))
        closing.enter_context(at_work(stores))
        offline = None
        if not chosen.has_slack:
            playground, chosen, online = open_playground(chosen, stores.shelves)
            closing.callback(playground.stop)
            offline = not online
            say(words("playground_at", url=playground.url))
        fusen = Fusen(chosen, stores, stopped, offline)
        closing.callback(fusen.stop)
        fusen.start()
        # What is there by now stays: to look through it for garbage again takes a tenth of a second each time.
        gc.collect()
        gc.freeze()
        say(words("pages_at", url=fusen.pages_address))
        say(words("ready"))
        stopped.wait()
        with suppress(BrokenPipeError, UnwritableOutput):  # whoever read this may have gone first
            say(words("stopping"))
    return 0


def _publish(options: argparse.Namespace) -> int:
    chosen, words = _settings()
    with stored(chosen) as stores:
        workspace = _meant(options, chosen, stores.shelves)
        pages = publishing(stores.serving(workspace.id), chosen)
        trouble = None
        try:
            for done in pages.publish(workspace):
                say(words("published_without" if done.left_out else "published", **asdict(done)))
        except FusenError as error:
            trouble = error
        if pages.pages.count:  # they are whole, whatever hinders another flavour
            for target, sent in sending(stores, chosen, pages, threading.Event()).now(SENDING_PATIENCE):
                say(words("sent", where=target.where, put=sent.put, removed=sent.removed))
        if trouble:
            raise trouble
    return 0


def _digest(options: argparse.Namespace) -> int:
    chosen, words = _settings()
    with stored(chosen) as stores:
        workspace = _meant(options, chosen, stores.shelves)
        weekly = digests(stores.serving(workspace.id), chosen, _sweep_finds_it)
        if not options.dry_run:
            owed = weekly.owe_due()
            say(words("digests_owed", count=owed) if owed else words("no_digest_due"))
            return 0
        orders = [order for order, _ in weekly.orders(workspace.id)]
        subjects = [Subject(Audience(workspace.id, one.channel), one.scope, one.tag) for one in orders]
        for subject in subjects or [Subject(Audience(workspace.id))]:
            digest = weekly.preview(subject, workspace.zone)
            say(readable(messages(chosen).digest(digest, subject, workspace, workspace.language)))
    return 0


def _migrate(_options: argparse.Namespace) -> int:
    chosen, words = _settings()
    with stored(chosen):
        say(words("migrated"))
    return 0


def _find(options: argparse.Namespace) -> int:
    day = today()
    for number, line in enumerate(_lines(options.file), start=1):
        found = [
            {"source": link.paper_id.source, "id": link.paper_id.id, "version": link.version}
            for link in find_papers(line, today=day)
        ]
        say(json.dumps({"line": number, "papers": found}, ensure_ascii=False))
    return 0


def _settings() -> tuple[Settings, Wording]:
    """The settings, and the words to speak of them. Raises WrongSettings or UnreadableFile."""
    chosen = settings()
    return chosen, wording("shell", chosen.language)


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


def _meant(options: argparse.Namespace, chosen: Settings, shelves: Shelves) -> Workspace:
    """The workspace that was named, else the only one, else that of the token. Raises NoWorkspace or another."""
    with shelves.reading() as shelf:
        known = {workspace.id: workspace for workspace in shelf.directory.workspaces()}
    if not known:
        raise NoWorkspace
    wanted = options.workspace or (next(iter(known)) if len(known) == 1 else _of_token(chosen))
    if wanted not in known:
        named = [f"{one.id} ({one.name})" if one.name else one.id for one in known.values()]
        raise WhichWorkspace(known=", ".join(named[:10]), first=next(iter(known)))
    return known[wanted]


def _of_token(chosen: Settings) -> str:
    """The workspace that Slack says the token is of; empty if there is no token, or Slack does not tell."""
    if not chosen.has_slack:
        return ""
    try:
        return Slack(chosen.slack_bot_token, chosen.slack_api_url).identity().workspace
    except SlackTrouble as trouble:
        log.info("Slack does not tell whose token it is: %s", trouble)
        return ""


def _sweep_finds_it(_job: Job) -> None:
    """No clock runs in a single command: the running bot sweeps."""


if __name__ == "__main__":
    sys.exit(main())
