"""Verbs that find a paper again."""

from __future__ import annotations

from collections.abc import Sequence

from bot import modals
from bot.blocks import Block, Rendered
from bot.payloads.interactions import IN_PLACE, Submitted, control
from bot.verbs import tag_echo
from bot.verbs.desk import Desk, Request
from bot.verbs.pointed import note_pointed_at
from bot.verbs.registry import EmptyField, Form, Menu, Takes, command
from papers.errors import FusenError
from papers.note import Note
from papers.notebook import LISTED
from papers.reader_shelf import Mark
from papers.tags import fold
from papers.typed_words import which_word

WORDS = "words"
BEST = "sort:best"
"""What stands before the words if the best match is to come first."""

MOST_WORDS = 1_900
"""How many characters to search for a button can remember: https://docs.slack.dev/reference/block-kit/block-elements/button-element"""


class NothingToSearch(FusenError):
    """A search without words."""

    en = "Say what to search for, in English or Japanese, or an id. For example: {command} search distillation"
    ja = "検索する言葉を続けて入力してください。例: {command} search 蒸留 (英語や ID でも検索できます)"


def _search_fields(desk: Desk, request: Request, _note: Note | None) -> list[Block]:
    words = desk.messages.wording(request.language)
    return [modals.asking(WORDS, words("modal_words"), modals.line(WORDS, words("modal_words_hint")))]


def _search_words(sent: Submitted) -> str:
    if not (said := sent.typed.get(WORDS, "")).strip():
        raise EmptyField
    return said


@command(
    "show [PAPER]",
    "a paper with its tags and comments",
    "論文のタグとコメントを表示",
    japanese=("詳細", "表示"),
    takes=Takes.PAPER,
    menu=Menu.PAPER,
)
def show(desk: Desk, request: Request) -> Rendered:
    """Show the note on a paper."""
    note = note_pointed_at(desk, request, "show")
    return desk.say("show", request, note=note, read_ids=desk.readers.read_among(request.asker.member, [note]))


@command(
    "related [PAPER]",
    "papers that are related to a paper, and why",
    "関連論文とその理由を表示",
    japanese=("関連",),
    takes=Takes.PAPER,
    menu=Menu.PAPER,
)
def related(desk: Desk, request: Request) -> Rendered:
    """Show the notes that are related to a note, with the reason."""
    note = note_pointed_at(desk, request, "related")
    return desk.say("related", request, note=note, related=desk.relating.related(request.asker, note.id))


@command(
    "list [TAG | reading | unread | read]",
    "the newest papers, those with a tag, or your own reading list",
    "新しい論文の一覧 (タグの名前、または自分の 読んでいる・未読・既読)",
    japanese=("一覧", "リスト"),
    takes=Takes.ITS_OWN,
    menu=Menu.ALL,
)
def list_(desk: Desk, request: Request) -> Rendered:
    """List the newest notes. A tag that is called as a mark is named with `#`."""
    mark = which_word(request.rest, Mark)
    if mark:
        return _listed(desk, request, desk.readers.own(request.asker, mark), f"none_{mark.value}")
    notes = desk.notebook.notes(request.asker.audience, tag=request.rest)
    if request.rest and not notes:
        return tag_echo.unused(desk, request, request.rest, "list")
    return _listed(desk, request, notes)


def _listed(
    desk: Desk, request: Request, notes: Sequence[Note], lacking: str = "nothing_found", best: bool | None = None
) -> Rendered:
    """The notes; where there are none, the sentence `lacking`. `best`: of a search, its order."""
    read = desk.readers.read_among(request.asker.member, notes)
    many = len(notes) == LISTED
    return desk.say(
        "list",
        request,
        notes=notes,
        read_ids=read,
        best=best,
        many=many,
        lacking=lacking,
    )


@command(
    "search [sort:best] WORDS",
    "find papers by words, in English or Japanese; sort:best puts the best match first, not the newest",
    "論文を検索 (日本語・英語)。sort:best: 新しい順でなく一致度の高い順",
    japanese=("検索",),
    takes=Takes.WORDS,
    menu=Menu.ALL,
    form=Form(_search_fields, _search_words, shows=True, submit="button_search"),
)
def search(desk: Desk, request: Request) -> Rendered:
    """Find notes by words."""
    words = f"{request.paper.paper_id.id if request.paper else ''} {request.rest}".strip()
    best = fold(words).startswith(BEST)
    words = words[len(BEST) :].strip() if best else words
    if not words:
        raise NothingToSearch
    notes = desk.notebook.search(request.asker.audience, words, best)
    told = _listed(desk, request, notes, best=best)
    other, label = (words, "button_newest") if best else (f"{BEST} {words}", "button_best")
    if len(notes) < 2 or len(other) > MOST_WORDS:
        return told
    turn = modals.button(desk.messages.wording(request.language)(label)) | control("search", 0, other, IN_PLACE)
    return told.over(*modals.rows([turn]))
