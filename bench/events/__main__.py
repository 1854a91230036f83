"""`python -m bench.events [--database URL ...]`: how soon Slack is answered, beside Bolt doing nothing.

All requests are signed as Slack signs them and travel over HTTP on this machine; then the same comes as envelopes
of Socket Mode over a web socket. An event is answered when it is stored for good; a command when it is done. What
Fusen does with the events afterwards runs at the same time, and its CPU is counted until all are handled.
"""

from __future__ import annotations

import argparse
import itertools
import json
import os
import platform
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable
from pathlib import Path

from bench.events.envelopes import exchange
from bench.events.requests import APP_TOKEN, Way, at_a_pace, command, event, one_after_another, row
from bench.events.servers import Server, bare_bolt, fusen, playground

SLOW_JOBS, SLOW_SECONDS = 50, 4.0
threads = itertools.count()
CALM = 40
"""Events a second, at which what comes is answered and worked through with time to spare."""

LINK = "https://arxiv.org/abs/2301.{:05}"


def main() -> None:
    """Measure as the command line says."""
    asked = argparse.ArgumentParser(prog="python -m bench.events", description=__doc__)
    asked.add_argument("--seconds", type=float, default=10, help="how long each way of asking is measured")
    asked.add_argument("--paced", type=float, default=60, help="how long 100 events a second are sent")
    asked.add_argument(
        "--database", action="append", default=[], metavar="URL", help="besides SQLite; an empty one"
    )
    given = asked.parse_args()
    say(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory(prefix="fusen-bench-") as made_there:
        folder = Path(made_there)
        with bare_bolt(folder) as bolt:
            bare = doors("bare Bolt", bolt, bolt.caller, given.seconds)
        with exchange("") as slack_socket, bare_bolt(folder, slack_socket.address) as bolt:
            slack_socket.wait()
            bare_socket = doors("bare Bolt, socket", bolt, lambda: slack_socket, given.seconds)
        for number, url in enumerate(["", *given.database]):
            mine = folder / str(number)
            mine.mkdir()
            with playground(mine) as slack, fusen(mine, slack, url or f"sqlite:///{mine}/fusen.db") as server:
                name = "Fusen, " + (url.partition(":")[0] or "sqlite")
                ours = doors(name, server, server.caller, given.seconds, handled)
                say(f"{name}: CPU an event to bare Bolt's {ours / bare:.2f}")
                paced(name, server, given.paced)
                beside_slow_jobs(name, server, slack, given.seconds)
            apart = mine / "socket"  # an empty database beside pages that show papers would be refused
            apart.mkdir()
            by_socket(apart, f"{name}, socket", url or f"sqlite:///{apart}/fusen.db", given.seconds, bare_socket)


def by_socket(folder: Path, name: str, url: str, seconds: float, bare: float) -> None:
    """The same doors in Socket Mode."""
    with (
        playground(folder) as slack,
        exchange(slack) as slack_socket,
        fusen(folder, slack_socket.address, url, APP_TOKEN) as server,
    ):
        slack_socket.wait()
        ours = doors(name, server, lambda: slack_socket, seconds, handled)
        say(f"{name}: CPU an event to bare Bolt's {ours / bare:.2f}")


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def doors(
    name: str,
    server: Server,
    door: Callable[[], Way],
    seconds: float,
    done: Callable[[Server], object] = lambda _: None,
) -> float:
    """Measure events and commands; return the CPU seconds an event, with 8 clients.

    `done` returns when what follows from the answers is done too.
    """
    ways: list[tuple[str, int, Callable[[], tuple[bytes, str]]]] = [
        ("events, 1 client", 1, reply),
        ("commands, 1 client", 1, lambda: command("help")),
        ("events, 8 clients", 8, reply),
    ]
    each = 0.0
    one_after_another(door, 2, 1, reply)
    say(f"{name}, events, {CALM} a second {row(at_a_pace(door, CALM, seconds, reply, clients=8))}")
    for way, clients, what in ways:
        before = server.cpu()
        waited = one_after_another(door, clients, seconds, what)
        done(server)
        each = (server.cpu() - before) / len(waited)
        say(f"{name}, {way:18} {row(waited)}, {each * 1000:.2f} ms of CPU each, {server.memory():.0f} MB")
    return each


def reply() -> tuple[bytes, str]:
    """A reply in one of many threads that nobody knows: stored, and then found to be no comment."""
    return event("Nice paper; see their table 2.", thread_ts=f"1690000000.{next(threads) % 1_000:06}")


def handled(server: Server) -> tuple[int, float]:
    """Wait until all events are handled; return how many waited, and for how many seconds."""
    begun, waiting = time.monotonic(), server.waiting()
    while server.waiting():
        time.sleep(0.2)
    return waiting, time.monotonic() - begun


def paced(name: str, server: Server, seconds: float) -> None:
    """A hundred events a second, some of them with links."""
    links = itertools.count()

    def what() -> tuple[bytes, str]:
        number = next(links)
        return event(LINK.format(number % 500)) if number % 10 == 0 else reply()

    before = server.cpu()
    waited = at_a_pace(server.caller, 100, seconds, what)
    waiting, drained = handled(server)
    each = (server.cpu() - before) / len(waited)
    say(f"{name}, 100 a second     {row(waited)}, {each * 1000:.2f} ms of CPU each, {server.memory():.0f} MB")
    say(f"{name}: {waiting:,} waiting events handled after {drained:.1f} s")


def beside_slow_jobs(name: str, server: Server, slack: str, seconds: float) -> None:
    """Commands while Slack takes seconds for each of many posts."""
    order = {"method": "*", "how": "slow", "times": 10_000, "seconds": SLOW_SECONDS}
    asked = urllib.request.Request(
        f"{slack}/playground/misbehave", json.dumps(order).encode(), {"Content-Type": "application/json"}
    )
    urllib.request.urlopen(asked, timeout=60).close()
    caller = server.caller()
    for number in range(SLOW_JOBS):
        caller.ask(*event(LINK.format(90_000 + number)))
    caller.close()
    waited = one_after_another(server.caller, 1, seconds, lambda: command("help"))
    say(f"{name}, beside slow jobs {row(waited)}")


if __name__ == "__main__":
    main()
