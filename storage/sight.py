"""Who sees what: the one place that knows which shares, tags and comments an audience may see.

A row counts if it was made in a public channel that the bot has not left, or in one of the audience's own; a
channel of unknown kind is treated as private. A note is seen if one of its shares is, and that share is not
withdrawn.

A channel that is shared with another organisation is closed both ways: its people see what was made in it and
nothing else, and what was made in it is not public, unless the workspace wants that. So it is with a channel of
which nothing is known yet. One that was shared so opens to its people when it is disconnected, for they are of the
workspace alone by then; what was made in it belongs to both sides still.
"""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache

from sqlalchemy import ColumnElement, FromClause, ScalarSelect, Select, and_, case, func, literal, or_, select

from papers.note import Audience, ChannelKind
from storage.tables import channels, members, notes, shares, workspaces

KEPT = 64
"""For so many audiences what was written for the database is kept: about 0.1 MB each."""


# What an audience sees is asked for several times an event; to write it down anew each time took longest.
@lru_cache(maxsize=4 * KEPT)
def seen(rows: FromClause, audience: Audience) -> ColumnElement[bool]:
    """The audience may see this share, tag or comment, if it is on a note of the audience's workspace.

    The row's own workspace is not asked for: SQLite would search by it, where only the note is narrow.
    """
    public = _in_public(rows, audience.workspace)
    if audience.channel is None:
        return public
    public = and_(public, ~_closed(audience.workspace, literal(audience.channel)))
    if not audience.conversations:
        return or_(public, rows.c.channel == audience.channel)
    return or_(public, rows.c.channel.in_([audience.channel, *audience.conversations]))


@lru_cache(maxsize=4 * KEPT)
def told_of_tag(rows: FromClause, audience: Audience) -> ColumnElement[bool]:
    """The audience may be told this other name, group or description of a tag that it sees.

    What was said of a tag in no channel was said to everybody.
    """
    to_all = rows.c.channel == ""
    if audience.channel is not None:
        to_all = and_(to_all, ~_closed(audience.workspace, literal(audience.channel)))
    return or_(seen(rows, audience), to_all)


def seen_by_follower(rows: FromClause, workspace: str, follower: ColumnElement[str]) -> ColumnElement[bool]:
    """A follower may see this share or tag: what anybody sees, and the people of a channel what is said there.

    A follower that is a member has no channel of that name, and so sees what anybody sees.
    """
    return or_(and_(_in_public(rows, workspace), ~_closed(workspace, follower)), rows.c.channel == follower)


def _in_public(rows: FromClause, workspace: str) -> ColumnElement[bool]:
    wants = select(workspaces.c.publishes_external).where(workspaces.c.id == workspace).scalar_subquery()
    public = select(channels.c.id).where(channels.c.workspace == workspace, _public(wants))
    return rows.c.channel.in_(public)


def _public(wants: ColumnElement[bool]) -> ColumnElement[bool]:
    """What is made in this channel is for everybody; `wants`: the workspace publishes external ones too."""
    both_sides = or_(channels.c.external, channels.c.was_external)
    return and_(channels.c.kind == ChannelKind.PUBLIC.value, ~gone(), or_(~both_sides, wants))


def _closed(workspace: str, channel: ColumnElement[str]) -> ColumnElement[bool]:
    """The people of this channel see only what was made in it. A member's id is no channel's: they see more."""
    theirs = channels.alias("theirs")
    unknown = theirs.c.kind == ChannelKind.UNKNOWN.value
    return (
        select(theirs.c.id)
        .where(theirs.c.workspace == workspace, theirs.c.id == channel, or_(theirs.c.external, unknown))
        .correlate_except(theirs)
        .exists()
    )


def gone() -> ColumnElement[bool]:
    """The bot has left this channel, and was not invited again."""
    back = channels.c.joined_at.is_not(None) & (channels.c.joined_at >= channels.c.left_at)
    return and_(channels.c.left_at.is_not(None), ~back)


@lru_cache(maxsize=KEPT)
def seen_share(audience: Audience) -> ColumnElement[bool]:
    """The audience may see this share, and it is not withdrawn."""
    return and_(shares.c.withdrawn_at.is_(None), seen(shares, audience))


def seen_by_all() -> ColumnElement[bool]:
    """Whoever belongs to the workspace of this share sees it, and it is not withdrawn."""
    return and_(shares.c.withdrawn_at.is_(None), made_for_all(shares))


def made_for_all(rows: FromClause) -> ColumnElement[bool]:
    """Whoever belongs to the row's workspace sees the channel in which it was made."""
    public = (
        select(channels.c.id)
        .join_from(channels, workspaces, workspaces.c.id == channels.c.workspace)
        .where(
            channels.c.workspace == rows.c.workspace,
            channels.c.id == rows.c.channel,
            _public(workspaces.c.publishes_external),
        )
    )
    return public.correlate(rows).exists()


def seen_note(audience: Audience, *only: ColumnElement[bool]) -> ColumnElement[bool]:
    """The audience sees a share of this note (for which `only` holds too)."""
    theirs = select(shares.c.id).where(shares.c.note_id == notes.c.id, seen_share(audience), *only).exists()
    return and_(notes.c.workspace == audience.workspace, theirs)


def notes_seen(audience: Audience) -> Select[int]:
    """The ids of all notes that the audience sees, for what looks at all of them: read once, not note by note."""
    return select(shares.c.note_id).where(shares.c.workspace == audience.workspace, seen_share(audience))


def sees_as_anybody(audience: Audience) -> ColumnElement[bool]:
    """The audience's channel is one whose people see the same notes as anybody."""
    wants = select(workspaces.c.publishes_external).where(workspaces.c.id == audience.workspace).scalar_subquery()
    here = and_(channels.c.workspace == audience.workspace, channels.c.id == audience.channel, _public(wants))
    return select(channels.c.id).where(here).exists()


@lru_cache(maxsize=KEPT)
def first_seen_share(audience: Audience) -> ScalarSelect[datetime]:
    """When this note was first shared where the audience may see it: for them, when it was noted.

    The note's own time would tell that it had been shared in private before.
    """
    first = select(func.min(shares.c.shared_at)).where(shares.c.note_id == notes.c.id, seen_share(audience))
    return first.correlate(notes).scalar_subquery()


@lru_cache(maxsize=KEPT)
def shown_name(audience: Audience) -> ColumnElement[str]:
    """A member's name as the audience is told it: empty for one who does not want to be named there."""
    if audience.names_everybody:
        return members.c.name
    return case((_may_name(audience), members.c.name), else_="")


def shown_feed(audience: Audience) -> ColumnElement[str]:
    """What a member's feed is called, for those who read the pages: empty if none is wanted, or no name told."""
    if audience.channel is not None:
        return literal("")
    return case((and_(_may_name(audience), members.c.name != ""), members.c.feed), else_="")


def unnamed(audience: Audience) -> ColumnElement[bool]:
    """The member has a name that the audience is not told."""
    return and_(members.c.workspace == audience.workspace, members.c.name != "", ~_may_name(audience))


def _may_name(audience: Audience) -> ColumnElement[bool]:
    shows = select(workspaces.c.shows_names).where(workspaces.c.id == audience.workspace).scalar_subquery()
    return and_(members.c.named, shows)
