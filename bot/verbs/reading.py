"""Verbs about who reads what: saying that one is reading a paper, and keeping in mind what one has read."""

from __future__ import annotations

from bot import modals
from bot.blocks import Rendered
from bot.messages import TOGGLE
from bot.payloads.interactions import IN_PLACE, control
from bot.verbs.desk import Desk, Request
from bot.verbs.pointed import note_pointed_at
from bot.verbs.registry import Menu, Takes, command
from papers.errors import NoSuchPaper
from papers.readers import Claimed
from papers.typed_words import OFF, which_word


@command(
    "reading [PAPER] [off]",
    "tell the others that you are reading a paper, for 14 days",
    "論文を読んでいることを知らせる (14 日間。やめるときは off または やめる)",
    japanese=("読んでいる", "読み始める"),
    takes=Takes.PAPER | Takes.OFF,
    menu=Menu.PAPER,
    saves=True,
)
def reading(desk: Desk, request: Request) -> Rendered:
    """Claim a paper, or put it down."""
    acts = {"": desk.readers.claim, TOGGLE: desk.readers.toggle, OFF: desk.readers.put_down}
    said = which_word(request.rest, acts)
    if said is None:
        raise NoSuchPaper(request.rest)
    done = acts[said](request.asker, note_pointed_at(desk, request, "reading").id)
    told = desk.say("marked", request, key=_key(done), note=done.note, until=done.until)
    if not done.until:
        return told
    down = modals.button(desk.messages.wording(request.language)("button_put_down"))
    down |= control("reading", done.note.id, OFF, IN_PLACE)
    return told.over(*modals.rows([down]))


def _key(done: Claimed) -> str:
    if done.until:
        return "reading_until"
    return "reading_ended" if done.changed else "reading_not"


@command(
    "read [PAPER]",
    "remember that you have read a paper",
    "論文を既読にする (本人だけに表示)",
    japanese=("既読", "既読にする"),
    takes=Takes.PAPER,
    menu=Menu.PAPER,
    saves=True,
)
def read(desk: Desk, request: Request) -> Rendered:
    """Remember that the asker has read a paper."""
    note = desk.readers.read(request.asker, note_pointed_at(desk, request, "read").id)
    return desk.say("marked", request, key="now_read", note=note, until=None)


@command(
    "unread [PAPER]",
    "forget that you have read it",
    "論文を未読に戻す",
    japanese=("未読", "未読に戻す"),
    takes=Takes.PAPER,
    menu=Menu.PAPER,
)
def unread(desk: Desk, request: Request) -> Rendered:
    """Forget that the asker has read a paper."""
    note = desk.readers.unread(request.asker, note_pointed_at(desk, request, "unread").id)
    return desk.say("marked", request, key="now_unread", note=note, until=None)
