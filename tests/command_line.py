"""The command line as people use it: a process of its own in a folder, with no settings but those given."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
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
    """Run one command to its end."""
    # What the interpreter reads at its start, and whom it runs as, cannot be changed in a copy.
    if os.geteuid() != os.getuid() or any(name.startswith("PYTHON") for name in settings):
        done = _started(folder, *arguments, stdin=stdin, **settings)
    else:
        done = _loaded().run(folder, arguments, stdin, environment(**settings))
    told = Told(*done)
    assert "Traceback" not in told.err + told.out, told.err
    return told


def _started(folder: Path, *arguments: str, stdin: bytes, **settings: str) -> tuple[int, str, str]:
    done = subprocess.run(
        [*FUSEN, *arguments],
        cwd=folder,
        env=environment(**settings),
        input=stdin,
        capture_output=True,
        timeout=60,
        check=False,
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


# The copy goes on as a process of its own, to the very end of the interpreter; the other waits for it, then for
# the next command.
_SERVER = """
import gc, json, os, sys
from bot.main import main
gc.freeze()
for line in os.fdopen(int(sys.argv[1])):
    told = json.loads(line)
    copy = os.fork()
    if not copy:
        break
    print(os.waitstatus_to_exitcode(os.waitpid(copy, 0)[1]), flush=True)
else:
    sys.exit()
os.chdir(told["folder"])
os.environ.clear()
os.environ.update(told["environment"])
for number, name in enumerate(("in", "out", "err")):
    os.dup2(os.open(told[name], os.O_RDONLY if name == "in" else os.O_WRONLY), number)
sys.argv = ["fusen", *told["arguments"]]
sys.exit(main())
"""


class _Loaded:
    """A Fusen that is loaded once, which takes seconds; each command is run by a copy of that process."""

    def __init__(self) -> None:
        asked, self._asks = os.pipe()
        command = [sys.executable, "-c", _SERVER, str(asked)]
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=environment(), pass_fds=[asked], stdout=subprocess.PIPE, text=True
        )
        os.close(asked)

    def run(
        self, folder: Path, arguments: Sequence[str], stdin: bytes, settings: Mapping[str, str]
    ) -> tuple[int, str, str]:
        with tempfile.TemporaryDirectory() as made:
            files = {name: Path(made) / name for name in ("in", "out", "err")}
            for file in files.values():
                file.write_bytes(stdin if file.name == "in" else b"")
            told = {name: str(file) for name, file in files.items()}
            told |= {"folder": str(folder.absolute()), "arguments": list(arguments), "environment": dict(settings)}
            os.write(self._asks, json.dumps(told).encode() + b"\n")
            assert self._process.stdout
            code = int(self._process.stdout.readline())
            return code, files["out"].read_bytes().decode(), files["err"].read_bytes().decode()


@cache
def _loaded() -> _Loaded:
    return _Loaded()


def refused(folder: Path, *arguments: str, **settings: str) -> str:
    """What a command that fails as it should says: a line or two, and nothing on standard output."""
    told = fusen(folder, *arguments, **settings)
    assert told.code == 1
    assert told.out == ""
    assert 0 < len(told.err.splitlines()) < 12
    return told.err
