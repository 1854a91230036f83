"""What is said of tags: the groups that they are in, and what they are about."""

from __future__ import annotations

from collections.abc import Collection, Mapping

from sqlalchemy import Column, Connection, delete, select

from papers.mentions import SOMEONE
from papers.note import Audience
from storage.people import unsaid_of
from storage.sight import told_of_tag
from storage.stamps import count_change, hold_workspace
from storage.statements import make_sure
from storage.tables import tag_descriptions, tag_groupings, tags
from storage.tag_rows import meant, told_here


class TagWords:
    """The part of the port `TagShelf` that is about what is said of tags."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def group(self, audience: Audience, keys: Collection[str], name: str) -> None:
        """Put tags into a group, for those who may look into the audience's channel; an empty name: into none.

        Without a channel it is for everybody.
        """
        self._say_of(tag_groupings.c.name, audience, keys, name)

    def groups(self, audience: Audience) -> Mapping[str, str]:
        """The groups of the tags that the audience sees, by the tags' keys."""
        return self._said_of(tag_groupings.c.name, audience)

    def describe(self, audience: Audience, key: str, text: str) -> None:
        """Say what a tag is about, for those who may look into the audience's channel; an empty text: nothing.

        Without a channel it is for everybody.
        """
        self._say_of(tag_descriptions.c.text, audience, [key], text)

    def descriptions(self, audience: Audience) -> Mapping[str, str]:
        """What the tags that the audience sees are about, by the tags' keys."""
        return self._said_of(tag_descriptions.c.text, audience)

    def _say_of(self, what: Column[str], audience: Audience, keys: Collection[str], said: str) -> None:
        """Say something in place of what was said there before; an empty text: in place of all that is seen."""
        hold_workspace(self._connection, audience.workspace)
        table, channel = what.table, audience.channel or ""
        ids = [row.id for row in meant(self._connection, audience, keys).values()]
        # What was said elsewhere stays for whoever sees no newer one.
        before = table.c.channel == channel if said else told_of_tag(table, audience)
        self._connection.execute(delete(table).where(table.c.tag_id.in_(ids), before))
        if said:
            there = {what.name: said, "channel": channel}
            make_sure(self._connection, table, *({**there, "tag_id": tag_id} for tag_id in ids))
        count_change(self._connection, audience.workspace)

    def _said_of(self, what: Column[str], audience: Audience) -> Mapping[str, str]:
        table = what.table
        told = (
            select(tags.c.key, what.label("told"))
            .join_from(table, tags, tags.c.id == table.c.tag_id)
            .where(told_here(audience), told_of_tag(table, audience))
            .order_by(table.c.id)  # the newest that is seen counts
        )
        rows = self._connection.execute(told).all()
        unsaid = unsaid_of(self._connection, audience) if rows else None
        return {row.key: unsaid.sub(SOMEONE, row.told) if unsaid else row.told for row in rows}
