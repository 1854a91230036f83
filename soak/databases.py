"""Where the database of a soak stands: among others, or alone on a disk that can be filled."""

from __future__ import annotations

import errno
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import postgres_server
import psycopg
from postgres_server import Cluster

from soak.network import Network

DISK_MEGABYTES = {"postgresql": 256, "sqlite": 64}
"""The size of the disk: enough for the database and the pages of a long run."""

_BLOCKS = (1 << 16, 1 << 12, 1 << 8)
_COMES_BACK_SECONDS = 60.0


class Disk:
    """A folder on a file system in memory of its own; `limited` is False where none could be mounted."""

    def __init__(self, folder: Path, megabytes: int) -> None:
        self.folder = folder
        self._ballast = folder / "ballast"
        command = ["mount", "-t", "tmpfs", "-o", f"size={megabytes}m", "fusen-soak", str(folder)]
        self.limited = (
            os.geteuid() == 0 and subprocess.run(command, check=False, capture_output=True).returncode == 0
        )

    def fill(self) -> None:
        """Leave no room on it."""
        with self._ballast.open("ab", buffering=0) as ballast:
            for size in _BLOCKS:
                try:
                    while True:
                        ballast.write(b"\0" * size)
                except OSError as error:
                    if error.errno != errno.ENOSPC:
                        raise

    def free(self) -> None:
        """Make room again."""
        self._ballast.unlink(missing_ok=True)

    def close(self) -> None:
        """Give it back."""
        if self.limited:
            subprocess.run(["umount", "--lazy", str(self.folder)], check=True)


class Server:
    """A PostgreSQL server of its own, and what can befall it."""

    def __init__(self, cluster: Cluster) -> None:
        self._cluster = cluster

    def crash(self) -> None:
        """Stop it at once, if it has not stopped by itself."""
        if self._cluster.is_running():
            self._cluster.stop()

    def come_back(self) -> None:
        """Start it unless it runs, and wait until it takes connections."""
        end = time.monotonic() + _COMES_BACK_SECONDS
        while True:
            try:
                if not self._cluster.is_running():
                    self._cluster.start()
                self._execute("SELECT 1")
                return
            except (AssertionError, psycopg.Error):
                if time.monotonic() > end:
                    raise
                time.sleep(0.2)

    def cut_connections(self) -> None:
        """End every connection of Fusen."""
        self._execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name LIKE 'fusen%'"
        )

    def delay_commits(self, milliseconds: int) -> None:
        """Let each commit wait so long (100 at most) before it is written; 0 for no longer."""
        self._set("commit_siblings", 0 if milliseconds else None)
        self._set("commit_delay", milliseconds * 1000 if milliseconds else None)

    def hold_commits(self, held: bool) -> None:
        """Let each commit wait, once it is written, until commits are held no longer.

        It waits for a second server that does not exist.
        """
        self._set("synchronous_standby_names", "'nobody'" if held else None)

    def _set(self, name: str, value: object) -> None:
        self._execute(f"ALTER SYSTEM RESET {name}" if value is None else f"ALTER SYSTEM SET {name} = {value}")
        self._execute("SELECT pg_reload_conf()")

    def _execute(self, statement: str) -> None:
        with psycopg.connect(self._cluster.url, autocommit=True, connect_timeout=5) as connection:
            connection.execute(statement)  # type: ignore[arg-type]  # made here of what is written here


@dataclass(frozen=True, slots=True)
class Stand:
    """A database's address, and what trouble can be made with: its disk and its server, if they are its own.

    `var` is the folder on that disk into which a Fusen on the same machine writes all else.
    """

    url: str
    disk: Disk | None = None
    server: Server | None = None
    var: Path | None = None


@contextmanager
def standing(kind: str, folder: Path, apart: bool, network: Network) -> Iterator[Stand]:
    """A new database: `postgresql` or `sqlite`. `apart`, its disk and its server are its own."""
    with ExitStack() as closing:
        if apart:
            yield closing.enter_context(_apart(kind))
        elif kind == "postgresql":
            server = closing.enter_context(postgres_server.server(network.database, network.subnet))
            if server is None:
                sys.exit(postgres_server.HOW_TO_GET_IT)
            yield Stand(closing.enter_context(postgres_server.fresh_database(server)))
        else:
            yield Stand(f"sqlite:///{folder}/fusen.db")


@contextmanager
def _apart(kind: str) -> Iterator[Stand]:
    # Not in the soak's own folder, which nobody else may enter: PostgreSQL runs as somebody else.
    around = Path(tempfile.mkdtemp(prefix="fusen-disk-"))
    around.chmod(0o755)
    place = around / "disk"
    place.mkdir()
    disk = Disk(place, DISK_MEGABYTES[kind])
    try:
        if kind == "sqlite":
            yield Stand(f"sqlite:///{place}/fusen.db", disk, var=place / "var")
            return
        with _server(disk, around) as cluster:
            yield Stand(cluster.url, disk, Server(cluster))
    finally:
        disk.free()
        disk.close()
        shutil.rmtree(around)


@contextmanager
def _server(disk: Disk, around: Path) -> Iterator[Cluster]:
    programs = postgres_server.programs()
    if programs is None:
        sys.exit(postgres_server.HOW_TO_GET_IT)
    log = around / "log"
    log.touch(mode=0o666)
    log.chmod(0o666)
    small = ("min_wal_size=2MB", "max_wal_size=16MB", "restart_after_crash=on")
    cluster = Cluster(programs, disk.folder, *small, log=log)
    cluster.make("--wal-segsize=1")
    cluster.start()
    try:
        yield cluster
    finally:
        if cluster.is_running():
            cluster.stop()
