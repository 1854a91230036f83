"""Who follows what, and of which notes they were told."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    Select,
    and_,
    case,
    delete,
    func,
    or_,
    select,
    true,
    tuple_,
    union_all,
    update,
)

from papers.follows import MOST, Follow, Follower, Gathering, Tale, Target, TargetKind
from papers.note import ChannelKind, Member
from storage.sight import seen_by_follower
from storage.stamps import hold_workspace
from storage.statements import among, insert, put_if_new
from storage.tables import (
    channels,
    follows,
    members,
    note_tags,
    notes,
    papers,
    shares,
    tag_aliases,
    tags,
    tellings,
    workspaces,
)

_ALL = 2**62
"""Stands where every note of a change was looked at: no note has so great an id."""

_KINDS = (TargetKind.TAG, TargetKind.MEMBER, TargetKind.CHANNEL)


class StoredFollows:
    """The port `FollowShelf`, kept in tables."""

    def __init__(self, connection: Connection, serving: str = "") -> None:
        self._connection = connection
        self._serving = serving

    def follow(self, follower: Follower, target: Target, weekly: bool, by: str, at: datetime) -> None:
        """Make sure that this is followed, so often. What is followed already keeps its beginning."""
        hold_workspace(self._connection, follower.workspace)
        row = insert(self._connection, follows).values(
            workspace=follower.workspace,
            follower=follower.id,
            is_channel=follower.is_channel,
            kind=target.kind.value,
            target=target.key,
            name=target.name,
            weekly=weekly,
            by=by,
            since=at,
        )
        again = {"weekly": weekly, "by": by}
        unique = ["workspace", "follower", "kind", "target"]
        self._connection.execute(row.on_conflict_do_update(index_elements=unique, set_=again))

    def unfollow(self, follower: Follower, targets: Sequence[Target]) -> tuple[Target, ...]:
        """Let these be followed no longer. Returns those that were."""
        hold_workspace(self._connection, follower.workspace)
        meant = [(target.kind.value, target.key) for target in targets]
        gone = [one.target for one in self.of(follower) if (one.target.kind.value, one.target.key) in meant]
        named = tuple_(follows.c.kind, follows.c.target).in_(meant)
        self._connection.execute(delete(follows).where(_theirs(follower), named))
        return tuple(gone)

    def of(self, follower: Follower) -> tuple[Follow, ...]:
        """What the follower follows, tags first, then by name; names as the follower may know them."""
        rows = self._connection.execute(_described().where(_theirs(follower)).limit(MOST * 2)).all()
        found = [_follow(row) for row in rows]
        return tuple(sorted(found, key=lambda one: (_KINDS.index(one.target.kind), one.target.name.casefold())))

    def why(self, follower: Follower, note_id: int) -> tuple[Follow, ...]:
        """Which of the things that are followed bring the note to the follower, as it is now."""
        mine = follows.c.follower == follower.id
        rows = self._connection.execute(_matches(self._connection, follower.workspace, [note_id]).where(mine))
        ids = [row.follow_id for row in rows]
        found = self._connection.execute(_described().where(among(self._connection, follows.c.id, ids)))
        return tuple(_follow(row) for row in found)

    def behind(self) -> tuple[str, ...]:
        """The workspaces that are served, with notes that have changed and not been looked at."""
        return tuple(
            self._connection.scalars(
                select(workspaces.c.id)
                .where(or_(workspaces.c.told_change < workspaces.c.change, workspaces.c.told_note < _ALL))
                .where(workspaces.c.id == self._serving if self._serving else true())
                .order_by(workspaces.c.id)
            )
        )

    def look(self, workspace: str, limit: int, at: datetime) -> tuple[bool, tuple[Tale, ...]]:
        """Look at up to `limit` changed notes: who is to be told of which at once; the rest waits for its week."""
        # Whoever changes notes holds the workspace too: no change with a smaller count comes after this.
        hold_workspace(self._connection, workspace)
        mine = workspaces.c.id == workspace
        now = self._connection.execute(
            select(workspaces.c.change, workspaces.c.told_change, workspaces.c.told_note).where(mine)
        ).one()
        anybody = select(follows.c.id).where(follows.c.workspace == workspace).limit(1)
        followed = self._connection.execute(anybody).first() is not None
        changed = self._changed(workspace, (now.told_change, now.told_note), limit) if followed else []
        more = len(changed) == limit
        change, note = changed[-1] if more else (now.change, _ALL)
        self._connection.execute(update(workspaces).where(mine).values(told_change=change, told_note=note))
        return more, self._tales(workspace, [note_id for _, note_id in changed], at) if changed else ()

    def waiting(self, workspace: str, before: datetime) -> bool:
        """Whether any note was put by before then and waits to be gathered."""
        return (
            self._connection.execute(select(tellings.c.id).where(_waits(workspace, before)).limit(1)).first()
            is not None
        )

    def gather(self, workspace: str, before: datetime, limit: int) -> tuple[Gathering, ...]:
        """Gather, for up to `limit` followers, the notes that were put by for them before then: each once."""
        hold_workspace(self._connection, workspace)
        whose = (
            select(tellings.c.follower)
            .where(_waits(workspace, before))
            .group_by(tellings.c.follower)
            .order_by(tellings.c.follower)
            .limit(limit)
        )
        followers = self._connection.scalars(whose).all()
        taken = self._connection.execute(
            update(tellings)
            .where(_waits(workspace, before), tellings.c.follower.in_(followers))
            .values(waits=False)
            .returning(tellings.c.id, tellings.c.follower, tellings.c.is_channel, tellings.c.note_id)
        )
        gathered: dict[Follower, list[Row[Any]]] = defaultdict(list)
        for row in sorted(taken, key=lambda one: int(one.id)):
            gathered[Follower(workspace, row.follower, row.is_channel)].append(row)
        return tuple(
            Gathering(follower, rows[-1].id, tuple(row.note_id for row in rows))
            for follower, rows in gathered.items()
        )

    def forget(self, workspace: str, member: str) -> None:
        """The member follows nothing any more and is not followed; what they set up for channels is nobody's."""
        hold_workspace(self._connection, workspace)
        followed = and_(follows.c.kind == TargetKind.MEMBER.value, follows.c.target == member)
        theirs = or_(follows.c.follower == member, followed)
        self._connection.execute(delete(follows).where(follows.c.workspace == workspace, theirs))
        self._connection.execute(
            delete(tellings).where(tellings.c.workspace == workspace, tellings.c.follower == member)
        )
        set_up = and_(follows.c.workspace == workspace, follows.c.by == member)
        self._connection.execute(update(follows).where(set_up).values(by=""))

    def _changed(self, workspace: str, told: tuple[int, int], limit: int) -> list[tuple[int, int]]:
        """Notes that changed after the one up to which all is told, each as change and id, in that order."""
        newer = or_(notes.c.change > told[0], and_(notes.c.change == told[0], notes.c.id > told[1]))
        rows = self._connection.execute(
            select(notes.c.change, notes.c.id)
            .where(notes.c.workspace == workspace, notes.c.change >= told[0], newer)
            .order_by(notes.c.change, notes.c.id)
            .limit(limit)
        )
        return [(row.change, row.id) for row in rows]

    def _tales(self, workspace: str, changed: Collection[int], at: datetime) -> tuple[Tale, ...]:
        found = _matches(self._connection, workspace, changed).subquery()
        # Whoever follows one of the reasons at once is told at once.
        rows = self._connection.execute(
            select(
                follows.c.follower,
                follows.c.is_channel,
                found.c.note_id,
                papers.c.version,
                func.min(case((follows.c.weekly, 1), else_=0)).label("waits"),
            )
            .join_from(found, follows, follows.c.id == found.c.follow_id)
            .join(notes, notes.c.id == found.c.note_id)
            .join(papers, papers.c.id == notes.c.paper_id)
            .group_by(follows.c.follower, follows.c.is_channel, found.c.note_id, papers.c.version)
            .order_by(found.c.note_id, follows.c.follower)
        )
        tales = []
        for row in rows.all():
            follower = Follower(workspace, row.follower, row.is_channel)
            if self._put(follower, row.note_id, bool(row.waits), at) and not row.waits:
                tales.append(Tale(follower, row.note_id, row.version is not None))
        return tuple(tales)

    def _put(self, follower: Follower, note_id: int, waits: bool, at: datetime) -> bool:
        """Put the note by for the follower. True if it is new, or waited for its week and need not any more."""
        new = put_if_new(
            self._connection,
            tellings,
            workspace=follower.workspace,
            follower=follower.id,
            is_channel=follower.is_channel,
            note_id=note_id,
            found_at=at,
            waits=waits,
        )
        if new or waits:
            return new
        waiting = and_(
            tellings.c.waits,
            tellings.c.workspace == follower.workspace,
            tellings.c.follower == follower.id,
            tellings.c.note_id == note_id,
        )
        return self._connection.execute(update(tellings).where(waiting).values(waits=False)).rowcount > 0


