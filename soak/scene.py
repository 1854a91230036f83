"""The scene of a soak: what is asked for, what is around all teams, and one team's Slack with its Fusens."""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random

from arxiv_server import ArxivServer
from playground_driving import Driver

from playground.seed import TEAM_ID
from soak.databases import Stand, standing
from soak.network import Network, three_hosts
from soak.surroundings import Processes, Watcher, playground, settings
from storage.engine import Database, connect

DIGEST_SECONDS = 45
"""After how long, at the earliest, the digest falls due; at the latest a minute after that."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is asked for on the command line."""

    database: str
    processes: int
    seed: int
    events: int
    seconds: float
    kills: int = 0
    keep: Path | None = None
    hosts: bool = False
    apart: bool = False
    teams: tuple[str, ...] = (TEAM_ID,)


@dataclass(frozen=True, slots=True)
class Around:
    """What is around all teams of a soak."""

    network: Network
    stand: Stand
    arxiv: ArxivServer


@dataclass(slots=True)
class Scene:
    """Everything that trouble may be made with. `over` is set when people have said all."""

    plan: Plan
    random: Random
    slack: Driver
    arxiv: ArxivServer
    network: Network
    processes: Processes
    database: Database
    watcher: Watcher
    digest_due: datetime
    stand: Stand
    team: str
    over: threading.Event = field(default_factory=threading.Event)
    told: Counter[str] = field(default_factory=Counter)
    failed: list[str] = field(default_factory=list)
    unknown: set[str] = field(default_factory=set)
    """The papers that arXiv has once said it does not know."""
    promised: set[str] = field(default_factory=set)
    """The tags that somebody was told to follow from now on."""
    reacted: set[tuple[str, str]] = field(default_factory=set)
    """The channels and threads in which Aiko reacted to what Fusen had just posted."""
    unclear: list[str] = field(default_factory=list)
    """The commands whose answer was no more than that something broke."""


Trouble = Callable[[Scene], None]
"""Makes trouble until `scene.over` is set, and leaves everything in order."""


@contextmanager
def around_all(plan: Plan, folder: Path) -> Iterator[Around]:
    """Put up what all teams share; `folder` holds a database that is a file."""
    with ExitStack() as closing:
        network = closing.enter_context(three_hosts(plan.processes)) if plan.hosts else Network()
        stand = closing.enter_context(standing(plan.database, folder, plan.apart, network))
        yield Around(network, stand, closing.enter_context(ArxivServer(host=network.slack)))


@contextmanager
def set_scene(plan: Plan, team: str, folder: Path, around: Around) -> Iterator[Scene]:
    """Put up one team's Slack, and its Fusens below `folder`, all of them connected."""
    network, stand, arxiv = around.network, around.stand, around.arxiv
    with ExitStack() as closing:
        folder.mkdir(exist_ok=True)
        slack = closing.enter_context(playground(folder, network.slack, team=team))
        due = (datetime.now(UTC) + timedelta(seconds=DIGEST_SECONDS + 60)).replace(second=0, microsecond=0)
        told = settings(slack, stand.url, arxiv.url, f"{due:%a %H:%M}") | {"NO_PROXY": network.addresses}
        processes = Processes(plan.processes, folder, told, network.on, stand.var)
        database = connect(stand.url)
        closing.callback(database.close)
        processes.start()
        closing.callback(processes.stop)
        until(lambda: slack.state()["connections"] >= plan.processes, 120)
        chance, watcher = Random(plan.seed + 1), Watcher(slack)
        yield Scene(
            plan,
            chance,
            slack,
            arxiv,
            network,
            processes,
            database,
            watcher,
            digest_due=due,
            stand=stand,
            team=team,
        )


def until(wanted: Callable[[], object], seconds: float) -> bool:
    """Wait for it. False if it did not come to be in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if wanted():
            return True
        time.sleep(0.5)
    return False
