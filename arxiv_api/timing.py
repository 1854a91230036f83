"""The times that politeness towards arXiv is made of, and the breaker's growing pauses."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    """All times of the gateway, in seconds. The defaults keep arXiv's terms of use.

    `gap` is the pause between the end of one answer and the next request (info.arxiv.org, API terms of use:
    at most one request every three seconds). `connect` bounds each address that is tried, `read` each wait for
    bytes, `deadline` the whole request. `worst` is how long a turn is held at most: a holder that dies frees
    the gate after `worst + gap`. `patience` is how long a turn is waited for before the wait is given up.
    After a failure the gate stays shut for `first_pause`, doubled with each further failure in a row up to
    `longest_pause`; a wait asked for by arXiv (Retry-After) is kept up to `longest_obedience`.
    """

    gap: float = 3.0
    connect: float = 5.0
    read: float = 10.0
    deadline: float = 20.0
    worst: float = 40.0
    patience: float = 60.0
    first_pause: float = 10.0
    longest_pause: float = 900.0
    longest_obedience: float = 86_400.0

    def __post_init__(self) -> None:
        if self.worst < self.connect + self.deadline + self.read:
            raise ValueError("worst must be at least connect + deadline + read")

    @property
    def latest_start(self) -> float:
        """How old a turn may be when its request leaves, so that the request ends while the turn is held."""
        return self.worst - self.deadline

    def pause_after(self, failures: int, asked_for: float = 0.0) -> float:
        """The pause after the given number of failures in a row, never shorter than what arXiv asked for."""
        doublings = min(max(failures, 1) - 1, 30)  # 2**30 first pauses are above any longest pause
        growing = min(self.first_pause * 2.0**doublings, self.longest_pause)
        return max(self.gap, growing, min(asked_for, self.longest_obedience))


POLITE = Timing()
