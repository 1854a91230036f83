"""The command line as people use it: a process of its own in a folder, with no settings but those given."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

FUSEN = (sys.executable, "-m", "bot.main")
ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Told:
    code: int
    out: str
    err: str

    @property
    def found(self) -> list[list[str]]:
        """The ids that `find` printed, line by line."""
        return [[one["id"] for one in json.loads(line)["papers"]] for line in self.out.splitlines()]


def environment(**more: str) -> dict[str, str]:
    """The environment without settings of whoever runs the tests; the project's folder is where `bot` is found."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "SYSTEMROOT") if name in os.environ}
    return kept | {"PYTHONPATH": str(ROOT)} | more


def fusen(folder: Path, *arguments: str, stdin: bytes = b"", **settings: str) -> Told:
    done = subprocess.run(
        [*FUSEN, *arguments],
        cwd=folder,
        env=environment(**settings),
        input=stdin,
        capture_output=True,
        timeout=60,
        check=False,
    )
    told = Told(done.returncode, done.stdout.decode(), done.stderr.decode())
    assert "Traceback" not in told.err + told.out, told.err
    return told


def refused(folder: Path, *arguments: str, **settings: str) -> str:
    """What a command that fails as it should says: a line or two, and nothing on standard output."""
    told = fusen(folder, *arguments, **settings)
    assert told.code == 1
    assert told.out == ""
    assert 0 < len(told.err.splitlines()) < 12
    return told.err
