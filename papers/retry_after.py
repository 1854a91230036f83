"""How long a service asks to be left alone: HTTP's Retry-After, whoever sends it."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def wait_asked_for(retry_after: str | None) -> float | None:
    """Seconds asked for by a Retry-After header, a number or an HTTP date; None without a readable one.

    They may be many: whoever waits sets a bound.
    """
    text = (retry_after or "").strip()
    if text.isdecimal():
        return float(text[:9])
    try:
        until = parsedate_to_datetime(text)
    except (ValueError, OverflowError):
        return None
    # RFC 9110, 5.6.7: HTTP dates are in GMT; a date without a zone is read so.
    until = until if until.tzinfo else until.replace(tzinfo=UTC)
    return max(0.0, (until - datetime.now(UTC)).total_seconds())
