"""What has become of the tags that follows and orders of digests keep by their keys.

Such a tag is found by the key that it was chosen by, whatever is done to its name, and told by the name that it
has for whoever is told. Two tags that have become one are one thing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from papers.digest_order import DigestOrder, Scope
from papers.follows import Follow, Follower, Silence, Target, TargetKind
from papers.note import Audience, Tag
from papers.shelf import Shelf

Identity = tuple[TargetKind, str]
"""What makes a target another one than all others."""


def tag_now(shelf: Shelf, audience: Audience, tag: Tag) -> Tag:
    """The tag as it is called now; itself if the audience sees none by its key."""
    return shelf.tags.known(audience, [tag.key]).get(tag.key, tag)


# Follows


def identity(target: Target) -> Identity:
    """What makes a target another one than all others."""
    return target.kind, target.key


def targets_now(shelf: Shelf, audience: Audience, targets: Sequence[Target]) -> list[Target]:
    """The targets, tags by the key and name that they have now in the eyes of the audience."""
    typed = [target.key for target in targets if target.kind is TargetKind.TAG]
    known = shelf.tags.known(audience, typed) if typed else {}

    def now(target: Target) -> Target:
        tag = known.get(target.key) if target.kind is TargetKind.TAG else None
        return replace(target, key=tag.key, name=tag.name) if tag else target

    return [now(target) for target in targets]


def targets_kept(shelf: Shelf, audience: Audience, follower: Follower) -> dict[Identity, list[Target]]:
    """What the follower follows, as it is kept, by what it is now."""
    followed = [one.target for one in shelf.follows.of(follower)]
    kept: dict[Identity, list[Target]] = {}
    for target, now in zip(followed, targets_now(shelf, audience, followed), strict=True):
        kept.setdefault(identity(now), []).append(target)
    return kept


def follows_now(shelf: Shelf, audience: Audience, followed: Sequence[Follow]) -> tuple[Follow, ...]:
    """What is followed, each once, tags as they are called now; told at once if it is by any of its names."""
    found: dict[Identity, Follow] = {}
    for one, now in zip(followed, targets_now(shelf, audience, [one.target for one in followed]), strict=True):
        there = found.get(identity(now))
        if there is None or (there.weekly and not one.weekly):
            found[identity(now)] = replace(one, target=now)
    return tuple(found.values())


def followed_by(shelf: Shelf, follower: Follower) -> tuple[Follow, ...]:
    """What the follower follows, as they may know it, and what of it can bring nothing any more."""
    followed = follows_now(shelf, sight(follower), shelf.follows.of(follower))
    here = follower.is_channel and followed and shelf.directory.channel(follower.workspace, follower.id).external
    return tuple(replace(one, silence=Silence.HERE if here else _silence(shelf, one)) for one in followed)


def _silence(shelf: Shelf, follow: Follow) -> Silence | None:
    target = follow.target
    silent = target.kind is TargetKind.CHANNEL and not is_told_of(shelf, follow.follower.workspace, target.key)
    return Silence.FOLLOWED if silent else None


def is_told_of(shelf: Shelf, workspace: str, channel: str) -> bool:
    """Whether those who follow the channel can be told of what is shared in it."""
    home = shelf.directory.workspace(workspace)
    return home is not None and home.publishes(shelf.directory.channel(workspace, channel))


def sight(follower: Follower) -> Audience:
    """What a follower sees: a member what anybody sees, a channel what its own people see."""
    return Audience(follower.workspace, follower.id if follower.is_channel else None)


# Orders of digests


def ordered_tag(shelf: Shelf, order: DigestOrder) -> Tag | None:
    """The tag of which the digest tells, as it is called now; None if it tells of none."""
    here = Audience(order.workspace, order.channel)
    return tag_now(shelf, here, Tag(order.tag, order.tag)) if order.tag else None


def orders_now(shelf: Shelf, workspace: str) -> tuple[DigestOrder, ...]:
    """The digests that come. Of two of one thing the one that was ordered first."""
    found: dict[tuple[str, Scope, Tag | None], DigestOrder] = {}
    for order in shelf.digests.orders(workspace):
        found.setdefault((order.channel, order.scope, ordered_tag(shelf, order)), order)
    return tuple(found.values())


def ordered_keys(shelf: Shelf, here: Audience, tag: Tag) -> tuple[str, ...]:
    """The keys by which digests of the tag have been ordered for the audience's channel."""
    now = tag_now(shelf, here, tag).key
    own = (order for order in shelf.digests.orders(here.workspace) if order.channel == here.channel and order.tag)
    return tuple(order.tag for order in own if tag_now(shelf, here, Tag(order.tag, order.tag)).key == now)
