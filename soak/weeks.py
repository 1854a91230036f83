"""The soak `clock`: weeks go by in which somebody shares a paper, and each must be told of once, in time."""

from __future__ import annotations

import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from datetime import time as time_of_day
from itertools import cycle, pairwise
from pathlib import Path
from random import Random

import postgres_server
from arxiv_server import ArxivServer
from playground_driving import Driver

from soak import findings
from soak.conversation import AIKO, PAPERS
from soak.ledger import Ledger
from soak.scene import until
from soak.surroundings import Processes, playground, settings
from soak.turned_clocks import TurnedClock, first_shown
from storage.engine import Database, connect

WAIT = 90.0
"""Seconds: far more than anything takes here."""

GAP = 3.0
SETTLED = 5.0
"""Seconds in which whatever is said twice is said."""

HOUR, DAY, WEEK = timedelta(hours=1), timedelta(days=1), timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Place:
    """A zone, its weekly time, and the first days of the stretches of weeks that are lived through there."""

    zone: str
    weekly: str
    begins: tuple[date, date]

    def due(self, week: int, stretch: int) -> datetime:
        """When the week ends."""
        clock = time_of_day.fromisoformat(self.weekly.partition(" ")[2])
        return first_shown(self.begins[stretch] + week * WEEK, clock, self.zone)


PLACES = (
    # The day of the change is in the middle of a stretch of WEEKS; "sun" falls into the very change.
    Place("Europe/Berlin", "mon 09:00", (date(2027, 3, 15), date(2027, 10, 18))),  # 28 March, 31 October
    Place("America/New_York", "sun 02:00", (date(2027, 2, 28), date(2027, 10, 24))),  # 14 March, 7 November
    Place("Australia/Lord_Howe", "sun 02:00", (date(2027, 3, 21), date(2027, 9, 19))),  # 4 April, 3 October
    Place("America/Santiago", "sun 00:00", (date(2027, 3, 21), date(2027, 8, 22))),  # 4 April, 5 September
    Place("Asia/Tokyo", "mon 09:00", (date(2027, 3, 15), date(2027, 10, 18))),  # none
)
WEEKS = 4


@dataclass(slots=True)
class Life:
    """One installation in one place, and all clocks it goes by. `true` is Slack's, and the sun's."""

    place: Place
    random: Random
    slack: Driver
    arxiv: ArxivServer
    processes: Processes
    database: Database
    true: TurnedClock
    server: TurnedClock
    hosts: list[TurnedClock]
    told: Counter[str]
    shared: dict[str, datetime] = field(default_factory=dict)
    early: list[str] = field(default_factory=list)
    late: list[str] = field(default_factory=list)
    passed: list[tuple[float, float]] = field(default_factory=list)
    """When, by the monotonic clock, how many seconds passed at once."""

    @property
    def clocks(self) -> list[TurnedClock]:
        """All clocks."""
        return [self.true, self.server, *self.hosts]

    def go_to(self, moment: datetime) -> None:
        """Let time pass at once. Clocks that are wrong stay so."""
        by = moment - self.true.now
        self.passed.append((time.monotonic(), by.total_seconds()))
        for clock in self.clocks:
            clock.turn(clock.off + by)

    def gaps(self) -> list[float]:
        """Seconds between the requests to arXiv, as they were lived through."""
        hits = sorted(hit.arrived for hit in self.arxiv.log + self.arxiv.asked)
        lived = [at + sum(by for when, by in self.passed if when < at) for at in hits]
        return [later - earlier for earlier, later in pairwise(lived)]

    def digests(self) -> Counter[str]:
        """The digests that stand in Slack, by their period."""
        keys = (one.key for one in findings.said(self.slack) if one.key.startswith("digest:"))
        return Counter(key.rpartition("/")[2] for key in keys)


def live_through(title: str, database: str, seed: int, places: int, keep: Path | None) -> Ledger:
    """Live through the weeks of some places, one after the other, and draw up the ledger."""
    began, random = time.monotonic(), Random(seed)
    chosen = [PLACES[(seed + number) % len(PLACES)] for number in range(places)]
    processes = 3 if database == "postgresql" else 1
    told: Counter[str] = Counter()
    ledger = Ledger(title)
    for place in chosen:
        with _life(place, random, database, processes, told, keep) as life:
            _live(life)
            _account(ledger, life)
    for what, number in told.items():
        ledger.fact(f"{what}: {number}")
    kind = "PostgreSQL" if database == "postgresql" else "SQLite"
    ledger.title = f"{title}: {kind}, {processes} process(es), seed {seed}, {time.monotonic() - began:.0f} s"
    return ledger


