"""Socket Mode: tickets, connections, envelopes and acknowledgements.

Source: docs.slack.dev/apis/events-api/using-socket-mode.
"""

import asyncio
import json
import secrets
import time
from asyncio import BaseTransport
from contextlib import suppress
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from playground.records import Json
from playground.routes import NotDelivered

MAX_CONNECTIONS = 10
MAX_TICKETS = 100
TICKET_SECONDS = 60.0
MAX_FRAME = 1_000_000
HEARTBEAT_SECONDS = 15.0


@dataclass
class Connection:
    """One open socket of the app and the envelopes that it has not acknowledged."""

    socket: web.WebSocketResponse
    transport: BaseTransport | None
    waiting: dict[str, asyncio.Future[Json]] = field(default_factory=dict)


class Sockets:
    """All open sockets; each payload goes to any one of them, in turn."""

    def __init__(self, app_id: str) -> None:
        self._app_id = app_id
        self._tickets: dict[str, float] = {}
        self._connections: list[Connection] = []
        self._open = asyncio.Event()
        self._turn = 0

    @property
    def count(self) -> int:
        """How many sockets are open."""
        return len(self._connections)

    def new_ticket(self) -> str:
        """Return a ticket that opens one socket within a minute."""
        now = time.monotonic()
        self._tickets = {t: until for t, until in self._tickets.items() if until > now}
        while len(self._tickets) >= MAX_TICKETS:
            del self._tickets[next(iter(self._tickets))]
        ticket = secrets.token_urlsafe(24)
        self._tickets[ticket] = now + TICKET_SECONDS
        return ticket

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Hold one socket open until either side ends it."""
        until = self._tickets.pop(request.query.get("ticket", ""), 0.0)
        if until < time.monotonic():
            return web.Response(status=403, text="invalid ticket")
        socket = web.WebSocketResponse(heartbeat=HEARTBEAT_SECONDS, max_msg_size=MAX_FRAME)
        await socket.prepare(request)
        if len(self._connections) >= MAX_CONNECTIONS:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        connection = Connection(socket, request.transport)
        self._connections.append(connection)
        try:
            await socket.send_json(self._hello())
            self._open.set()
            with suppress(ConnectionError):  # it left before its last ping was answered
                await self._read(connection)
        finally:
            self._forget(connection)
        return socket

    def _hello(self) -> Json:
        return {
            "type": "hello",
            "num_connections": self.count,
            "connection_info": {"app_id": self._app_id},
            "debug_info": {"host": "playground", "build_number": 1, "approximate_connection_time": 18060},
        }

    async def _read(self, connection: Connection) -> None:
        async for frame in connection.socket:
            if frame.type is not WSMsgType.TEXT:
                continue
            try:
                answer = json.loads(frame.data)
            except ValueError:
                continue
            if not isinstance(answer, dict):
                continue
            future = connection.waiting.get(str(answer.get("envelope_id")))
            if future is not None and not future.done():
                payload = answer.get("payload")
                future.set_result(payload if isinstance(payload, dict) else {})

    def _forget(self, connection: Connection) -> None:
        if connection in self._connections:
            self._connections.remove(connection)
        if not self._connections:
            self._open.clear()
        for future in connection.waiting.values():
            if not future.done():
                future.set_exception(NotDelivered("connection_failed"))

    async def ready(self) -> None:
        """Return when a socket is open."""
        await self._open.wait()

    async def send(self, kind: str, payload: Json, attempt: int, reason: str, timeout: float) -> Json:
        """Send one envelope and wait for its acknowledgement."""
        if not self._connections:
            raise NotDelivered("connection_failed")
        self._turn += 1
        connection = self._connections[self._turn % len(self._connections)]
        envelope: Json = {
            "envelope_id": secrets.token_hex(16),
            "type": kind,
            "payload": payload,
            "accepts_response_payload": kind != "events_api",
        }
        if kind == "events_api":
            envelope |= {"retry_attempt": attempt, "retry_reason": reason}
        future: asyncio.Future[Json] = asyncio.get_running_loop().create_future()
        connection.waiting[envelope["envelope_id"]] = future
        try:
            await connection.socket.send_json(envelope)
            # Not wait_for: before Python 3.12 it loses a cancellation that comes together with the answer.
            async with asyncio.timeout(timeout):
                return await future
        except TimeoutError:
            raise NotDelivered("timeout") from None
        except ConnectionError:
            raise NotDelivered("connection_failed") from None
        finally:
            del connection.waiting[envelope["envelope_id"]]

    async def disconnect(self, reason: str, *, hard: bool = False) -> int:
        """Tell all sockets to leave and close them; `hard` cuts them without a word. Return how many."""
        leaving = list(self._connections)
        for connection in leaving:
            self._forget(connection)
            if hard and connection.transport is not None:
                connection.transport.close()
            else:
                await self._say_goodbye(connection.socket, reason)
        return len(leaving)

    async def _say_goodbye(self, socket: web.WebSocketResponse, reason: str) -> None:
        try:
            await socket.send_json({"type": "disconnect", "reason": reason, "debug_info": {"host": "playground"}})
            async with asyncio.timeout(1.0):
                await socket.close()
        except (ConnectionError, TimeoutError):
            return  # it had already gone
