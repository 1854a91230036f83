"""The one place where all parts meet: settings in, a running Fusen out."""

from __future__ import annotations

import json
import logging
import threading
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from wsgiref.types import WSGIApplication

from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient

from arxiv_api import samples
from arxiv_api.gateway import ArxivGateway, user_agent
from arxiv_api.timing import POLITE, Timing
from bot.backfilling import Backfilling
from bot.clock import Clock
from bot.door import Door
from bot.fetching import Fetching
from bot.handling import Handling
from bot.leaving import Forgetful
from bot.listeners import attach
from bot.messages import Messages
from bot.names import Names
from bot.pages import Publishing
from bot.posting import Posting
from bot.reading_pages import ReadingPages
from bot.settings import Settings, made
from bot.slack import NO_BOT, Identity, Slack, SlackTrouble, workspace_of
from bot.socket_mode import SocketMode
from bot.tidings import Tidings
from bot.verbs import Desk
from bot.web import SLACK_PATH, PortTaken, WebServer
from enrichment.reading import Reader
from papers.acts import KEPT as ACTS_KEPT
from papers.backfills import Backfills
from papers.digest_order import DigestOrder, Scope
from papers.digests import Digests
from papers.errors import FusenError
from papers.following import Following
from papers.forgetting import Forgetting
from papers.leaving import Leaving
from papers.membership import Membership
from papers.note import Note, Workspace
from papers.notebook import Notebook
from papers.nudges import Job, Nudge
from papers.preferences import Preferences
from papers.reactions import Reactions
from papers.readers import Readers
from papers.relatedness import RelatedNote
from papers.relating import Relating
from papers.shelf import Shelves
from papers.source import Source
from papers.tagging import Tagging
from papers.undoing import Undoing
from papers.watching import Watching
from papers.wording import LANGUAGES, Wording
from playground import Playground, SlackApp, StoreInUse
from publishing import folder
from publishing.content import Content
from publishing.site import SiteBuilder
from storage.engine import Database, connect
from storage.gate import StoredGate
from storage.migrate import migrate
from storage.running import running
from storage.shelves import StoredShelves
from web_pages.network import Network
from web_pages.reader import WebPages

log = logging.getLogger(__name__)

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"

MANIFEST = TEMPLATES.parent / "slack_app_manifest.json"

RECONNECT_SECONDS = 5
"""How long to wait before Slack is tried again at the start."""

HURRIED_SECONDS = 1
"""How long Slack may take to tell a name while somebody waits for the answer to a command."""

PATIENCE = timedelta(seconds=4)
"""How long a card waits for its paper's details: a little more than one question to arXiv takes."""

INBOX_KEPT = timedelta(days=7)
"""Handled events are kept for longer than Slack delivers any event again (a day)."""

EMPTY_AGAIN = timedelta(seconds=5)
"""When the database's journal is tried again to be emptied after somebody was reading."""


class SlackRefused(FusenError):
    """Slack does not accept the tokens."""

    en = "Slack does not accept the tokens ({reason}). Check SLACK_BOT_TOKEN and SLACK_APP_TOKEN in .env."
    ja = "Slack がトークンを受け付けません ({reason})。.env のトークンを確認してください。"


def now() -> datetime:
    """The present, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The present day in UTC."""
    return now().date()


def wording(door: str, language: str) -> Wording:
    """The words of a door (`slack`, `site`) in a language."""
    files = sorted((TEMPLATES / "words" / door).glob(f"*.{language}.toml"))
    return Wording(language, tomllib.loads("\n".join(file.read_text(encoding="utf-8") for file in files)))


@dataclass(frozen=True, slots=True)
class Stored:
    """The stored notes, ready for use."""

    database: Database
    shelves: Shelves


@contextmanager
def stored(settings: Settings) -> Iterator[Stored]:
    """Open the database and bring its schema up to date. Raises DatabaseUnreachable."""
    database = connect(settings.database_url)
    try:
        migrate(database)
        yield Stored(database, StoredShelves(database))
    finally:
        database.close()


def at_work(stored: Stored) -> AbstractContextManager[None]:
    """Run the bot on this database; on SQLite, alone. Raises AlreadyRunning."""
    return running(stored.database, POLITE.gap)


def notebook(shelves: Shelves, nudge: Nudge, source: Source | None = None) -> Notebook:
    """The use cases over these shelves."""

    def patience() -> timedelta:
        return timedelta(0) if source is not None and source.in_trouble() else PATIENCE

    return Notebook(shelves, nudge, now, patience)


def digests(shelves: Shelves, settings: Settings, nudge: Nudge) -> Digests:
    """The use cases of the digest."""
    return Digests(shelves, nudge, now, settings.digest_time)


def messages(settings: Settings) -> Messages:
    """What is said in Slack."""
    words = {language: wording("slack", language) for language in LANGUAGES}
    return Messages(TEMPLATES / "slack", words, settings.command, settings.pages_address)


