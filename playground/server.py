"""The running playground: one server on one port, in a thread of its own."""

import asyncio
import ipaddress
import threading
from collections.abc import Sequence
from pathlib import Path

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from playground.asking import Asking
from playground.delivery import ACK_SECONDS, SLACK_RETRIES, Delivery
from playground.driving import Driving
from playground.events import Events
from playground.grants import TRIGGER_SECONDS, Grants
from playground.live import Live
from playground.mishaps import Mishaps
from playground.people import People
from playground.posting import Posting
from playground.records import SlackApp
from playground.responses import Responses
from playground.seed import APP_TOKEN, BOT_TOKEN, BOT_USER_ID, PEOPLE, SIGNING_SECRET, TEAM_ID, seed
from playground.sign_in import CLIENT_ID, CLIENT_SECRET, SignInPage
from playground.signed_http import SignedHttp
from playground.sockets import Sockets
from playground.stage import Judge, Stage
from playground.store import Store
from playground.suggestions import Suggestions
from playground.surfaces import Surfaces
from playground.views import Views
from playground.visitors import FILES, Visitors
from playground.web_api import WebApi
from playground.workspace import Workspace

PAGE = Path(__file__).parent / "page"
MAX_BODY = 2_000_000
UNFURL_SECONDS = 0.3
START_SECONDS = 20.0
# The page loads nothing from elsewhere; images of messages may come from anywhere.
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' https: http: data:; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
)


