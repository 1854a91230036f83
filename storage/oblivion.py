"""Forgetting members: the one place that goes through all tables for what is kept of somebody."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from sqlalchemy import (
    ColumnElement,
    Connection,
    Table,
    and_,
    bindparam,
    cast,
    delete,
    func,
    literal,
    or_,
    select,
    update,
)

from papers.mentions import SOMEONE, mention_of
from papers.oblivion import NOBODY, Held
from papers.work import PostKind
from storage import tables
from storage.columns import Words
from storage.comments import searched
from storage.follows import StoredFollows
from storage.homes import StoredHomes
from storage.outbox import gatherings_of
from storage.search_index import leave_out, stamp_and_index
from storage.stamps import ANEW, count_change, hold_workspace
from storage.statements import among, contains, insert
from storage.tables import follows

NAMELESS = (tables.shares, tables.note_tags, tables.settled, tables.backfills, tables.digest_orders)
"""What belongs to the team: it stays, without its member. Every other row that has a member is theirs alone."""

_OF_NOTES = (PostKind.CARD.value, PostKind.SEEN.value, PostKind.FOLLOWED.value)
"""Posts that name people for what they did to a note."""

_MENTIONS_AT_ONCE = 500

_FINISHING = timedelta(minutes=5)
"""Longer than the transaction in which an event is finished: it may have begun before a member was forgotten."""

_FORGOTTEN = select(tables.members.c.id).where(
    tables.members.c.workspace == bindparam("workspace"),
    tables.members.c.id == bindparam("member"),
    tables.members.c.forgotten_at >= bindparam("at"),
)


class StoredOblivion:
    """The port `Oblivion`, over the tables."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def held(self, workspace: str, member: str) -> Held:
        """How much is kept of a member."""

        def count(table: Table) -> int:
            theirs = select(func.count()).select_from(table).where(_theirs(table, workspace, member))
            return int(self._connection.execute(theirs).scalar_one())

        return Held(count(tables.comments), count(tables.shares), count(tables.note_tags))

    def forget(self, workspace: str, member: str, at: datetime) -> None:
        """Forget a member; what belongs to the team stays and belongs to `NOBODY`."""
        hold_workspace(self._connection, workspace)
        forgotten: dict[str, object] = dict.fromkeys(("name", "language", "own_language", "feed"), "")
        forgotten |= {"forgotten_at": at, "nameless": True, "learned_at": None}
        name = self._name(workspace, member)
        for one in (member, NOBODY):
            row = insert(self._connection, tables.members).values(workspace=workspace, id=one, **forgotten)
            done = row.on_conflict_do_update(index_elements=["workspace", "id"], set_=forgotten)
            self._connection.execute(done)
        telling = self._posts_telling_of(workspace, member)
        concerned = self._part(workspace, member) | self._unmention(workspace, name)
        StoredFollows(self._connection).forget(workspace, member)
        StoredHomes(self._connection).forget(workspace, member, at)
        self._clear_posts(workspace, member, concerned, telling)
        self._clear_events(workspace, member)
        if concerned:
            stamp_and_index(self._connection, among(self._connection, tables.notes.c.id, concerned))

    def forget_workspace(self, workspace: str) -> None:
        """Forget all that is kept of a workspace. Papers stay."""
        hold_workspace(self._connection, workspace)
        leave_out(self._connection, tables.notes.c.workspace == workspace)
        theirs = {
            table: select(table.c.id).where(table.c.workspace == workspace)
            for table in (tables.notes, tables.tags)
        }
        for table in reversed(tables.metadata.sorted_tables):
            if "workspace" in table.c:
                self._connection.execute(delete(table).where(table.c.workspace == workspace))
                continue
            # Rows that know their workspace only by what they belong to.
            for key in table.foreign_keys:
                if (owner := theirs.get(key.column.table)) is not None:
                    self._connection.execute(delete(table).where(key.parent.in_(owner)))
        self._connection.execute(delete(tables.workspaces).where(tables.workspaces.c.id == workspace))

    def clear_events(self, since: datetime) -> None:
        """Clear the finished events of members who were forgotten since then: those that waited at that moment."""
        people = tables.members
        lately = select(people.c.workspace, people.c.id, people.c.forgotten_at).where(
            people.c.forgotten_at >= since, people.c.id != NOBODY
        )
        inbox = tables.inbox
        for one in self._connection.execute(lately).all():
            waited = inbox.c.received_at <= one.forgotten_at, inbox.c.finished_at >= one.forgotten_at - _FINISHING
            self._clear_events(one.workspace, one.id, *waited)

    def is_forgotten(self, workspace: str, member: str, at: datetime) -> bool:
        """Whether what the member said at that time is forgotten."""
        asked = {"workspace": workspace, "member": member, "at": at}
        return self._connection.execute(_FORGOTTEN, asked).first() is not None

    def _name(self, workspace: str, member: str) -> str:
        known = select(tables.members.c.name).where(
            tables.members.c.workspace == workspace, tables.members.c.id == member
        )
        return self._connection.scalar(known) or ""

    def _part(self, workspace: str, member: str) -> set[int]:
        """Delete what is the member's alone, and make the rest nobody's. Returns the notes concerned."""
        concerned: set[int] = set()
        for table in reversed(tables.metadata.sorted_tables):
            if "member" not in table.c or table is tables.homes:
                continue
            theirs = _theirs(table, workspace, member)
            if "note_id" in table.c:
                concerned.update(self._connection.scalars(select(table.c.note_id).where(theirs)))
            if table in NAMELESS:
                self._connection.execute(update(table).where(theirs).values(member=NOBODY))
            else:
                self._connection.execute(delete(table).where(theirs))
        # An act of somebody else may know that it took the member's tag off.
        named = contains(self._connection, tables.acts.c.facts, literal(f'"{member}"'))
        self._connection.execute(delete(tables.acts).where(tables.acts.c.workspace == workspace, named))
        return concerned

    def _unmention(self, workspace: str, name: str) -> set[int]:
        """Let nothing that others said mention the name any longer. Returns the notes concerned."""
        mention = mention_of([name])
        if mention is None:
            return set()
        self._unmention_in_tags(workspace, name, mention)
        comments, concerned, last = tables.comments, set[int](), 0
        at_name = contains(self._connection, comments.c.text, literal(f"@{name}"))
        while rows := self._connection.execute(
            select(comments.c.id, comments.c.note_id, comments.c.text)
            .where(comments.c.workspace == workspace, comments.c.id > last, at_name)
            .order_by(comments.c.id)
            .limit(_MENTIONS_AT_ONCE)
        ).all():
            for row in rows:
                text = mention.sub(SOMEONE, row.text)
                changed = update(comments).where(comments.c.id == row.id).values(text=text, folded=searched(text))
                self._connection.execute(changed)
                concerned.add(row.note_id)
            last = rows[-1].id
        return concerned

    def _unmention_in_tags(self, workspace: str, name: str, mention: re.Pattern[str]) -> None:
        theirs = select(tables.tags.c.id).where(tables.tags.c.workspace == workspace)
        for said in (tables.tag_descriptions.c.text, tables.tag_groupings.c.name):
            rows = said.table
            naming = rows.c.tag_id.in_(theirs) & contains(self._connection, said, literal(f"@{name}"))
            for row_id, text in self._connection.execute(select(rows.c.id, said).where(naming)).all():
                told = {said: mention.sub(SOMEONE, text)}
                self._connection.execute(update(rows).where(rows.c.id == row_id).values(told))
                count_change(self._connection, workspace)

    def _posts_telling_of(self, workspace: str, member: str) -> set[int]:
        """Posts that say what the member has set up for a channel, or asked for there."""
        outbox, backfills = tables.outbox, tables.backfills
        set_up = select(follows.c.follower).where(follows.c.workspace == workspace, follows.c.by == member)
        asked = select(cast(backfills.c.id, Words)).where(_theirs(backfills, workspace, member))
        told = outbox.c.kind.in_((PostKind.FOLLOWED.value, PostKind.GATHERING.value))
        followed = and_(told, outbox.c.channel.in_(set_up))
        progress = and_(outbox.c.kind == PostKind.PROGRESS.value, outbox.c.body.in_(asked))
        found = select(outbox.c.id).where(outbox.c.workspace == workspace, or_(followed, progress))
        return set(self._connection.scalars(found))

    def _clear_posts(self, workspace: str, member: str, concerned: set[int], telling: set[int]) -> None:
        """Posts for the member alone are owed no longer; what stands in Slack and may name them is said anew."""
        outbox = tables.outbox
        ours = outbox.c.workspace == workspace
        told = or_(outbox.c.only_for == member, outbox.c.channel == member)
        self._connection.execute(delete(outbox).where(ours, told))
        inviter = contains(self._connection, outbox.c.body, literal(f'"{member}"'))
        greeting = and_(ours, outbox.c.kind == PostKind.WELCOME.value, inviter)
        self._connection.execute(update(outbox).where(greeting).values(body="", shown=ANEW))
        of_notes = outbox.c.kind.in_(_OF_NOTES) & among(self._connection, outbox.c.note_id, concerned)
        gatherings = gatherings_of(self._connection, workspace, concerned)
        among_posts = among(self._connection, outbox.c.id, telling | gatherings.keys())
        naming = or_(of_notes, among_posts, outbox.c.kind == PostKind.DIGEST.value)
        # What was given up may stand in Slack all the same: it is tried again.
        anew = update(outbox).where(ours, outbox.c.posted_at.is_not(None), naming)
        self._connection.execute(anew.values(shown=ANEW, abandoned_at=None, attempts=0))
        # The attempts of what may be on its way there stay: by them it is still the same claim.
        owed = outbox.c.posted_at.is_(None) & outbox.c.abandoned_at.is_(None)
        self._connection.execute(update(outbox).where(ours, owed, naming).values(shown=ANEW))

    def _clear_events(self, workspace: str, member: str, *only: ColumnElement[bool]) -> None:
        inbox = tables.inbox
        named = contains(self._connection, inbox.c.body, literal(member))
        done = and_(inbox.c.workspace == workspace, inbox.c.finished_at.is_not(None), *only, named)
        self._connection.execute(update(inbox).where(done).values(body="{}", error=""))


def _theirs(table: Table, workspace: str, member: str) -> ColumnElement[bool]:
    return and_(table.c.workspace == workspace, table.c.member == member)
