"""Verbs about Fusen itself: the pages, the menus, the help."""

from __future__ import annotations

import re

from bot import modals
from bot.blocks import Rendered
from bot.payloads.interactions import control
from bot.verbs.desk import Desk, Request
from bot.verbs.pointed import note_pointed_at
from bot.verbs.registry import REGISTRY, Command, Menu, Takes, command, for_colleagues, verb_named
from papers.nearness import likeness, slipped
from papers.note import Note, Tag
from papers.nudges import Job
from papers.tags import fold

MARKS = "?!.,:;…。、"

LETTERS = 5
"""In a word of so many letters one is taken for a slip; in a shorter one it makes another word: real, read."""

SWAPPED = 3
"""A word of so many letters is a verb whose letters it has in another order, or some of them twice."""

BEHIND = 6
"""So many letters may follow a Japanese name in one word: 検索してください. With more it is a sentence."""

_TWICE = re.compile(r"(.)\1+")
# Where a Japanese verb is inflected: タグを付ける, タグを付けたい.
_INFLECTED = re.compile("[ぁ-ん]$")
# Katakana forgotten to be made, コメンと, and the wrong kanji that are chosen most for these names.
_HIRAGANA = {ord(katakana): chr(ord(katakana) - 0x60) for katakana in map(chr, range(0x30A1, 0x30F7))}
_MISTAKEN = str.maketrans("策欄祥聯", "索覧詳連")


@command(
    "publish",
    "bring the pages up to date now",
    "公開ページを今すぐ更新",
    japanese=("公開ページを更新",),
    menu=Menu.ALL,
)
@for_colleagues
def publish(desk: Desk, request: Request) -> Rendered:
    """Bring the published pages up to date."""
    desk.nudge(Job.PUBLISH_PAGES)
    key = "publish_soon" if desk.pages_address else "publish_where"
    return desk.say("say", request, key=key, facts={"pages": desk.pages_address})


@command(
    "menu [PAPER]",
    "buttons for all that can be done with a paper",
    "論文に対してできることをボタンで表示",
    japanese=("メニュー",),
    takes=Takes.PAPER,
    menu=Menu.NONE,
)
def menu(desk: Desk, request: Request) -> Rendered:
    """Buttons for all that can be done with a paper; without a place to stand in, for all else."""
    if not request.asker.channel:
        return _menu(desk, request, Menu.ALL, desk.say("say", request, key="menu_all", facts={}))
    note = note_pointed_at(desk, request, "menu")
    return _menu(desk, request, Menu.PAPER, desk.say("menu", request, note=note), note)


@command("help", "what I can do", "使い方を表示", japanese=("ヘルプ", "使い方"), menu=Menu.ALL)
def help_(desk: Desk, request: Request) -> Rendered:
    """List the verbs; words after it are some that it does not know."""
    unknown = "" if verb_named(request.rest) else request.rest
    commands = tuple(REGISTRY.values())
    return desk.say(
        "help", request, unknown=unknown, meant=_meant(unknown), commands=commands, bot=f"@{desk.bot_user}"
    )


def _meant(unknown: str) -> str:
    """The name of a verb that an unknown word was meant for: it is one but for its ending, its marks or a slip."""
    word = fold(unknown).strip(MARKS)
    if verb_named(word):
        return word
    names = [name for one in REGISTRY.values() for name in (one.name, *one.japanese)]
    begun = (name for name in names if _begins(word, name))
    return next((name for name in names if _is_near(word, name)), max(begun, key=len, default=""))


def _is_near(word: str, name: str) -> bool:
    if likeness(Tag(word, word), Tag(name, name)) or slipped(word, name, LETTERS):
        return True
    if word.translate(_HIRAGANA).translate(_MISTAKEN) == name.translate(_HIRAGANA):
        return True
    once, meant = _TWICE.sub(r"\1", word), _TWICE.sub(r"\1", name)
    return len(word) >= SWAPPED and word[0] == name[0] and sorted(once) == sorted(meant)


def _begins(word: str, name: str) -> bool:
    """Whether a Japanese name, perhaps inflected at its end, begins a word that hardly goes on."""
    stem = _INFLECTED.sub("", name)
    return not name.isascii() and word.startswith(stem) and len(word) - len(stem) <= BEHIND


def _menu(desk: Desk, request: Request, which: Menu, head: Rendered, note: Note | None = None) -> Rendered:
    words = desk.messages.wording(request.language)
    note_id = note.id if note else 0
    is_reading = note is not None and any(reader.member.id == request.asker.member for reader in note.readers)

    def button(one: Command) -> dict[str, object]:
        if one.name == "reading" and is_reading:
            return {**modals.button(words("button_put_down")), **control(one.name, note_id, "off")}
        return {**modals.button(words(f"button_{one.name}")), **control(one.name, note_id)}

    offered = [one for one in REGISTRY.values() if one.menu & which or (note and one.form and one.of_note)]
    rows = modals.rows([button(one) for one in offered])
    return head.over(*rows)
