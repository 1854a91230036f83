"""The outbox: what is to be posted to Slack, what stands there, and the digests that were claimed."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    and_,
    bindparam,
    case,
    delete,
    func,
    literal_column,
    or_,
    select,
    update,
)

from papers.note import Message
from papers.work import Owed, Post, PostKind
from storage import tables
from storage.stamps import TO_SHARES, hold, hold_workspace
from storage.statements import among, claim, insert, served

_outbox = tables.outbox
_periods = tables.digests
_shares = tables.shares
OWED = _outbox.c.posted_at.is_(None) & _outbox.c.abandoned_at.is_(None)
_IN_TURN = OWED & _outbox.c.channel.not_in(bindparam("claim_behind", expanding=True))
WAITS_SINCE = func.coalesce(_outbox.c.owed_again_at, _outbox.c.owed_at)
# Word for word the condition of the index `ix_outbox_outdated`: SQLite uses it for nothing else.
OUTDATED = and_(
    _outbox.c.posted_at.is_not(None),
    _outbox.c.abandoned_at.is_(None),
    _outbox.c.shown < _outbox.c.note_change,
    or_(_outbox.c.kind == literal_column(f"'{PostKind.CARD.value}'"), _outbox.c.shown < literal_column("0")),
)
# So is this that of `ix_outbox_answers`.
_IS_ANSWER = _outbox.c.kind == literal_column(f"'{PostKind.ANSWER.value}'")
# A line of a paper seen before is posted once; whether its share was taken back meanwhile, a second look tells.
_OVERTAKEN = (_outbox.c.kind == PostKind.SEEN.value) & _outbox.c.posted_at.is_(None)
_IS_OPENED = _outbox.c.kind == PostKind.OPENED.value
# A card stands in the thread of its share; an added paper's share has no message before its card.
_SHARE_STANDS = (
    select(_shares.c.id)
    .where(
        _shares.c.note_id == _outbox.c.note_id,
        _shares.c.channel == _outbox.c.channel,
        _shares.c.withdrawn_at.is_(None),
        or_(
            (_outbox.c.origin != "") & (_shares.c.origin == _outbox.c.origin),
            func.coalesce(_shares.c.thread_ts, _shares.c.ts) == _outbox.c.thread_ts,
        ),
    )
    .exists()
)
# The key of an answer to a message, `answer:C1:1.0` or `refuse:C1:1.0`, names it as the inbox does, `T1/C1/1.0`.
_ASKED = _outbox.c.workspace + "/" + func.replace(func.substr(_outbox.c.key, len("answer:") + 1), ":", "/")
_MAY_BE_ASKED = select(tables.inbox.c.id).where(tables.inbox.c.message_key == _ASKED).exists()
# The words of an answer are not kept when it is given.
_left = case((_outbox.c.kind == PostKind.ANSWER.value, ""), else_=_outbox.c.body)


class StoredOutbox:
    """The port `Outbox`, kept in tables."""

    def __init__(self, connection: Connection, serving: str = "") -> None:
        self._connection = connection
        self._serving = serving

    def owe(self, owed: Owed, at: datetime, due: datetime) -> bool:
        """Make sure the post is there, to be posted from `due` on. False if it was there before.

        An answer to a share that was given up or taken away is owed once more: the share is there again. So is the
        word that a channel is public now.
        """
        change: Any = 0
        if owed.note_id is not None:
            this = tables.notes.c.id == owed.note_id
            hold(self._connection, this)  # so that no change of the note falls between reading and inserting
            change = self._connection.execute(select(tables.notes.c.change).where(this)).scalar_one()
        row = insert(self._connection, _outbox).values(
            workspace=owed.workspace,
            key=owed.key,
            kind=owed.kind.value,
            channel=owed.channel,
            thread_ts=owed.thread_ts,
            note_id=owed.note_id,
            only_for=owed.only_for,
            body=owed.body,
            origin=owed.origin,
            owed_at=at,
            due=due,
            note_change=change,
        )
        # Since when it was owed first stays: from then on it may stand in Slack.
        anew = {name: row.excluded[name] for name in ("kind", "due", "note_change")}
        anew["owed_again_at"] = row.excluded.due
        once_more = row.on_conflict_do_update(
            index_elements=[_outbox.c.workspace, _outbox.c.key],
            # With an attempt already counted it is looked for in Slack before it is posted.
            set_={**anew, "abandoned_at": None, "posted_at": None, "ts": None, "attempts": 1, "error": ""},
            where=_outbox.c.abandoned_at.is_not(None) & or_(_IS_OPENED, TO_SHARES & _outbox.c.posted_at.is_(None)),
        )
        return self._connection.execute(once_more.returning(_outbox.c.id)).first() is not None

    def claim(self, limit: int, now: datetime, lease: timedelta, behind: Collection[str] = ()) -> tuple[Post, ...]:
        """Lease posts that are due and not posted, oldest first.

        Those of the channels `behind` only if there are no others.
        """
        # In two statements, each in the order of the index: to sort, all that waits would be read each time.
        in_turn = self._claim(_IN_TURN, limit, now, lease, claim_behind=[*behind]) if behind else ()
        return in_turn or self._claim(OWED, limit, now, lease)

    def claim_outdated(self, limit: int, now: datetime, lease: timedelta) -> tuple[Post, ...]:
        """Lease posted cards whose note has changed since, and what else is to be said anew."""
        return self._claim(OUTDATED, limit, now, lease)

    def posted(self, post: int, ts: str, shown: int, at: datetime, was: int = 0) -> None:
        """The post stands in Slack at `ts` and shows the note as of `shown`. Ends the lease.

        If it is to be said anew since it was claimed, when it showed what it `was`, that stays. What follows
        counts its attempts anew.
        """
        first = func.coalesce(_outbox.c.posted_at, at)
        anew = (_outbox.c.shown < 0) & (_outbox.c.shown < was)
        self._change(
            post,
            ts=ts,
            shown=case((or_(anew, _OVERTAKEN & (_outbox.c.note_change > shown)), -1), else_=shown),
            posted_at=first,
            leased_until=None,
            attempts=0,
            error="",
            body=_left,
        )

    def keep(self, post: Post, until: datetime) -> bool:
        """Renew the lease. False if it ended and the post is somebody else's by now, or done."""
        done = _outbox.c.posted_at.is_not(None) if post.ts is not None else _outbox.c.posted_at.is_(None)
        # Whoever claims counts an attempt: so it is the same claim as long as there is none more.
        mine = and_(
            _outbox.c.id == post.id, _outbox.c.attempts == post.attempts, done, _outbox.c.abandoned_at.is_(None)
        )
        return self._connection.execute(update(_outbox).where(mine).values(leased_until=until)).rowcount == 1

    def postpone(self, post: int, until: datetime, error: str, counted: bool = True) -> None:
        """Posting failed for now; claim it again from `until`. An attempt that is not `counted` was none."""
        attempts = _outbox.c.attempts if counted else _outbox.c.attempts - 1
        self._change(post, due=until, leased_until=None, error=error, attempts=attempts)

    def abandon(self, post: int, at: datetime, error: str) -> None:
        """The post can never be made (the channel is gone, say): it is owed no longer, nor kept up to date."""
        self._change(post, abandoned_at=at, leased_until=None, error=error, body=_left)

    def take_away(self, post: int, at: datetime, error: str) -> None:
        """The post stands in Slack no longer."""
        self._change(
            post, ts=None, posted_at=None, abandoned_at=at, shown=0, leased_until=None, error=error, body=_left
        )

    def take_up_cards(self, workspace: str, channel: str) -> int:
        """Cards that stand in the channel and were given up are kept up to date again. Returns how many."""
        hold_workspace(self._connection, workspace)
        given_up = and_(
            _outbox.c.workspace == workspace,
            _outbox.c.channel == channel,
            _outbox.c.kind == PostKind.CARD.value,
            _outbox.c.posted_at.is_not(None),
            _outbox.c.abandoned_at.is_not(None),
        )
        taken = update(_outbox).where(given_up).values(abandoned_at=None, attempts=0, error="")
        return self._connection.execute(taken).rowcount

    def owe_cards_again(self, workspace: str, channel: str, since: datetime, due: datetime, most: int) -> int:
        """Cards that were given up before they stood in the channel are owed once more. Returns how many.

        The newest alone, owed since then, of shares that still stand.
        """
        hold_workspace(self._connection, workspace)
        given_up = and_(
            _outbox.c.workspace == workspace,
            _outbox.c.channel == channel,
            _outbox.c.kind == PostKind.CARD.value,
            _outbox.c.posted_at.is_(None),
            _outbox.c.abandoned_at.is_not(None),
            since <= WAITS_SINCE,
            _SHARE_STANDS,
        )
        newest = select(_outbox.c.id).where(given_up).order_by(_outbox.c.id.desc()).limit(most)
        ids = tuple(self._connection.scalars(newest))
        # An attempt is counted already: what may have arrived is looked for before it is posted.
        again = update(_outbox).where(among(self._connection, _outbox.c.id, ids))
        owed = again.values(abandoned_at=None, owed_again_at=due, due=due, attempts=1, error="")
        return self._connection.execute(owed).rowcount

    def prune(self, before: datetime) -> int:
        """Forget answers given, or given up, before then, that cannot be asked for again. Returns how many.

        An event that the inbox still holds may be handled once more, and what answers it is known by its row.
        """
        ended = func.coalesce(_outbox.c.abandoned_at, _outbox.c.posted_at)
        old = and_(_IS_ANSWER, _outbox.c.owed_at < before, ended < before, ~_MAY_BE_ASKED)
        return self._connection.execute(delete(_outbox).where(old)).rowcount

    def stands(self, workspace: str, key: str) -> str | None:
        """Where in Slack a post stands: its time stamp; empty while it is owed; None if it never will stand."""
        mine = and_(_outbox.c.workspace == workspace, _outbox.c.key == key, _outbox.c.abandoned_at.is_(None))
        found = self._connection.execute(select(_outbox.c.ts).where(mine)).first()
        return None if found is None else found.ts or ""

    def next_due(self) -> datetime | None:
        """When the next post that is not posted falls due, or None. A leased one does when its lease ends."""
        leased = _outbox.c.leased_until > _outbox.c.due
        free_at = case((leased, _outbox.c.leased_until), else_=_outbox.c.due)
        first: datetime | None = self._connection.scalar(
            select(func.min(free_at)).where(OWED, served(_outbox, self._serving))
        )
        return first

    def shows(self, message: Message) -> int | None:
        """The note that a post of ours speaks of, if this message is one; None for all other messages."""
        post = and_(
            _outbox.c.workspace == message.workspace,
            _outbox.c.channel == message.channel,
            _outbox.c.ts == message.ts,
            _outbox.c.note_id.is_not(None),
        )
        note_id: int | None = self._connection.scalar(select(_outbox.c.note_id).where(post))
        return note_id if message.ts else None

    def claim_period(self, workspace: str, period: str, at: datetime) -> bool:
        """Claim a digest's period. True for the first caller only.

        A claim that was made later than `at` was made by a clock that was wrong, and does not count.
        """
        row = insert(self._connection, _periods).values(workspace=workspace, period=period, claimed_at=at)
        anew = row.on_conflict_do_update(
            index_elements=[_periods.c.workspace, _periods.c.period],
            set_={"claimed_at": at},
            where=_periods.c.claimed_at > at,
        )
        return self._connection.execute(anew.returning(_periods.c.period)).first() is not None

    def last_period(self, workspace: str, beginning: str, at: datetime) -> str | None:
        """The name that sorts last of the periods, claimed up to `at`, whose names begin so; None if none was.

        A claim that was made later does not count.
        """
        mine = and_(_periods.c.workspace == workspace, _periods.c.period.startswith(beginning, autoescape=True))
        last: str | None = self._connection.scalar(
            select(func.max(_periods.c.period)).where(mine, _periods.c.claimed_at <= at)
        )
        return last

    def _claim(
        self, wanted: ColumnElement[bool], limit: int, now: datetime, lease: timedelta, **named: Any
    ) -> tuple[Post, ...]:
        first, ours = _outbox.c.id, self._serving
        rows = claim(
            self._connection, _outbox, wanted, limit, now, now + lease, first=first, serving=ours, **named
        )
        return tuple(map(_post, rows))

    def _change(self, post: int, **values: Any) -> None:
        """Change a post; its note's workspace is held first, as by everything that changes notes."""
        note = select(_outbox.c.note_id).where(_outbox.c.id == post).scalar_subquery()
        hold(self._connection, tables.notes.c.id == note)
        self._connection.execute(update(_outbox).where(_outbox.c.id == post).values(**values))


def gatherings_of(connection: Connection, workspace: str, concerned: set[int]) -> Mapping[int, list[int]]:
    """The gatherings that tell of any of these notes, each by its id with the notes that it tells of."""
    gatherings = select(_outbox.c.id, _outbox.c.body).where(
        _outbox.c.workspace == workspace, _outbox.c.kind == PostKind.GATHERING.value
    )
    told = {row.id: json.loads(row.body) for row in connection.execute(gatherings)}
    return {post: note_ids for post, note_ids in told.items() if not concerned.isdisjoint(note_ids)}


def _post(row: Row[Any]) -> Post:
    owed = Owed(
        workspace=row.workspace,
        key=row.key,
        kind=PostKind(row.kind),
        channel=row.channel,
        thread_ts=row.thread_ts,
        note_id=row.note_id,
        only_for=row.only_for,
        body=row.body,
        origin=row.origin,
    )
    return Post(row.id, owed, row.attempts, row.owed_at, row.ts if row.posted_at else None, row.shown)
