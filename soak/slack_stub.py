"""A Slack that says yes to whatever is asked of it, on loopback: for doors where only what comes in matters."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qs

from loopback import LoopbackServer, Quiet

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


class SlackStub(LoopbackServer):
    """Serves while it is entered; `address` is what `SLACK_API_URL` says."""

    def __init__(self) -> None:
        super().__init__(_Handler)
        self.address = f"{self.origin}/api/"


class _Handler(Quiet):
    def do_POST(self) -> None:
        self._tell(self.rfile.read(int(self.headers.get("Content-Length") or 0)))

    def do_GET(self) -> None:
        self._tell(b"")

    def _tell(self, body: bytes) -> None:
        method = self.path.partition("?")[0].rpartition("/")[2]
        told = {"ok": True, "ts": "1700000099.000100", "channel": "C1", "messages": [], **_TOLD.get(method, {})}
        asked = parse_qs(body.decode("utf-8", "replace") or self.path.partition("?")[2])
        for name, key in (("user", "user"), ("channel", "channel")):
            if isinstance(told.get(key), dict) and name in asked:
                told[key] = {**told[key], "id": asked[name][0]}
        self.answer(json.dumps(told).encode())
