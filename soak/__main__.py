"""`python -m soak [KIND ...] [--seed N] [--events N] [--kills N] [--long]`: soak Fusen, and print the ledgers."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from soak.run import Plan, Trouble, soak
from soak.trouble import kill

KINDS: dict[str, tuple[str, str, int, tuple[Trouble, ...]]] = {
    "kills-sqlite": ("Killed at any moment", "sqlite", 1, (kill,)),
    "kills-postgresql": ("Killed at any moment", "postgresql", 3, (kill,)),
}
"""By name: its title, the database, how many processes, and the trouble."""

SHORT = {"events": 300, "kills": 10, "rate": 8.0}
LONG = {"events": 10_000, "kills": 100, "rate": 12.0}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the soaks that were chosen. Returns 1 if any ledger shows a difference."""
    options = _parser().parse_args(arguments)
    form = LONG if options.long else SHORT
    balanced = True
    for kind in options.kinds or KINDS:
        title, database, processes, trouble = KINDS[kind]
        events = options.events or int(form["events"])
        plan = Plan(
            database=database,
            processes=processes,
            seed=options.seed,
            events=events,
            seconds=events / (options.rate or form["rate"]),
            kills=int(form["kills"]) if options.kills is None else options.kills,
            keep=options.keep and options.keep / kind,
        )
        ledger = soak(title, plan, trouble)
        print(ledger.text(), end="\n\n", flush=True)
        balanced &= ledger.balanced
    return 0 if balanced else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m soak", description="Soak Fusen, and print the ledgers.")
    parser.add_argument("kinds", nargs="*", metavar="KIND", choices=[*KINDS, []], help=f"of {', '.join(KINDS)}")
    parser.add_argument("--seed", type=int, default=1, help="of all that is left to chance")
    parser.add_argument("--events", type=int, default=0, help="how many things people do")
    parser.add_argument("--rate", type=float, default=0.0, help="how many of them a second")
    parser.add_argument("--kills", type=int, help="how many processes are killed")
    parser.add_argument("--long", action="store_true", help="10,000 events and 100 kills")
    parser.add_argument("--keep", type=Path, help="a folder for databases, pages and logs; else they are removed")
    return parser


if __name__ == "__main__":
    sys.exit(main())
