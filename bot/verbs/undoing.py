"""The verb that takes back what its person did last."""

from __future__ import annotations

from bot.blocks import Rendered
from bot.verbs.desk import Desk, Request
from bot.verbs.registry import Menu, command


@command(
    "undo",
    "take back what you did last in this channel",
    "このチャンネルでの直前の自分の操作を取り消す",
    japanese=("元に戻す", "取り消し", "取消"),
    menu=Menu.PAPER,
)
def undo(desk: Desk, request: Request) -> Rendered:
    """Take back the asker's last act in this channel, or say that it stays; again, the one before."""
    undone = desk.undoing.undo(request.asker)
    key = f"undone_{undone.deed}{'_here' if undone.taken.here else ''}"
    return desk.say("undone", request, key=key, note=undone.note, taken=undone.taken)
