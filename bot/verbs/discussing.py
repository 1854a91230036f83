"""Verbs about what people say of a paper."""

from __future__ import annotations

from bot import modals
from bot.blocks import Block, Rendered
from bot.payloads.interactions import Submitted
from bot.verbs.registry import Desk, EmptyField, Form, Request, command
from papers.note import Note

COMMENT = "comment"


def _comment_fields(desk: Desk, request: Request, _note: Note | None) -> list[Block]:
    words = desk.messages.wording(request.language)
    asker = request.asker
    channel = desk.lookup.channel(asker.workspace, asker.channel)
    hint = words(desk.messages.audience_of(channel, request.workspace))
    return [modals.asking(COMMENT, words("modal_text"), modals.paragraphs(COMMENT), hint=hint)]


def _comment_words(sent: Submitted) -> str:
    if not (said := sent.typed.get(COMMENT, "")).strip():
        raise EmptyField
    return said


@command(
    "comment [PAPER] TEXT",
    "comment on a paper, by default the last one of this channel",
    "論文 (省略時はこのチャンネルの最後の論文) にコメント",
    japanese=("コメント",),
    form=Form(_comment_fields, _comment_words),
    saves=True,
)
def comment(desk: Desk, request: Request) -> Rendered:
    """Comment on a note."""
    note = desk.note(request, "comment")
    return desk.say("commented", request, note=desk.notebook.comment(request.asker, note.id, request.rest))
