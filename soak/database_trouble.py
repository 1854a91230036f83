"""The databases' bad days: PostgreSQL crashes and stalls, SQLite is locked, disks are full; and people ask on."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from itertools import cycle
from random import Random

from sqlalchemy import make_url

from soak.conversation import BEN
from soak.databases import Disk, Server
from soak.scene import Scene

PROMISED = "soak-asked-"
"""What people follow while they ask: the tags of this name, of which nothing is ever told."""

MOST_PROMISES = 45
"""Somebody may follow 50 things."""

_DIRECT = "D0000000BEN"
_LOCKED_LONG = 36.0
"""Longer than Fusen waits for another writer."""

_FIRST_POST_SECONDS = 60.0
_CATCH_UP_SECONDS, _CAUGHT_UP = 60.0, 5
_DELAY = 100
"""Milliseconds; PostgreSQL delays no longer."""

_Deed = Callable[[Scene], str]


def postgresql_has_bad_days(scene: Scene) -> None:
    """PostgreSQL stops at once and comes back, cuts connections, commits slowly or not at all, has a full disk."""
    server, disk = _server(scene), _disk(scene)
    deeds: tuple[_Deed, ...] = (_crash, _crash, _cut, _cut, _slow, _hold, _hold_and_crash, _fill_under_server)
    try:
        _go_through(scene, deeds)
    finally:
        disk.free()
        server.come_back()
        server.delay_commits(0)
        server.hold_commits(False)


def sqlite_has_bad_days(scene: Scene) -> None:
    """Another program writes for longer than Fusen waits; the disk is full, at times while Fusen starts."""
    try:
        _go_through(scene, (_lock_long, _lock, _lock, _fill, _fill, _fill_and_restart, _lock_and_restart))
    finally:
        _disk(scene).free()


def _go_through(scene: Scene, deeds: tuple[_Deed, ...]) -> None:
    # A digest of nothing is not posted, and it falls due while nothing may be stored: something must be there.
    scene.watcher.posted.wait(_FIRST_POST_SECONDS)
    for deed in cycle(scene.random.sample(deeds, len(deeds))):
        if scene.over.wait(scene.random.uniform(2, 6)):
            return
        scene.told[deed(scene)] += 1
        _let_slack_catch_up(scene)


def _let_slack_catch_up(scene: Scene) -> None:
    """Slack repeats itself for two minutes here, in earnest for a day: no event must meet every trouble."""
    end = time.monotonic() + _CATCH_UP_SECONDS
    while time.monotonic() < end and len(scene.slack.state()["pending_events"]) > _CAUGHT_UP:
        if scene.over.wait(0.5):
            return


def _crash(scene: Scene) -> str:
    server = _server(scene)
    server.crash()
    time.sleep(scene.random.uniform(0, 8))
    server.come_back()
    return "PostgreSQL stopped at once"


def _cut(scene: Scene) -> str:
    for _ in range(scene.random.randint(1, 8)):
        _server(scene).cut_connections()
        time.sleep(scene.random.uniform(0, 0.5))
    return "all connections cut, up to 8 times"


def _slow(scene: Scene) -> str:
    _server(scene).delay_commits(_DELAY)
    time.sleep(scene.random.uniform(5, 12))
    _server(scene).delay_commits(0)
    return f"each commit {_DELAY} ms later"


def _hold(scene: Scene) -> str:
    _server(scene).hold_commits(True)
    time.sleep(scene.random.uniform(3, 10))
    _server(scene).hold_commits(False)
    return "all commits held"


def _hold_and_crash(scene: Scene) -> str:
    """What waits for its commit is committed, but nobody is told."""
    _server(scene).hold_commits(True)
    time.sleep(scene.random.uniform(1, 5))
    _crash(scene)
    _server(scene).hold_commits(False)
    return "PostgreSQL stopped at once while commits were held"


def _fill_under_server(scene: Scene) -> str:
    told = _fill(scene)
    _server(scene).come_back()
    return told


def _fill(scene: Scene) -> str:
    disk = _disk(scene)
    if not disk.limited:
        return "LEFT OUT: a full disk (no file system may be mounted here)"
    end = time.monotonic() + scene.random.uniform(4, 12)
    while time.monotonic() < end:
        disk.fill()  # again and again: what is deleted meanwhile makes room
        time.sleep(0.3)
    disk.free()
    return "disk full"


def _fill_and_restart(scene: Scene) -> str:
    _kill_one(scene)
    return f"{_fill(scene)}, and a process started"


def _lock(scene: Scene) -> str:
    _hold_lock(scene, scene.random.uniform(1, 8))
    return "database locked"


def _lock_long(scene: Scene) -> str:
    _hold_lock(scene, _LOCKED_LONG)
    return "database locked for longer than Fusen waits"


def _lock_and_restart(scene: Scene) -> str:
    _kill_one(scene)
    _hold_lock(scene, scene.random.uniform(3, 8))
    return "database locked, and a process started"


def _hold_lock(scene: Scene, seconds: float) -> None:
    file = make_url(scene.stand.url).database
    with closing(sqlite3.connect(str(file), timeout=30, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        time.sleep(seconds)
        other.execute("ROLLBACK")


def _kill_one(scene: Scene) -> None:
    scene.processes.kill(scene.random.randrange(scene.plan.processes), 0.0)


def people_ask(scene: Scene) -> None:
    """Somebody types commands all the while; what an answer promises must be stored."""
    # A chance of its own: how many commands there are depends on how long they take.
    random, number = Random(scene.plan.seed + 2), 0
    while not scene.over.wait(random.uniform(0.5, 1.5)):
        number += 1
        wants = len(scene.promised) < MOST_PROMISES and random.random() < 0.5
        tag = f"{PROMISED}{number}"
        text = f"follow {tag}" if wants else "list"
        told = scene.slack.post("command", member=BEN, channel=_DIRECT, text=f"/note {text}")
        said = str(told.get("answer", ""))
        scene.told[f"commands: {_kind(told, said)}"] += 1
        if "reference" in said:
            scene.unclear.append(text)
        elif wants and "You follow" in said:
            scene.promised.add(tag)


def _kind(told: dict[str, object], said: str) -> str:
    if not told["ok"]:
        return f"Slack says {told['error']}"
    return "told that the database is away" if "database" in said else "answered"


def _server(scene: Scene) -> Server:
    assert scene.stand.server
    return scene.stand.server


def _disk(scene: Scene) -> Disk:
    assert scene.stand.disk
    return scene.stand.disk
