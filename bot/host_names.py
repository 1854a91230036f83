"""The name by which a request asks for us: one of somebody else's may be led to this machine (DNS rebinding)."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, ip_address
from socket import gethostname
from wsgiref.types import WSGIEnvironment


def asked_for(environ: WSGIEnvironment) -> str:
    """The name without its port, in small letters; empty if there is none, which no browser leaves out."""
    host = str(environ.get("HTTP_HOST", "")).strip().lower()
    name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    return name.rstrip(".")


def in_ascii(name: str) -> str:
    """The name as a browser would ask for it."""
    try:
        return name.lower().encode("idna").decode("ascii")
    except UnicodeError:
        return name.lower()


def is_this_machine(name: str) -> bool:
    """Whether a name is this machine's own, or means the machine that looks it up."""
    if name in ("localhost", gethostname().lower()) or name.endswith(".localhost"):
        return True
    found = _address(name)
    return found is not None and found.is_loopback


def is_address(name: str) -> bool:
    """Whether it is no name at all but an IP address, which nobody can lead elsewhere."""
    return _address(name) is not None


def _address(name: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(name)
    except ValueError:
        return None