class Playground:
    """A Slack workspace on this machine.

    `port` 0 takes any free port. `data` is the SQLite file of the workspace (None: memory only).
    `team` is its id. `app` says what the app has registered. The app connects in Socket Mode unless
    `set_request_url` is called. `retry_after`, `ack_seconds`, `trigger_seconds` and `unfurl_seconds` (None: no
    previews) are Slack's times unless told otherwise. `notice` is a banner of the page, `suggestions` are texts
    to try.
    `judge(kind, payload)` is asked of each message, view and list of options of the app; what it says is
    kept as a complaint.
    """

    def __init__(
        self,
        port: int = 0,
        host: str = "127.0.0.1",
        data: Path | None = None,
        *,
        team: str = TEAM_ID,
        app: SlackApp | None = None,
        notice: str = "",
        suggestions: Sequence[str] = (),
        retry_after: Sequence[float] = SLACK_RETRIES,
        ack_seconds: float = ACK_SECONDS,
        trigger_seconds: float = TRIGGER_SECONDS,
        unfurl_seconds: float | None = UNFURL_SECONDS,
        judge: Judge | None = None,
    ) -> None:
        self._port = port
        self._host = host
        self._data = data
        self._team = team
        self._app = app or SlackApp()
        self._notice = notice
        self._suggestions = tuple(suggestions)
        self._retry_after = tuple(retry_after)
        self._ack_seconds = ack_seconds
        self._trigger_seconds = trigger_seconds
        self._unfurl_seconds = unfurl_seconds
        self._judge = judge
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._ending: asyncio.Event | None = None
        self._http: SignedHttp | None = None
        self._listening = threading.Event()
        self._failure: BaseException | None = None

    # Facts for those who embed it

    @property
    def url(self) -> str:
        """The page's address, without a slash at its end."""
        host = f"[{self._host}]" if ":" in self._host else self._host
        return f"http://{host}:{self._port}"

    @property
    def api_url(self) -> str:
        """The Web API's base address for Slack clients."""
        return f"{self.url}/api/"

    @property
    def bot_token(self) -> str:
        """The app's bot token."""
        return BOT_TOKEN

    @property
    def app_token(self) -> str:
        """The app-level token for Socket Mode."""
        return APP_TOKEN

    @property
    def signing_secret(self) -> str:
        """The secret that signs HTTP deliveries."""
        return SIGNING_SECRET

    @property
    def client_id(self) -> str:
        """By what the app is known where people sign in to it."""
        return CLIENT_ID

    @property
    def client_secret(self) -> str:
        """What the app proves that with."""
        return CLIENT_SECRET

    @property
    def bot_user_id(self) -> str:
        """The app's bot user."""
        return BOT_USER_ID

    @property
    def member_tokens(self) -> dict[str, str]:
        """The user token of each member by name."""
        return {person.name: person.token for person in PEOPLE}

    @property
    def member_ids(self) -> dict[str, str]:
        """The user id of each member by name."""
        return {person.name: person.id for person in PEOPLE}

    def start(self) -> "Playground":
        """Start serving; return when it listens. Raise what went wrong (OSError, StoreInUse, StoreUnusable)."""
        if self._thread is not None:
            raise RuntimeError("the playground is already running")
        self._listening.clear()
        self._failure = None
        self._thread = threading.Thread(target=self._run, name="playground", daemon=True)
        self._thread.start()
        if not self._listening.wait(START_SECONDS):
            raise TimeoutError("the playground did not start")
        self._raise_failure()
        return self

    def _raise_failure(self) -> None:
        if self._failure is not None:
            self._thread = None
            raise self._failure

    def stop(self) -> None:
        """Stop serving; return when everything is closed. Safe to call twice."""
        if self._thread is None or self._loop is None or self._ending is None:
            return
        self._loop.call_soon_threadsafe(self._ending.set)
        self._thread.join()
        self._thread = None

    def set_request_url(self, url: str) -> None:
        """Deliver signed HTTP requests to this URL from now on; empty means Socket Mode again.

        The URL is asked with a challenge first; raise SlackError when it does not answer as Slack demands.
        """
        if self._loop is None or self._http is None:
            raise RuntimeError("the playground is not running")
        asyncio.run_coroutine_threadsafe(self._http.register(url), self._loop).result()

    def __enter__(self) -> "Playground":
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _run(self) -> None:
        try:
            asyncio.run(self._serve())
        except BaseException as failure:  # noqa: BLE001 - handed to the thread that waits in start()
            self._failure = failure
        finally:
            self._listening.set()

    async def _serve(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._ending = asyncio.Event()
        store = Store(self._data)
        try:
            workspace = Workspace(store, self._app)
            seed(workspace, self._team)
            stage = self._stage(workspace)
            self._http = stage.http
            runner = web.AppRunner(self._web_app(stage), access_log=None, shutdown_timeout=1.0)
            await runner.setup()
            try:
                site = web.TCPSite(runner, self._host, self._port)
                await site.start()
                self._port = runner.addresses[0][1]
                stage.url = self.url
                stage.delivery.resume()
                self._listening.set()
                await self._ending.wait()
            finally:
                await _close(stage)
                await runner.cleanup()
        finally:
            store.close()

    def _stage(self, workspace: Workspace) -> Stage:
        live, mishaps = Live(), Mishaps()
        live.guests = {user for user in workspace.users if workspace.is_stranger(user)}
        sockets = Sockets(workspace.bot["app_id"])
        http = SignedHttp(SIGNING_SECRET)
        delivery = Delivery(workspace.store, sockets, http, mishaps, self._retry_after, self._ack_seconds)
        events = Events(workspace, delivery, live)
        return Stage(
            workspace=workspace,
            delivery=delivery,
            sockets=sockets,
            http=http,
            events=events,
            posting=Posting(workspace, events, self._unfurl_seconds),
            views=Views(workspace, live),
            grants=Grants(self._trigger_seconds),
            mishaps=mishaps,
            live=live,
            url=self.url,
            notice=self._notice,
            suggestions=self._suggestions,
            judge=self._judge,
        )

    def _web_app(self, stage: Stage) -> web.Application:
        app = web.Application(client_max_size=MAX_BODY, middlewares=[_guard(self._host)])
        responses = Responses(stage)
        app.router.add_route("*", "/api/{method:[A-Za-z.]+}", WebApi(stage).handle)
        app.router.add_post("/response/{name}", responses.handle)
        app.router.add_get("/link/", stage.sockets.serve)
        asking = Asking(stage)
        suggestions = Suggestions(stage, asking)
        people = People(stage, responses, asking, suggestions)
        surfaces = Surfaces(stage, responses, asking, suggestions)
        visitors = Visitors(stage)
        app.router.add_get(FILES, visitors.serve_file)
        Driving(stage, people, surfaces, visitors).add_to(app.router)
        SignInPage(stage).add_to(app.router)
        app.router.add_get("/", _page)
        app.router.add_get("/archives/{channel}/{message}", _page)
        app.router.add_static("/page/", PAGE)
        return app


async def _close(stage: Stage) -> None:
    stage.posting.close()
    stage.live.close()
    await stage.delivery.close()
    await stage.sockets.disconnect("link_disabled")
    await stage.http.close()


async def _page(_request: web.Request) -> web.StreamResponse:
    return web.FileResponse(PAGE / "index.html", headers={"Content-Security-Policy": POLICY})


def _guard(host: str) -> Middleware:
    """Keep other web sites out: their pages could reach this port through the visitor's browser."""

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        name = (request.host or "").rsplit(":", 1)[0].strip("[]")
        if not _is_local(name) and name != host and _is_local(host):
            return web.Response(status=403, text="unknown host")
        origin = request.headers.get("Origin")
        if origin and origin.partition("://")[2] != request.host:
            return web.Response(status=403, text="other origins are not served")
        response = await handler(request)
        if not response.prepared:
            response.headers.setdefault("X-Content-Type-Options", "nosniff")
            response.headers.setdefault("Referrer-Policy", "no-referrer")
            if request.path.startswith(("/page/", "/archives/")) or request.path == "/":
                response.headers["Cache-Control"] = "no-cache"
        return response

    return guard


def _is_local(name: str) -> bool:
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False
