"""The one place where all parts meet: settings in, a running Fusen out."""

from __future__ import annotations

import json
import threading
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

from slack_bolt.adapter.wsgi import SlackRequestHandler

from arxiv_api import samples
from arxiv_api.archive import ArxivArchive
from arxiv_api.gateway import ArxivGateway, user_agent
from arxiv_api.timing import POLITE, Timing
from bot.assembly import Parts, assemble
from bot.clock import Clock
from bot.connecting import bolt, identify
from bot.figures import CountedSource, Figures
from bot.health import Health, not_yet
from bot.listeners import attach
from bot.messages import Messages
from bot.pages import Publishing
from bot.readers import Readers
from bot.sending import Sending
from bot.settings import Settings, made
from bot.slack import Identity, Slack, workspace_of
from bot.socket_mode import SocketMode
from bot.web import SLACK_PATH, PortTaken, WebServer
from enrichment.reading import Reader
from enrichment.tex import typed_formulas
from enrichment.translating import ModelTranslator
from papers.backlog import Backlog
from papers.digest_order import DigestOrder, Scope
from papers.digests import Digests
from papers.errors import FusenError, WrongDatabaseAddress
from papers.note import Workspace
from papers.notebook import Notebook
from papers.nudges import Job, Nudge
from papers.shelf import Shelves
from papers.source import Source
from papers.stock import Stock
from papers.targets import Target
from papers.translation import Translator
from papers.wording import LANGUAGES, Wording
from playground import Playground, SlackApp, StoreInUse
from publishing.branch import Branch, Remote
from publishing.bucket import Bucket, Way
from publishing.built_folder import BuiltFolder
from publishing.content import Content
from publishing.jekyll.articles import JekyllBuilder
from publishing.pictures import develop
from publishing.site import SiteBuilder
from storage import backup
from storage import restore as restoring
from storage.engine import Database, connect, sqlite_file
from storage.examination import Examined, examine
from storage.gate import StoredGate
from storage.migrate import migrate
from storage.running import running
from storage.shelves import StoredShelves
from web_pages.network import Network
from web_pages.reader import WebPages

TEMPLATES = Path(__file__).resolve().parent.parent / "templates"

MANIFEST = TEMPLATES.parent / "slack_app_manifest.json"

PATIENCE = timedelta(seconds=4)
"""How long a card waits for its paper's details: a little more than one question to arXiv takes."""


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
    """Open the database and bring its schema up to date. Raises DatabaseUnreachable, also as DatabaseDamaged."""
    database = connect(settings.database_url)
    try:
        database.refuse_damaged()
        migrate(database)
        yield Stored(database, StoredShelves(database))
    finally:
        database.close()


def back_up(settings: Settings, file: Path, overwrite: bool) -> int:
    """Write all that is stored into a file. Returns the number of rows. Raises what `storage.backup` raises."""
    with closing(connect(settings.database_url)) as database:
        return backup.back_up(database, file, overwrite, now)


def restore(settings: Settings, file: Path, replace: bool) -> int:
    """Put a backup into the database. Returns the number of rows. Raises what `storage.restore` raises."""
    with closing(connect(settings.database_url)) as database:
        return restoring.restore(database, file, replace)


def examine_database(settings: Settings) -> Examined:
    """How the database is. Raises DatabaseUnreachable."""
    return examine(settings.database_url, now())


def folders(settings: Settings) -> Iterator[Path]:
    """The folders of this machine that Fusen writes into."""
    yield settings.pages_folder
    if settings.jekyll_folder:
        yield settings.jekyll_folder
    with suppress(WrongDatabaseAddress):
        file = sqlite_file(settings.database_url)
        if file is not None:
            yield file.parent


def arxiv_answers(settings: Settings) -> bool:
    """Whether arXiv can be reached; asks its front page, which needs no turn."""
    return samples.reachable(settings.arxiv_api_url)


def scopes_needed() -> tuple[str, ...]:
    """The scopes that the manifest asks of Slack for the bot."""
    return _scopes("bot")


def scopes_welcome() -> tuple[str, ...]:
    """Those that it asks for and can do without."""
    return _scopes("bot_optional")


def _scopes(whose: str) -> tuple[str, ...]:
    return tuple(json.loads(MANIFEST.read_text(encoding="utf-8"))["oauth_config"]["scopes"][whose])


def at_work(stored: Stored) -> AbstractContextManager[None]:
    """Run the bot on this database; on SQLite, alone. Raises AlreadyRunning."""
    return running(stored.database, POLITE.gap)


def notebook(shelves: Shelves, nudge: Nudge, source: Source | None = None) -> Notebook:
    """The use cases over these shelves."""

    def patience() -> timedelta:
        return timedelta(0) if source is not None and source.in_trouble() else PATIENCE

    return Notebook(shelves, nudge, now, patience)


