"""The verb about what emoji under a paper's message do."""

from __future__ import annotations

from bot.blocks import Rendered
from bot.verbs.registry import Desk, Menu, Request, command, for_colleagues
from papers.emoji import understand


@command(
    "emoji [:EMOJI: tag TAG | reading | read | off]",
    "what an emoji under a paper's message does",
    "論文のメッセージに付けた絵文字で行う操作 (一覧・変更)",
    japanese=("絵文字",),
    menu=Menu.ALL,
)
@for_colleagues
def emoji(desk: Desk, request: Request) -> Rendered:
    """List what emoji mean here, or let one mean something else."""
    workspace, name = request.asker.workspace, ""
    if request.rest:
        name, meaning = understand(request.rest)
        desk.reactions.settle(workspace, name, meaning)
    return desk.say("emoji", request, settled=name, meanings=desk.reactions.meanings(workspace))
