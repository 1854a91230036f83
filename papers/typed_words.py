"""The words that people type behind a verb: each in English, as the program calls it, and in Japanese."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import TypeVar

from papers.tags import fold

HERE = "here"
OFF = "off"
STOP = "stop"
LIST = "list"
CHANNEL = "channel"
EVERYTHING = "everything"
WEEKLY = "weekly"
AT_ONCE = "at_once"
YES = "yes"
NO = "no"
SLACKS_OWN = "slack"
"""What is typed for the language that Slack tells."""

_ALSO: Mapping[str, tuple[str, ...]] = {
    HERE: ("ここ", "ここに"),
    OFF: ("オフ", "やめる", "停止", "なし"),
    STOP: ("停止", "中止", "やめる"),
    LIST: ("一覧",),
    CHANNEL: ("チャンネル", "このチャンネル"),
    EVERYTHING: ("all", "すべて", "すべての論文"),
    WEEKLY: ("every week", "毎週", "週に一度", "週に一度まとめて"),
    AT_ONCE: ("now", "すぐ", "すぐに", "すぐに通知"),
    YES: ("はい",),
    NO: ("いいえ",),
    SLACKS_OWN: ("as in Slack", "Slack と同じ", "Slackと同じ"),
    "en": ("English", "英語"),
    "ja": ("Japanese", "日本語"),
    "tag": ("タグ",),
    "reading": ("読んでいる", "読書中"),
    "read": ("既読",),
    "unread": ("未読",),
    "language": ("言語", "あなたへの返信の言語"),
    "named": ("名前の公開", "公開ページとダイジェストに自分の名前を出す"),
    "feed": ("フィード", "パブリックチャンネルで共有・コメントした論文を自分の名前のページとフィードで公開する"),
    "team-language": ("全体の言語", "カード・公開ページ・ダイジェストの言語"),
    "zone": ("タイムゾーン",),
    "names": ("全員の名前", "公開ページとダイジェストに名前を出す"),
    "quiet-days": ("知らせない日数", "この日数以内に共有された論文は「共有済み」と知らせない"),
    "quiet-here": ("同じチャンネルでは知らせない", "同じチャンネルで共有された論文は「共有済み」と知らせない"),
    "publish-external": (
        "共有チャンネルも公開",
        "ほかの組織と共有中または共有していたチャンネルのノートも公開する",
        "ほかの組織と共有しているチャンネルのノートも公開する",
    ),
    "rename": ("名前を変える", "改名"),
    "merge": ("まとめる", "別のタグにまとめる"),
    "alias": ("別名", "別名を付ける"),
    "unalias": ("別名を外す",),
    "group": ("グループ", "グループに入れる"),
    "ungroup": ("グループから外す",),
    "describe": ("説明", "説明を付ける"),
}
"""How else a word is typed, a setting by its short Japanese name first.

The same may be said for two words that no verb takes both.
"""

_FORMS = {word: frozenset(map(fold, (word, *also))) for word, also in _ALSO.items()}
_DAYS = re.compile("([0-9]{1,4}) ?(?:days?|日間?)?")

Word = TypeVar("Word", bound=str)


def which_word(typed: str, words: Iterable[Word]) -> Word | None:
    """Which of these words is typed, in either language and however wide; None if it is none of them."""
    said = fold(typed)
    return next((word for word in words if said in _FORMS.get(word, (word,))), None)


def in_japanese(setting: str) -> str:
    """The Japanese name under which a setting is typed."""
    return _ALSO[setting][0]


def days(typed: str) -> int | None:
    """The number of days that is typed, alone or as `30 days` and `30日`; None if it is none."""
    found = _DAYS.fullmatch(fold(typed))
    return int(found[1]) if found else None
