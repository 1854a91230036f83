"""News for open pages: each page hears what its member may see, at once."""

import asyncio

from playground.records import Channel, Json

MAX_WAITING = 1000
MAX_LISTENERS = 50


class Live:
    """The listeners, one queue per open page. A page that falls far behind is cut off and reloads.

    `guests` are members who see only the conversations that they are in.
    """

    def __init__(self) -> None:
        self._queues: dict[asyncio.Queue[Json | None], str] = {}
        self.guests: set[str] = set()

    def listen(self, member: str) -> asyncio.Queue[Json | None]:
        """Add a listener; `None` in its queue says that it is cut off."""
        if len(self._queues) >= MAX_LISTENERS:
            oldest = next(iter(self._queues))
            self._cut(oldest)
        queue: asyncio.Queue[Json | None] = asyncio.Queue(MAX_WAITING)
        self._queues[queue] = member
        return queue

    def leave(self, queue: asyncio.Queue[Json | None]) -> None:
        """Remove a listener."""
        self._queues.pop(queue, None)

    def tell(self, member: str, news: Json) -> None:
        """Tell one member's pages."""
        for queue in [q for q, who in self._queues.items() if who == member]:
            if queue.full():
                self._cut(queue)
            else:
                queue.put_nowait(news)

    def tell_channel(self, channel: Channel, news: Json) -> None:
        """Tell the pages of everyone who may read the conversation."""
        for member in set(self._queues.values()):
            if member in channel.members or (channel.kind == "public" and member not in self.guests):
                self.tell(member, news | {"channel": channel.id})

    def close(self) -> None:
        """Cut off everyone."""
        for queue in list(self._queues):
            self._cut(queue)

    def _cut(self, queue: asyncio.Queue[Json | None]) -> None:
        self.leave(queue)
        if queue.full():
            queue.get_nowait()
        queue.put_nowait(None)