@contextmanager
def _life(
    place: Place, random: Random, kind: str, number: int, told: Counter[str], keep: Path | None
) -> Iterator[Life]:
    with ExitStack() as closing:
        folder = Path(closing.enter_context(tempfile.TemporaryDirectory(prefix="fusen-clocks-")))
        folder.chmod(0o755)  # PostgreSQL, another user, reads its clock there
        begin = place.due(0, 0) - WEEK + HOUR
        off = begin - datetime.now(begin.tzinfo)
        true, server, *hosts = (TurnedClock(folder / f"clock-{each}", off) for each in range(number + 2))
        kept = (keep / place.zone.replace("/", "-")) if keep else folder / "kept"
        kept.mkdir(parents=True)
        url = f"sqlite:///{kept}/fusen.db"
        if kind == "postgresql":
            address = closing.enter_context(postgres_server.server(before=server.before))
            if address is None:
                sys.exit(postgres_server.HOW_TO_GET_IT)
            url = closing.enter_context(postgres_server.fresh_database(address))
        slack = closing.enter_context(playground(kept, before=true.before))
        arxiv = closing.enter_context(ArxivServer())
        chosen = {**settings(slack, url, arxiv.url, place.weekly), "FUSEN_TIMEZONE": place.zone}
        processes = Processes(number, kept, chosen, lambda each: hosts[each].before)
        database = connect(url)
        closing.callback(database.close)
        processes.start()
        closing.callback(processes.stop)
        until(lambda: slack.state()["connections"] >= number, WAIT)
        yield Life(place, random, slack, arxiv, processes, database, true, server, hosts, told)


def _live(life: Life) -> None:
    crossings = (awake, asleep, one_asleep, down, killed, weeks_asleep)
    mishaps = (nothing, hosts_set_back, one_host_wrong, ran_ahead, server_set_back)
    crossing = cycle(life.random.sample(crossings, len(crossings)))
    mishap = cycle(life.random.sample(mishaps, len(mishaps)))
    for stretch in (0, 1):
        for week in range(WEEKS):
            due = life.place.due(week, stretch)
            if due < life.true.now + HOUR:
                continue  # it was slept through
            life.go_to(max(life.true.now, due - WEEK + HOUR))
            next(mishap)(life)
            _share(life, due)
            next(crossing)(life, due)
            _see_digest(life, due)


def _share(life: Life, due: datetime) -> None:
    """Somebody shares a paper on some day of the week, and it is taken in."""
    left = due - life.true.now - 10 * timedelta(minutes=1)
    life.go_to(life.true.now + life.random.random() * left)
    paper = f"2401.{len(life.shared) + 1:05}"
    told = life.slack.post("say", member=AIKO, channel=PAPERS, text=f"https://arxiv.org/abs/{paper}", thread_ts="")
    assert told["ok"], told
    until(lambda: paper in findings.stored(life.database).notes, WAIT)
    life.shared[paper] = due


def _see_digest(life: Life, due: datetime) -> None:
    name = due.strftime("%Y-%m-%dT%H:%MZ")
    began = time.monotonic()
    if not until(lambda: life.digests()[name], WAIT):
        life.late.append(name)
    life.told["seconds that digests took, together"] += round(time.monotonic() - began)
    time.sleep(SETTLED)


# How the end of a week is passed


def awake(life: Life, due: datetime) -> None:
    """Everybody is there, and time goes by."""
    life.go_to(due - timedelta(seconds=4))
    time.sleep(1)
    if life.digests()[due.strftime("%Y-%m-%dT%H:%MZ")]:
        life.early.append(f"{due}")
    time.sleep(4)
    life.told["weeks ended awake"] += 1


def asleep(life: Life, due: datetime) -> None:
    """All hosts sleep over it."""
    _sleep(life, range(len(life.hosts)), due + life.random.uniform(0.1, 40) * HOUR)
    life.told["weeks ended asleep"] += 1


