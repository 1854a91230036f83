"""Any site at all, on loopback: pages by host and path, redirects, and bad manners on order.

In a test: `with WebServer() as web: web.page("blog.example/post", "<title>…</title>"); web.network`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from loopback import ADDRESS, LoopbackServer, Quiet

from web_pages.network import Network

HTML = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class Hit:
    """One request: host and path as one text, and the headers."""

    url: str
    headers: Mapping[str, str]


Behaviour = Callable[[Quiet], None]


class WebServer(LoopbackServer):
    """Plain HTTP for every name under `.example` and for the known sites; whoever tries TLS is sent away.

    `addresses` says where names lead that shall not lead here. `network` is the way there for the bot.
    """

    def __init__(self) -> None:
        self.pages: dict[str, Behaviour] = {}
        self.addresses: dict[str, list[str]] = {}
        self.hits: list[Hit] = []
        outer = self

        class Handler(Quiet):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                self.close_connection = True
                url = self.headers.get("Host", "").partition(":")[0] + self.path
                outer.hits.append(Hit(url, dict(self.headers.items())))
                outer.pages.get(url, _missing)(self)

        super().__init__(Handler)

    @property
    def network(self) -> Network:
        """The way to this server: all names lead here, and its port is that of both schemes."""
        return Network(self.resolve, {"http": self.port, "https": self.port}, loopback=True)

    def resolve(self, name: str) -> list[str]:
        """Where a name leads."""
        found = self.addresses.get(name, [ADDRESS])
        if not found:
            raise OSError("no such name")
        return found

    def page(self, url: str, body: str | bytes, kind: str = HTML, status: int = 200, **headers: str) -> None:
        """Serve this at `host/path`; underscores in the names of headers stand for hyphens."""
        sent = body if isinstance(body, bytes) else body.encode()
        self.pages[url] = lambda handler: handler.answer(sent, status, kind, **headers)

    def redirect(self, url: str, target: str, status: int = 301) -> None:
        """Send on from `host/path` to an address."""
        self.page(url, b"", status=status, Location=target)

    def asked(self, url: str) -> int:
        """How often `host/path` was asked for."""
        return sum(hit.url == url for hit in self.hits)


def _missing(handler: Quiet) -> None:
    handler.send_response(404)
    handler.send_header("Content-Length", "0")
    handler.end_headers()
