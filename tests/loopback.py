"""HTTP servers on this machine, each on a thread of its own: what stand-ins for other sites have in common."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer
from typing import Any, Self

ADDRESS = "127.0.0.1"


class Quiet(BaseHTTPRequestHandler):
    """Writes no log, and answers with whole bodies."""

    def log_message(self, *_: object) -> None:
        pass

    def answer(self, body: bytes, status: int = 200, kind: str = "application/json", **headers: str) -> None:
        """Answer with a whole body; underscores in the names of headers stand for hyphens."""
        self.head(status, kind, len(body), **headers)
        self.wfile.write(body)

    def head(self, status: int, kind: str, length: int, **headers: str) -> None:
        """Begin an answer."""
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()


class Serving:
    """A server that answers while it is entered. `stopped` is set when it ends: whoever dawdles may look."""

    def __init__(self, listener: HTTPServer, host: str = ADDRESS) -> None:
        self._listener = listener
        self._thread = threading.Thread(target=listener.serve_forever, args=(0.02,), daemon=True)
        self.port = int(listener.server_address[1])
        self.origin = f"http://{host}:{self.port}"
        self.stopped = threading.Event()

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stopped.set()
        self._listener.shutdown()
        self._thread.join()
        self._listener.server_close()


class LoopbackServer(Serving):
    """Answers with a handler of the standard library."""

    def __init__(self, handler: Any, port: int = 0, host: str = ADDRESS) -> None:
        super().__init__(_Listener((host, port), handler), host)


class _Listener(ThreadingHTTPServer):
    daemon_threads = True
    block_on_close = False

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that hang up are part of the tests."""
