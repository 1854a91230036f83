"""A PostgreSQL server for the tests: the one that FUSEN_TEST_POSTGRES names, or a throw-away cluster."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from sqlalchemy import make_url

LOOPBACK = "127.0.0.1"
HOW_TO_GET_IT = "no PostgreSQL: apt-get install postgresql, or set FUSEN_TEST_POSTGRES to the URL of a server"


@contextmanager
def server(
    address: str = LOOPBACK, subnet: str = f"{LOOPBACK}/32", before: Sequence[str] = ()
) -> Iterator[str | None]:
    """The URL of a server on which databases may be made, or None if there is neither server nor program.

    Only one of our own listens to another `address` than loopback, for whoever is in the `subnet`, or is started
    with something `before` its command.
    """
    given = os.environ.get("FUSEN_TEST_POSTGRES") if address == LOOPBACK and not before else None
    found = programs()
    if given:
        yield given
    elif found is None:
        yield None
    else:
        with _cluster(found, address, subnet, before) as url:
            yield url


@contextmanager
def fresh_database(server_url: str, template: str = "template0") -> Iterator[str]:
    """The URL of a new database, a copy of another, dropped afterwards."""
    name = f"fusen_{uuid.uuid4().hex}"
    # Through the log, as is usual, a copy of our tables takes five times as much CPU.
    _execute(server_url, f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
    try:
        yield make_url(server_url).set(database=name).render_as_string(hide_password=False)
    finally:
        _execute(server_url, f'DROP DATABASE "{name}" WITH (FORCE)')


def _execute(server_url: str, statement: str) -> None:
    plain = make_url(server_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[arg-type]  # the name is ours


def programs() -> Path | None:
    """The folder with `initdb` and `pg_ctl`; Debian keeps them out of the PATH."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).parent] if on_path else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next(
        (folder for folder in folders if (folder / "initdb").exists() and (folder / "pg_ctl").exists()), None
    )


class Cluster:
    """A PostgreSQL server of our own in a folder that it owns; `options` are settings of the server."""

    def __init__(
        self,
        programs: Path,
        folder: Path,
        *options: str,
        address: str = LOOPBACK,
        log: Path | None = None,
        before: Sequence[str] = (),
    ) -> None:
        """`before` is what stands before the commands that make and start it."""
        self.port = _free_port(address)
        self.url = f"postgresql://fusen@{address}:{self.port}/postgres"
        self._programs = programs
        self._before = before
        self._folder = folder
        self._log = log or folder / "log"
        own = (f"listen_addresses={address}", f"unix_socket_directories={folder}", *options)
        self._options = " ".join((f"-p {self.port}", *(f"-c {option}" for option in own)))
        # PostgreSQL refuses to run as root.
        self._user: dict[str, Any] = {"user": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
        if self._user:
            shutil.chown(folder, "postgres")

    def make(self, *options: str) -> None:
        """Make the cluster, with these options of `initdb`."""
        self._run("initdb", "-U", "fusen", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync", *options)

    def start(self) -> None:
        """Start the server and wait until it takes connections."""
        self._run("pg_ctl", "-w", "-l", str(self._log), "-o", self._options, "start")

    def stop(self) -> None:
        """Stop the server at once, as a crash does."""
        self._run("pg_ctl", "-m", "immediate", "stop")

    def is_running(self) -> bool:
        """Whether there is a server, though it may not take connections."""
        return self._call("pg_ctl", "status")[0] == 0

    def _run(self, program: str, *arguments: str) -> None:
        code, said = self._call(program, *arguments)
        assert code == 0, f"{program}: {said}"

    def _call(self, program: str, *arguments: str) -> tuple[int, str]:
        command = [*self._before, str(self._programs / program), "-D", str(self._folder / "data"), *arguments]
        # A file and no pipe: the server that is started would keep the pipe open.
        with tempfile.TemporaryFile("w+") as out:
            done = subprocess.run(command, stdout=out, stderr=out, cwd=self._folder, check=False, **self._user)
            out.seek(0)
            return done.returncode, out.read()


@contextmanager
def _cluster(programs: Path, address: str, subnet: str, before: Sequence[str]) -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="fusen-pg-"))
    try:
        cluster = Cluster(programs, folder, "fsync=off", address=address, before=before)
        cluster.make()
        with (folder / "data" / "pg_hba.conf").open("a") as admitted:
            admitted.write(f"host all all {subnet} trust\n")
        cluster.start()
        try:
            yield cluster.url
        finally:
            cluster.stop()
    finally:
        shutil.rmtree(folder)


def _free_port(address: str) -> int:
    with socket.socket() as listener:
        listener.bind((address, 0))
        return int(listener.getsockname()[1])
