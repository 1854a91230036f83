"""Attention: what it is made of, that nobody makes it alone, and that it puts notes in order at any time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.attention import HALF_LIFE, Act, Attention, Deed, attention

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def share(member: str, channel: str = "papers", days: float = 0) -> Act:
    return Act(NOW - days * DAY, Deed.SHARE, member, channel)


def comment(member: str, channel: str = "papers", days: float = 0) -> Act:
    return Act(NOW - days * DAY, Deed.COMMENT, member, channel)


def reading(member: str, days: float = 0) -> Act:
    return Act(NOW - days * DAY, Deed.READING, member, "")


def live(*acts: Act) -> float:
    """What the acts weigh now."""
    found = attention(acts)
    assert found.latest
    return 2.0 ** (found.heat - (NOW - datetime(2020, 1, 1, tzinfo=UTC)) / HALF_LIFE)


@pytest.mark.parametrize(
    ("acts", "weight"),
    [
        ([share("A")], 3.0),
        ([share("A", days=14)], 1.5),
        ([share("A"), share("A")], 3.0),
        ([share("A", days=1 / 24), share("B", "other")], 3 * 2 ** (-1 / 24 / 14) + 5),
        ([share("A"), comment("B")], 5.0),
        ([share("A"), comment("B"), comment("B", days=0.1)], 5.0),
        ([share("A"), comment("B"), comment("B", days=1)], 3 + 2 + 2 * 2 ** (-1 / 14)),
        ([share("A"), reading("B"), reading("C")], 7.0),
        # One fan is capped, however many channels.
        ([share("A", f"c{n}", n / 1000) for n in range(10)], 6.0),
        ([share("A", days=300), comment("B", days=1)], 2 * 2 ** (-1 / 14) + 3 * 2 ** (-300 / 14)),
    ],
)
def test_what_people_did_weighs_by_when(acts: list[Act], weight: float) -> None:
    assert live(*acts) == pytest.approx(weight, rel=1e-4)


def test_its_parts_can_be_counted() -> None:
    found = attention([share("A"), share("B", "other"), comment("A"), comment("C", days=2), reading("C")])
    assert found == Attention(3, 2, 2, 2, 1, NOW, found.heat)
    assert attention([]) == Attention()


acts = st.builds(
    Act,
    st.integers(0, 5000).map(lambda hours: NOW - timedelta(hours=hours)),
    st.sampled_from(Deed),
    st.sampled_from("ABC"),
    st.sampled_from(("papers", "other")),
)


@given(st.lists(acts, min_size=1, max_size=12), st.integers(1, 400))
def test_neither_order_nor_time_changes_which_is_hotter(some: list[Act], days: int) -> None:
    assert attention(some) == attention(some[::-1])
    later = [act._replace(at=act.at + days * DAY) for act in some]
    assert attention(later).heat == pytest.approx(attention(some).heat + days * DAY / HALF_LIFE, abs=1e-5)
    assert attention(some).heat >= attention(some[:1]).heat
    people = len({act.member for act in some})
    assert live(*some) <= people * 6 + 1e-4 and attention(some).people == people
    assert log2(live(*some)) <= attention(some).heat
