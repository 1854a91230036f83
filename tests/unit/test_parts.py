"""How a tag's notes are parted by the calendar: each stands somewhere once, and a change stays near."""

from __future__ import annotations

from bisect import insort
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from publishing.parts import FULL, Place, concerned, find, names, neighbours, path, years

START = datetime(2023, 12, 30, tzinfo=UTC)


def place(hours: int, note_id: int) -> Place:
    at = START + timedelta(hours=hours)
    return Place(at.date().isoformat(), at, note_id)


def places(crowds: list[tuple[int, int, int]]) -> list[Place]:
    """Crowds of notes: from which hour, how many, how many hours between two."""
    moments = [start + turn * pause for start, count, pause in crowds for turn in range(count)]
    return sorted(place(hours, number) for number, hours in enumerate(moments, start=1))


crowds = st.lists(
    st.tuples(st.integers(0, 9_000), st.integers(1, 130), st.sampled_from([0, 1, 9, 40])), max_size=6
)


def shown(of: list[Place]) -> dict[str, object]:
    """All that the pages of the parts show."""
    found: dict[str, object] = {}
    for name in names(of):
        part = find(of, name)
        assert part is not None, name
        notes = () if part.within else tuple(of[part.start : part.stop])
        found[name] = (notes, part.stop - part.start, part.within, neighbours(of, part))
    return found


@given(crowds)
@settings(max_examples=60, deadline=None)
def test_every_note_stands_in_one_part_of_a_page_s_size(given_crowds: list[tuple[int, int, int]]) -> None:
    of = places(given_crowds)
    parts = [part for name in names(of) if (part := find(of, name)) and not part.within]
    standing = [one for part in parts for one in of[part.start : part.stop]]
    assert standing == (of if len(of) >= FULL else [])
    assert all(0 < part.stop - part.start < FULL for part in parts)
    assert sum(count for _, count in years(of)) == len(standing)
    for part in parts:
        assert all(path(of, one)[-1] == part.name for one in of[part.start : part.stop])


@given(crowds, st.integers(0, 9_000))
@settings(max_examples=120, deadline=None)
def test_one_more_note_changes_those_parts_alone_that_are_named(
    given_crowds: list[tuple[int, int, int]], hours: int
) -> None:
    without = places(given_crowds)
    new = place(hours, 5_000)
    with_it = list(without)
    insort(with_it, new)
    before, after = shown(without), shown(with_it)
    differing = {name for name in before.keys() | after.keys() if before.get(name) != after.get(name)}
    assert differing <= concerned(with_it, new)


def test_a_name_of_no_part_is_none() -> None:
    of = places([(0, 100, 9)])
    assert [find(of, name) for name in ("2022", "2024-12", "2024-02-01", "2024-01.1", "2024-01.9")] == [None] * 5
    assert find(places([(0, 59, 9)]), "2024") is None


def test_a_crowded_day_is_parted_from_its_oldest() -> None:
    of = places([(50, 120, 0)])
    assert list(names(of)) == ["2024", "2024-01", "2024-01-01", *(f"2024-01-01.{run}" for run in (1, 2, 3))]
    third = find(of, "2024-01-01.3")
    assert third and (third.start, third.stop) == (100, 120)
