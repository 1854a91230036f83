"""What is followed, in words that a verb takes and as buttons that end it."""

from __future__ import annotations

from collections.abc import Sequence

from bot import modals
from bot.blocks import Block, cut
from bot.payloads.interactions import control
from papers.follows import Follow, Target, TargetKind
from papers.unseen import fit
from papers.wording import Wording


def enders(words: Wording, followed: Sequence[Follow], most: int = 50) -> tuple[Block, ...]:
    """A button for each thing followed, up to `most`, which ends that."""
    return modals.rows([ender(words, one, str(number)) for number, one in enumerate(followed[:most])])


def ender(words: Wording, follow: Follow, distinct: str, label: str = "") -> Block:
    """The button that ends one; with a `label` of its own it says what it ends to screen readers alone."""
    said = cut(words("button_end_follow", target=_named(words, follow.target)), modals.OPTION_TEXT)
    typed = f"{_typed(follow.target)}{' here' if follow.follower.is_channel else ''}"
    act = control("unfollow", 0, typed, distinct)
    if label:
        return {**modals.button(label), **act, "accessibility_label": fit(said)}
    return {**modals.button(said), **act}


def _named(words: Wording, target: Target) -> str:
    if not target.name:
        return words("somebody" if target.kind is TargetKind.MEMBER else "a_channel")
    return target.name if target.kind is TargetKind.MEMBER else f"#{target.name}"


def _typed(target: Target) -> str:
    marks = {TargetKind.MEMBER: f"<@{target.key}>", TargetKind.CHANNEL: f"<#{target.key}>"}
    return marks.get(target.kind, target.name)
