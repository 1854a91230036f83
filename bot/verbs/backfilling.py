"""The verb that reads what was shared before Fusen came."""

from __future__ import annotations

from bot.blocks import Rendered
from bot.verbs.desk import Desk, Request
from bot.verbs.registry import Menu, Takes, command, for_colleagues
from papers.typed_words import STOP, which_word


@command(
    "backfill [DAYS | stop]",
    "save the papers shared in this channel in the last 90 days, or DAYS, also before I came",
    "このチャンネルで過去 90 日間に共有された論文を保存 (日数を指定可、stop: 中止)",
    japanese=("履歴を読み込む",),
    takes=Takes.ITS_OWN,
    menu=Menu.ALL,
)
@for_colleagues
def backfill(desk: Desk, request: Request) -> Rendered:
    """Read the channel's past, or stop reading it."""
    if which_word(request.rest, (STOP,)):
        desk.backfills.stop(request.asker)
        return desk.say("say", request, key="backfill_stopped", facts={})
    desk.backfills.ask(request.asker, request.rest)
    return desk.say("say", request, key="backfill_begun", facts={"bot": f"@{desk.bot_user}"})
