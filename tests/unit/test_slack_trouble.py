"""What it means when Slack refuses: whether it may have done it all the same."""

from __future__ import annotations

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.slack_trouble import LONGEST_WAIT, trouble_of


def refused(status: int, error: str, **headers: object) -> SlackApiError:
    url, said = "https://slack.com/api/chat.postEphemeral", {"ok": False, "error": error}
    told = {name.replace("_", "-"): value for name, value in headers.items()}
    return SlackApiError(
        error,
        SlackResponse(
            client=None, http_verb="POST", api_url=url, req_args={}, data=said, headers=told, status_code=status
        ),
    )


@pytest.mark.parametrize(
    ("status", "error", "sent"),
    [
        (429, "ratelimited", False),
        (200, "account_inactive", False),
        (200, "internal_error", True),
        (200, "fatal_error", True),
        (503, "service_unavailable", True),
    ],
)
def test_a_refusal_tells_whether_slack_may_have_done_it(status: int, error: str, sent: bool) -> None:
    assert trouble_of(refused(status, error), "chat.postEphemeral").sent is sent


@pytest.mark.parametrize(
    ("asked_for", "seconds"),
    [
        ("30", 30),
        (["30"], 30),
        ("Mon, 01 Jan 2001 00:00:00 GMT", 0),
        ("Fri, 01 Jan 2999 00:00:00 GMT", LONGEST_WAIT),
        ("999999", LONGEST_WAIT),
        *((unreadable, 1) for unreadable in ("", "nan", "inf", "-inf", "-5", "soon")),
    ],
)
def test_slack_is_left_alone_for_as_long_as_it_asks_within_reason(asked_for: object, seconds: float) -> None:
    for name in ("Retry_After", "retry_after"):
        assert trouble_of(refused(429, "ratelimited", **{name: asked_for}), "chat.postMessage").seconds == seconds
