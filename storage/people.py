"""People and channels whom an act or a text names."""

from __future__ import annotations

import re
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, case, literal, select

from papers.mentions import mention_of
from papers.note import Audience
from papers.oblivion import NOBODY
from storage.columns import Moment, Words
from storage.sight import unnamed
from storage.statements import make_sure
from storage.tables import channels, members


def make_sure_of_people(connection: Connection, workspace: str, member: str, channel: str) -> None:
    """Make sure that the member and the channel are there, nameless if they are new.

    Raises ValueError for an act in no channel: a channel without an id would be one that nobody knows, and so
    close everything to whoever stands in none.
    """
    if not channel:
        raise ValueError("an act of a member in no channel")
    make_sure(connection, members, {"workspace": workspace, "id": member})
    make_sure(connection, channels, {"workspace": workspace, "id": channel})


def whose(workspace: str, member: str, at: datetime) -> ColumnElement[str]:
    """To whom belongs what the team keeps of an act at that time: to nobody, if its member was forgotten since."""
    forgotten = select(members.c.id).where(
        members.c.workspace == workspace, members.c.id == member, members.c.forgotten_at >= literal(at, Moment)
    )
    return case((forgotten.exists(), literal(NOBODY, Words)), else_=literal(member, Words))


def unsaid_of(connection: Connection, audience: Audience) -> re.Pattern[str] | None:
    """How texts mention those whom the audience is not told of by name; None where it is told of all."""
    if audience.names_everybody:
        return None
    return mention_of(connection.scalars(select(members.c.name).where(unnamed(audience))).all())
