"""What it means when Slack refuses: whether it may have done it all the same."""

from __future__ import annotations

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot.slack_trouble import trouble_of


def refused(status: int, error: str) -> SlackApiError:
    url, said = "https://slack.com/api/chat.postEphemeral", {"ok": False, "error": error}
    return SlackApiError(
        error,
        SlackResponse(
            client=None, http_verb="POST", api_url=url, req_args={}, data=said, headers={}, status_code=status
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
