"""What a soak puts around Fusen: a playground for Slack, a database, and Fusen's own processes, to be killed."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue

from playground_driving import APP_TOKEN, BOT_TOKEN, Driver

from playground.seed import TEAM_ID
from soak.network import LOOPBACK

ROOT = Path(__file__).resolve().parent.parent
RETRIES = "0,2,5,10,20,30,30"
"""After how many seconds Slack tells an event again; in earnest 0, 60, 300 and then hourly for a day."""

KILLED = -signal.SIGKILL


def environment(**more: str) -> dict[str, str]:
    """The surrounding environment without anything that would change what Fusen does."""
    ours = ("SLACK_", "FUSEN_", "PAGES_", "DIGEST_", "ARXIV_", "DATABASE_", "PLAYGROUND_", "HOST", "PORT")
    kept = {name: value for name, value in os.environ.items() if not name.startswith(ours)}
    return {**kept, "PYTHONPATH": str(ROOT), "NO_PROXY": "127.0.0.1", **more}


@contextmanager
def playground(
    folder: Path, address: str = LOOPBACK, before: Sequence[str] = (), team: str = TEAM_ID
) -> Iterator[Driver]:
    """Slack: a playground in a process of its own."""
    command = [*before, sys.executable, "-m", "playground", "--host", address, "--retry-after", RETRIES]
    command += ["--manifest", str(ROOT / "slack_app_manifest.json"), "--team", team]
    with (folder / "playground.log").open("wb") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=environment(), stdout=subprocess.PIPE, stderr=log, text=True
        )
    try:
        assert process.stdout
        found = re.match(r"Playground: (\S+)", process.stdout.readline())
        assert found, "the playground did not start"
        yield Driver(found[1])
    finally:
        process.kill()
        process.wait()


class Processes:
    """Several Fusens, each restarted whenever it ends, as a service manager would."""

    def __init__(
        self,
        number: int,
        folder: Path,
        settings: Mapping[str, str],
        before: Callable[[int], Sequence[str]] = lambda _number: (),
        var: Path | None = None,
    ) -> None:
        """`before` stands before the command of each; `var` is where each writes, if not in its own folder."""
        self.folders = [folder / f"fusen-{each}" for each in range(number)]
        self.kills = 0
        self.ended: Counter[int] = Counter()
        self._settings = settings
        self._before = before
        self._var = var
        self._lock = threading.Lock()
        self._running: list[subprocess.Popen[bytes] | None] = [None] * number
        self._start_at = [0.0] * number
        self._stopped = threading.Event()
        self._keeper = threading.Thread(target=self._keep, name="keeper")

    def start(self) -> None:
        """Start them all, and keep them running."""
        for folder in self.folders:
            folder.mkdir()
            if self._var:
                self._var.mkdir(exist_ok=True)
                (folder / "var").symlink_to(self._var)
        self._keeper.start()

    def kill(self, number: int, pause: float) -> bool:
        """Kill one with no warning; it comes back after a pause. False if there is nothing to kill."""
        with self._lock:
            process = self._running[number]
            if process is None or process.poll() is not None:
                return False
            process.kill()
            process.wait()
            self.kills += 1
            self._running[number] = None
            self._start_at[number] = time.monotonic() + pause
            return True

    def signal(self, number: int, what: signal.Signals) -> None:
        """Send a signal to one, if it runs."""
        with self._lock:
            process = self._running[number]
            if process is not None and process.poll() is None:
                process.send_signal(what)

    def stop(self) -> None:
        """Stop them as a person does; kill what does not obey."""
        self._stopped.set()
        self._keeper.join()
        processes = [process for process in self._running if process]
        for process in processes:
            process.terminate()
        for process in processes:
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def logs(self) -> Iterator[str]:
        """All that they have logged and said."""
        for folder in self.folders:
            yield (folder / "log").read_text(encoding="utf-8", errors="replace")

    def _keep(self) -> None:
        while not self._stopped.wait(0.05):
            for number in range(len(self._running)):
                with self._lock:
                    self._keep_one(number)

    def _keep_one(self, number: int) -> None:
        process = self._running[number]
        if process is not None and process.poll() is not None:
            self.ended[process.returncode] += 1
            self._running[number] = process = None
            self._start_at[number] = time.monotonic() + 1
        if process is None and time.monotonic() >= self._start_at[number]:
            self._running[number] = self._started(number)

    def _started(self, number: int) -> subprocess.Popen[bytes]:
        folder = self.folders[number]
        with (folder / "log").open("ab") as log:
            return subprocess.Popen(
                [*self._before(number), sys.executable, "-m", "bot.main", "run"],
                cwd=folder,
                env=environment(**self._settings),
                stdout=log,
                stderr=log,
            )


def settings(slack: Driver, database_url: str, arxiv_url: str, digest_time: str) -> dict[str, str]:
    """The settings with which Fusen runs in a soak: at its most talkative, with the pace of real life."""
    return {
        "SLACK_BOT_TOKEN": BOT_TOKEN,
        "SLACK_APP_TOKEN": APP_TOKEN,
        "SLACK_API_URL": f"{slack.url}/api/",
        "DATABASE_URL": database_url,
        "ARXIV_API_URL": arxiv_url,
        "DIGEST_TIME": digest_time,
        "DIGEST_CHANNEL": "C0000PAPERS",
        "PAGES_PORT": "0",
        "FUSEN_LOG": "json",
        "FUSEN_LOG_LEVEL": "debug",
    }


class Watcher:
    """Hears what appears in the channels that Aiko sees, and tells when Fusen has just posted.

    `posts` holds what it posted or changed in threads: the channel, its time stamp and that of the thread.
    """

    def __init__(self, slack: Driver) -> None:
        self.posted = threading.Event()
        self.posts: SimpleQueue[tuple[str, str, str]] = SimpleQueue()
        self._url = f"{slack.url}/playground/live?member=aiko"
        threading.Thread(target=self._listen, name="watcher", daemon=True).start()

    def _listen(self) -> None:
        while True:
            try:
                with urllib.request.urlopen(self._url, timeout=600) as news:
                    for line in news:
                        self._hear(line)
            except OSError:
                time.sleep(0.2)  # cut off for falling behind, or the soak is over

    def _hear(self, line: bytes) -> None:
        if line.startswith(b"data: ") and b'"bot_id"' in line:
            told = json.loads(line[6:])
            if told.get("type") == "message":
                self.posted.set()
                if thread := told["message"].get("thread_ts"):
                    self.posts.put((told["channel"], told["message"]["ts"], thread))
