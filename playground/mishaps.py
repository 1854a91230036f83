"""Misbehaviour on demand: what is to go wrong with the next calls and deliveries."""

from collections import deque
from dataclasses import asdict, dataclass, field
from random import Random

from playground.records import Json, SlackError

KINDS = ("429", "500", "hang", "cut", "slow")
MAX_TIMES = 10_000


@dataclass
class CallMishap:
    """The next `times` calls of `method` (`*` is any) go wrong.

    429 and 500 refuse before anything is done, hang does nothing for `seconds` and then closes the
    connection, cut does the work and closes the connection without an answer, slow does the work and
    answers after `seconds`.
    """

    method: str
    how: str
    times: int
    seconds: float


@dataclass
class Disorder:
    """From now on each event is delivered once or up to `most` times, each time up to `seconds` late."""

    most: int = 1
    seconds: float = 0.0
    random: Random = field(default_factory=Random)

    def delays(self) -> list[float]:
        """Return after how many seconds an event is delivered, each time."""
        return [self.random.uniform(0, self.seconds) for _ in range(self.random.randint(1, self.most))]


@dataclass
class Mishaps:
    """What was ordered and is not yet used up."""

    calls: list[CallMishap] = field(default_factory=list)
    twice: int = 0
    late: int = 0
    late_seconds: float = 0.0
    disorder: Disorder = field(default_factory=Disorder)
    lost_acks: int = 0
    happened: deque[str] = field(default_factory=lambda: deque(maxlen=200))

    def order(self, method: str, how: str, times: int, seconds: float) -> None:
        """Let the next calls of a method go wrong; `times` 0 takes the order back."""
        if how not in KINDS:
            raise SlackError("invalid_arguments", detail=f"how must be one of {', '.join(KINDS)}")
        if not 0 <= times <= MAX_TIMES or not 0 <= seconds <= 600:
            raise SlackError("invalid_arguments", detail="times is 0 to 10000, seconds 0 to 600")
        self.calls = [c for c in self.calls if (c.method, c.how) != (method, how)]
        if times:
            self.calls.append(CallMishap(method, how, times, seconds))

    def next_call(self, method: str) -> CallMishap | None:
        """Return what goes wrong with this call, and use it up."""
        for mishap in self.calls:
            if mishap.method in (method, "*"):
                mishap.times -= 1
                if mishap.times == 0:
                    self.calls.remove(mishap)
                self.happened.append(f"{method}: {mishap.how}")
                return mishap
        return None

    def delays(self) -> list[float]:
        """Return after how many seconds this event is delivered, each time that it is."""
        delays = self.disorder.delays()
        if self.late:
            self.late -= 1
            self.happened.append("event delivered late")
            delays = [delay + self.late_seconds for delay in delays]
        if self.twice:
            self.twice -= 1
            self.happened.append("event delivered twice")
            delays.append(delays[0])
        return delays

    def use_lost_ack(self) -> bool:
        """Tell whether this acknowledgement gets lost."""
        if self.lost_acks:
            self.lost_acks -= 1
            self.happened.append("acknowledgement lost")
            return True
        return False

    def to_json(self) -> Json:
        """Return what is still ordered and what has happened."""
        return {
            "calls": [asdict(call) for call in self.calls],
            "deliver_twice": self.twice,
            "deliver_late": self.late,
            "deliver_up_to": self.disorder.most,
            "lose_acks": self.lost_acks,
            "happened": list(self.happened),
        }
