"""Three hosts on this machine: network namespaces, each with a cable to Slack and one to the database."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

LOOPBACK = "127.0.0.1"
HOW_TO_GET_THEM = (
    "no network namespaces: the soak `hosts` needs root on Linux and iproute2 (apt-get install iproute2), "
    "and a container may forbid them (it needs the capabilities NET_ADMIN and SYS_ADMIN)"
)
_OFF, _ON = "0", "3"  # the states of a bridge's port that are called disabled and forwarding: bridge(8)
_KNOCK = "import socket, sys; socket.create_connection((sys.argv[1], 9), 2)"


class NoNamespaces(Exception):
    """This machine does not let us make network namespaces."""


@dataclass(frozen=True, slots=True)
class Network:
    """Where Slack, arXiv and the database listen, and how a program is run on a host; at first, all is one."""

    slack: str = LOOPBACK
    database: str = LOOPBACK
    hosts: tuple[str, ...] = ()
    name: str = ""

    @property
    def addresses(self) -> str:
        """All that is to be reached without a proxy."""
        return ",".join(dict.fromkeys((LOOPBACK, self.slack, self.database)))

    @property
    def subnet(self) -> str:
        """Who may come to the database."""
        return f"{self.database}/32" if not self.hosts else f"{self.database.rpartition('.')[0]}.0/24"

    def on(self, number: int) -> tuple[str, ...]:
        """What stands before a command that is to run on this host."""
        return ("ip", "netns", "exec", self.hosts[number]) if self.hosts else ()

    def cut(self, number: int, only_database: bool) -> None:
        """From now on whatever the host sends or should get is dropped, and nobody is told."""
        for cable in self._cables(number, only_database):
            _run("bridge", "link", "set", "dev", cable, "state", _OFF)

    def mend(self, number: int) -> None:
        """Let everything through again."""
        for cable in self._cables(number, only_database=False):
            _run("bridge", "link", "set", "dev", cable, "state", _ON)

    def reaches_database(self, number: int) -> bool:
        """Whether anything comes back to the host from where the database is."""
        knock = (*self.on(number), sys.executable, "-c", _KNOCK, self.database)
        return "refused" in subprocess.run(knock, capture_output=True, text=True, check=False).stderr

    def _cables(self, number: int, only_database: bool) -> list[str]:
        return [_cable(self.name, kind, number) for kind in ("d" if only_database else "sd")]


@contextmanager
def three_hosts(number: int = 3) -> Iterator[Network]:
    """So many hosts and what lies between them, taken away at the end. Raises NoNamespaces."""
    if os.geteuid() or not shutil.which("ip"):
        raise NoNamespaces(HOW_TO_GET_THEM)
    name = f"{os.getpid() % 100_000:05}"
    subnets = {kind: f"10.{213 + place}.{os.getpid() % 250}" for place, kind in enumerate("sd")}
    hosts = tuple(f"fusen-{name}-{each}" for each in range(number))
    with ExitStack() as closing:
        for kind, subnet in subnets.items():
            bridge = f"fu{kind}{name}"
            _ip("link", "add", bridge, "type", "bridge", trying=True)
            closing.callback(_ip, "link", "delete", bridge)
            _ip("address", "add", f"{subnet}.1/24", "dev", bridge)
            _ip("link", "set", bridge, "up")
        for each, host in enumerate(hosts):
            _ip("netns", "add", host, trying=True)
            closing.callback(_ip, "netns", "delete", host)
            _ip("-n", host, "link", "set", "lo", "up")
            for kind, subnet in subnets.items():
                _lay(_cable(name, kind, each), f"fu{kind}{name}", host, kind, f"{subnet}.{each + 11}/24")
        yield Network(f"{subnets['s']}.1", f"{subnets['d']}.1", hosts, name)


def _lay(cable: str, bridge: str, host: str, socket: str, address: str) -> None:
    """Lay a cable from the bridge to a socket of the host."""
    _ip("link", "add", cable, "type", "veth", "peer", "name", f"to-{socket}", "netns", host)
    _ip("link", "set", cable, "master", bridge, "up")
    _ip("-n", host, "address", "add", address, "dev", f"to-{socket}")
    _ip("-n", host, "link", "set", f"to-{socket}", "up")


def _cable(name: str, kind: str, number: int) -> str:
    return f"fu{kind}{name}-{number}"  # a name of a link has at most 15 characters


def _ip(*arguments: str, trying: bool = False) -> None:
    try:
        _run("ip", *arguments)
    except RuntimeError as trouble:
        if trying:
            raise NoNamespaces(f"{HOW_TO_GET_THEM}. {trouble}") from trouble
        raise


def _run(*command: str) -> None:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr.strip()}")
