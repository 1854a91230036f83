"""The verb that forgets whoever asks for it."""

from __future__ import annotations

from bot import modals
from bot.blocks import Rendered
from bot.payloads.interactions import control
from bot.verbs.desk import Desk, Request
from bot.verbs.registry import Menu, command
from papers.tags import fold

CONFIRMED = "confirm"
"""What is said after the verb by somebody who has read what goes."""


@command(
    "forget",
    "what I keep of you, and a button to let me forget it",
    "あなたについて保存している内容の確認と削除",
    japanese=("データの削除",),
    menu=Menu.ALL,
)
def forget(desk: Desk, request: Request) -> Rendered:
    """Tell what goes and what stays, and ask; forget the asker once they have confirmed it."""
    if fold(request.rest) == CONFIRMED:
        return desk.say("forgotten", request, held=desk.forgetting.forget(request.asker))
    words = desk.messages.wording(request.language)
    told = desk.say("forget", request, held=desk.forgetting.held(request.asker))
    ask = modals.danger(
        words("button_forget_now"),
        title=words("forget_sure"),
        text=words("forget_final"),
        confirm=words("button_forget_now"),
        deny=words("modal_cancel"),
    )
    button = {**ask, **control("forget", 0, CONFIRMED)}
    return told.over(*modals.rows([button]))
