"""A Slack-compatible workspace on your own machine. It knows nothing of papers: it would serve any Bolt app."""

from playground.records import Command, Shortcut, SlackApp, SlackError
from playground.seed import TEAM_ID
from playground.server import Playground
from playground.stage import Judge
from playground.store import StoreInUse, StoreUnusable

__all__ = [
    "TEAM_ID",
    "Command",
    "Judge",
    "Playground",
    "Shortcut",
    "SlackApp",
    "SlackError",
    "StoreInUse",
    "StoreUnusable",
]
