"""Clocks that are turned while processes go by them: each process reads its own from a file (libfaketime)."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

HOW_TO_GET_IT = "no libfaketime: the soak `clock` needs it on Linux (apt-get install libfaketime)"
_LIBRARIES = ("usr/lib/*/faketime/libfaketimeMT.so.1", "usr/local/lib/faketime/libfaketimeMT.so.1")


class NoFaketime(Exception):
    """The library that turns clocks is not here."""


def library() -> Path:
    """The library that turns clocks. Raises NoFaketime."""
    found = [file for pattern in _LIBRARIES for file in Path("/").glob(pattern)]
    if not found:
        raise NoFaketime(HOW_TO_GET_IT)
    return found[0]


class TurnedClock:
    """One clock: how far it is off the real one. Turned, it is so at once for whoever goes by it."""

    def __init__(self, file: Path, off: timedelta = timedelta(0)) -> None:
        self._file = file
        self._library = library()
        self.turn(off)

    @property
    def now(self) -> datetime:
        """What it shows."""
        return datetime.now(UTC) + self.off

    def turn(self, off: timedelta) -> None:
        """Let it be so far ahead of the real one."""
        new = self._file.with_suffix(".new")
        new.write_text(f"{off.total_seconds():+.3f}s\n")
        new.chmod(0o644)
        new.replace(self._file)  # nobody ever reads half of it
        self.off = off

    @property
    def before(self) -> tuple[str, ...]:
        """What stands before the command of a process that is to go by it."""
        told = {
            "LD_PRELOAD": self._library,
            "FAKETIME_TIMESTAMP_FILE": self._file,
            "FAKETIME_NO_CACHE": 1,
            "FAKETIME_DONT_FAKE_MONOTONIC": 1,  # nobody turns that of a real machine either
            "DONT_FAKE_MONOTONIC": 1,
        }
        return ("env", *(f"{name}={value}" for name, value in told.items()))


def first_shown(day: date, clock: time, zone: str) -> datetime:
    """When the clocks of a zone first show this time of this day, or a later one if they pass over it; in UTC.

    Found by looking at the clock every five minutes, so that it is another way than the one that is judged.
    """
    wanted, at = datetime.combine(day, clock), datetime.combine(day, time(0), UTC) - timedelta(days=1)
    while at.astimezone(ZoneInfo(zone)).replace(tzinfo=None) < wanted:
        at += timedelta(minutes=5)
    return at