class FolderPublisher:
    """Publishes into a folder of this machine."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        # A builder keeps what it has rendered: the next build renders only what changed.
        self._builders = {
            language: SiteBuilder(TEMPLATES / "site", wording("site", language)) for language in LANGUAGES
        }

    def __call__(
        self, workspace: Workspace, notes: Sequence[Note], related: Mapping[int, tuple[RelatedNote, ...]]
    ) -> str:
        """Write the pages of a workspace. Raises a FusenError if the folder cannot be written."""
        builder = self._builders[workspace.language]
        title, address = self._settings.pages_title, self._settings.pages_address
        content = Content(workspace, tuple(notes), title, address, now(), related)
        written = folder.write(self._settings.pages_folder, builder.build(content))
        return (
            f"pages in {self._settings.pages_folder}: {written.written} written, "
            f"{written.unchanged} unchanged, {written.removed} removed"
        )


def publishing(stored: Stored, settings: Settings) -> Publishing:
    """The job that publishes."""
    return Publishing(stored.shelves, notebook(stored.shelves, _nobody), FolderPublisher(settings))


def _nobody(job: Job) -> None:
    """Stands for the clock where none runs: whoever runs Fusen will sweep."""


def open_playground(settings: Settings) -> tuple[Playground, Settings, bool]:
    """Start the playground; the settings that let the bot run in it; and whether arXiv can be reached.

    Raises PortTaken, or a FusenError if the playground's data are in use.
    """
    made(settings.playground_data.parent, "PLAYGROUND_DATA")
    online = samples.reachable(settings.arxiv_api_url)
    notice = "" if online else "arXiv cannot be reached from here. These sample papers work all the same:"
    playground = Playground(
        port=settings.playground_port,
        host=settings.host,
        data=settings.playground_data,
        app=SlackApp.from_manifest(_manifest(settings.command)),
        notice=notice,
        suggestions=[f"https://arxiv.org/abs/{paper_id.id}" for paper_id in samples.sample_ids()],
    )
    try:
        playground.start()
    except StoreInUse as error:
        raise PlaygroundInUse(data=settings.playground_data) from error
    except OSError as error:
        raise PortTaken(
            host=settings.host, port=settings.playground_port, reason=error.strerror, setting="PLAYGROUND_PORT"
        ) from error
    inside = replace(
        settings,
        slack_bot_token=playground.bot_token,
        slack_app_token=playground.app_token,
        slack_api_url=playground.api_url,
    )
    return playground, inside, online


class PlaygroundInUse(FusenError):
    """Another playground has the file with the playground's messages open."""

    en = "The playground is running already ({data} is in use). Stop the other one, or set PLAYGROUND_DATA."
    ja = "すでに起動しています ({data} は使用中)。そちらを止めるか PLAYGROUND_DATA を変えてください。"


def _manifest(command: str) -> dict[str, Any]:
    """What Slack knows of the app, the playground too, with the slash command as it is set."""
    manifest: dict[str, Any] = json.loads(MANIFEST.read_text(encoding="utf-8"))
    manifest["features"]["slash_commands"][0]["command"] = command
    return manifest


