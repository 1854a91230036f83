"""How following is remembered as acts, and how it becomes again what it was."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from papers.acts import Act, Deed
from papers.asker import Asker
from papers.follows import Follow, Follower, Target, TargetKind
from papers.shelf import Shelf
from papers.tags_now import identity, targets_now


def record(shelf: Shelf, asker: Asker, follower: Follower, before: Sequence[Follow], at: datetime) -> None:
    """Remember what the asker has changed of what the follower followed before."""
    now = {identity(one.target): one for one in shelf.follows.of(follower)}
    was = {identity(one.target): one for one in before}
    changes = {
        Deed.OFTEN: [one for key, one in was.items() if key in now and now[key].weekly != one.weekly],
        Deed.FOLLOW: [one for key, one in now.items() if key not in was],
        Deed.UNFOLLOW: [one for key, one in was.items() if key not in now],
    }
    for deed, follows in changes.items():
        if follows:
            written = [_written(one) for one in follows]
            facts = {"follower": follower.id, "is_channel": follower.is_channel, "follows": written}
            act = Act(deed, None, asker.origin, facts)
            shelf.acts.record(asker, act, at)


def take_back(shelf: Shelf, asker: Asker, act: Act) -> tuple[Target, ...]:
    """Let what the act changed be as it was. Returns what of it was still to be changed, as it is called now."""
    follower = Follower(asker.workspace, act.facts["follower"], act.facts["is_channel"])
    there = {identity(one.target) for one in shelf.follows.of(follower)}
    changed = _TAKE_BACK[act.deed](shelf, follower, act.facts["follows"], there)
    # Names of people and channels are not kept, but told by what is followed.
    named = {identity(one.target): one.target for one in shelf.follows.of(follower)}
    return tuple(targets_now(shelf, asker.audience, [named.get(identity(one), one) for one in changed]))


_Written = Sequence[tuple[str, str, str, bool, str, str]]
_There = set[tuple[TargetKind, str]]


def _written(follow: Follow) -> tuple[str, str, str, bool, str, str]:
    target = follow.target
    name = target.name if target.kind is TargetKind.TAG else ""
    return target.kind.value, target.key, name, follow.weekly, follow.by.id, follow.since.isoformat()


def _end(shelf: Shelf, follower: Follower, follows: _Written, _there: _There) -> tuple[Target, ...]:
    return shelf.follows.unfollow(follower, [Target(TargetKind(kind), key) for kind, key, *_ in follows])


def _begin(shelf: Shelf, follower: Follower, follows: _Written, there: _There) -> tuple[Target, ...]:
    return _again(shelf, follower, [one for one in follows if (one[0], one[1]) not in there])


def _as_often(shelf: Shelf, follower: Follower, follows: _Written, there: _There) -> tuple[Target, ...]:
    return _again(shelf, follower, [one for one in follows if (one[0], one[1]) in there])


def _again(shelf: Shelf, follower: Follower, follows: _Written) -> tuple[Target, ...]:
    targets = []
    for kind, key, name, weekly, by, since in follows:
        target = Target(TargetKind(kind), key, name)
        shelf.follows.follow(follower, target, weekly, by, datetime.fromisoformat(since))
        targets.append(target)
    return tuple(targets)


_TAKE_BACK: Mapping[Deed, Callable[[Shelf, Follower, _Written, _There], tuple[Target, ...]]] = {
    Deed.FOLLOW: _end,
    Deed.OFTEN: _as_often,
    Deed.UNFOLLOW: _begin,
}
