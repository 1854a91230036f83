"""Rows for people and channels that an act names before Slack has told what they are called."""

from __future__ import annotations

from sqlalchemy import Connection

from storage.statements import make_sure
from storage.tables import channels, members


def make_sure_of_people(connection: Connection, workspace: str, member: str, channel: str) -> None:
    """Make sure that the member and the channel are there, nameless if they are new."""
    make_sure(connection, members, {"workspace": workspace, "id": member})
    make_sure(connection, channels, {"workspace": workspace, "id": channel})
