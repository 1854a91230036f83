"""Periods: the spans of time that a digest covers, and which of them is due."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from papers.tags import fold

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_JAPANESE = "月火水木金土日"
JAPANESE_DAY = rf"(?:毎週\s*)?[{_JAPANESE}](?:曜日?)?"
# Behind an English day stands a blank; Japanese needs none, and may have の.
_TIME = re.compile(
    rf"(?P<day>[a-z]{{3,}}(?= )|{JAPANESE_DAY}) ?(?:の ?)?"
    r"(?:(?:(?P<half>午[前後]) ?)?(?P<hour>\d{1,2})(?::(?P<minute>\d\d)|時(?: ?(?:(?P<minutes>\d{1,2})分|半))?)"
    r"|(?P<twelfth>\d{1,2})(?::(?P<past>\d\d))? ?(?P<am_pm>[ap]m))",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Period:
    """A span of time from `start` up to, not including, `end`; both aware, in UTC."""

    start: datetime
    end: datetime

    @property
    def name(self) -> str:
        """The period's own name, by which it is claimed: its end in UTC."""
        return self.end.astimezone(UTC).strftime("%Y-%m-%dT%H:%MZ")


@dataclass(frozen=True, slots=True)
class WeeklyTime:
    """A time of the week, such as Monday 09:00, in a zone that is named."""

    weekday: int
    hour: int
    minute: int

    @classmethod
    def parse(cls, text: str) -> WeeklyTime:
        """Read `mon 09:00`, `fri 5pm`, `月曜 9:00` or `金曜の午後5時半`.

        Raises ValueError with a sentence that says what would be right.
        """
        found = _TIME.fullmatch(fold(text))
        day = _weekday(found["day"]) if found else None
        clock = _clock(found) if found else None
        if day is None or clock is None:
            raise ValueError(f"{text!r} is no time of the week; write for example: mon 09:00")
        return cls(day, *clock)

    @property
    def day(self) -> str:
        """The day's short English name: `mon`."""
        return WEEKDAYS[self.weekday][:3]

    @property
    def clock(self) -> str:
        """The time of the day: `09:00`."""
        return f"{self.hour:02}:{self.minute:02}"

    def before(self, now: datetime, zone: ZoneInfo) -> datetime:
        """The latest such time that is not after `now`, in UTC. Summer time is the zone's business."""
        local = now.astimezone(zone)
        day = local.date() - timedelta(days=(local.weekday() - self.weekday) % 7)
        due = self._on(day.year, day.month, day.day, zone)
        if due > now:
            day -= timedelta(days=7)
            due = self._on(day.year, day.month, day.day, zone)
        return due

    def _on(self, year: int, month: int, day: int, zone: ZoneInfo) -> datetime:
        return datetime(year, month, day, self.hour, self.minute, tzinfo=zone).astimezone(UTC)


def _weekday(name: str) -> int | None:
    japanese = name.removeprefix("毎週").lstrip()[0]
    if japanese in _JAPANESE:
        return _JAPANESE.index(japanese)
    return next((number for number, day in enumerate(WEEKDAYS) if day.startswith(name)), None)


def _clock(found: re.Match[str]) -> tuple[int, int] | None:
    """The hour and the minute; None for what no clock shows, and for 午後12時, which may be noon or midnight."""
    if found["am_pm"]:
        hour, hours = int(found["twelfth"]), range(1, 13)
    else:
        hour, hours = int(found["hour"]), range(12) if found["half"] else range(24)
    minute = 30 if found[0].endswith("半") else int(found["minute"] or found["minutes"] or found["past"] or 0)
    if hour not in hours or minute > 59:
        return None
    if found["am_pm"]:
        hour %= 12
    return hour + 12 * (found["half"] == "午後" or found["am_pm"] == "pm"), minute


def due_period(at: WeeklyTime, now: datetime, zone: ZoneInfo) -> Period:
    """The newest weekly period that has ended: from one `at` to the next, the latter not after `now`."""
    end = at.before(now, zone)
    return Period(at.before(end - timedelta(days=1), zone), end)


def due_periods(at: WeeklyTime, now: datetime, zone: ZoneInfo, since: datetime, most: int) -> tuple[Period, ...]:
    """The newest `most` weekly periods that have ended, and not before `since`; oldest first."""
    found: list[Period] = []
    end = now
    while len(found) < most and (period := due_period(at, end, zone)).end > since:
        found.insert(0, period)
        end = period.start
    return tuple(found)


def running_period(at: WeeklyTime, now: datetime, zone: ZoneInfo) -> Period:
    """The period that is not finished yet: from the last `at` up to now, what a preview shows."""
    return Period(at.before(now, zone), now)
