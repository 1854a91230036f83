"""The one id by which an event can be followed in the log, from the inbox to the page.

Work is taken up again from rows, by whichever process, so the id is not handed on: each step can tell it from
where the event happened, its thread in Slack. It is a digest, and tells nothing of the thread.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from hashlib import blake2b

from papers.note import Message
from papers.work import Event, Owed

NONE = "-"

_trace: ContextVar[str] = ContextVar("trace", default=NONE)


def current() -> str:
    """The id of what is being done in this thread; `-` if that is no event's."""
    return _trace.get()


@contextmanager
def tracing(trace: str) -> Iterator[None]:
    """What is logged within bears this id."""
    before = _trace.set(trace)
    try:
        yield
    finally:
        _trace.reset(before)


def of_event(event: Event) -> str:
    """The id of an event: that of its thread, or its own where it has none."""
    return _digest(event.thread or event.event_id)


def of_owed(owed: Owed) -> str:
    """The id of what is owed: that of the thread it answers."""
    thread = f"{owed.workspace}/{owed.channel}/{owed.thread_ts}"
    return _digest(thread if owed.thread_ts else owed.key)


def of_message(message: Message) -> str:
    """The id of what was written in a thread."""
    return _digest(f"{message.workspace}/{message.channel}/{message.thread}")


def _digest(of: str) -> str:
    return blake2b(of.encode("utf-8", "surrogatepass"), digest_size=6).hexdigest()
