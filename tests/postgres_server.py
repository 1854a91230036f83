"""A PostgreSQL server for the tests: the one that FUSEN_TEST_POSTGRES names, or a throw-away cluster."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
from sqlalchemy import make_url

LOOPBACK = "127.0.0.1"
HOW_TO_GET_IT = "no PostgreSQL: apt-get install postgresql, or set FUSEN_TEST_POSTGRES to the URL of a server"


@contextmanager
def server(address: str = LOOPBACK, subnet: str = f"{LOOPBACK}/32") -> Iterator[str | None]:
    """The URL of a server on which databases may be made, or None if there is neither server nor program.

    Only one that runs on this machine listens to another `address` than loopback, for whoever is in the `subnet`.
    """
    given = os.environ.get("FUSEN_TEST_POSTGRES") if address == LOOPBACK else None
    programs = _programs()
    if given:
        yield given
    elif programs is None:
        yield None
    else:
        with _cluster(programs, address, subnet) as url:
            yield url


@contextmanager
def fresh_database(server_url: str, template: str = "template0") -> Iterator[str]:
    """The URL of a new database, a copy of another, dropped afterwards."""
    name = f"fusen_{uuid.uuid4().hex}"
    _execute(server_url, f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield make_url(server_url).set(database=name).render_as_string(hide_password=False)
    finally:
        _execute(server_url, f'DROP DATABASE "{name}" WITH (FORCE)')


def _execute(server_url: str, statement: str) -> None:
    plain = make_url(server_url).set(drivername="postgresql").render_as_string(hide_password=False)
    with psycopg.connect(plain, autocommit=True) as connection:
        connection.execute(statement)  # type: ignore[arg-type]  # the name is ours


def _programs() -> Path | None:
    """The folder with `initdb` and `pg_ctl`; Debian keeps them out of the PATH."""
    on_path = shutil.which("initdb")
    folders = [Path(on_path).parent] if on_path else []
    folders += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next(
        (folder for folder in folders if (folder / "initdb").exists() and (folder / "pg_ctl").exists()), None
    )


@contextmanager
def _cluster(programs: Path, address: str, subnet: str) -> Iterator[str]:
    folder = Path(tempfile.mkdtemp(prefix="fusen-pg-"))
    data = folder / "data"
    # PostgreSQL refuses to run as root.
    other_user = {"user": "postgres", "extra_groups": []} if os.geteuid() == 0 else {}
    if other_user:
        shutil.chown(folder, "postgres")
    port = _free_port(address)

    def run(program: str, *arguments: str) -> None:
        command = [str(programs / program), "-D", str(data), *arguments]
        with (folder.parent / f"{folder.name}.out").open("w+") as out:
            done = subprocess.run(command, stdout=out, stderr=out, cwd=folder, check=False, **other_user)  # type: ignore[call-overload]
            out.seek(0)
            said = out.read()
        Path(out.name).unlink()
        assert done.returncode == 0, f"{program}: {said}"

    try:
        run("initdb", "-U", "fusen", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync")
        with (data / "pg_hba.conf").open("a") as admitted:
            admitted.write(f"host all all {subnet} trust\n")
        options = f"-p {port} -c listen_addresses={address} -c unix_socket_directories={folder} -c fsync=off"
        run("pg_ctl", "-w", "-l", str(folder / "log"), "-o", options, "start")
        try:
            yield f"postgresql://fusen@{address}:{port}/postgres"
        finally:
            run("pg_ctl", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def _free_port(address: str) -> int:
    with socket.socket() as listener:
        listener.bind((address, 0))
        return int(listener.getsockname()[1])
