"""Papers named by words of their title; of several papers the person chooses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot import modals
from bot.blocks import Rendered, cut
from bot.payloads.interactions import IN_PLACE, control, control_value
from bot.verbs.desk import Desk, Request
from bot.verbs.pointed import example_of
from bot.verbs.registry import Command, Takes
from papers.errors import NoSuchPaper
from papers.note import Note
from papers.pointing import SeveralPapers
from papers.tags import fold, unaccented
from papers.typed_words import OFF, which_word
from papers.unseen import fit

CHOICES = 5
"""Among how many papers with the words in their title a person is asked to choose."""

# A colon within a word is part of a tag: vision:clip.
_TITLE_FIRST = re.compile(r"(?P<title>[^:：\"“”＂]+)(?::(?:\s+|$)|：\s*)(?P<rest>.*)", re.DOTALL)
# A text may go on for long before its first colon.
_TITLE_OF_TEXT = re.compile(
    r"(?:[\"“”＂「『](?P<quoted>[^\"“”＂」』\n]{1,300})[\"“”＂」』]|(?P<title>[^:：\n]{1,300}))"
    r"(?::(?:\s+|$)|：\s*)(?P<rest>.*)",
    re.DOTALL,
)


def run(desk: Desk, command: Command, request: Request) -> Rendered:
    """Run a verb as typed; where words of a title name its paper, on that paper, or ask which one is meant.

    Raises NoSuchPaper where words can be nothing else, and name none, and SeveralPapers where what is said of the
    paper is too long for a button.
    """
    title, rest = _parted(desk, command, request)
    found = desk.notebook.titled(request.asker.audience, title) if title else ()
    if Takes.TEXT in command.takes and not any(_names(title, note.paper.title) for note in found):
        found = ()
    if title and not found and command.takes_paper_alone:
        raise NoSuchPaper(request.rest)
    if not found:
        return command.run(desk, request)
    if len(found) > 1 and len(control_value(found[0].id, rest)) > modals.BUTTON_VALUE:
        raise SeveralPapers(found[:CHOICES], example_of(desk, request.verb, request.asker, request.message))
    if len(found) > 1:
        told = desk.say("say", request, key="which_paper", facts={"count": len(found)})
        return _among(command, told, found[:CHOICES], rest)
    return command.run(desk, replace(request, note_id=found[0].id, rest=rest, marked=rest))


def _parted(desk: Desk, command: Command, request: Request) -> tuple[str, str]:
    """The words of a title that were typed, and what the verb has to be told beside."""
    if request.points or not command.of_note:
        return "", ""
    if command.takes_paper_alone:
        *words, last = request.rest.split() or [""]
        return (" ".join(words), last) if which_word(last, (OFF,)) else (request.rest, "")
    if Takes.TEXT in command.takes:
        said = _TITLE_OF_TEXT.fullmatch(request.rest.strip())
        return (said["quoted"] or said["title"], said["rest"]) if said else ("", "")
    both = _TITLE_FIRST.fullmatch(request.rest.strip()) if Takes.TAGS in command.takes else None
    if both is None or desk.tagging.known(request.asker.audience, [request.rest]):
        return "", ""
    return both["title"], both["rest"]


def _names(words: str, title: str) -> bool:
    """Whether words before a colon name a title: people begin a comment so, too (Note: …, 質問: …).

    They are its first words, or several whole words of it.
    """
    wanted, title = (unaccented(fold(text)) for text in (words, title))
    whole = [re.compile(rf"(?<![a-z0-9]){re.escape(word)}(?![a-z0-9])") for word in (wanted, *wanted.split())]
    begins = len(wanted) > 1 and whole[0].match(title) is not None
    return begins or (len(whole) > 2 and all(word.search(title) for word in whole[1:]))


def which(desk: Desk, command: Command, request: Request, notes: Sequence[Note]) -> Rendered:
    """Ask which of the papers that a request may be about it is about."""
    told = desk.say("say", request, key="which_of_several", facts={"count": len(notes)})
    return _among(command, told, notes, request.rest)


def _among(command: Command, told: Rendered, notes: Sequence[Note], rest: str) -> Rendered:
    buttons = [
        modals.button(cut(fit(note.paper.title).strip() or note.paper_id.spoken, modals.OPTION_TEXT))
        | control(command.name, note.id, rest, f"{IN_PLACE}-{place}")
        for place, note in enumerate(notes)
    ]
    return told.over(*modals.rows(buttons), asks=True)
