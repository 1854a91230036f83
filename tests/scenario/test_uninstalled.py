"""Slack tells that Fusen was taken away, in either of its ways: the workspace is marked."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from house import House, until

from storage.engine import connect
from storage.shelves import StoredShelves


def left(house: House) -> dict[str, Any]:
    database = connect(house.environment["DATABASE_URL"])
    try:
        with StoredShelves(database).reading() as shelf:
            return dict(shelf.directory.left())
    finally:
        database.close()


def tell(house: House, event: dict[str, Any]) -> None:
    assert house.post("event", event=event)["ok"]


@pytest.mark.parametrize(
    "event",
    [{"type": "app_uninstalled"}, {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": ["U0000000BOT"]}}],
)
def test_the_workspace_is_marked_and_a_start_takes_the_mark_away(house: House, event: dict[str, Any]) -> None:
    tell(house, {"type": "tokens_revoked", "tokens": {"oauth": ["U0000000BEN"], "bot": []}})
    ts = house.paste("https://arxiv.org/abs/2312.50001")
    house.card(ts, "2312.50001")
    assert left(house) == {}
    tell(house, event)
    until(lambda: list(left(house)) == ["T00PLAYGRND"])
    database = connect(house.environment["DATABASE_URL"])
    with StoredShelves(database).writing() as shelf:
        workspace = shelf.directory.workspace("T00PLAYGRND")
        assert workspace
        shelf.directory.ensure_workspace(workspace, datetime.now(UTC))
    database.close()
    assert left(house) == {}
