"""Which note a request points at, and how to name a paper where it points at none or at several."""

from __future__ import annotations

from bot.verbs.desk import Desk, Request
from bot.verbs.registry import Takes, verb_named
from papers.asker import Asker
from papers.errors import FusenError
from papers.note import Message, Note
from papers.pointing import Example

LONGEST_EXAMPLE = 200
"""How many characters of what somebody typed are told again, for them to copy."""


class NoteGone(FusenError):
    """Somebody clicks where a note was shown that is no longer there."""

    en = "This paper is no longer here: the message that shared it was deleted."
    ja = "この論文はもうありません。共有元のメッセージが削除されました。"


def note_pointed_at(desk: Desk, request: Request, verb: str) -> Note:
    """The note that a request points at; else the thread's, else the channel's last.

    `verb` is the one that was meant, where none was typed. Raises NoteGone, UnknownPaper, SeveralPapers,
    NotSavedYet, NoPaperInMessage, NoPaperInThread or NoPaperHere.
    """
    if request.note_id:
        shown = desk.notebook.note(request.note_id, request.asker.audience)
        if shown is None and request.message is None:
            raise NoteGone
        if shown is not None:
            return shown
    example = example_of(desk, request.verb or verb, request.asker, request.message, request.rest)
    if request.message:
        said = "" if request.note_id else request.said  # a card of ours links to what was saved once
        return desk.notebook.find_by_message(request.asker, request.message, said, example)
    return desk.notebook.find(request.asker, request.paper, example)


def example_of(desk: Desk, verb: str, asker: Asker, message: Message | None = None, rest: str = "") -> Example:
    """How to name a paper with a verb, in the words that were typed: to be copied, if they are few.

    Raises LookupError for what is no verb.
    """
    one, spoken = verb_named(verb), desk.spoken(asker, message)
    if one is None:
        raise LookupError(verb)
    if not rest or len(rest) > LONGEST_EXAMPLE:
        rest = "LLM" if Takes.TAGS in one.takes else "…" if Takes.TEXT in one.takes else ""
    return lambda paper: f"{spoken} {verb} {paper} {rest}".rstrip()