def _matches(connection: Connection, workspace: str, note_ids: Collection[int]) -> Select[Any]:
    """Which follows bring which of these notes to their followers, each pair once."""
    shared = or_(
        and_(follows.c.kind == TargetKind.MEMBER.value, shares.c.member == follows.c.target),
        and_(follows.c.kind == TargetKind.CHANNEL.value, shares.c.channel == follows.c.target),
    )
    by_share = (
        select(follows.c.id.label("follow_id"), shares.c.note_id)
        .join_from(follows, shares, and_(shares.c.workspace == follows.c.workspace, shared))
        .where(shares.c.withdrawn_at.is_(None), among(connection, shares.c.note_id, note_ids))
        .where(follows.c.workspace == workspace, seen_by_follower(shares, workspace, follows.c.follower))
    )
    by_tag, by_older_name = (
        select(follows.c.id.label("follow_id"), note_tags.c.note_id)
        .join_from(follows, named, and_(named.c.workspace == follows.c.workspace, named.c.key == follows.c.target))
        .join(note_tags, note_tags.c.tag_id == tag_id)
        .where(follows.c.kind == TargetKind.TAG.value, note_tags.c.member != follows.c.follower)
        .where(among(connection, note_tags.c.note_id, note_ids))
        .where(follows.c.workspace == workspace, seen_by_follower(note_tags, workspace, follows.c.follower))
        for named, tag_id in ((tags, tags.c.id), (tag_aliases, tag_aliases.c.tag_id))
    )
    found = union_all(by_share, by_tag, by_older_name).subquery()
    return (
        select(found.c.follow_id, found.c.note_id)
        .join_from(found, follows, follows.c.id == found.c.follow_id)
        .where(_noted_since(workspace, found.c.note_id), ~_own(found.c.note_id))
        .distinct()
    )


