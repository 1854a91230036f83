"""The kept JSON schema is what Slack's types make, and it sees what it is kept for."""

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from judges import SCHEMA, judge
from node_packages import NPM, installed, needs_node


@needs_node
def test_the_kept_schema_is_the_one_that_the_pinned_types_make(tmp_path: Path) -> None:
    folder = installed(SCHEMA.parent, tmp_path)
    told = subprocess.run(
        [str(NPM), "run", "--silent", "schema"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert json.loads(told.stdout) == json.loads(SCHEMA.read_text(encoding="utf-8"))


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


DIVIDER = {"type": "divider"}
BUTTON = {"type": "button", "action_id": "go", "text": plain("Go")}


@pytest.mark.parametrize(
    ("block", "complaint"),
    [
        ({"type": "header", "text": {"type": "mrkdwn", "text": "x"}}, "@slack/types: blocks[0]"),
        (DIVIDER | {"colour": "red"}, "'colour' was unexpected"),
        ({"type": "actions", "elements": [BUTTON | {"size": 3}]}, "@slack/types: blocks[0].elements[0]"),
        ({"type": "bogus"}, "unknown block type 'bogus'"),
        ({"type": "header", "text": plain("x" * 151)}, "slack_sdk: blocks[0]"),
        ({"type": "actions", "elements": [BUTTON | {"action_id": str(n)} for n in range(26)]}, "slack_sdk"),
    ],
)
def test_both_judges_see_what_is_wrong_with_a_block(block: dict[str, Any], complaint: str) -> None:
    assert any(complaint in said for said in judge("message", {"blocks": [block], "attachments": []}))
    home = {"type": "home", "blocks": [block]}
    assert any("blocks[0]" in said for said in judge("view", home))


def test_the_judges_have_nothing_against_what_is_right() -> None:
    message: dict[str, Any] = {"blocks": [DIVIDER, {"type": "actions", "elements": [BUTTON]}]}
    assert judge("message", message | {"attachments": [{"fallback": "x", "text": "x", "blocks": [DIVIDER]}]}) == []
    assert judge("view", {"type": "modal", "title": plain("x"), "blocks": [DIVIDER]}) == []
    assert judge("options", {"options": [{"text": plain("x"), "value": "x"}]}) == []


def test_the_judges_see_what_is_wrong_around_blocks() -> None:
    assert judge("view", {"type": "modal", "blocks": []})
    assert judge("view", {"type": "modal", "title": plain("x" * 25), "blocks": []})
    assert judge("options", {"options": [{"text": {"type": "mrkdwn", "text": "x"}, "value": "x"}]})
    assert judge("message", {"blocks": [], "attachments": [{"blocks": [{"type": "bogus"}]}]})
