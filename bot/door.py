"""What everything that takes in a request of Slack works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.channels import Channels
from bot.handling import Handling
from bot.intake import Intake
from bot.names import Names
from bot.slack import Slack
from bot.verbs import Desk
from papers.homes import Homes


@dataclass(frozen=True, slots=True)
class Door:
    """What the listeners work with, for the one workspace that is heard.

    `conversations` asks Slack in which private ones a member is with Fusen; it raises SlackTrouble.
    """

    workspace: str
    desk: Desk
    intake: Intake
    handling: Handling
    channels: Channels
    names: Names
    slack: Slack
    homes: Homes
    conversations: Callable[[str], tuple[str, ...]]
    count: Callable[[str, str], None]
