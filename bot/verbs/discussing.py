"""Verbs about what people say of a paper, and room for second thoughts."""

from __future__ import annotations

from bot import modals
from bot.blocks import Block, Rendered
from bot.payloads.interactions import SecondThought, Submitted, comment_memory
from bot.verbs import tag_echo
from bot.verbs.desk import Desk, Request
from bot.verbs.pointed import note_pointed_at
from bot.verbs.registry import EmptyField, Form, Takes, command
from papers.asker import Asker
from papers.errors import EmptyComment
from papers.note import Note

COMMENT = "comment"
UNDO = "undo_comment"
ANOTHER = "another_paper_for_comment"


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
    takes=Takes.PAPER | Takes.TEXT,
    form=Form(_comment_fields, _comment_words),
    saves=True,
)
def comment(desk: Desk, request: Request) -> Rendered:
    """Comment on a note."""
    note = note_pointed_at(desk, request, "comment")
    if not request.rest.strip():
        raise EmptyComment(request.begun("comment", note))
    note = desk.notebook.comment(request.asker, note.id, request.rest)
    return _told(desk, request.asker, note, request.asker.origin, choose=not request.points)


def undo(desk: Desk, thought: SecondThought) -> Rendered:
    """Take the comment back. Raises TooLateToUndo or UndoneAlready."""
    undone = desk.undoing.undo_comment(thought.asker, thought.note_id, thought.act)
    workspace, language = desk.lookup.at_home(thought.asker.workspace, thought.asker.member)
    told = {"key": f"undone_{undone.deed}", "note": undone.note, "taken": undone.taken}
    return desk.messages.render("undone", workspace, language, **told)


def move(desk: Desk, thought: SecondThought) -> Rendered:
    """Move the comment to the paper chosen. Raises TooLateToUndo, or UnknownPaper if that is not seen."""
    note = desk.undoing.move_comment(thought.asker, thought.note_id, thought.act, thought.other_id)
    return _told(desk, thought.asker, note, thought.act, choose=True)


def _told(desk: Desk, asker: Asker, note: Note, act: str, choose: bool) -> Rendered:
    """Say on which paper the comment stands, with Undo; with `choose`, offer other papers of the channel."""
    workspace, language = desk.lookup.at_home(asker.workspace, asker.member)
    others = tag_echo.others_than(desk, asker, note) if choose else ()
    words, memory = desk.messages.wording(language), comment_memory(note.id, act)
    told = desk.messages.render("commented", workspace, language, note=note)
    return told.over(*tag_echo.second_thoughts(UNDO, ANOTHER, memory, others, words))
