"""`python -m bench.large [--notes N] [--database URL]`: what people wait for in a large database.

Each command and each event is asked for over signed HTTP in this process, in the largest workspace, with the clock
at rest: so the times are of one request alone, with the web server, Bolt and the database. After an event its
handling is measured too. The workspace with the fifth of all notes is the one that is asked.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from random import Random
from statistics import median, quantiles

from bench.events.requests import CHANNEL, MEMBER, TEAM
from bench.large.asking import Asking
from bench.large.plan import Plan
from bench.large.resting import Resting, resting
from bench.large.stocking import stock
from bench.publish.content import SEED
from bot.composition.pages import flavours
from bot.settings import read
from bot.verbs import REGISTRY
from papers.note import Workspace
from papers.nudges import Job
from papers.tags import tag
from storage.engine import connect
from storage.migrate import migrate

ASKED_SECONDS = 0.1

SWEEPS = 10

ABROAD = {
    Job.FETCH_PAPERS,
    Job.READ_PAGES,
    Job.LEARN_HISTORIES,
    Job.TRANSLATE,
    Job.POST_MESSAGES,
    Job.REFRESH_CARDS,
    Job.LEARN_NAMES,
    Job.PUBLISH_PAGES,
    Job.SEND_PAGES,
}
"""Jobs whose sweep is not measured: they ask others, or write the pages, which are measured by themselves."""


def main() -> None:
    """Measure as the command line says."""
    given = _given()
    say(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    begun = time.monotonic()
    plan = Plan(given.notes, given.comments or 10 * given.notes, given.workspaces, datetime.now(UTC))
    with tempfile.TemporaryDirectory(prefix="fusen-bench-") as made_there:
        folder = Path(made_there)
        url = given.database or f"sqlite:///{given.keep or folder / 'fusen.db'}"
        if not (given.keep and given.keep.exists()):
            rows = _stocked(url, plan)
            say(", ".join(f"{count:,} {name}" for name, count in rows.items() if count))
            say(f"filled in {time.monotonic() - begun:.0f} s")
        if given.keep and not given.database:
            # What is asked changes the database: the kept one stays as it is.
            shutil.copyfile(given.keep, folder / "copy.db")
            url = f"sqlite:///{folder}/copy.db"
        largest = plan.teams[0]
        say(f"the largest workspace: {largest.notes:,} notes, {len(largest.channels)} channels")
        with resting(folder, url) as fusen:
            _commands(fusen, Asking(plan, Random(SEED)), given.times, given.only)
            if not given.only:
                _events(fusen, Asking(plan, Random(SEED + 1)), given.times)
                _sweeps(fusen, Asking(plan, Random(SEED + 3)))
                _pages(fusen, plan, folder, given.times)


def say(line: str) -> None:
    """Print a line at once."""
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def _given() -> argparse.Namespace:
    asked = argparse.ArgumentParser(prog="python -m bench.large", description=__doc__)
    asked.add_argument("--notes", type=int, default=100_000)
    asked.add_argument("--comments", type=int, help="10 to a note unless said otherwise")
    asked.add_argument("--workspaces", type=int, default=1_000)
    asked.add_argument("--times", type=int, default=60, help="how often each thing is asked for")
    asked.add_argument("--only", action="append", default=[], metavar="VERB", help="measure these commands alone")
    asked.add_argument(
        "--database", metavar="URL", help="an empty database of PostgreSQL instead of an SQLite file"
    )
    asked.add_argument(
        "--keep", type=Path, metavar="FILE", help="keep the filled SQLite file, or use it if it is there"
    )
    return asked.parse_args()


def _stocked(url: str, plan: Plan) -> dict[str, int]:
    database = connect(url)
    try:
        migrate(database)
        return stock(database, plan)
    finally:
        database.close()


def _commands(fusen: Resting, asking: Asking, times: int, only: Sequence[str]) -> None:
    if missing := set(REGISTRY) - set(asking.by_verb):
        raise LookupError(f"nothing is known to type for {sorted(missing)}")
    late = []
    for verb in only or REGISTRY:
        fusen.type(asking.by_verb[verb]())
        clock = Clock()
        for _ in range(times):
            text = asking.by_verb[verb]()
            clock.time(partial(_typed, fusen, text))
        say(clock.row(f"/note {verb}"))
        late += [verb] if clock.late else []
    say(f"over {ASKED_SECONDS * 1000:.0f} ms at p95: {', '.join(late) or 'none'}")


def _typed(fusen: Resting, text: str) -> float:
    return fusen.type(text)[0]


def _events(fusen: Resting, asking: Asking, times: int) -> None:
    def new() -> float:
        return fusen.post(f"https://arxiv.org/abs/{asking.unknown()}")[0]

    def known() -> float:
        return fusen.post(f"https://arxiv.org/abs/{asking.paper()}")[0]

    def reply() -> float:
        return fusen.post("See their table 2.", asking.here().ts)[0]

    def reaction() -> float:
        return fusen.react("eyes", asking.here().ts)

    ways: dict[str, tuple[Callable[[], float], Job]] = {
        "a new link": (new, Job.HANDLE_EVENTS),
        "a known link": (known, Job.HANDLE_EVENTS),
        "a reply": (reply, Job.HANDLE_EVENTS),
        "a reaction": (reaction, Job.HANDLE_EVENTS),
        "Home opened": (fusen.open_home, Job.REFRESH_HOMES),
    }
    fusen.type("emoji :eyes: reading")
    for name, (tell, job) in ways.items():
        stored, handled = Clock(), Clock()
        for _ in range(times):
            stored.time(tell)
            handled.time(partial(fusen.work, job))
        say(stored.row(f"{name}, stored"))
        say(handled.row(f"{name}, handled"))


def _sweeps(fusen: Resting, asking: Asking) -> None:
    """Each job run by the clock after somebody has said something."""
    clocks = {job: Clock() for job in Job if job not in ABROAD}
    for job in clocks:
        fusen.work(job)
    for _ in range(SWEEPS):
        fusen.post("See their table 3.", asking.here().ts)
        for job, clock in clocks.items():
            clock.time(partial(fusen.work, job))
    for job, clock in clocks.items():
        say(clock.row(f"{job}, swept"))


def _pages(fusen: Resting, plan: Plan, folder: Path, times: int) -> None:
    """The pages of the largest workspace, all and after a tag on one note."""
    chosen = read({"PAGES_FOLDER": str(folder / "site"), "PAGES_ADDRESS": "https://notes.example.org/"})
    shelves = fusen.store.shelves
    publishing = flavours(shelves, chosen)
    begun = time.process_time()
    publishing.publish(Workspace(TEAM))
    say(f"all pages of the largest workspace: {time.process_time() - begun:.1f} s of CPU")
    asking, random, clock = Asking(plan, Random(SEED + 2)), Random(SEED), Clock()
    for _ in range(min(times, 30)):
        note = asking.note()
        with shelves.writing() as shelf:
            wanted = tag(random.choice(note.team.tags))
            shelf.notes.tag(note.id, [wanted], MEMBER, CHANNEL, datetime.now(UTC))
        clock.time(lambda: publishing.publish(Workspace(TEAM)))
    say(clock.row("pages after a tag"))


class Clock:
    """What people wait for and what this process spends of its CPU, for one thing that is asked for repeatedly."""

    def __init__(self) -> None:
        self._waited: list[float] = []
        self._spent: list[float] = []

    def time(self, act: Callable[[], object]) -> None:
        """Do it once. What it returns is how long people waited, if it is a number; else that is measured."""
        spent, begun = time.process_time(), time.perf_counter()
        told = act()
        took = time.perf_counter() - begun
        self._waited.append(told if isinstance(told, float) else took)
        self._spent.append(time.process_time() - spent)

    @property
    def late(self) -> bool:
        """Whether one of twenty waited too long."""
        return _p95(self._waited) > ASKED_SECONDS

    def row(self, name: str) -> str:
        """Both in words, in milliseconds."""
        both = (
            f"p50 {median(some) * 1000:7.1f} p95 {_p95(some) * 1000:7.1f}" for some in (self._waited, self._spent)
        )
        return f"{name:24} {next(both)} ms; CPU {next(both)} ms"


def _p95(some: Sequence[float]) -> float:
    return quantiles(some, n=20, method="inclusive")[-1]


if __name__ == "__main__":
    main()
