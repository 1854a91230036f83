"""Verbs about the digest."""

from __future__ import annotations

from bot.messages import Rendered
from bot.verbs.registry import Desk, Menu, Request, command


@command(
    "digest [here | off]",
    "this week so far; post the weekly digest here, or nowhere",
    "今週のダイジェスト (here: ここに毎週投稿、off: 停止)",
    menu=Menu.ALL,
)
def digest(desk: Desk, request: Request) -> Rendered:
    """Preview the digest, or choose where it goes."""
    choice = request.rest.casefold()
    if choice in ("here", "off"):
        channel = request.asker.channel if choice == "here" else ""
        desk.digests.send_to(request.asker.workspace, channel, request.asker.member)
        at, words = desk.digests.weekly, desk.messages.wording(request.language)
        facts = {"weekday": words(f"weekday_{at.day}"), "clock": at.clock, "zone": request.workspace.zone}
        return desk.say("say", request, key=f"digest_{choice}", facts=facts)
    preview = desk.digests.preview(request.asker.audience, request.workspace.zone)
    return desk.messages.digest(preview, request.workspace, request.language)
