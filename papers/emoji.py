"""What an emoji under a paper's message does: which verb it stands for, and how a workspace says so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from types import MappingProxyType
from typing import Protocol

from papers import tags
from papers.errors import FusenError
from papers.note import Message
from papers.typed_words import OFF, which_word

MOST = 100
"""How many emoji of its own a workspace may give a meaning."""


class EmojiVerb(StrEnum):
    """The verbs that a reaction can stand for: those that taking it away can undo."""

    TAG = "tag"
    READING = "reading"
    READ = "read"


@dataclass(frozen=True, slots=True)
class Meaning:
    """The verb that an emoji stands for; `words` are the tags that it puts on."""

    verb: EmojiVerb
    words: str = ""


DEFAULTS: Mapping[str, Meaning] = MappingProxyType(
    {"eyes": Meaning(EmojiVerb.READING), "white_check_mark": Meaning(EmojiVerb.READ)}
)
"""What emoji mean where a workspace has not said otherwise."""


@dataclass(frozen=True, slots=True)
class Reaction:
    """An emoji that a member put under a message, or took away, and when Slack says that this happened."""

    message: Message
    member: str
    emoji: str
    at: datetime

    @property
    def origin(self) -> str:
        """The reaction as the origin of what it made; its member stands beside it."""
        return f"reaction:{self.message.origin}:{self.emoji}"


@dataclass(frozen=True, slots=True)
class ActingReaction:
    """A reaction that acted: on which note, with which meaning, and when."""

    reaction: Reaction
    note_id: int
    meaning: Meaning
    done_at: datetime


class ReactionShelf(Protocol):
    """What emoji mean in a workspace, and the reactions that have done something.

    Slack promises no order, so of each reaction the last moment told of is kept; what is told late is passed over.
    """

    def meanings(self, workspace: str) -> Mapping[str, Meaning | None]:
        """What the workspace has said of emoji; None for one that is switched off."""
        ...

    def settle(self, workspace: str, emoji: str, meaning: Meaning | None) -> None:
        """From now on the emoji means this in the workspace, or nothing."""
        ...

    def come(self, standing: ActingReaction) -> bool:
        """The reaction stands. True if it did not before, and nothing later was told of it."""
        ...

    def go(self, reaction: Reaction, remember: bool) -> ActingReaction | None:
        """The reaction is gone. Returns what stood, if it did and nothing later was told of it.

        With `remember`, a reaction never heard of is remembered as gone, in case it is told of only now.
        """
        ...

    def stands(self, reaction: Reaction) -> bool:
        """Whether the reaction stands."""
        ...

    def beside(self, standing: ActingReaction) -> tuple[ActingReaction, ...]:
        """Other reactions with the same verb that stand on the same note in the same channel, oldest first."""
        ...

    def renew(self, standing: ActingReaction) -> None:
        """What a standing reaction did was done anew, at `done_at`."""
        ...

    def prune(self, before: datetime) -> int:
        """Forget reactions that were gone before then. Returns how many."""
        ...


class NotAnEmoji(FusenError):
    """What was to be an emoji is none."""

    en = "Name an emoji with its colons, for example: {command} emoji :robot_face: tag LLM"
    ja = "絵文字をコロン付きの名前で指定してください。例: {command} emoji :robot_face: tag LLM"


class NotAMeaning(FusenError):
    """An emoji cannot stand for this."""

    en = "An emoji can mean tag TAG, reading, read or off. Try: {command} emoji :{emoji}: tag LLM"
    ja = (
        "絵文字には「タグ タグ名」「読んでいる」「既読」「オフ」を割り当てられます。"
        "例: {command} emoji :{emoji}: tag LLM"
    )


class TooManyEmoji(FusenError):
    """The workspace has given meanings to as many emoji as it may."""

    en = f"{MOST} emoji have a meaning already. Change one of them instead; to see them: {{command}} emoji"
    ja = f"すでに {MOST} 個の絵文字が登録されています。{{command}} emoji で一覧を見て、どれかを変更してください。"


def canonical(name: str) -> str:
    """The emoji's name without colons, and without the tone of skin that Slack puts behind it."""
    return name.strip(":").partition("::")[0].casefold()


_TYPED = re.compile(r"^:([^\s:]{1,100})(?:::skin-tone-[2-6])?:(?:\s+(.*))?$", re.DOTALL)


def understand(typed: str) -> tuple[str, Meaning | None]:
    """The emoji that somebody typed and what it shall mean, None for nothing.

    Raises NotAnEmoji, NotAMeaning or InvalidTag.
    """
    found = _TYPED.match(typed.strip())
    if found is None:
        raise NotAnEmoji
    emoji = canonical(found[1])
    verb, *rest = (found[2] or "").split(maxsplit=1) or [""]
    meant, words = which_word(verb, EmojiVerb), "".join(rest)
    if meant is EmojiVerb.TAG and words:
        return emoji, Meaning(meant, ", ".join(tag.name for tag in tags.tags(words)))
    if which_word(verb, (OFF,)) and not words:
        return emoji, None
    if meant in (EmojiVerb.READING, EmojiVerb.READ) and not words:
        return emoji, Meaning(meant)
    raise NotAMeaning(emoji=emoji)


def as_typed(emoji: str, meaning: Meaning | None) -> str:
    """What is typed to let the emoji mean this, or nothing."""
    return f"emoji :{emoji}: {f'{meaning.verb} {meaning.words}'.strip() if meaning else OFF}"


def effective(said: Mapping[str, Meaning | None]) -> Mapping[str, Meaning]:
    """What emoji mean: the defaults, changed by what a workspace has said."""
    merged = {**DEFAULTS, **said}
    return {emoji: meaning for emoji, meaning in sorted(merged.items()) if meaning}
