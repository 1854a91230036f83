"""What it means when Slack does not do what it was asked, and when asking again may help."""

from __future__ import annotations

import re
from http.client import HTTPException
from urllib.error import URLError

from slack_sdk.errors import SlackApiError, SlackClientError

from papers.retry_after import wait_asked_for

LONGEST_WAIT = 3600.0
"""Seconds for which Slack is left alone at most when it asks for that."""

# Refusals that no repetition mends: https://docs.slack.dev/reference/methods/chat.postMessage#errors
FINAL = frozenset(
    {
        "channel_not_found",
        "not_in_channel",
        "is_archived",
        "msg_too_long",
        "no_text",
        "invalid_blocks",
        "invalid_blocks_format",
        "msg_blocks_too_long",
        "too_many_attachments",
        "metadata_too_large",
        "invalid_arguments",
        "message_not_found",
        "cant_update_message",
        "edit_window_closed",
        "user_not_in_channel",
        "messages_tab_disabled",
        "thread_not_found",
        "cannot_reply_to_message",
        "user_not_found",
        "not_enabled",  # the app has no Home tab
        "view_too_large",
    }
)


WITHHELD = frozenset({"team_access_not_granted", "ekm_access_denied", "is_inactive"})
"""Besides all that begin with `restricted_action`: refusals by what people have settled in Slack.

A thread is locked, a channel made read-only. They may settle it otherwise, within the day or never.
"""

TOO_LONG = re.compile(r"msg_(?:blocks_)?too_long\b|invalid_blocks.*(?:less than|no more than|too long)")
"""Refusals that fewer words may mend; of its limits some are not documented."""

LIMITS = frozenset({"ratelimited", "rate_limited"})


NO_SUCH = frozenset({"channel_not_found", "user_not_found", "user_not_visible"})
"""Refusals that say of whom was asked, not of us, that they are not there, or not for us."""


# With these Slack tells of itself, and not of what it was asked: …/methods/users.info#errors
NOT_NOW = frozenset(
    {"ratelimited", "request_timeout", "service_unavailable", "team_added_to_org", "org_login_required"}
)


# Of these Slack says that the call may have been done in part: …/methods/chat.postEphemeral#errors
UNSURE = frozenset({"fatal_error", "internal_error"})


# Refusals of the token itself: https://docs.slack.dev/reference/methods/auth.test#errors
NO_BOT = frozenset({"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired"})

# And of one that is good, but for something else: https://docs.slack.dev/reference/methods/apps.connections.open#errors
NO_USE = NO_BOT | {"missing_scope", "not_allowed_token_type"}


class SlackTrouble(Exception):
    """Slack did not do what it was asked. `seconds` is when to try again; None if that would never help.

    With `sent` false, Slack surely has not done it; otherwise it may have.
    """

    def __init__(self, reason: str, seconds: float | None, sent: bool) -> None:
        super().__init__(reason)
        self.reason = reason
        self.seconds = seconds
        self.sent = sent

    @property
    def refused(self) -> bool:
        """Whether Slack said no to what it was asked; not so if it is away, busy, or in trouble itself."""
        word = self.reason.partition(";")[0]
        # Slack's own word is one; what went wrong on the way is told in several.
        return not self.sent and word.isidentifier() and word not in NOT_NOW

    @property
    def too_long(self) -> bool:
        """Whether Slack would take it in fewer words, perhaps."""
        return TOO_LONG.match(self.reason) is not None

    @property
    def withheld(self) -> bool:
        """Whether people have settled in Slack that it is not to be done, and may settle it otherwise."""
        return _is_withheld(self.reason)


def _is_withheld(reason: str) -> bool:
    return reason.startswith("restricted_action") or reason in WITHHELD


def outcome_of(trouble: SlackTrouble) -> str:
    """The word by which a call that failed is counted: `ratelimited`, `refused` or `failed`."""
    if trouble.reason == "ratelimited":
        return "ratelimited"
    lasts = trouble.seconds is None or trouble.withheld
    return "refused" if lasts and not trouble.sent else "failed"


FAILURES = (SlackClientError, OSError, HTTPException, ValueError)
"""What Slack's client raises when it does not get what it asked for."""


def trouble_of(error: Exception, method: str) -> SlackTrouble:
    """What one of `FAILURES` means for a call of this method."""
    if isinstance(error, SlackApiError):
        return _refusal(error)
    if isinstance(error, URLError):
        # Refused before a connection stood: nothing was sent.
        return SlackTrouble(f"{method}: {error.reason}", 5, not isinstance(error.reason, ConnectionRefusedError))
    # A time-out, a connection cut, or an answer that is none: Slack may have done it all the same.
    return SlackTrouble(f"{method}: {error}", 5, True)


def _refusal(error: SlackApiError) -> SlackTrouble:
    """What it means that Slack answered with an error, or not with what was asked for."""
    response = error.response
    status = getattr(response, "status_code", 0)
    reason = str(response.get("error", "")) if hasattr(response, "get") else str(error)
    if status == 429 or reason in LIMITS:
        told = response.headers.get("Retry-After") or response.headers.get("retry-after") or ""
        asked = wait_asked_for(told if isinstance(told, str) else told[0])
        untold = 1.0 if status == 429 else 60.0  # a word alone tells of a limit by the minute
        return SlackTrouble("ratelimited", untold if asked is None else min(asked, LONGEST_WAIT), False)
    if status >= 500 or reason in UNSURE:
        return SlackTrouble(reason or f"HTTP {status}", 5, True)
    if reason in FINAL:
        details = (response.get("response_metadata") or {}).get("messages") or []
        return SlackTrouble(reason + "".join(f"; {detail}" for detail in details[:3]), None, False)
    return SlackTrouble(reason, LONGEST_WAIT if _is_withheld(reason) else 30, False)
