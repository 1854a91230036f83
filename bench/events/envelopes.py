"""Slack for an app in Socket Mode: the envelopes of what is measured; all else is passed on to a playground."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any
from urllib.parse import parse_qsl

import aiohttp
from aiohttp import web

PATIENCE = 60.0
"""How long in seconds an app may take to connect or to acknowledge."""

_OPEN = "apps.connections.open"


class Exchange:
    """One socket of one app: sends it envelopes and waits for their acknowledgements."""

    def __init__(self, slack: str, loop: asyncio.AbstractEventLoop) -> None:
        self._slack = slack
        self._loop = loop
        self._numbers = count(1)
        self._socket: web.WebSocketResponse | None = None
        self._connected = threading.Event()
        self._waiting: dict[str, asyncio.Future[float]] = {}
        self._session: aiohttp.ClientSession | None = None
        self.address = ""

    def wait(self) -> None:
        """Return when the app is connected. Raises TimeoutError."""
        if not self._connected.wait(PATIENCE):
            raise TimeoutError("the app does not connect")

    def ask(self, body: bytes, kind: str) -> float:
        """Send what would be posted over HTTP; return the seconds until it is acknowledged."""
        if kind == "application/json":
            envelope = {"type": "events_api", "payload": json.loads(body)}
        else:
            envelope = {"type": "slash_commands", "payload": dict(parse_qsl(body.decode()))}
        return asyncio.run_coroutine_threadsafe(self._send(envelope), self._loop).result(PATIENCE)

    def close(self) -> None:
        """Nothing: the socket is one for all who ask."""

    async def _send(self, envelope: dict[str, Any]) -> float:
        if self._socket is None:
            raise RuntimeError("the app is not connected")
        number = str(next(self._numbers))
        acknowledged: asyncio.Future[float] = self._loop.create_future()
        self._waiting[number] = acknowledged
        more = {"envelope_id": number, "accepts_response_payload": True}
        begun = time.perf_counter()
        await self._socket.send_str(json.dumps({**envelope, **more}))
        return await acknowledged - begun

    async def open(self) -> None:
        """Listen on a port of this machine."""
        self._session = aiohttp.ClientSession(trust_env=False)
        app = web.Application()
        app.router.add_get("/socket", self._serve)
        app.router.add_route("*", "/api/{method}", self._answer)
        runner = web.AppRunner(app)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.address = f"http://127.0.0.1:{runner.addresses[0][1]}"

    async def shut(self) -> None:
        """Hang up."""
        if self._session is not None:
            await self._session.close()

    async def _answer(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        if method == _OPEN:
            return web.json_response({"ok": True, "url": self.address.replace("http", "ws", 1) + "/socket"})
        if self._session is None:
            return web.Response(status=503)
        kept = {
            name: request.headers[name] for name in ("Authorization", "Content-Type") if name in request.headers
        }
        body = await request.read()
        async with self._session.post(f"{self._slack}/api/{method}", data=body, headers=kept) as told:
            return web.Response(body=await told.read(), status=told.status, content_type=told.content_type)

    async def _serve(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(max_msg_size=1_000_000)
        await socket.prepare(request)
        await socket.send_json({"type": "hello", "num_connections": 1})
        self._socket = socket
        self._connected.set()
        async for message in socket:
            if message.type is aiohttp.WSMsgType.TEXT:
                waiting = self._waiting.pop(json.loads(message.data).get("envelope_id", ""), None)
                if waiting is not None:
                    waiting.set_result(time.perf_counter())
        return socket


@contextmanager
def exchange(slack: str) -> Iterator[Exchange]:
    """An exchange before the playground at `slack`, on a thread of its own."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, name="exchange", daemon=True)
    thread.start()
    made = Exchange(slack, loop)
    asyncio.run_coroutine_threadsafe(made.open(), loop).result(PATIENCE)
    try:
        yield made
    finally:
        asyncio.run_coroutine_threadsafe(made.shut(), loop).result(PATIENCE)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(PATIENCE)
