"""A Slack that says yes to whatever is asked of it, on loopback: for doors where only what comes in matters."""

from __future__ import annotations

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs

TEAM, BOT = "T1", "UBOT"
_PERSON = {"id": "U1", "name": "ada", "real_name": "Ada", "profile": {"display_name": "Ada"}, "locale": "en-US"}
_CHANNEL = {"id": "C1", "name": "papers", "is_channel": True, "is_private": False, "is_member": True}
_TOLD: dict[str, dict[str, Any]] = {
    "auth.test": {"team": "Lab", "team_id": TEAM, "user": "fusen", "user_id": BOT, "url": "https://lab.example/"},
    "users.info": {"user": _PERSON},
    "conversations.info": {"channel": _CHANNEL},
    "users.conversations": {"channels": [_CHANNEL]},
    "views.open": {"view": {"id": "V1", "hash": "1"}},
    "views.push": {"view": {"id": "V1", "hash": "1"}},
}


class SlackStub:
    """Serves while it is entered; `address` is what `SLACK_API_URL` says."""

    def __init__(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
        self._server.daemon_threads = True
        self.address = f"http://127.0.0.1:{self._server.server_address[1]}/api/"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        return self

    def __exit__(self, *trouble: object) -> None:
        self._server.shutdown()
        self._server.server_close()


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self._answer(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def do_GET(self) -> None:
        self._answer(b"")

    def log_message(self, *args: object) -> None:
        pass

    def _answer(self, body: bytes) -> None:
        method = self.path.partition("?")[0].rpartition("/")[2]
        told = {"ok": True, "ts": "1700000099.000100", "channel": "C1", "messages": [], **_TOLD.get(method, {})}
        asked = parse_qs(body.decode("utf-8", "replace") or self.path.partition("?")[2])
        for name, key in (("user", "user"), ("channel", "channel")):
            if isinstance(told.get(key), dict) and name in asked:
                told[key] = {**told[key], "id": asked[name][0]}
        text = json.dumps(told).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)
