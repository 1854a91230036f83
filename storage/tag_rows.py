"""Which rows of tags are meant by what is typed, and seen by whom."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import ColumnElement, CompoundSelect, Connection, Row, and_, func, or_, select, union_all, update

from papers.note import Audience
from storage.sight import seen, seen_share, told_of_tag
from storage.statements import among
from storage.tables import note_tags, shares, tag_aliases, tags


def tag_seen(audience: Audience) -> ColumnElement[bool]:
    """The tag stands on a note that the audience sees, and was set where they may look."""
    noted = select(shares.c.id).where(shares.c.note_id == note_tags.c.note_id, seen_share(audience))
    uses = select(note_tags.c.id).where(note_tags.c.tag_id == tags.c.id, seen(note_tags, audience), noted.exists())
    # The offset keeps PostgreSQL at looking tag by tag: joined, it reads all shares though few tags are wanted.
    return uses.offset(0).correlate(tags).exists()


def tag_kept(audience: Audience) -> ColumnElement[bool]:
    """The tag was set where the audience may look, also on notes not seen until their papers come back."""
    uses = select(note_tags.c.id).where(note_tags.c.tag_id == tags.c.id, seen(note_tags, audience))
    return uses.correlate(tags).exists()


def told_here(audience: Audience) -> ColumnElement[bool]:
    """The tags of the audience's workspace that it may be told of."""
    return and_(tags.c.workspace == audience.workspace, tag_seen(audience))


def alias_told(audience: Audience) -> ColumnElement[bool]:
    """The audience may be told of this other name of a tag that it sees.

    It stood on the published pages, or was given in a public channel, in none, or in the audience's own.
    """
    return or_(tag_aliases.c.published, told_of_tag(tag_aliases, audience))


def meant(
    connection: Connection, audience: Audience, keys: Collection[str], kept: bool = False
) -> dict[str, Row[Any]]:
    """The tags that typed keys mean to the audience, by these keys: a tag that it sees, else another name of one.

    Who types a name in full needs not be told of it: so here every other name counts, of tags that they see. Who
    sets a tag may mean one that is only `kept` as well, or there would be two once its papers come back.
    """
    there = tag_kept(audience) if kept else tag_seen(audience)
    own = select(tags, tags.c.key.label("typed")).where(
        tags.c.workspace == audience.workspace, tags.c.key.in_(list(keys)), there
    )
    other = (
        select(tags, tag_aliases.c.key.label("typed"))
        .join_from(tag_aliases, tags, tags.c.id == tag_aliases.c.tag_id)
        .where(
            tag_aliases.c.workspace == audience.workspace,
            tag_aliases.c.key.in_(list(keys)),
            there,
        )
        .order_by(*((tag_seen(audience).desc(),) if kept else ()), tags.c.id)
    )
    found: dict[str, Row[Any]] = {}
    for row in (*connection.execute(own), *connection.execute(other)):
        found.setdefault(row.typed, row)
    return found


def standing(connection: Connection, workspace: str, tag_ids: Collection[int]) -> dict[int, Row[Any]]:
    """The tags with these ids, by them; instead of one that has become one with another, that other."""
    stands = tags.alias("stands")
    found = (
        select(tags.c.id.label("asked"), stands)
        .join_from(tags, stands, stands.c.id == func.coalesce(tags.c.merged_into, tags.c.id))
        .where(tags.c.workspace == workspace, among(connection, tags.c.id, tag_ids))
    )
    return {row.asked: row for row in connection.execute(found)}


def known_by(workspace: str, key: str) -> CompoundSelect[int]:
    """The ids of the tags that have this key, or another name with it."""
    # Not as one condition or the other, of which PostgreSQL would expect half of all tags.
    others = select(tag_aliases.c.tag_id).where(tag_aliases.c.workspace == workspace, tag_aliases.c.key == key)
    return union_all(select(tags.c.id).where(tags.c.workspace == workspace, tags.c.key == key), others)


def count_uses(connection: Connection, tag_ids: Collection[int]) -> None:
    """Count anew how often these tags are set."""
    uses = select(func.count(note_tags.c.id)).where(note_tags.c.tag_id == tags.c.id)
    which = among(connection, tags.c.id, tag_ids)
    connection.execute(update(tags).where(which).values(uses=uses.correlate(tags).scalar_subquery()))