def language_model(settings: Settings) -> Any:
    """The language model that is set. Raises ModelClientMissing.

    Its client is an extra, takes a second to load and 50 MB: it is loaded only where it is wanted.
    """
    try:
        endpoint = import_module("enrichment.endpoint")
    except ModuleNotFoundError as error:
        raise ModelClientMissing from error
    return endpoint.Endpoint(settings.llm_base_url, settings.llm_api_key, settings.llm_model)


def translator(settings: Settings) -> Translator | None:
    """Who translates, if anybody is to. Raises ModelClientMissing."""
    return ModelTranslator(language_model(settings), now) if settings.llm_model else None


def digests(shelves: Shelves, settings: Settings, nudge: Nudge) -> Digests:
    """The use cases of the digest."""
    return Digests(shelves, nudge, now, settings.digest_time)


def messages(settings: Settings) -> Messages:
    """What is said in Slack."""
    words = {language: wording("slack", language) for language in LANGUAGES}
    return Messages(TEMPLATES / "slack", words, settings.command, settings.pages_address, settings.support)


class FolderPublisher:
    """Publishes into folders of this machine, each in its flavour."""

    def __init__(self, settings: Settings, clock: Callable[[], datetime] = now) -> None:
        self._settings = settings
        self._now = clock
        words = {language: wording("site", language) for language in LANGUAGES}
        site = {
            language: SiteBuilder(TEMPLATES / "site", said, typed_formulas) for language, said in words.items()
        }
        self._folders = [BuiltFolder(settings.pages_folder, site)]
        if settings.jekyll_folder:
            whole = settings.jekyll_whole_comments
            jekyll = {
                language: JekyllBuilder(TEMPLATES / "jekyll", said, whole_comments=whole)
                for language, said in words.items()
            }
            self._folders.append(BuiltFolder(settings.jekyll_folder, jekyll))

    def __call__(self, workspace: Workspace, stock: Stock, changed: Collection[int] | None) -> str:
        """Write what is published of a workspace. Raises a FusenError if a folder cannot be written."""
        settings = self._settings
        content = Content(
            workspace, settings.pages_title, settings.pages_address, self._now(), settings.pages_listed
        )
        done = [(built.where, built.bring_up_to_date(content, stock, changed)) for built in self._folders]
        return "; ".join(
            f"pages in {where}: {one.written} written, {one.unchanged} unchanged, {one.removed} removed"
            for where, one in done
        ) + (f"; notes left out: {self.left_out}" if self.left_out else "")

    @property
    def left_out(self) -> int:
        """How many notes could not be rendered and stand on no page; the log says which and why."""
        return max(built.left_out for built in self._folders)


def publishing(
    stored: Stored, settings: Settings, figures: Figures | None = None, nudge: Nudge = lambda _job: None
) -> Publishing:
    """The job that publishes."""
    publisher = FolderPublisher(settings)
    if figures:
        figures.tell_left_out(lambda: publisher.left_out)
    timed = figures.publishing(publisher) if figures else publisher
    return Publishing(stored.shelves, timed, lambda: nudge(Job.SEND_PAGES))


def targets(settings: Settings) -> tuple[Target, ...]:
    """The places besides the folder where the pages go."""
    found: list[Target] = []
    if settings.pages_bucket:
        way = Way(
            settings.pages_bucket,
            settings.pages_bucket_endpoint,
            settings.pages_bucket_region,
            settings.pages_bucket_key_id,
            settings.pages_bucket_secret,
        )
        found.append(Bucket(settings.pages_folder, way))
    if settings.pages_git:
        remote = Remote(
            settings.pages_git,
            settings.pages_git_branch,
            settings.pages_git_user,
            settings.pages_git_token,
            settings.pages_git_ssh,
        )
        found.append(Branch(settings.pages_folder, remote, settings.pages_git_cache))
    return tuple(found)


def sending(
    stored: Stored,
    settings: Settings,
    publishing: Publishing,
    stopped: threading.Event,
    figures: Figures | None = None,
) -> Sending:
    """The job that sends what is published to other places."""
    gate = StoredGate(stored.database)
    if figures is None:
        return Sending(targets(settings), publishing, gate, stopped)
    made = Sending(targets(settings), publishing, gate, stopped, figures.sent)
    figures.tell_late(made.late)
    return made


def _look(shelves: Shelves) -> None:
    """Raises DatabaseUnreachable if there is nothing to be seen."""
    with shelves.reading() as shelf:
        shelf.directory.workspace("")


def _waiting(shelves: Shelves) -> Sequence[Backlog]:
    with shelves.reading() as shelf:
        return shelf.backlogs.waiting(now())


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
        slack_client_id=playground.client_id,
        slack_client_secret=playground.client_secret,
    )
    return playground, inside, online


