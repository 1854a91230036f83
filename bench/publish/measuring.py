"""Running a program and counting what it took: CPU of its whole tree, wall time, and the most memory it held."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median


@dataclass(frozen=True, slots=True)
class Took:
    """What one run took: CPU and wall seconds, and the memory of its largest process in MB."""

    cpu: float
    wall: float
    memory: float


def took(command: Sequence[str], log: Path) -> Took:
    """Run a command to its end; its words go to `log`. Raises RuntimeError with them if it fails."""
    os.sync()
    began = time.monotonic()
    with log.open("wb") as words:
        child = os.posix_spawnp(
            command[0],
            list(command),
            os.environ,
            file_actions=[(os.POSIX_SPAWN_DUP2, words.fileno(), 1), (os.POSIX_SPAWN_DUP2, words.fileno(), 2)],
        )
        # Of this very child and those it waited for: other children of ours are not counted.
        _, status, usage = os.wait4(child, 0)
    if status:
        raise RuntimeError(f"{command[0]} failed:\n{log.read_text(errors='replace')[-2000:]}")
    return Took(usage.ru_utime + usage.ru_stime, time.monotonic() - began, usage.ru_maxrss / 1024)


def middle(runs: Sequence[Took]) -> Took:
    """The median of each figure."""
    return Took(
        median(one.cpu for one in runs), median(one.wall for one in runs), median(one.memory for one in runs)
    )


def size(folder: Path) -> tuple[int, float]:
    """How many files stand below a folder, and their bytes in MB."""
    sizes = [file.stat().st_size for file in folder.rglob("*") if file.is_file()]
    return len(sizes), sum(sizes) / 1e6
