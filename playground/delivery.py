"""The way of events and questions to the app: kept until acknowledged, tried again on Slack's schedule.

Source: docs.slack.dev/apis/events-api (3 s to answer; retries at once, after 1 minute, after 5 minutes).
"""

import asyncio
from collections import deque
from collections.abc import Sequence

from playground.mishaps import Mishaps
from playground.records import Json
from playground.routes import NotDelivered, Route
from playground.signed_http import SignedHttp
from playground.sockets import Sockets
from playground.store import Store

SLACK_RETRIES = (0.0, 60.0, 300.0)
ACK_SECONDS = 3.0
MAX_PENDING = 10_000


class Delivery:
    """Events wait in the store until the app has acknowledged them or all retries are used up."""

    def __init__(
        self,
        store: Store,
        sockets: Sockets,
        http: SignedHttp,
        mishaps: Mishaps,
        retry_after: Sequence[float] = SLACK_RETRIES,
        ack_seconds: float = ACK_SECONDS,
    ) -> None:
        self._store = store
        self._sockets = sockets
        self._http = http
        self._mishaps = mishaps
        self._retry_after = tuple(retry_after)
        self._ack_seconds = ack_seconds
        self._tasks: dict[str, set[asyncio.Task[None]]] = {}
        self.given_up: deque[str] = deque(maxlen=1000)

    @property
    def pending(self) -> list[str]:
        """The ids of events that are not acknowledged."""
        return list(self._tasks)

    def resume(self) -> None:
        """Deliver again what was not acknowledged when the playground last ended."""
        for event_id, record in self._store.read("event"):
            self._start(event_id, record["payload"], record["attempt"], record["reason"])

    def event(self, payload: Json, key: str = "") -> None:
        """Store an event and deliver it; `key` stands for the event_id where there is none."""
        event_id = key or str(payload["event_id"])
        if len(self._tasks) >= MAX_PENDING:
            self._give_up(next(iter(self._tasks)))
        self._store.put("event", event_id, {"payload": payload, "attempt": 0, "reason": ""})
        for delay in self._mishaps.delays():
            self._start(event_id, payload, 0, "", delay)

    async def ask(self, kind: str, payload: Json) -> Json:
        """Send a command or an interaction once and return the app's answer; raise NotDelivered."""
        return await self._route().send(kind, payload, 0, "", self._ack_seconds)

    def _route(self) -> Route:
        return self._http if self._http.url else self._sockets

    def _start(self, event_id: str, payload: Json, attempt: int, reason: str, delay: float = 0.0) -> None:
        task = asyncio.get_running_loop().create_task(self._deliver(event_id, payload, attempt, reason, delay))
        tasks = self._tasks.setdefault(event_id, set())
        tasks.add(task)
        task.add_done_callback(lambda done: self._finished(event_id, done))

    def _finished(self, event_id: str, task: asyncio.Task[None]) -> None:
        tasks = self._tasks.get(event_id, set())
        tasks.discard(task)
        if not tasks:
            self._tasks.pop(event_id, None)

    async def _deliver(self, event_id: str, payload: Json, attempt: int, reason: str, delay: float) -> None:
        if delay:
            await asyncio.sleep(delay)
        while True:
            route = self._route()
            await route.ready()
            try:
                await route.send("events_api", payload, attempt, reason, self._ack_seconds)
                if not self._mishaps.use_lost_ack():
                    self._store.drop("event", event_id)
                    return
                await asyncio.sleep(self._ack_seconds)
                raise NotDelivered("timeout")
            except NotDelivered as failure:
                if failure.no_retry or attempt >= len(self._retry_after):
                    self._give_up(event_id)
                    return
                reason = failure.reason
            attempt += 1
            self._store.put("event", event_id, {"payload": payload, "attempt": attempt, "reason": reason})
            await asyncio.sleep(self._retry_after[attempt - 1])

    def _give_up(self, event_id: str) -> None:
        self.given_up.append(event_id)
        self._store.drop("event", event_id)
        current = asyncio.current_task()
        for task in self._tasks.pop(event_id, set()):
            if task is not current:
                task.cancel()

    async def close(self) -> None:
        """Stop all deliveries; what is unacknowledged stays in the store."""
        tasks = [task for group in self._tasks.values() for task in group]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
