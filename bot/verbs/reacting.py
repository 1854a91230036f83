"""The verb about what emoji under a paper's message do."""

from __future__ import annotations

from bot.blocks import Rendered
from bot.verbs.desk import Desk, Request
from bot.verbs.registry import Menu, Takes, command, for_colleagues
from bot.verbs.typed_tags import refuse_links
from papers.emoji import understand


@command(
    "emoji [:EMOJI: tag TAG | reading | read | off]",
    "what an emoji under a paper's message does",
    "論文のメッセージに付けた絵文字で行う操作 (一覧・変更)",
    japanese=("絵文字",),
    takes=Takes.ITS_OWN,
    menu=Menu.ALL,
)
@for_colleagues
def emoji(desk: Desk, request: Request) -> Rendered:
    """List what emoji mean here, or let one mean something else."""
    workspace, name, named_elsewhere = request.asker.workspace, "", False
    if request.rest:
        name, meaning = understand(request.rest)
        desk.preferences.check(desk.standing_of(request.asker))
        refuse_links(desk, request, meaning.words if meaning else "")
        desk.reactions.settle(request.asker, name, meaning)
        here = desk.lookup.channel(workspace, request.asker.channel)
        named_elsewhere = bool(meaning and meaning.words) and not request.workspace.publishes(here)
    meanings = desk.reactions.meanings(request.asker.audience)
    return desk.say("emoji", request, settled=name, meanings=meanings, named_elsewhere=named_elsewhere)
