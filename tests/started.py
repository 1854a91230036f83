"""A `fusen run` process, as a person starts it; without Slack tokens with a playground inside."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


@dataclass
class Started:
    """A `fusen run` process and the addresses that it printed; without a playground inside, that is empty."""

    process: subprocess.Popen[str]
    playground: str
    pages: str


@contextmanager
def fusen_run(folder: Path, **environment: str) -> Iterator[Started]:
    clean = {k: v for k, v in os.environ.items() if not k.startswith(("SLACK_", "FUSEN_", "PAGES_", "DIGEST_"))}
    process = subprocess.Popen(
        [sys.executable, "-m", "bot.main", "run"],
        cwd=folder,
        env={
            **clean,
            "PYTHONPATH": str(ROOT),
            "NO_PROXY": "127.0.0.1",
            "PLAYGROUND_PORT": "0",
            "PAGES_PORT": "0",
            **environment,
        },
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout
        said = ""
        while "Ready" not in said:
            line = process.stdout.readline()
            assert line, f"it stopped after saying {said!r}"
            said += line
        found = dict(re.findall(r"^(Playground|Pages): (\S+)$", said, re.MULTILINE))
        yield Started(process, found.get("Playground", ""), found["Pages"])
    finally:
        process.kill()
        process.wait()
