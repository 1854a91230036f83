"""Verbs about Fusen itself: the pages, the menus, the help."""

from __future__ import annotations

from difflib import get_close_matches

from bot import modals
from bot.blocks import Rendered
from bot.payloads.interactions import control
from bot.verbs.registry import REGISTRY, Command, Desk, Menu, Request, command, for_colleagues
from papers.nudges import Job
from papers.tags import fold

ALIKE = 0.7
"""From which likeness on, of 0 to 1, a word is taken for a slip in a verb: `serach` has 0.83, `tga` 0.67."""


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
        return _menu(desk, request, Menu.ALL, desk.say("say", request, key="menu_all", facts={}), 0)
    note = desk.note(request, desk.example("menu"))
    return _menu(desk, request, Menu.PAPER, desk.say("menu", request, note=note), note.id)


@command("help", "what I can do", "使い方を表示", japanese=("ヘルプ", "使い方"), menu=Menu.ALL)
def help_(desk: Desk, request: Request) -> Rendered:
    """List the verbs; words after it are some that it does not know."""
    unknown = request.rest if request.rest not in REGISTRY else ""
    meant = "".join(get_close_matches(fold(unknown), REGISTRY, n=1, cutoff=ALIKE))
    commands = tuple(REGISTRY.values())
    return desk.say("help", request, unknown=unknown, meant=meant, commands=commands, bot=f"@{desk.bot_user}")


def _menu(desk: Desk, request: Request, which: Menu, head: Rendered, note_id: int) -> Rendered:
    words = desk.messages.wording(request.language)

    def button(one: Command) -> dict[str, object]:
        return {**modals.button(words(f"button_{one.name}")), **control(one.name, note_id)}

    offered = [one for one in REGISTRY.values() if one.menu & which or (note_id and one.form and one.of_note)]
    rows = modals.rows([button(one) for one in offered])
    return Rendered(head.text, (*head.blocks, *rows), head.whole)