def _noted_since(workspace: str, note_id: ColumnElement[int]) -> ColumnElement[bool]:
    """For the follower the note was noted since they follow."""
    theirs = shares.alias("theirs")
    first = select(func.min(theirs.c.shared_at)).where(
        theirs.c.note_id == note_id,
        theirs.c.withdrawn_at.is_(None),
        seen_by_follower(theirs, workspace, follows.c.follower),
    )
    return first.correlate_except(theirs, channels).scalar_subquery() >= follows.c.since


def _own(note_id: ColumnElement[int]) -> ColumnElement[bool]:
    """The follower has shared the note, wherever that was."""
    own = shares.alias("own")
    shared = or_(own.c.member == follows.c.follower, own.c.channel == follows.c.follower)
    mine = select(own.c.id).where(own.c.note_id == note_id, own.c.withdrawn_at.is_(None), shared)
    return mine.correlate_except(own).exists()


def _theirs(follower: Follower) -> ColumnElement[bool]:
    return and_(follows.c.workspace == follower.workspace, follows.c.follower == follower.id)


def _waits(workspace: str, before: datetime) -> ColumnElement[bool]:
    return and_(tellings.c.waits, tellings.c.workspace == workspace, tellings.c.found_at < before)


def _described() -> Select[Any]:
    """Follows with the names of those who set them up, and of the members and channels that are followed."""
    setter, followed = members.alias("setter"), members.alias("followed")
    kind = follows.c.kind
    return (
        select(
            follows,
            setter.c.name.label("by_name"),
            case(
                (kind == TargetKind.MEMBER.value, func.coalesce(followed.c.name, "")),
                (channels.c.kind == ChannelKind.PUBLIC.value, channels.c.name),
                (kind == TargetKind.CHANNEL.value, ""),
                else_=follows.c.name,
            ).label("target_name"),
        )
        .outerjoin_from(
            follows, setter, and_(setter.c.workspace == follows.c.workspace, setter.c.id == follows.c.by)
        )
        .outerjoin(followed, and_(followed.c.workspace == follows.c.workspace, followed.c.id == follows.c.target))
        .outerjoin(
            channels,
            and_(
                kind == TargetKind.CHANNEL.value,
                channels.c.workspace == follows.c.workspace,
                channels.c.id == follows.c.target,
            ),
        )
    )


def _follow(row: Row[Any]) -> Follow:
    return Follow(
        Follower(row.workspace, row.follower, row.is_channel),
        Target(TargetKind(row.kind), row.target, row.target_name),
        row.weekly,
        Member(row.by, row.by_name or ""),
        row.since,
    )
