"""What people and workspaces settle in Slack: the settings, how they are typed, and the port that keeps them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum, StrEnum
from typing import ClassVar, Protocol
from zoneinfo import available_timezones

from papers.errors import FusenError
from papers.note import Member
from papers.tags import fold
from papers.typed_words import NO, OFF, SLACKS_OWN, YES, days, in_japanese, which_word
from papers.wording import LANGUAGES

Value = str | int | bool
MOST_DAYS = 365
YES_NO = (YES, NO)


class Setting(StrEnum):
    """A setting by the name under which it is typed."""

    LANGUAGE = "language"
    NAMED = "named"
    FEED = "feed"
    TEAM_LANGUAGE = "team-language"
    ZONE = "zone"
    NAMES = "names"
    QUIET_DAYS = "quiet-days"
    QUIET_HERE = "quiet-here"
    PUBLISH_EXTERNAL = "publish-external"


PERSONAL = (Setting.LANGUAGE, Setting.NAMED, Setting.FEED)
"""What a person settles for themselves."""

SHARED = (
    Setting.TEAM_LANGUAGE,
    Setting.ZONE,
    Setting.NAMES,
    Setting.QUIET_DAYS,
    Setting.QUIET_HERE,
    Setting.PUBLISH_EXTERNAL,
)
"""What is settled for the whole workspace; the digests have a verb of their own."""

CHOICES: Mapping[Setting, tuple[str, ...]] = {
    Setting.LANGUAGE: (SLACKS_OWN, *LANGUAGES),
    Setting.NAMED: YES_NO,
    Setting.FEED: YES_NO,
    Setting.TEAM_LANGUAGE: LANGUAGES,
    Setting.NAMES: YES_NO,
    Setting.QUIET_HERE: YES_NO,
    Setting.PUBLISH_EXTERNAL: YES_NO,
}
"""The settings that take one of a few words, and the words."""


class WrongSetting(FusenError):
    """A setting that does not exist, or a value that does not fit it. `setting` is its name as typed."""

    longest: ClassVar[int] = 40

    def __init__(self, setting: str, typed: str, **facts: object) -> None:
        shown = typed if len(typed) <= self.longest else typed[: self.longest] + "…"
        super().__init__(setting=setting, typed=shown, **facts)
        self.setting = setting


class UnknownSetting(WrongSetting):
    """There is no such setting."""

    en = "There is no setting “{typed}”. The settings are {names}. For example: {command} settings language ja"
    ja = "「{typed}」という設定はありません。設定は {japanese} です。例: {command} 設定 言語 日本語"


class UnknownZone(WrongSetting):
    """There is no such time zone."""

    en = "“{typed}” is not a time zone that I know. Write one such as Asia/Tokyo, Europe/Berlin or UTC."
    ja = "「{typed}」というタイムゾーンはありません。Asia/Tokyo、Europe/Berlin、UTC のように書いてください。"


class WrongChoice(WrongSetting):
    """A setting takes one of a few words, and this is none of them."""

    en = "“{typed}” does not fit {setting}. Write one of: {choices}"
    ja = "{setting} に「{typed}」は指定できません。次のいずれかを指定してください: {choices}"


class WrongDays(WrongSetting):
    """No number of days, or too many."""

    en = "“{typed}” is not a number of days. Write one from 0 (off) to {most}."
    ja = "「{typed}」は日数ではありません。0 (なし) から {most} までの数を書いてください。"


@dataclass(frozen=True, slots=True)
class Personal:
    """What a person has settled.

    The language of answers (empty: Slack's own), whether they are named, and whether what they share and comment
    on has a page and feeds of its own. There is none for who is not named.
    """

    language: str = ""
    named: bool = True
    feed: bool = False


@dataclass(frozen=True, slots=True)
class Settled:
    """Who settled something for the workspace last, and when."""

    setting: Setting
    member: Member
    at: datetime


class Standing(IntEnum):
    """What somebody is in the workspace."""

    STRANGER = 0  # of another workspace (Slack Connect), or gone
    GUEST = 1
    MEMBER = 2
    ADMIN = 3


class SettingsShelf(Protocol):
    """What is settled. The workspace's own settings are read with it (`papers.note.Workspace`)."""

    def personal(self, workspace: str, member: str) -> Personal:
        """What a member has settled; the defaults for one who has not."""
        ...

    def settle_personal(self, workspace: str, member: str, wish: Personal) -> None:
        """From now on this holds for the member. Stamps the workspace's notes if names or feeds appear or go.

        A feed that is wanted again gets another name than before.
        """
        ...

    def settle(self, workspace: str, setting: Setting, value: Value, member: str, at: datetime) -> None:
        """From now on this holds for the workspace, settled by that member, whatever the settings at a start say.

        Counts a change of the workspace; stamps its notes if names appear or go.
        """
        ...

    def settled(self, workspace: str) -> tuple[Settled, ...]:
        """What people have settled for the workspace, by setting."""
        ...


_PAIR = re.compile(r"([^\s=:：]+)(?:\s*[=:：]\s*|\s+|$)(.*)", re.DOTALL)


def settings(typed: str) -> dict[Setting, Value]:
    """What somebody typed, such as `language ja, zone Asia/Tokyo`, read and checked. Raises a WrongSetting."""
    read = {}
    for piece in filter(str.strip, re.split(r"[,、，\n]", typed)):
        pair = _PAIR.fullmatch(piece.strip())
        name, value = pair.groups() if pair else (piece.strip(), "")
        setting = which_word(name.replace("_", "-"), Setting)
        if setting is None:
            raise UnknownSetting(name, name, names=tuple(Setting), japanese=tuple(map(in_japanese, Setting)))
        read[setting] = value_of(setting, value.strip())
    return read


def as_typed(setting: Setting, value: Value) -> str:
    """A value as it is typed."""
    choices = CHOICES.get(setting)
    if choices is YES_NO:
        return YES_NO[0] if value else YES_NO[1]
    return str(value) or (choices[0] if choices else "")


def value_of(setting: Setting, typed: str) -> Value:
    """The value that somebody typed for a setting. Raises a WrongSetting."""
    if setting is Setting.ZONE:
        known = {name.casefold(): name for name in available_timezones()}
        zone = known.get(fold(typed))
        if zone is None:
            raise UnknownZone(setting, typed)
        return zone
    if setting is Setting.QUIET_DAYS:
        quiet = 0 if which_word(typed, (OFF,)) else days(typed)
        if quiet is None or quiet > MOST_DAYS:
            raise WrongDays(setting, typed, most=MOST_DAYS)
        return quiet
    choices = CHOICES[setting]
    word = which_word(typed, choices)
    if word is None:
        raise WrongChoice(setting, typed, choices=", ".join(choices))
    if choices is YES_NO:
        return word == YES
    return "" if word == SLACKS_OWN else word
