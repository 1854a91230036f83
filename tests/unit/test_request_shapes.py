"""What Bolt takes for granted in a request is looked at first."""

from __future__ import annotations

from typing import Any

import pytest

from bot.payloads.shape import is_readable, workspace_told


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"type": "event_callback", "event": {"type": "message"}},
        {"type": "block_actions", "actions": [{"action_id": "verb:tag"}], "view": None},
        {"type": "view_submission", "view": {"callback_id": "verb:tag"}},
        {"command": "/note", "text": "help"},
    ],
)
def test_what_slack_sends_has_a_shape_that_is_known(body: dict[str, Any]) -> None:
    assert is_readable(body)


@pytest.mark.parametrize(
    "body",
    [
        [],
        None,
        {"type": []},
        {"type": "event_callback", "event": "message"},
        {"type": "event_callback", "event": None},
        {"type": "block_actions", "actions": []},
        {"type": "block_actions", "actions": 5},
        {"type": "block_actions", "actions": [{}]},
        {"type": "block_actions", "actions": [{"action_id": {}}]},
        {"type": "view_submission", "view": None},
        {"type": "view_submission", "view": {"callback_id": ["verb:tag"]}},
        {"type": "shortcut", "callback_id": 5},
    ],
)
def test_what_bolt_would_stumble_over_is_not_readable(body: object) -> None:
    assert not is_readable(body)


def test_a_modal_that_somebody_of_another_workspace_opened_belongs_to_ours() -> None:
    view = {"callback_id": "verb:tag", "app_installed_team_id": "T1"}
    assert workspace_told({"type": "view_submission", "team": {"id": "T2"}, "view": view}) == "T1"
    assert workspace_told({"type": "view_submission", "team": {"id": "T2"}, "view": {}}) == "T2"
    assert (
        workspace_told({"type": "event_callback", "team_id": "T2", "authorizations": [{"team_id": "T1"}]}) == "T1"
    )
    assert workspace_told({"command": "/note"}) == ""
