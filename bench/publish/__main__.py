"""Publishing, measured: `python -m bench.publish` builds the same notes with Fusen and with what is installed.

All tools in turn, round after round, each into a new folder; medians and ratios. A tool that is not installed is
skipped, and that is said. Compare only what stands in one output.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

from bench.publish.content import fingerprint, made
from bench.publish.measuring import Took, middle, size, took
from bench.publish.peers import PEERS, Peer
from bench.publish.stocking import stocked

_JOB = [sys.executable, "-m", "bench.publish.job"]


def main() -> None:
    """Read the command line, and measure."""
    reads = argparse.ArgumentParser(prog="python -m bench.publish", description=__doc__)
    reads.add_argument("--notes", type=int, nargs="+", default=[10_000], help="how many; several to compare")
    reads.add_argument("--rounds", type=int, default=3)
    reads.add_argument("--without", nargs="*", default=[], metavar="TOOL", help="tools to leave out")
    reads.add_argument("--folder", type=Path, help="where to work; needs a few GB, and is emptied afterwards")
    given = reads.parse_args()
    sys.stdout.reconfigure(line_buffering=True)  # a run takes minutes; whoever looks into its log wants to see it
    with tempfile.TemporaryDirectory(prefix="fusen-bench-", dir=given.folder) as made_there:
        print(f"Python {platform.python_version()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
        peers = [peer for peer in PEERS if _is_here(peer, given.without)]
        fusen = {
            count: _compare(count, given.rounds, peers, Path(made_there) / str(count)) for count in given.notes
        }
        for few, many in zip(given.notes, given.notes[1:], strict=False):
            grown = fusen[many].cpu / fusen[few].cpu
            print(f"\n{many} notes against {few}: {grown:.2f} times the CPU for {many / few:.2f} times the notes")


def _is_here(peer: Peer, left_out: Sequence[str]) -> bool:
    program = peer.program()
    if program is None or peer.name in left_out:
        print(f"{peer.name}: {'left out' if peer.name in left_out else 'not installed, skipped'}")
        return False
    said = subprocess.run([program, *peer.version], capture_output=True, text=True, check=False).stdout
    print(f"{peer.name}: {said.strip().splitlines()[-1] if said.strip() else '?'}")
    return True


def _compare(count: int, rounds: int, peers: Sequence[Peer], work: Path) -> Took:
    notes = tuple(made(count))
    print(f"\n{count} notes, content {fingerprint(notes)}")
    work.mkdir()
    stocked(work / "notes.db", notes).close()
    commands: dict[str, Callable[[Path], list[str]]] = {
        "Fusen": lambda out: [*_JOB, "build", str(work / "notes.db"), str(out)]
    }
    for peer in peers:
        folder = work / peer.name
        peer.export(notes, folder)
        commands[peer.name] = _bound(peer, folder)
    runs: dict[str, list[Took]] = {name: [] for name in commands}
    bare: list[float] = []
    made_by = {name: work / f"{name} 0" for name in commands}
    for turn in range(rounds):
        for name, command in commands.items():
            runs[name].append(took(command(work / f"{name} {turn}"), work / "words"))
        bare += _said("bare", str(made_by["Fusen"]), str(work / f"bare {turn}"))
    _print(runs, median(bare), {name: size(folder) for name, folder in made_by.items()})
    spent = _said("change", str(work / "notes.db"), str(work / "changed"))
    milliseconds = sorted(1000 * one for one in spent)
    print(
        f"one note more tagged: {median(milliseconds):.1f} ms of CPU from commit to files"
        f" ({milliseconds[0]:.1f} to {milliseconds[-1]:.1f}, {len(milliseconds)} changes)"
    )
    result = middle(runs["Fusen"])
    shutil.rmtree(work)
    return result


def _bound(peer: Peer, folder: Path) -> Callable[[Path], list[str]]:
    program = peer.program() or peer.name
    return lambda out: peer.command(program, folder, out)


def _said(*job: str) -> list[float]:
    said = subprocess.run([*_JOB, *job], stdout=subprocess.PIPE, text=True, check=True).stdout
    found: list[float] = json.loads(said.splitlines()[-1])
    return found


def _print(runs: dict[str, list[Took]], bare: float, sizes: dict[str, tuple[int, float]]) -> None:
    fusen = middle(runs["Fusen"])
    print("              CPU s   wall s     MB   files  MB out   Fusen's CPU / wall / memory to it (CPU from, to)")
    for name, found in runs.items():
        one, (files, out) = middle(found), sizes[name]
        ratio = f"{fusen.cpu / one.cpu:.2f} / {fusen.wall / one.wall:.2f} / {fusen.memory / one.memory:.2f}"
        spread = f"({min(run.cpu for run in found):.1f} to {max(run.cpu for run in found):.1f})"
        print(
            f"{name:10} {one.cpu:8.2f} {one.wall:8.2f} {one.memory:6.0f} {files:7} {out:7.0f}   {ratio} {spread}"
        )
    print(f"{'bare write':10} {bare:8.2f} {'':32}   {fusen.cpu / bare:.2f}")


if __name__ == "__main__":
    main()
