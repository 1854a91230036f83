"""The use cases of the digest: previewing it, ordering and stopping it, owing it once when it is due."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from papers import tags
from papers.acts import record_staying
from papers.agenda import Agenda, agenda
from papers.asker import Asker
from papers.digest import Digest, compose, shared_within
from papers.digest_order import ComingDigest, DigestOrder, Scope, as_typed
from papers.errors import FusenError
from papers.mentions import refuse_new_people
from papers.note import Audience, Tag, Workspace
from papers.nudges import Job, Nudge
from papers.periods import Period, WeeklyTime, due_periods, running_period
from papers.shelf import Shelf, Shelves
from papers.tags_now import ordered_keys, ordered_tag, orders_now, tag_now
from papers.typed_words import HERE, OFF
from papers.work import Owed, PostKind

RECENT = timedelta(days=14)
"""How far back the agenda looks."""

MOST = 300
"""How many papers it chooses among."""

MOST_MISSED = 8
"""How many older periods are made up for after nobody was there for weeks."""

SHORTEST = timedelta(days=2)
"""What a change of the time, or the zone, leaves of a period waits for the next digest if it is shorter."""


class NotATime(FusenError):
    """What was typed as the time of a digest is none."""

    en = "“{typed}” is not a day and time that I understand. Write for example: {command} digest here fri 17:00"
    ja = "「{typed}」は曜日と時刻として読み取れません。例: {command} ダイジェスト ここ 毎週金曜 17:00"


class NoDigestHere(FusenError):
    """There is no digest to stop in a channel."""

    en = "No such digest comes to this channel. See what comes: {command} digest list"
    ja = "このチャンネルにそのダイジェストは投稿されていません。一覧: {command} digest list"


@dataclass(frozen=True, slots=True)
class Subject:
    """Of what a digest tells, for whom: the whole workspace, one channel, or one tag (folded key)."""

    audience: Audience
    scope: Scope = Scope.WORKSPACE
    tag: str = ""


class Digests:
    """The digests of all workspaces; `weekly` is the usual time at which their periods end."""

    def __init__(self, shelves: Shelves, nudge: Nudge, now: Callable[[], datetime], weekly: WeeklyTime) -> None:
        self._shelves = shelves
        self._nudge = nudge
        self._now = now
        self.weekly = weekly

    def preview(self, subject: Subject, zone: str) -> Digest:
        """The digest of the period that is still running, as it would be posted."""
        return self.of(subject, running_period(self.weekly, self._now(), ZoneInfo(zone)))

    def of(self, subject: Subject, period: Period) -> Digest:
        """What was shared in the period, and where, as it was when that ended, whenever it is told.

        People who do not want to be named are not.
        """
        channel = subject.audience.channel if subject.scope is Scope.CHANNEL else None
        discreet = replace(subject, audience=replace(subject.audience, discreet=True))
        with self._shelves.reading() as shelf:
            notes = shelf.notes.select(
                discreet.audience,
                tag=subject.tag or None,
                period=period,
                channel=channel,
            )
            tag = tag_now(shelf, subject.audience, Tag(subject.tag, subject.tag)) if subject.tag else None
        return compose(period, [shared_within(note, period, channel) for note in notes], tag)

    def order(self, asker: Asker, scope: Scope, tag: str, weekly: str) -> WeeklyTime:
        """Let a digest come to the asker's channel each week, at the usual time if `weekly` is empty.

        `tag` is a name as typed, empty unless the scope is one tag. Returns its time.
        Raises NotATime, InvalidTag, PersonInName or NobodyCalled.
        """
        at = self._time(weekly)
        of = tags.tag(tag) if scope is Scope.TAG else None
        with self._shelves.writing() as shelf:
            shelf.tags.hold(asker.workspace)
            refuse_new_people(shelf, asker.audience, [of] if of else [])
            key = _order_key(shelf, asker.audience, of) if of else ""
            when = f"{at.day} {at.clock}" if weekly else ""
            order = DigestOrder(asker.workspace, asker.channel, scope, key, when, asker.member)
            before = _coming_here(shelf, asker, scope, [key])
            shelf.digests.order(order, self._now())
            name = of.name if of else ""
            changed = [_ordering(scope, name, one.weekly) for one in before if one.weekly != when]
            back = changed if before else [_ending(scope, name)]
            record_staying(shelf.acts, asker, _ordering(scope, name, when), back, self._now())
        return at

    def stop(self, asker: Asker, scope: Scope, tag: str) -> int:
        """Let a digest come to the asker's channel no longer. Returns how many orders of it there were.

        Raises NoDigestHere or InvalidTag.
        """
        of = tags.tag(tag) if scope is Scope.TAG else None
        with self._shelves.writing() as shelf:
            shelf.tags.hold(asker.workspace)
            keys = ordered_keys(shelf, asker.audience, of) if of else ("",)
            before = _coming_here(shelf, asker, scope, keys)
            stopped = sum(shelf.digests.stop(asker.workspace, asker.channel, scope, key) for key in keys)
            if not stopped:
                raise NoDigestHere
            name = of.name if of else ""
            back = dict.fromkeys(_ordering(scope, name, one.weekly) for one in before)
            record_staying(shelf.acts, asker, _ending(scope, name), back, self._now())
        return stopped

    def agenda(self, audience: Audience) -> Agenda:
        """What a reading group might talk about: the papers shared lately that people read and discuss."""
        now = self._now()
        with self._shelves.reading() as shelf:
            return agenda(shelf.notes.select(audience, period=Period(now - RECENT, now), limit=MOST))

    def key(self, tag: str) -> str:
        """The folded key of a tag as typed; empty for none. Raises InvalidTag."""
        return tags.tag(tag).key if tag else ""

    def orders(self, workspace: str) -> tuple[tuple[DigestOrder, WeeklyTime], ...]:
        """The digests that come, each with its time of the week."""
        with self._shelves.reading() as shelf:
            return tuple((order, self._time(order.weekly)) for order in orders_now(shelf, workspace))

    def coming(self, audience: Audience) -> tuple[ComingDigest, ...]:
        """The digests that come, as far as the audience may know of them."""
        with self._shelves.reading() as shelf:
            return tuple(coming(shelf, audience, self.weekly))

    def tag(self, audience: Audience, typed: str) -> Tag:
        """The tag that is meant by a name, or a key, as it is called now, for the audience. Raises InvalidTag."""
        one = tags.tag(typed)
        with self._shelves.reading() as shelf:
            return tag_now(shelf, audience, one)

    def owe_due(self) -> int:
        """Owe each digest whose period has ended, once; an empty period is passed over. Returns how many."""
        with self._shelves.reading() as shelf:
            homes = shelf.directory.workspaces()
        owed = sum(self._owe_in(home.id) for home in homes)
        if owed:
            self._nudge(Job.POST_MESSAGES)
        return owed

    def _owe_in(self, home: str) -> int:
        with self._shelves.writing() as shelf:
            shelf.tags.hold(home)  # nobody changes a time or the zone from here on
            workspace = shelf.directory.workspace(home)
            if workspace is None:
                return 0
            return sum(self._owe(shelf, workspace, order) for order in orders_now(shelf, home))

    def _owe(self, shelf: Shelf, workspace: Workspace, order: DigestOrder) -> int:
        now = self._now()
        untold = self._untold(shelf, workspace, order, now)
        claimed = [one for one in untold if shelf.outbox.claim_period(workspace.id, _name(order, one), now)]
        return sum(self._owe_one(shelf, workspace, order, period) for period in claimed)

    def _untold(self, shelf: Shelf, workspace: Workspace, order: DigestOrder, now: datetime) -> list[Period]:
        """The periods that have ended and were not told, oldest first: several where nobody looked for weeks."""
        if order.ordered_at is None:
            return []
        last = shelf.outbox.last_period(workspace.id, _name(order), now)
        told = datetime.fromisoformat(last.removeprefix(_name(order))) if last else None
        since = max(told or order.ordered_at, order.ordered_at)
        periods = due_periods(self._time(order.weekly), now, ZoneInfo(workspace.zone), since, MOST_MISSED + 1)
        if told is None:
            return list(periods)
        # Where the time or the zone was changed, the next begins where the last ended.
        rest = [one for one in periods if one.end - told >= SHORTEST]
        if rest and rest[0].start < told + SHORTEST:
            rest[0] = replace(rest[0], start=told)
        return rest

    def _owe_one(self, shelf: Shelf, workspace: Workspace, order: DigestOrder, period: Period) -> bool:
        now = self._now()
        owed = Owed(
            workspace=workspace.id,
            key=f"digest:{_name(order, period)}",
            kind=PostKind.DIGEST,
            channel=order.channel,
            body=written(Subject(Audience(workspace.id, order.channel), order.scope, order.tag), period),
        )
        channel = order.channel if order.scope is Scope.CHANNEL else None
        audience = Audience(workspace.id, order.channel)
        if not shelf.notes.select(audience, tag=order.tag or None, period=period, channel=channel, limit=1):
            return False
        return shelf.outbox.owe(owed, now, now)

    def _time(self, weekly: str) -> WeeklyTime:
        try:
            return WeeklyTime.parse(weekly) if weekly else self.weekly
        except ValueError as error:
            raise NotATime(typed=weekly[:40]) from error


def coming(shelf: Shelf, audience: Audience, weekly: WeeklyTime) -> Iterator[ComingDigest]:
    """The digests that come, as far as the audience may know of them; `weekly` is the usual time.

    Of one to a channel that is not published only those know who are in it, and in an external channel nothing is
    told of others.
    """
    home = shelf.directory.workspace(audience.workspace)
    here = shelf.directory.channel(audience.workspace, audience.channel or "")
    for order in orders_now(shelf, audience.workspace):
        channel = shelf.directory.channel(order.workspace, order.channel)
        told = home and home.publishes(channel) and not here.external
        if not told and order.channel not in (audience.channel, *audience.conversations):
            continue
        at = WeeklyTime.parse(order.weekly) if order.weekly else weekly
        tag = ordered_tag(shelf, order)
        can_come = shelf.directory.is_in(order.workspace, order.channel)
        member = shelf.directory.member(order.workspace, order.member) if order.member else None
        yield ComingDigest(order, channel, at, tag.name if tag else "", can_come, member)


def written(subject: Subject, period: Period) -> str:
    """What an owed digest keeps: of what it tells, and of which period."""
    span = [period.start.isoformat(), period.end.isoformat()]
    return json.dumps({"period": span, "scope": subject.scope.value, "tag": subject.tag}, ensure_ascii=False)


def read(audience: Audience, body: str) -> tuple[Subject, Period]:
    """What `written` made, for this audience."""
    told = json.loads(body)
    start, end = (datetime.fromisoformat(text) for text in told["period"])
    return Subject(audience, Scope(told["scope"]), told["tag"]), Period(start, end)


def _name(order: DigestOrder, period: Period | None = None) -> str:
    """By what a period of the order is claimed; without one, how all these names begin."""
    return f"{order.id}/{period.name if period else ''}"


def _order_key(shelf: Shelf, here: Audience, tag: Tag) -> str:
    """The key by which a digest of the tag was ordered for this channel, else the one that the tag has now."""
    return next(iter(ordered_keys(shelf, here, tag)), tag_now(shelf, here, tag).key)


def _coming_here(shelf: Shelf, asker: Asker, scope: Scope, keys: Collection[str]) -> list[DigestOrder]:
    """The orders of these digests for the asker's channel, by the keys of their tags."""
    of = asker.channel, scope
    orders = shelf.digests.orders(asker.workspace)
    return [one for one in orders if (one.channel, one.scope) == of and one.tag in keys]


def _ordering(scope: Scope, tag: str, weekly: str) -> str:
    """What is typed to let the digest come; the usual time is left out, and so is that it tells of everything."""
    of = "" if scope is Scope.WORKSPACE else as_typed(scope, tag)
    return " ".join(filter(None, (f"digest {HERE}", of, weekly)))


def _ending(scope: Scope, tag: str) -> str:
    """What is typed to let it come no longer."""
    return f"digest {OFF} {as_typed(scope, tag)}"
