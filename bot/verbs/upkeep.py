"""Verbs about Fusen itself: the pages, the menus, the help."""

from __future__ import annotations

import re

from bot import modals
from bot.blocks import Rendered
from bot.payloads.interactions import control
from bot.verbs.registry import REGISTRY, Command, Desk, Menu, Request, command, for_colleagues, verb_named
from papers.nearness import likeness, slipped
from papers.note import Note, Tag
from papers.nudges import Job
from papers.tags import fold

MARKS = "?!.,:;…。、"

LETTERS = 5
"""In a word of so many letters one is taken for a slip; in a shorter one it makes another word: real, read."""

SWAPPED = 3
"""A word of so many letters is a verb whose letters it has in another order, or some of them twice."""

_TWICE = re.compile(r"(.)\1+")


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
    menu=Menu.NONE,
)
def menu(desk: Desk, request: Request) -> Rendered:
    """Buttons for all that can be done with a paper; without a place to stand in, for all else."""
    if not request.asker.channel:
        return _menu(desk, request, Menu.ALL, desk.say("say", request, key="menu_all", facts={}))
    note = desk.note(request, "menu")
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
    """The verb that an unknown word was meant for, if it is one but for its ending, its marks or a slip."""
    word = fold(unknown).strip(MARKS)
    return word if word in REGISTRY else next((verb for verb in REGISTRY if _is_near(word, verb)), "")


def _is_near(word: str, verb: str) -> bool:
    if likeness(Tag(word, word), Tag(verb, verb)) or slipped(word, verb, LETTERS):
        return True
    once, meant = _TWICE.sub(r"\1", word), _TWICE.sub(r"\1", verb)
    return len(word) >= SWAPPED and word[0] == verb[0] and sorted(once) == sorted(meant)


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
