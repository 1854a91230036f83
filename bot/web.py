"""The web server: the published pages, and doors at a few paths, such as that of Slack's requests."""

from __future__ import annotations

import logging
import os
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from wsgiref.headers import Headers
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import waitress
from waitress.server import BaseWSGIServer
from whitenoise import WhiteNoise
from whitenoise.responders import NotARegularFileError, StaticFile

from bot.compression import Compressed
from bot.guarding import Guarded
from bot.request_heads import Channel
from papers.errors import FusenError

log = logging.getLogger(__name__)

SLACK_PATH = "/slack/events"
THREADS = 8
STOP_SECONDS = 2.0

CONNECTIONS = 300
"""So many at once; each, and the body of its request, may take a file descriptor of the usual 1,024."""

REQUEST_SECONDS = 20.0
"""A request that is not whole by then is not waited for any longer."""

LONGEST_REQUEST = 2_000_000
"""Bytes of a request's body, none of which takes a second to read.

Half of that is the longest that Slack sends: a changed message of 40,000 characters, as it was and as it is, each
as text and as blocks. https://docs.slack.dev/changelog/2018-04-truncating-really-long-messages
"""


_KINDS = (
    ("/feed", ".json", "application/feed+json"),
    ("/people/", ".json", "application/feed+json"),
    ("/sitemap", ".xml", "application/xml"),
)


class PortTaken(FusenError):
    """Another program listens where we want to."""

    en = "Port {port} on {host} cannot be used ({reason}). Choose another with {setting} (and HOST)."
    ja = "{host} のポート {port} を使用できません ({reason})。{setting} (と HOST) で別のものを指定してください。"


class WebServer:
    """Serves a folder, as it is at each request, and before it what `doors` has at a path at that time.

    `closed` may stand before the folder and let nobody in; the doors stay open. A request is waited for as many
    seconds as `patience` says.
    """

    def __init__(
        self,
        folder: Path,
        host: str,
        port: int,
        doors: Mapping[str, WSGIApplication],
        closed: Callable[[WSGIApplication], WSGIApplication] = lambda pages: pages,
        patience: float = REQUEST_SECONDS,
    ) -> None:
        # Other sites may not read the pages from within a browser that may: a lab's may be for the lab alone.
        files = _Pages(
            _Missing(folder / "404.html"),
            root=str(folder),
            autorefresh=True,
            index_file=True,
            allow_all_origins=False,
            mimetypes={".bib": "text/x-bibtex", ".md": "text/markdown", ".xml": "application/atom+xml"},
        )
        pages = closed(Guarded(Compressed(files)))

        def serve(environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
            body = doors.get(str(environ.get("PATH_INFO")), pages)(environ, start_response)
            # A client would take a body for its next answer (RFC 9110, 9.3.2).
            return [b""] if environ["REQUEST_METHOD"] == "HEAD" else body

        self._sockets: dict[int, object] = {}
        try:
            # That a proxy passes a request on must be seen: `bot.health` asks.
            self._server = waitress.create_server(
                serve,
                map=self._sockets,
                host=host,
                port=port,
                threads=THREADS,
                clear_untrusted_proxy_headers=False,
                max_request_body_size=LONGEST_REQUEST,
                connection_limit=CONNECTIONS,
                asyncore_use_poll=True,
            )
        except (OSError, ValueError) as error:
            # Waitress raises ValueError for a host that has no address.
            reason = getattr(error, "strerror", None) or str(error).rstrip(".")
            raise PortTaken(host=host, port=port, reason=reason, setting="PAGES_PORT") from error
        # A name such as "localhost" may stand for several addresses; each is listened at.
        self._listening = [one for one in self._sockets.values() if isinstance(one, BaseWSGIServer)]
        for listening in self._listening:
            listening.channel_class = partial(Channel, seconds=patience)
        self._thread = threading.Thread(target=self._server.run, name="web", daemon=True)
        shown = f"[{host}]" if ":" in host else host
        self.address = f"http://{shown}:{self._listening[0].effective_port}/"

    def start(self) -> None:
        """Serve from now on, in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Give the answers that are begun, and serve no longer."""
        self._server.task_dispatcher.shutdown()
        # In its own thread: it would go on waiting for descriptors that may belong to others by then.
        trigger = self._listening[0].trigger
        with trigger.lock:
            # Whoever else wakes that thread must not let it close the trigger before it is pulled here.
            trigger.thunks.append(self._close)
            trigger.pull_trigger()
        self._thread.join(STOP_SECONDS)

    def _close(self) -> None:
        for listening in self._listening:
            for channel in list(listening.active_channels.values()):
                channel.handle_close()
            listening.close()


class _Pages(WhiteNoise):  # type: ignore[misc] # the package carries no types
    """The files of a folder that are pages: none that a link leads out to, none whose name begins with a dot.

    Such are the notes of the folder's own, or what somebody else keeps there: a repository, settings.
    """

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer with the page, or as for one that is not there where it cannot be read."""
        try:
            answer: Iterable[bytes] = super().__call__(environ, start_response)
        except (OSError, NotARegularFileError):
            answer = self.application(environ, start_response)
        return answer

    def find_file_at_path(self, path: str, url: str) -> StaticFile:
        """The file of an address: the list of a folder under its own name too, which site maps and pages tell."""
        if url.endswith(f"/{self.index_file}"):
            return self.get_static_file(path, url)
        return super().find_file_at_path(path, url)

    def add_mime_headers(self, headers: Headers, path: str, url: str) -> None:
        """Say what kind of file it is; of feeds and site maps the ending alone does not tell it."""
        super().add_mime_headers(headers, path, url)
        for begin, end, kind in _KINDS:
            if url.startswith(begin) and url.endswith(end):
                headers["Content-Type"] = kind

    def add_cache_headers(self, headers: Headers, path: str, url: str) -> None:
        """Say by what a copy is known: an edit of the same length may come within the same second."""
        super().add_cache_headers(headers, path, url)
        seen = Path(path).stat()
        headers["ETag"] = f'"{seen.st_mtime_ns:x}-{seen.st_size:x}"'

    def candidate_paths_for_url(self, url: str) -> Iterator[str]:
        """Where the file of an address may be."""
        if "/." in url or "\0" in url:
            return
        for path in super().candidate_paths_for_url(url):
            if any(_real(path).startswith(_real(root)) for root, _ in self.directories):
                yield path


def _real(path: str) -> str:
    return os.path.realpath(path).rstrip(os.sep) + os.sep


class _Missing:
    """Answers for what is not in the folder, with the site's own page if it has one."""

    def __init__(self, page: Path) -> None:
        self._page = page

    def __call__(self, _environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        try:
            body = self._page.read_bytes()
        except OSError:
            body = b"<!doctype html><title>Not found</title><p>There is no such page."
        start_response(
            "404 Not Found", [("Content-Type", "text/html; charset=utf-8"), ("Content-Length", str(len(body)))]
        )
        return [body]
