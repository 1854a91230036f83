"""The running Fusen, put together from all parts."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from slack_bolt.adapter.wsgi import SlackRequestHandler

from arxiv_api import samples
from arxiv_api.archive import ArxivArchive
from arxiv_api.gateway import ArxivGateway, user_agent
from arxiv_api.timing import POLITE, Timing
from bot.admission import Admission
from bot.assembly import Parts, assemble
from bot.clock import Clock
from bot.composition.pages import publishing, sending
from bot.composition.stores import Stored
from bot.composition.surroundings import TEMPLATES, today, wording
from bot.composition.use_cases import digests, messages, notebook, translator
from bot.connecting import bolt, insist
from bot.figures import CountedSource, Figures
from bot.health import Health, not_yet
from bot.listeners import attach
from bot.settings import Settings, made
from bot.signed import Signed
from bot.slack import Identity, Slack, workspace_of
from bot.socket_mode import SocketMode
from bot.web import SLACK_PATH, WebServer
from enrichment.reading import Reader
from papers.backlog import Backlog
from papers.digest_order import DigestOrder, Scope
from papers.nudges import Job
from papers.shelf import Shelves
from papers.source import Source
from papers.wording import LANGUAGES
from publishing.pictures import develop
from web_pages.network import Network
from web_pages.reader import WebPages


def _look(shelves: Shelves) -> None:
    """Raises DatabaseUnreachable if there is nothing to be seen."""
    with shelves.reading() as shelf:
        shelf.directory.workspace("")


def _waiting(stored: Stored) -> Sequence[Backlog]:
    with stored.shelves.reading() as shelf:
        return shelf.backlogs.waiting(stored.now())


def _is_leaving(stored: Stored, workspace: str) -> bool:
    with stored.shelves.reading() as shelf:
        return workspace in shelf.directory.left()


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
        self._admission = Admission(settings, TEMPLATES / "web", words)
        self._network = network
        self._timing = timing
        self._figures = Figures()
        self._clock = Clock(self._figures.job, stored.carrier)
        self._health = Health(
            self._figures, stopped, lambda: _look(stored.shelves), self._clock.ticks, settings.metrics_token
        )
        self._doors = dict(self._health.doors)
        if not settings.slack_app_token:
            self._doors[SLACK_PATH] = not_yet
        if settings.jekyll_folder:
            made(settings.jekyll_folder, "JEKYLL_FOLDER")
        self._web = WebServer(
            made(settings.pages_folder, "PAGES_FOLDER", settings.pages_rights),
            settings.host,
            settings.pages_port,
            self._doors,
            self._admission.before,
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
        identity = self._meet(settings, stored)
        # Others may work for other workspaces on the same database: this token opens none of those.
        stored = stored.serving(identity.workspace)
        self._figures.tell_backlogs(lambda: _waiting(stored), stored.now)
        self._figures.tell_leaving(lambda: _is_leaving(stored, identity.workspace))
        self._app = bolt(settings, identity, stored.database.hurried)
        if offline is not None and not settings.pages_address:
            # The playground is on this machine, and so are its readers.
            settings = replace(settings, pages_address=self._web.address)
        self.pages_address = settings.pages_address or self._web.address
        self._admission.open(settings, identity, self._slack, self.pages_address)
        token = settings.slack_app_token
        self._signing_secret = settings.slack_signing_secret
        self._sockets = SocketMode(self._app, token, settings.slack_api_url) if token else None
        if self._sockets:
            self._figures.tell_connected(self._sockets.is_connected)
        self._jobs = self._assemble(settings, stored, identity, offline)

    def _meet(self, settings: Settings, stored: Stored) -> Identity:
        identity = insist(self._slack.identity, self._stopped)
        workspace = workspace_of(identity, settings.language, settings.zone)
        with stored.shelves.writing() as shelf:
            shelf.directory.ensure_workspace(workspace, stored.now())
            if settings.digest_channel:
                usual = DigestOrder(workspace.id, settings.digest_channel, Scope.WORKSPACE)
                shelf.digests.order_first(usual, stored.now())
        return identity

    def _assemble(
        self, settings: Settings, stored: Stored, identity: Identity, offline: bool | None
    ) -> Mapping[Job, Callable[[], object]]:
        shelves, source = stored.shelves, self._source(settings, stored, offline)
        # What one process has published it sends itself.
        pages = publishing(stored, settings, self._figures, self._clock.nudge_here)
        parts = Parts(
            shelves=shelves,
            source=source,
            archive=self._archive(settings, stored),
            translator=translator(settings, stored.now),
            gate=stored.gate,
            pages=self._pages(settings, stored),
            enrichment=Reader(stored.now),
            develop=develop,
            notebook=notebook(stored, self._clock.nudge, source),
            digests=digests(stored, settings, self._clock.nudge),
            publishing=pages,
            sending=sending(stored, settings, pages, self._stopped, self._figures),
            messages=messages(settings),
            empty_journal=stored.database.empty_journal,
            count=self._figures.event,
            now=stored.now,
            today=today,
        )
        assembled = assemble(settings, parts, self._clock, self._slack, identity)
        attach(self._app, assembled.door)
        return assembled.jobs

    def _source(self, settings: Settings, stored: Stored, offline: bool | None) -> Source:
        contact, where = settings.arxiv_contact, settings.arxiv_api_url
        gateway = ArxivGateway(stored.gate, contact, where, self._timing, self._stopped)
        counted = CountedSource(gateway, self._figures.arxiv)
        return counted if offline is None else samples.SampledSource(counted, down=offline)

    def _archive(self, settings: Settings, stored: Stored) -> ArxivArchive | None:
        if not settings.arxiv_oai_url:
            return None
        contact, where = settings.arxiv_contact, settings.arxiv_oai_url
        return ArxivArchive(stored.gate, contact, where, self._timing, self._stopped)

    def _pages(self, settings: Settings, stored: Stored) -> WebPages:
        called = user_agent(settings.arxiv_contact)
        return WebPages(stored.gate, called, stored.now, self._network, self._stopped)

    def start(self) -> None:
        """Run the jobs, and take in what Slack sends."""
        self._clock.start(self._jobs)
        if self._sockets:
            insist(self._sockets.connect, self._stopped)
        else:
            self.listen()
        self._health.started()

    def listen(self) -> None:
        """Let Slack call this machine over HTTP; what it tells is kept, and worked through by the jobs."""
        handler = SlackRequestHandler(self._app, path=SLACK_PATH)
        self._doors[SLACK_PATH] = Signed(handler, self._app.hear, self._signing_secret)

    @property
    def jobs(self) -> Sequence[Job]:
        """All that can be worked on."""
        return tuple(self._jobs)

    def work(self, job: Job) -> None:
        """Do a job now, in this thread. Raises what it raises."""
        self._jobs[job]()

    def stop(self) -> None:
        """Take in nothing more, finish what is running, and close."""
        self._stopped.set()
        if self._sockets:
            self._sockets.close()
        self._clock.stop()
        self._web.stop()
