"""Whatever people do in whatever order, and however late Slack tells of it, the end is the same."""

from __future__ import annotations

import pytest
from house import House
from turns import Turns


# The last of them once told nobody that a channel was public: Slack had refused to say what became of it.
@pytest.mark.parametrize("seed", [0, 1, 2, 3, 124])
def test_whatever_the_order_nothing_is_lost_said_twice_or_read_where_it_is_private(
    house: House, seed: int
) -> None:
    turns = Turns(house, seed)
    turns.take(40)
    assert turns.differences() == [], "\n".join(turns.taken)
