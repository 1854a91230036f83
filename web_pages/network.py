"""Which machines may be asked: names looked up once, inner addresses refused, and how long all may take."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from papers.errors import PageUnavailable

Resolve = Callable[[str], Sequence[str]]

# Public addresses that answer from the inside: Azure's platform channel (learn.microsoft.com, 168.63.129.16).
_PLATFORM = frozenset((IPv4Address("168.63.129.16"),))
# Of the registries of special addresses (iana.org/assignments/iana-ipv4-special-registry and -ipv6-) what some
# versions of Python take for global. What is not delegated to anybody may be routed inwards.
_SPECIAL_4 = (IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"))
_SPECIAL_6 = (IPv6Network("2001::/23"), IPv6Network("2002::/16"), IPv6Network("3fff::/20"))
_DELEGATED = IPv6Network("2000::/3")


class Deadline:
    """A moment by which all must be done, `seconds` from now."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def remaining(self, site: str) -> float:
        """Seconds left. Raises PageUnavailable when there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise PageUnavailable(site, "timeout")
        return left


def ask_dns(name: str) -> Sequence[str]:
    """The addresses of a host, as the system knows them. Raises OSError."""
    return [str(found[4][0]) for found in socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)]


@dataclass(frozen=True, slots=True)
class Network:
    """The way out. The default is the open internet; anything else is for tests, and only code can ask for it.

    `ports` gives the port of each scheme. With `loopback` this machine's own addresses may be asked as well.
    """

    resolve: Resolve = ask_dns
    ports: Mapping[str, int] = field(default_factory=lambda: {"http": 80, "https": 443})
    loopback: bool = False

    def addresses(self, host: str, deadline: Deadline) -> tuple[str, ...]:
        """The addresses of a host that may be asked. Raises PageUnavailable if there are none in time.

        They are to be connected to as they are: asking for them again could give others.
        """
        found = _in_time(self.resolve, host, deadline)
        allowed = tuple(dict.fromkeys(address for address in found if self._allowed(address)))
        if not allowed:
            raise PageUnavailable(host, "no public address" if found else "no such host")
        return allowed

    def _allowed(self, address: str) -> bool:
        return is_public(address) or (self.loopback and _is_loopback(address))


def is_public(address: str) -> bool:
    """Whether an address belongs to the open internet, and to nothing that only looks as if it did.

    Refused are private, loopback, link-local (where clouds keep their metadata), shared, multicast, reserved
    and unspecified addresses, and IPv6 ones that carry an IPv4 address within (mapped, 6to4, Teredo, NAT64).
    """
    try:
        ip = ip_address(address)
    except ValueError:  # also an address with a zone: `fe80::1%eth0`
        return False
    if isinstance(ip, IPv6Address):
        # 6to4 and Teredo carry an address within; so do mapped and NAT64 ones, which are not delegated.
        return ip in _DELEGATED and ip.is_global and not any(ip in net for net in _SPECIAL_6)
    inner = ip.is_multicast or ip.is_reserved or ip in _PLATFORM or any(ip in net for net in _SPECIAL_4)
    return ip.is_global and not inner


def _is_loopback(address: str) -> bool:
    try:
        return ip_address(address).is_loopback
    except ValueError:
        return False


def _in_time(resolve: Resolve, host: str, deadline: Deadline) -> Sequence[str]:
    """Look a name up in a thread of its own: the system's own look-up knows no time-out."""
    found: list[Sequence[str]] = []
    failed: list[OSError | UnicodeError] = []

    def look_up() -> None:
        try:
            found.append(resolve(host))
        except (OSError, UnicodeError) as error:  # a label too long for DNS is a UnicodeError
            failed.append(error)

    thread = threading.Thread(target=look_up, name="dns", daemon=True)
    thread.start()
    thread.join(deadline.remaining(host))
    if failed:
        # No answer and no such name look alike from here; neither says that there is no such page.
        raise PageUnavailable(host, "no such host") from failed[0]
    if not found:
        raise PageUnavailable(host, "timeout")
    return found[0]