def one_asleep(life: Life, due: datetime) -> None:
    """One host sleeps over it, and wakes up when the others have done their work."""
    _sleep(life, [life.random.randrange(len(life.hosts))], due + life.random.uniform(0.1, 40) * HOUR, seconds=6)
    life.told["weeks ended with one host asleep"] += 1


def weeks_asleep(life: Life, due: datetime) -> None:
    """All hosts sleep over it and over the end of the next, in which nobody shares anything."""
    _sleep(life, range(len(life.hosts)), due + WEEK + life.random.uniform(2, 40) * HOUR)
    life.told["weeks ended in a long sleep"] += 1


def down(life: Life, due: datetime) -> None:
    """No process runs when it ends."""
    for each in range(len(life.hosts)):
        life.processes.kill(each, 2.0)
    life.go_to(due + life.random.uniform(0.1, 40) * HOUR)
    life.told["weeks ended with all down"] += 1


def killed(life: Life, due: datetime) -> None:
    """Processes are killed just then."""
    life.go_to(due - timedelta(seconds=1))
    for _ in range(4):
        time.sleep(life.random.uniform(0.2, 1.5))
        life.told["kills just then"] += life.processes.kill(life.random.randrange(len(life.hosts)), 0.5)


def _sleep(life: Life, hosts: range | list[int], until_then: datetime, seconds: float = 1.0) -> None:
    for each in hosts:
        life.processes.signal(each, signal.SIGSTOP)
    life.go_to(until_then)
    time.sleep(seconds)
    for each in hosts:
        life.processes.signal(each, signal.SIGCONT)


# What happens to the clocks


def nothing(_life: Life) -> None:
    """A week like others."""


def hosts_set_back(life: Life) -> None:
    """The hosts' clocks are set back by hours, to before what was just told of, and set right later."""
    by = life.random.uniform(1, 60) * HOUR
    _turn(life.hosts, -by)
    time.sleep(8)
    _turn(life.hosts, by)
    life.told["clocks set back"] += 1


def one_host_wrong(life: Life) -> None:
    """From now on one host's clock is wrong, if it is not the one by which all go."""
    if life.database.file is None:
        by = life.random.choice((-40, -1, 1, 40)) * life.random.uniform(1, 24) * HOUR
        _turn([life.random.choice(life.hosts)], by)
        life.told["hosts with a wrong clock"] += 1


def server_set_back(life: Life) -> None:
    """The clock by which all go is set back by some hours, and set right later."""
    clocks = life.hosts if life.database.file else [life.server]
    by = life.random.uniform(1, 30) * HOUR
    _turn(clocks, -by)
    time.sleep(8)
    _turn(clocks, by)
    life.told["clocks set back that all go by"] += 1


def ran_ahead(life: Life) -> None:
    """All clocks but Slack's run ahead by months while nothing is shared, and are set right."""
    by = life.random.uniform(8, 100) * DAY
    _turn(life.clocks[1:], by)
    time.sleep(8)
    _turn(life.clocks[1:], -by)
    life.told["clocks that ran ahead"] += 1


def _turn(clocks: list[TurnedClock], by: timedelta) -> None:
    for clock in clocks:
        clock.turn(clock.off + by)


def _account(ledger: Ledger, life: Life) -> None:
    until(lambda: not findings.unfinished(life.database, now=life.server.now), WAIT)
    where, said = life.place.zone, findings.said(life.slack)
    there, state = findings.stored(life.database), life.slack.state()
    expected = [due.strftime("%Y-%m-%dT%H:%MZ") for due in life.shared.values()]
    ledger.compare(f"{where}: periods told of", expected, life.digests().elements())
    ledger.none(f"{where}: digests before their time", life.early)
    ledger.none(f"{where}: digests later than {WAIT:.0f} s", life.late)
    ledger.compare(f"{where}: papers with a card", [*life.shared], there.cards)
    keys = Counter(one.key for one in said)
    ledger.none(f"{where}: posts made twice", (keys - Counter(set(keys))).elements())
    ledger.none(f"{where}: papers without details", there.unread)
    ledger.none(f"{where}: work left undone", findings.unfinished(life.database, now=life.server.now))
    ledger.none(f"{where}: complaints of Slack", [f"{one}" for one in state["complaints"]])
    ledger.none(f"{where}: requests to arXiv too close", [f"{gap:.3f} s" for gap in life.gaps() if gap < GAP])
