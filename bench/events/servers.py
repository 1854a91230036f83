"""What is measured: Fusen with a playground for its Slack, and Bolt with listeners that do nothing."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from bench.events.requests import SECRET, Caller

ROOT = Path(__file__).resolve().parents[2]
_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Server:
    """A process that answers at an address."""

    process: subprocess.Popen[str]
    host: str
    port: int

    def caller(self) -> Caller:
        """A connection over which it is asked as Slack asks over HTTP."""
        return Caller(self.host, self.port)

    def cpu(self) -> float:
        """The CPU seconds that it has taken so far."""
        fields = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS

    def memory(self) -> float:
        """The memory that it holds, in MB."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        return int(re.findall(r"VmRSS:\s+(\d+)", status)[0]) / 1024

    def waiting(self) -> int:
        """How many events Fusen has still to handle."""
        with urllib.request.urlopen(f"http://{self.host}:{self.port}/metrics", timeout=60) as answer:
            figures = answer.read().decode()
        found = re.search(r'^fusen_queue_depth\{queue="events"\} ([0-9.]+)', figures, re.MULTILINE)
        if found is None:
            raise RuntimeError("no figure of the inbox")
        return int(float(found[1]))


def _environment(**more: str) -> dict[str, str]:
    ours = ("SLACK_", "FUSEN_", "PAGES_", "DIGEST_", "ARXIV_", "DATABASE_", "PLAYGROUND_", "HOST", "PORT")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "PYTHONPATH": str(ROOT), "NO_PROXY": "127.0.0.1", **more}


@contextmanager
def _started(folder: Path, log: str, *command: str, **settings: str) -> Iterator[subprocess.Popen[str]]:
    with (folder / log).open("w", encoding="utf-8") as words:
        process = subprocess.Popen(
            [sys.executable, "-m", *command],
            cwd=folder,
            env=_environment(**settings),
            stdout=subprocess.PIPE,
            stderr=words,
            text=True,
        )
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def _said(process: subprocess.Popen[str], pattern: str) -> str:
    if process.stdout is None:
        raise RuntimeError("it cannot be heard")
    said = ""
    for line in process.stdout:
        said += line
        if found := re.search(pattern, said, re.MULTILINE):
            return found[1]
    raise RuntimeError(f"it stopped after saying {said!r}")


@contextmanager
def playground(folder: Path) -> Iterator[str]:
    """The address of a Slack that delivers nothing by itself."""
    manifest = str(ROOT / "slack_app_manifest.json")
    with _started(folder, "playground.log", "playground", "--manifest", manifest) as process:
        yield _said(process, r"^Playground: (\S+)")


@contextmanager
def fusen(folder: Path, slack: str, database_url: str, app_token: str = "") -> Iterator[Server]:
    """Fusen as Slack reaches it over HTTP, or with an `app_token` by the socket that it opens itself.

    Its arXiv cannot be reached: only the door is of interest.
    """
    settings = {
        "SLACK_BOT_TOKEN": "xoxb-playground-bot",
        **({"SLACK_APP_TOKEN": app_token} if app_token else {"SLACK_SIGNING_SECRET": SECRET}),
        "SLACK_API_URL": f"{slack}/api/",
        "DATABASE_URL": database_url,
        "ARXIV_API_URL": "http://127.0.0.1:9/",
        "PAGES_FOLDER": str(folder / "pages"),
        "PAGES_PORT": "0",
        "FUSEN_LOG_LEVEL": "WARNING",
    }
    with _started(folder, "fusen.log", "bot.main", "run", **settings) as process:
        told = urlsplit(_said(process, r"^Pages: (\S+)[\s\S]*^.*Ready"))
        yield Server(process, str(told.hostname), int(told.port or 0))


@contextmanager
def bare_bolt(folder: Path, slack: str = "") -> Iterator[Server]:
    """Bolt on the same server, doing nothing; or in Socket Mode, with a Slack that it connects to."""
    with _started(folder, "bolt.log", "bench.events.bare", *filter(None, [slack])) as process:
        yield Server(process, "127.0.0.1", int(_said(process, r"^Port: (\d+)")))
