"""`python -m soak [KIND ...] [--seed N] [--events N] [--kills N] [--long]`: soak Fusen, and print the ledgers.

The kind `fuzz` is of another sort: it gives every door hostile input (`--inputs N`, `--door NAME`).
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from playground.seed import TEAM_ID
from soak import weeks
from soak.cutting import cut_hosts_off
from soak.database_trouble import people_ask, postgresql_has_bad_days, sqlite_has_bad_days
from soak.doors import DOORS, knock_everywhere
from soak.network import NoNamespaces
from soak.run import soak
from soak.scene import Plan, Trouble
from soak.trouble import arxiv_has_a_bad_day, kill, slack_has_a_bad_day
from soak.turned_clocks import NoFaketime


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of soak: its title, where it runs, the trouble; of its short form events, pace and kills.

    `apart`, the database has a disk and a server of its own.
    """

    title: str
    database: str
    trouble: tuple[Trouble, ...]
    events: int = 300
    rate: float = 8.0
    kills: int = 0
    hosts: bool = False
    apart: bool = False
    teams: tuple[str, ...] = (TEAM_ID,)

    @property
    def processes(self) -> int:
        """Of each team; SQLite is for one."""
        return (3 if self.database == "postgresql" else 1) // len(self.teams) or 1


_KILLED, _SLACK, _ARXIV = "Killed at any moment", "Slack's bad days", "arXiv's bad days"
_HOSTS = "Three hosts, cut off from each other"
KINDS = {
    "kills-sqlite": Kind(_KILLED, "sqlite", (kill,), kills=10),
    "kills-postgresql": Kind(_KILLED, "postgresql", (kill,), kills=10),
    "slack": Kind(_SLACK, "postgresql", (slack_has_a_bad_day,), rate=6),
    "slack-sqlite": Kind(_SLACK, "sqlite", (slack_has_a_bad_day,), rate=6),
    "postgresql": Kind(
        "PostgreSQL's bad days", "postgresql", (postgresql_has_bad_days, people_ask, kill), 240, 2.4, 3, apart=True
    ),
    "sqlite": Kind(
        "SQLite's bad days", "sqlite", (sqlite_has_bad_days, people_ask, kill), 240, 2.4, 3, apart=True
    ),
    "arxiv": Kind(_ARXIV, "postgresql", (arxiv_has_a_bad_day, kill), events=120, rate=1.5, kills=3),
    "teams": Kind(
        "Two teams in one database", "postgresql", (kill,), rate=5.0, kills=5, teams=(TEAM_ID, "T00SECOND")
    ),
    "hosts": Kind(_HOSTS, "postgresql", (cut_hosts_off,), events=200, rate=1.25, hosts=True),
}
FUZZ = "fuzz"
CLOCKS = {"clock": "postgresql", "clock-sqlite": "sqlite"}
"""The databases of the soaks in which weeks go by."""

ALL = (*KINDS, *CLOCKS, FUZZ)
USUAL = ("kills-sqlite", "kills-postgresql", "slack", "arxiv", "postgresql", "sqlite")
NOT_RUN = 3
LONG_EVENTS, LONG_RATE, LONG_KILLS = 10_000, 12.0, 100


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the soaks that were chosen. Returns 1 if any ledger shows a difference, 3 if one could not be run."""
    options = _parser().parse_args(arguments)
    codes = []
    for name in options.kinds or USUAL:
        try:
            codes.append(0 if _balances(name, options) else 1)
        except (NoNamespaces, NoFaketime) as hindrance:
            print(f"{name}: NOT RUN: {hindrance}", file=sys.stderr)
            codes.append(NOT_RUN)
    return max(codes)


def _balances(name: str, options: argparse.Namespace) -> bool:
    if name == FUZZ:
        return knock_everywhere(options.inputs, options.seed, options.door)
    keep = options.keep and options.keep / name
    if name in CLOCKS:
        places = len(weeks.PLACES) if options.long else 1
        ledgers = [weeks.live_through("The clock", CLOCKS[name], options.seed, places, keep)]
    else:
        kind = KINDS[name]
        events = options.events or (LONG_EVENTS if options.long else kind.events)
        plan = Plan(
            database=kind.database,
            processes=kind.processes,
            seed=options.seed,
            events=events,
            seconds=events / (options.rate or (LONG_RATE if options.long else kind.rate)),
            kills=(LONG_KILLS if options.long else kind.kills) if options.kills is None else options.kills,
            keep=keep,
            hosts=kind.hosts,
            apart=kind.apart,
            teams=kind.teams,
        )
        ledgers = soak(kind.title, plan, kind.trouble)
    for ledger in ledgers:
        print(ledger.text(), end="\n\n", flush=True)
    return all(ledger.balanced for ledger in ledgers)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m soak", description="Soak Fusen, and print the ledgers.")
    parser.add_argument("kinds", nargs="*", metavar="KIND", choices=[*ALL, []], help=f"of {', '.join(ALL)}")
    parser.add_argument("--seed", type=int, default=1, help="of all that is left to chance")
    parser.add_argument("--events", type=int, default=0, help="how many things people do")
    parser.add_argument("--rate", type=float, default=0.0, help="how many of them a second")
    parser.add_argument("--kills", type=int, help="how many processes are killed")
    parser.add_argument("--long", action="store_true", help="10,000 events and 100 kills")
    parser.add_argument("--inputs", type=int, default=10_000, help="how many inputs each door is given by fuzz")
    parser.add_argument("--door", action="append", default=[], choices=[*DOORS], help="fuzz this one alone")
    parser.add_argument("--keep", type=Path, help="a folder for databases, pages and logs; else they are removed")
    return parser


if __name__ == "__main__":
    sys.exit(main())
