"""How a signal stops the running process: in good order if that can be, and in any case within seconds."""

from __future__ import annotations

import logging
import os
import signal
import socket
import sys
import threading
from typing import NoReturn

log = logging.getLogger(__name__)

SIGNALS = (signal.SIGINT, signal.SIGTERM)

GRACE_SECONDS = 5.0
"""How long an orderly stop may take, less than the ten seconds after which containers are killed."""


def clear_away_on_term() -> None:
    """Let SIGTERM end a short command as an error would, so that nothing half done is left behind.

    For the main thread. Raises SystemExit there.
    """
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))


def stop_on_signals(stopped: threading.Event, grace: float = GRACE_SECONDS) -> None:
    """Set `stopped` at the first signal, and end the process `grace` seconds later whatever still runs.

    For the main thread of a process that ends with `stopped`.
    """
    heard, told = socket.socketpair()
    told.setblocking(False)
    for number in SIGNALS:
        signal.signal(number, lambda *_: None)
    # A handler in Python runs when the main thread next runs Python. A signal that comes just before that thread
    # begins to wait for a lock is not seen until another one comes; what is written to a descriptor is.
    signal.set_wakeup_fd(told.fileno())
    threading.Thread(target=_obey, args=(heard, told, stopped, grace), name="signals", daemon=True).start()


def _obey(heard: socket.socket, _told: socket.socket, stopped: threading.Event, grace: float) -> NoReturn:
    while heard.recv(1)[0] not in SIGNALS:
        pass
    stopped.set()
    # Not cancelled by the end of the stop: Python itself then waits for threads that are at work.
    threading.Event().wait(grace)
    log.warning("not all that was running could be waited for; it is finished after the next start")
    os._exit(0)