class ModelClientMissing(FusenError):
    """A language model is set, but the package that talks to it is not installed."""

    en = "LLM_MODEL is set, but its client is not installed: pip install -e '.[llm]', or unset LLM_MODEL."
    ja = (
        "LLM_MODEL が設定されていますが、必要なパッケージがありません。pip install -e '.[llm]' を実行するか、"
        "LLM_MODEL の設定を外してください。"
    )


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
        words = {language: wording("web", language) for language in LANGUAGES}
        self._readers = Readers(settings, TEMPLATES / "web", words)
        self._network = network
        self._timing = timing
        self._figures = Figures()
        self._clock = Clock(self._figures.job)
        self._health = Health(
            self._figures, stopped, lambda: _look(stored.shelves), self._clock.ticks, settings.metrics_token
        )
        self._figures.tell_backlogs(lambda: _waiting(stored.shelves), now)
        self._doors = dict(self._health.doors)
        if not settings.slack_app_token:
            self._doors[SLACK_PATH] = not_yet
        self._web = WebServer(
            made(settings.pages_folder, "PAGES_FOLDER"),
            settings.host,
            settings.pages_port,
            self._doors,
            self._readers.before,
        )
        # Whoever watches can ask from now on, though Slack may take its time.
        self._web.start()
        try:
            self._prepare(settings, stored, offline)
        except BaseException:
            self._web.stop()
            raise

    def _prepare(self, settings: Settings, stored: Stored, offline: bool | None) -> None:
        self._slack = Slack(settings.slack_bot_token, settings.slack_api_url, count=self._figures.slack)
        identity = self._meet(settings, stored.shelves)
        self._app = bolt(settings, identity)
        if offline is not None and not settings.pages_address:
            # The playground is on this machine, and so are its readers.
            settings = replace(settings, pages_address=self._web.address)
        self.pages_address = settings.pages_address or self._web.address
        self._readers.open(settings, identity, self._slack, self.pages_address)
        token = settings.slack_app_token
        self._sockets = SocketMode(self._app, token, settings.slack_api_url) if token else None
        self._jobs = self._assemble(settings, stored, identity, offline)

    def _meet(self, settings: Settings, shelves: Shelves) -> Identity:
        identity = identify(self._slack, self._stopped)
        workspace = workspace_of(identity, settings.language, settings.zone)
        with shelves.writing() as shelf:
            shelf.directory.ensure_workspace(workspace, now())
            if settings.digest_channel:
                usual = DigestOrder(workspace.id, settings.digest_channel, Scope.WORKSPACE)
                shelf.digests.order_first(usual, now())
        return identity

    def _assemble(
        self, settings: Settings, stored: Stored, identity: Identity, offline: bool | None
    ) -> Mapping[Job, Callable[[], object]]:
        shelves, source = stored.shelves, self._source(settings, stored, offline)
        pages = publishing(stored, settings, self._figures, self._clock.nudge)
        parts = Parts(
            shelves=shelves,
            source=source,
            archive=self._archive(settings, stored),
            translator=translator(settings),
            gate=StoredGate(stored.database),
            pages=self._pages(settings, stored),
            enrichment=Reader(now),
            develop=develop,
            notebook=notebook(shelves, self._clock.nudge, source),
            digests=digests(shelves, settings, self._clock.nudge),
            publishing=pages,
            sending=sending(stored, settings, pages, self._stopped, self._figures),
            messages=messages(settings),
            empty_journal=stored.database.empty_journal,
            count=self._figures.event,
            now=now,
            today=today,
        )
        assembled = assemble(settings, parts, self._clock, self._slack, identity)
        attach(self._app, assembled.door)
        return assembled.jobs

    def _source(self, settings: Settings, stored: Stored, offline: bool | None) -> Source:
        gate = StoredGate(stored.database)
        gateway = ArxivGateway(gate, settings.arxiv_contact, settings.arxiv_api_url, self._timing, self._stopped)
        counted = CountedSource(gateway, self._figures.arxiv)
        return counted if offline is None else samples.SampledSource(counted, down=offline)

    def _archive(self, settings: Settings, stored: Stored) -> ArxivArchive | None:
        if not settings.arxiv_oai_url:
            return None
        gate, where = StoredGate(stored.database), settings.arxiv_oai_url
        return ArxivArchive(gate, settings.arxiv_contact, where, self._timing, self._stopped)

    def _pages(self, settings: Settings, stored: Stored) -> WebPages:
        gate, called = StoredGate(stored.database), user_agent(settings.arxiv_contact)
        return WebPages(gate, called, now, self._network, self._stopped)

    def start(self) -> None:
        """Run the jobs, and take in what Slack sends."""
        self._clock.start(self._jobs)
        if self._sockets:
            self._sockets.connect()
        else:
            self._doors[SLACK_PATH] = SlackRequestHandler(self._app, path=SLACK_PATH)
        self._health.started()

    def stop(self) -> None:
        """Take in nothing more, finish what is running, and close."""
        self._stopped.set()
        if self._sockets:
            self._sockets.close()
        self._clock.stop()
        self._web.stop()
