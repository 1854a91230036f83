"""The use cases of following tags, people and channels: beginning, ending, and owing what is told."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from papers.asker import Asker
from papers.errors import FusenError
from papers.follow_acts import record
from papers.follows import MOST, Follow, Follower, Target, TargetKind
from papers.mentions import NobodyCalled, begins_as_mention
from papers.note import Audience
from papers.nudges import Job, Nudge
from papers.periods import WeeklyTime, due_period
from papers.shelf import Shelf, Shelves
from papers.tags_now import followed_by, follows_now, identity, is_told_of, sight, targets_kept, targets_now
from papers.work import Owed, PostKind

LOOKED_AT = 200
"""How many changed notes are looked at in one transaction."""

GATHERED = 50
"""For how many followers weekly gatherings are owed in one transaction."""

PATIENCE = timedelta(seconds=30)
"""How long telling of a paper waits for its details."""


class OnlyPublicChannels(FusenError):
    """Somebody wants to follow a channel that is not public, or of which nothing is known."""

    en = (
        "Only public channels can be followed that are not shared with other organizations, "
        "and I must know that it is one. Choose another, or invite me there."
    )
    ja = (
        "フォローできるのは、ほかの組織と共有していないパブリックチャンネルだけです。"
        "私を招待するか、別のチャンネルを選んでください。"
    )


class NothingFromElsewhere(FusenError):
    """Somebody wants a channel to be told of papers that is shared with another organization."""

    en = (
        "This channel is shared with another organization, so I tell it nothing of other channels. "
        "Leave “here” out, and you will be told by direct message."
    )
    ja = (
        "このチャンネルはほかの組織と共有されているため、ほかのチャンネルの論文は通知しません。"
        "here を付けなければ、あなたにダイレクトメッセージで通知します。"
    )


class OwnChannel(FusenError):
    """Somebody wants a channel to be told of what is shared in it."""

    en = "New papers of this channel already get their card here, so it need not follow itself. Choose another."
    ja = "このチャンネルの新しい論文には、すでにここでカードが付きます。別のチャンネルを選んでください。"


class OwnPapers(FusenError):
    """Somebody wants to follow themselves."""

    en = "Nobody is told of their own papers, so there is no use in following yourself. Choose somebody else."
    ja = "自分が共有した論文の通知は届かないため、自分はフォローできません。別の人を選んでください。"


class FollowsTooMuch(FusenError):
    """Somebody follows as much as one can."""

    en = "At most {most} things can be followed. Unfollow something first: {command} unfollow DataGeneration"
    ja = "フォローできるのは {most} 件までです。先に何かを解除してください。例: {command} unfollow DataGeneration"


class NotFollowed(FusenError):
    """What somebody wants to unfollow is not followed."""

    en = "None of this is followed. To see what is: {command} follow"
    ja = "フォローしていません。フォロー中の一覧は {command} follow で確認できます。"


class Following:
    """Who follows what, in all workspaces; `weekly` is when gatherings are told."""

    def __init__(self, shelves: Shelves, nudge: Nudge, now: Callable[[], datetime], weekly: WeeklyTime) -> None:
        self._shelves = shelves
        self._nudge = nudge
        self._now = now
        self.weekly = weekly

    def follow(
        self, asker: Asker, follower: Follower, targets: Sequence[Target], weekly: bool
    ) -> tuple[Follow, ...]:
        """Let the follower be told of new notes from now on. Returns what they follow of these targets.

        Raises NobodyCalled, OnlyPublicChannels, NothingFromElsewhere, OwnChannel, OwnPapers or FollowsTooMuch;
        then nothing is changed.
        """
        with self._shelves.writing() as shelf:
            shelf.tags.hold(asker.workspace)
            if follower.is_channel and shelf.directory.channel(follower.workspace, follower.id).external:
                raise NothingFromElsewhere
            meant = targets_now(shelf, asker.audience, targets)
            _refuse_mentions(shelf, asker.audience, meant)
            kept = targets_kept(shelf, asker.audience, follower)
            before = shelf.follows.of(follower)
            for target in meant:
                _check(shelf, follower, target)
                # What is followed by an older name stays one thing, with its beginning.
                for known in kept.get(identity(target), [target]):
                    shelf.follows.follow(follower, known, weekly, asker.member, self._now())
            followed = shelf.follows.of(follower)
            if len(followed) > MOST:
                raise FollowsTooMuch(most=MOST)
            record(shelf, asker, follower, before, self._now())
            named = follows_now(shelf, asker.audience, followed)
        chosen = {identity(target) for target in meant}
        return tuple(one for one in named if identity(one.target) in chosen)

    def unfollow(self, asker: Asker, follower: Follower, targets: Sequence[Target]) -> tuple[Target, ...]:
        """Let the follower be told of these no longer. Returns those that were followed. Raises NotFollowed."""
        with self._shelves.writing() as shelf:
            shelf.tags.hold(asker.workspace)
            meant = targets_now(shelf, asker.audience, targets)
            kept = targets_kept(shelf, asker.audience, follower)
            before = shelf.follows.of(follower)
            known = [one for target in meant for one in kept.get(identity(target), ())]
            gone = shelf.follows.unfollow(follower, [*known, *targets])
            record(shelf, asker, follower, before, self._now())
            told = dict.fromkeys(targets_now(shelf, asker.audience, gone))
        if not gone:
            raise NotFollowed
        return tuple(told)

    def of(self, follower: Follower) -> tuple[Follow, ...]:
        """What the follower follows."""
        with self._shelves.reading() as shelf:
            return followed_by(shelf, follower)

    def why(self, follower: Follower, note_id: int) -> tuple[Follow, ...]:
        """Which of the things that they follow bring the note to the follower."""
        with self._shelves.reading() as shelf:
            return follows_now(shelf, sight(follower), shelf.follows.why(follower, note_id))

    def is_in(self, workspace: str, channel: str) -> bool:
        """Whether Fusen is known to be in the channel, and so can tell it anything."""
        with self._shelves.reading() as shelf:
            return shelf.directory.is_in(workspace, channel)

    # The job

    def tell(self) -> None:
        """Owe followers word of the notes that are for them: at once, or together when their week has ended."""
        with self._shelves.reading() as shelf:
            behind, workspaces = shelf.follows.behind(), shelf.directory.workspaces()
        for workspace in behind:
            while self._look(workspace):
                pass
        for home in workspaces:
            end = due_period(self.weekly, self._now(), ZoneInfo(home.zone)).end
            while self._gather(home.id, end):
                pass

    def _look(self, workspace: str) -> bool:
        now = self._now()
        with self._shelves.writing() as shelf:
            more, tales = shelf.follows.look(workspace, LOOKED_AT, now)
            for tale in tales:
                owed = Owed(
                    workspace=workspace,
                    key=f"followed:{tale.follower.id}:{tale.note_id}",
                    kind=PostKind.FOLLOWED,
                    channel=tale.follower.id,
                    note_id=tale.note_id,
                )
                shelf.outbox.owe(owed, now, now if tale.described else now + PATIENCE)
        if tales:
            self._nudge(Job.POST_MESSAGES)
        return more

    def _gather(self, workspace: str, end: datetime) -> bool:
        now = self._now()
        with self._shelves.reading() as shelf:
            waiting = shelf.follows.waiting(workspace, end)
        if not waiting:
            return False
        with self._shelves.writing() as shelf:
            gatherings = shelf.follows.gather(workspace, end, GATHERED)
            for one in gatherings:
                owed = Owed(
                    workspace=workspace,
                    key=f"gathering:{one.follower.id}:{one.id}",
                    kind=PostKind.GATHERING,
                    channel=one.follower.id,
                    body=json.dumps(one.notes),
                )
                shelf.outbox.owe(owed, now, now)
        self._nudge(Job.POST_MESSAGES)
        return bool(gatherings)


def _refuse_mentions(shelf: Shelf, audience: Audience, targets: Sequence[Target]) -> None:
    """Raise NobodyCalled if a person was meant by what would be a new tag."""
    meant = [one for one in targets if one.kind is TargetKind.TAG and begins_as_mention(one.name)]
    known = shelf.tags.known(audience, [one.key for one in meant]) if meant else {}
    for one in meant:
        if one.key not in known:
            raise NobodyCalled(one.name)


def _check(shelf: Shelf, follower: Follower, target: Target) -> None:
    if target.kind is TargetKind.CHANNEL:
        if target.key == follower.id:
            raise OwnChannel
        if not is_told_of(shelf, follower.workspace, target.key):
            raise OnlyPublicChannels
    if target.kind is TargetKind.MEMBER and target.key == follower.id:
        raise OwnPapers
