"""The wait that a service asks for: a number, a date, or nothing that can be read."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from papers.retry_after import wait_asked_for


def test_retry_after_may_be_a_date() -> None:
    later = datetime.now(UTC) + timedelta(seconds=90)
    assert wait_asked_for(format_datetime(later, usegmt=True)) == pytest.approx(90, abs=5)
    assert wait_asked_for("Mon, 01 Jan 2001 00:00:00 GMT") == 0.0
    assert wait_asked_for("Mon, 01 Jan 2001 00:00:00 -0000") == 0.0


FAR = "Mon, 01 Jan 99999999999999999999 00:00:00 GMT"


@pytest.mark.parametrize("text", ["", "nan", "inf", "-5", "1e9", "1.5", "soon", FAR, None])
def test_what_is_no_whole_number_and_no_date_is_no_wait(text: str | None) -> None:
    assert wait_asked_for(text) is None


@given(st.text())
def test_retry_after_that_makes_no_sense_is_none_or_a_number(text: str) -> None:
    seconds = wait_asked_for(text)
    assert seconds is None or seconds >= 0
