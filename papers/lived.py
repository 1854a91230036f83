"""The seconds that this machine lives through, whatever is done to its clock."""

from __future__ import annotations

import time


def lived() -> float:
    """A monotonic clock that counts the seconds in which the machine slept too; Linux's usual one does not."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()