class Fusen:
    """The running bot: its clock, its web server and its way to Slack. Made, started, stopped, once each.

    `offline` is None where there is a real Slack; in the playground it says whether arXiv cannot be reached, and
    the sample papers stand in while that is so. `stopped` ends all waiting. `network` is the way to other sites'
    pages: the open internet, unless a test says otherwise.
    Raises SlackRefused, PortTaken or another FusenError.
    """

    def __init__(
        self,
        settings: Settings,
        stored: Stored,
        stopped: threading.Event,
        offline: bool | None = None,
        timing: Timing = POLITE,
        network: Network | None = None,
    ) -> None:
        self._stopped = stopped
        self._network = network
        self._timing = timing
        self._clock = Clock()
        self._slack = Slack(settings.slack_bot_token, settings.slack_api_url)
        identity = self._meet(settings, stored.shelves)
        self._app = _bolt(settings)
        http: WSGIApplication | None = None
        if not settings.slack_app_token:
            http = SlackRequestHandler(self._app, path=SLACK_PATH)
        self._web = WebServer(
            made(settings.pages_folder, "PAGES_FOLDER"), settings.host, settings.pages_port, http
        )
        if offline is not None and not settings.pages_address:
            # The playground is on this machine, and so are its readers.
            settings = replace(settings, pages_address=self._web.address)
        self.pages_address = settings.pages_address or self._web.address
        token = settings.slack_app_token
        self._sockets = SocketMode(self._app, token, settings.slack_api_url) if token else None
        self._jobs = self._assemble(settings, stored, identity, offline)

    def _meet(self, settings: Settings, shelves: Shelves) -> Identity:
        identity = self._identify()
        workspace = workspace_of(identity, settings.language, settings.zone)
        with shelves.writing() as shelf:
            shelf.directory.ensure_workspace(workspace, now())
            if settings.digest_channel:
                usual = DigestOrder(workspace.id, settings.digest_channel, Scope.WORKSPACE)
                shelf.digests.order_first(usual, now())
        return identity

    def _identify(self) -> Identity:
        while True:
            try:
                return self._slack.identity()
            except SlackTrouble as trouble:
                if trouble.reason in NO_BOT:
                    raise SlackRefused(reason=trouble.reason) from trouble
                log.warning("Slack cannot be reached yet: %s", trouble.reason)
                if self._stopped.wait(RECONNECT_SECONDS):
                    raise KeyboardInterrupt from trouble

    def _assemble(
        self, settings: Settings, stored: Stored, identity: Identity, offline: bool | None
    ) -> Mapping[Job, Callable[[], object]]:
        shelves, nudge, wake = stored.shelves, self._clock.nudge, self._clock.wake
        source = self._source(settings, stored, offline)
        notes = notebook(shelves, nudge, source)
        weekly = digests(shelves, settings, nudge)
        speech = messages(settings)
        following = Following(shelves, nudge, now, settings.digest_time)
        relating = Relating(shelves, nudge)
        names = Names(shelves, self._slack, now)
        quick = Slack(settings.slack_bot_token, settings.slack_api_url, HURRIED_SECONDS)
        hurried = Names(shelves, quick, now)
        backfills = Backfills(shelves, nudge, now, settings.command)
        readers = Readers(shelves, nudge, now)
        desk = Desk(
            notebook=notes,
            tagging=Tagging(shelves, nudge, now),
            readers=readers,
            reactions=Reactions(shelves, nudge, now),
            digests=weekly,
            undoing=Undoing(shelves, nudge, now),
            forgetting=Forgetting(shelves, nudge, now),
            following=following,
            preferences=Preferences(shelves, nudge, now, settings.settled_by == "admins"),
            relating=relating,
            backfills=backfills,
            messages=speech,
            nudge=nudge,
            command=settings.command,
            bot_user=identity.name,
            pages_address=settings.pages_address,
            today=today,
            standing=quick.standing,
        )
        membership = Membership(shelves, nudge, now)
        leaving, pages = Leaving(shelves, nudge, now), publishing(stored, settings)
        forgetful = Forgetful(leaving, pages, self._slack)
        handling = Handling(shelves, desk, membership, leaving, names, identity.user, now)
        tidings = Tidings(notes, following, speech)
        posting = Posting(shelves, notes, weekly, tidings, self._slack, speech, nudge, wake, now)
        attach(self._app, Door(desk, shelves, handling, hurried, self._slack, now))
        return {
            Job.HANDLE_EVENTS: handling,
            Job.FETCH_PAPERS: Fetching(shelves, source, Reader(now), nudge, now),
            Job.READ_PAGES: ReadingPages(shelves, self._pages(settings, stored), Reader(now), nudge, wake, now),
            Job.POST_MESSAGES: posting.post,
            Job.REFRESH_CARDS: posting.refresh,
            Job.LEARN_NAMES: names,
            Job.OWE_DIGESTS: weekly.owe_due,
            Job.EXPIRE_CLAIMS: readers.expire,
            Job.TELL_FOLLOWERS: following.tell,
            Job.WATCH_PAPERS: Watching(shelves, nudge, now),
            Job.RELATE_NOTES: relating.keep_ready,
            Job.READ_PAST: Backfilling(
                shelves, notes, backfills, handling, self._slack, speech, self._clock.wake, now
            ),
            Job.PUBLISH_PAGES: pages,
            Job.PRUNE: lambda: self._prune(stored, forgetful),
        }

    def _source(self, settings: Settings, stored: Stored, offline: bool | None) -> Source:
        gate = StoredGate(stored.database)
        gateway = ArxivGateway(gate, settings.arxiv_contact, settings.arxiv_api_url, self._timing, self._stopped)
        return gateway if offline is None else samples.SampledSource(gateway, down=offline)

    def _pages(self, settings: Settings, stored: Stored) -> WebPages:
        gate, called = StoredGate(stored.database), user_agent(settings.arxiv_contact)
        return WebPages(gate, called, now, self._network, self._stopped)

    def _prune(self, stored: Stored, forgetful: Forgetful) -> None:
        with stored.shelves.writing() as shelf:
            shelf.inbox.prune(now() - INBOX_KEPT)
            shelf.reactions.prune(now() - INBOX_KEPT)
            shelf.acts.prune(now() - ACTS_KEPT)
        if not stored.database.empty_journal():
            self._clock.wake(Job.PRUNE, now() + EMPTY_AGAIN)
        forgetful()

    def start(self) -> None:
        """Serve the pages, run the jobs, and take in what Slack sends."""
        self._web.start()
        self._clock.start(self._jobs)
        if self._sockets:
            self._sockets.connect()

    def stop(self) -> None:
        """Take in nothing more, finish what is running, and close."""
        self._stopped.set()
        if self._sockets:
            self._sockets.close()
        self._clock.stop()
        self._web.stop()


def _bolt(settings: Settings) -> App:
    # With `process_before_response` Bolt answers when the listener is done, instead of polling for its
    # acknowledgement every 10 ms, and a failure to store an event is a failure that Slack sees.
    return App(
        client=WebClient(settings.slack_bot_token, base_url=settings.slack_api_url),
        signing_secret=settings.slack_signing_secret or "unused in Socket Mode",
        process_before_response=True,
        token_verification_enabled=False,
        raise_error_for_unhandled_request=False,
    )
