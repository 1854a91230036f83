"""What is particular to clicks in a Home: where they act, and the button that is no verb."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

from slack_bolt import Ack, App

from bot.door import Door
from bot.payloads.home import HIDE_STEPS
from bot.payloads.interactions import Click, click
from bot.slack_trouble import SlackTrouble
from papers.asker import Asker

log = logging.getLogger(__name__)


def attach_home(app: App, door: Door) -> None:
    """Let the app take in the button that waves the first steps away."""

    @app.action(HIDE_STEPS)
    def hide(ack: Ack, body: dict[str, Any]) -> None:
        ack()
        asker = click(body).asker
        door.homes.dismiss(asker.workspace, asker.member)


def speaker(door: Door, clicked: Click) -> Asker:
    """Who clicks, and where. In a Home they act in the channel of the paper, unless they have left it since."""
    asker = clicked.asker
    if not clicked.in_home or asker.channel in ("", clicked.direct):
        return asker
    lookup = door.desk.lookup
    if lookup.workspace(asker.workspace).publishes(lookup.channel(asker.workspace, asker.channel)):
        return asker
    try:
        still = asker.channel in door.conversations(asker.member)
    except SlackTrouble as trouble:
        log.info("where %s is stays unknown for now: %s", asker.member, trouble.reason)
        still = False
    return asker if still else replace(asker, channel=clicked.direct)
