"""Weekly times in zones with and without summer time, and the periods between them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from papers.periods import Period, WeeklyTime, due_period, due_periods, running_period

BERLIN, NEW_YORK, TOKYO = ZoneInfo("Europe/Berlin"), ZoneInfo("America/New_York"), ZoneInfo("Asia/Tokyo")
MONDAY = WeeklyTime.parse("mon 09:00")
SUNDAY_NIGHT = WeeklyTime.parse("sun 02:30")


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "day", "clock"),
    [
        ("mon 09:00", "mon", "09:00"),
        (" MON  9:00 ", "mon", "09:00"),
        ("Sunday 23:59", "sun", "23:59"),
        ("thurs 00:00", "thu", "00:00"),
        ("ｆｒｉ　１７：００", "fri", "17:00"),
        ("月 9:00", "mon", "09:00"),
        ("金曜　17：00", "fri", "17:00"),
        ("日曜日17:00", "sun", "17:00"),
        ("毎週金曜 17:00", "fri", "17:00"),
        ("毎週　土　９:00", "sat", "09:00"),
        ("金曜 17時", "fri", "17:00"),
        ("月曜9時", "mon", "09:00"),
        ("毎週金曜　午後５時", "fri", "17:00"),
        ("毎週金曜日の17:00", "fri", "17:00"),
        ("水曜の午前 9時30分", "wed", "09:30"),
        ("水曜 午後5時半", "wed", "17:30"),
        ("木 午後0時", "thu", "12:00"),
        ("木曜 午後5:05", "thu", "17:05"),
        ("fri 5pm", "fri", "17:00"),
        ("friday 5:30 PM", "fri", "17:30"),
        ("sun 12 am", "sun", "00:00"),
        ("sun 12:30pm", "sun", "12:30"),
    ],
)
def test_a_time_of_the_week_is_read_as_people_write_it(typed: str, day: str, clock: str) -> None:
    at = WeeklyTime.parse(typed)
    assert (at.day, at.clock) == (day, clock)
    assert WeeklyTime.parse(f"{at.day} {at.clock}") == at


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "mon",
        "09:00",
        "month 09:00",
        "mo 09:00",
        "mon 24:00",
        "mon 09:60",
        "mon 9",
        "mon 9:5",
        "mon 09:00 UTC",
        "月",
        "月曜 25時",
        "月曜 9時60分",
        "月曜 9",
        "月曜 9:30時",
        "月曜 午後",
        "月曜 午後5",
        "月曜 午後13時",
        "月曜 午後12時",
        "月曜 午前5pm",
        "mon 13pm",
        "mon 0am",
        "mon 9時pm",
        "祝日 9:00",
        "曜日 9:00",
        "毎週 9:00",
    ],
)
def test_a_wrong_time_of_the_week_is_answered_with_a_right_one(typed: str) -> None:
    with pytest.raises(ValueError, match="write for example: mon 09:00"):
        WeeklyTime.parse(typed)


# Summer time began in Berlin on 2026-03-29 and ended on 2026-10-25; in New York on 2026-03-08 and 2026-11-01.
@pytest.mark.parametrize(
    ("now", "zone", "start", "end"),
    [
        ("2026-03-23T08:00", BERLIN, "2026-03-16T08:00", "2026-03-23T08:00"),
        ("2026-03-30T06:59", BERLIN, "2026-03-16T08:00", "2026-03-23T08:00"),
        ("2026-03-30T07:00", BERLIN, "2026-03-23T08:00", "2026-03-30T07:00"),
        ("2026-10-26T07:59", BERLIN, "2026-10-12T07:00", "2026-10-19T07:00"),
        ("2026-10-26T08:00", BERLIN, "2026-10-19T07:00", "2026-10-26T08:00"),
        ("2026-03-09T12:59", NEW_YORK, "2026-02-23T14:00", "2026-03-02T14:00"),
        ("2026-03-09T13:00", NEW_YORK, "2026-03-02T14:00", "2026-03-09T13:00"),
        ("2026-11-02T13:59", NEW_YORK, "2026-10-19T13:00", "2026-10-26T13:00"),
        ("2026-11-02T14:00", NEW_YORK, "2026-10-26T13:00", "2026-11-02T14:00"),
        ("2026-11-02T00:00", TOKYO, "2026-10-26T00:00", "2026-11-02T00:00"),
        ("2026-11-01T23:59", TOKYO, "2026-10-19T00:00", "2026-10-26T00:00"),
    ],
)
def test_a_digest_falls_due_at_nine_whatever_the_season(now: str, zone: ZoneInfo, start: str, end: str) -> None:
    assert due_period(MONDAY, utc(now), zone) == Period(utc(start), utc(end))
    assert due_period(MONDAY, utc(now), zone).end.astimezone(zone).strftime("%a %H:%M") == "Mon 09:00"


@pytest.mark.parametrize(
    ("now", "end"),
    [
        # 02:30 did not exist in Berlin on 2026-03-29: the clock showed 03:30 at that moment.
        ("2026-03-29T01:29", "2026-03-22T01:30"),
        ("2026-03-29T01:30", "2026-03-29T01:30"),
        # It came twice on 2026-10-25: the first counts.
        ("2026-10-25T00:29", "2026-10-18T00:30"),
        ("2026-10-25T00:30", "2026-10-25T00:30"),
        ("2026-10-25T01:30", "2026-10-25T00:30"),
    ],
)
def test_a_time_that_a_change_of_clocks_skips_or_repeats_comes_once(now: str, end: str) -> None:
    assert due_period(SUNDAY_NIGHT, utc(now), BERLIN).end == utc(end)


def test_a_period_is_named_by_its_end_in_utc() -> None:
    assert due_period(MONDAY, utc("2026-11-21T09:00"), TOKYO).name == "2026-11-16T00:00Z"


ZONES = st.sampled_from(
    [
        "Europe/Berlin",
        "America/New_York",
        "Asia/Tokyo",
        "UTC",
        "Australia/Lord_Howe",
        "America/Havana",
        "Pacific/Apia",
        "America/Sao_Paulo",
        "Asia/Kathmandu",
        "Africa/Casablanca",
        "Atlantic/Azores",
        "Pacific/Kiritimati",
    ]
).map(ZoneInfo)
TIMES = st.builds(WeeklyTime, st.integers(0, 6), st.integers(0, 23), st.integers(0, 59))
MOMENTS = st.datetimes(datetime(2008, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))


@given(at=TIMES, now=MOMENTS, zone=ZONES)
@example(at=WeeklyTime.parse("fri 09:00"), now=utc("2011-12-30T12:00"), zone=ZoneInfo("Pacific/Apia"))
@example(at=SUNDAY_NIGHT, now=utc("2026-10-25T01:00"), zone=BERLIN)
def test_periods_follow_each_other_without_gap_or_overlap(at: WeeklyTime, now: datetime, zone: ZoneInfo) -> None:
    due, running = due_period(at, now, zone), running_period(at, now, zone)
    assert due.end <= now
    assert (running.start, running.end) == (due.end, now)
    # Clocks change by an hour or two; Samoa once left out a day.
    assert timedelta(days=5) < due.end - due.start < timedelta(days=9)
    assert now - due.end < timedelta(days=9)
    before = due_period(at, due.end - timedelta(microseconds=1), zone)
    assert before.end == due.start
    assert due_period(at, due.end, zone) == due


@given(at=TIMES, now=MOMENTS, zone=ZONES, hours=st.floats(0, 24 * 8))
def test_time_going_on_never_makes_an_older_period_due(
    at: WeeklyTime, now: datetime, zone: ZoneInfo, hours: float
) -> None:
    later = now + timedelta(hours=hours)
    first, second = due_period(at, now, zone), due_period(at, later, zone)
    assert first == second or first.end <= second.start
    assert (first.name == second.name) == (first == second)


NAPS = st.lists(st.floats(0, 24 * 60), min_size=1, max_size=8)


@given(at=TIMES, now=MOMENTS, zone=ZONES, naps=NAPS)
def test_whoever_looks_now_and_then_sees_each_period_once(
    at: WeeklyTime, now: datetime, zone: ZoneInfo, naps: list[float]
) -> None:
    seen: list[Period] = []
    awake = now
    for hours in naps:
        looked, awake = awake, awake + timedelta(hours=hours)
        seen += due_periods(at, awake, zone, looked, 99)
    assert tuple(seen) == due_periods(at, awake, zone, now, 999)
    assert all(one.end == following.start for one, following in pairwise(seen))
    if seen:
        assert seen[-1] == due_period(at, awake, zone)
        assert due_periods(at, awake, zone, now, 2) == tuple(seen[-2:])
