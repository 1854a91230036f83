"""Verbs about tags."""

from __future__ import annotations

from bot import modals
from bot.blocks import Block, Rendered, cut
from bot.payloads.interactions import Submitted
from bot.verbs import tag_echo
from bot.verbs.desk import Desk, Request
from bot.verbs.pointed import note_pointed_at
from bot.verbs.registry import Form, Takes, command
from bot.verbs.typed_tags import refuse_links
from papers.errors import FusenError
from papers.note import Note
from papers.tags import NoTag, parts

KNOWN_TAGS = "known_tags"
NEW_TAGS = "new_tags"

MOST_CARRIED = 1_000
"""How many characters of a paper's tags stand above the question for more."""


class NoTagChosen(FusenError):
    """A modal for tags was submitted without any."""

    en = "Choose a tag or type one."
    ja = "タグを選ぶか、入力してください。"


class NoTagsOn(FusenError):
    """Somebody wants to take a tag off a paper that has none."""

    en = "“{title}” carries no tags yet."
    ja = "「{title}」にはまだタグがありません。"


def _tag_fields(desk: Desk, request: Request, note: Note | None) -> list[Block]:
    """Choose among the tags in use, or type new ones; said before is what the paper has, and who will see them."""
    words = desk.messages.wording(request.language)
    channel = desk.lookup.channel(request.asker.workspace, request.asker.channel)
    known = modals.typeahead(KNOWN_TAGS, words("modal_choose"))
    line = modals.line(NEW_TAGS, words("modal_new_tags_hint"))
    carried = "  ".join(f"#{tag.name}" for tag in note.tags) if note else ""
    return [
        *([modals.remark(cut(words("modal_tags_now", tags=carried), MOST_CARRIED))] if carried else []),
        modals.asking(KNOWN_TAGS, words("modal_known_tags"), known, optional=True),
        modals.asking(NEW_TAGS, words("modal_new_tags"), line, optional=True),
        modals.remark(words(f"tags_{desk.messages.audience_of(channel, request.workspace)}")),
    ]


def _untag_fields(desk: Desk, request: Request, note: Note | None) -> list[Block]:
    words = desk.messages.wording(request.language)
    if note is None or not note.tags:
        raise NoTagsOn(title=note.paper.title if note else "")
    carried = modals.several(KNOWN_TAGS, words("modal_choose"), modals.tag_options(note.tags))
    return [modals.asking(KNOWN_TAGS, words("modal_untag_which"), carried)]


def _tag_words(sent: Submitted) -> str:
    named = (*sent.chosen.get(KNOWN_TAGS, ()), sent.typed.get(NEW_TAGS, ""))
    words = ",".join(name for name in named if name.strip())
    if not words:
        raise NoTagChosen
    return words


@command(
    "tag [PAPER] TAG, TAG",
    "tag a paper, by default the last one of this channel",
    "論文 (省略時はこのチャンネルの最後の論文) にタグを付ける",
    japanese=("タグ", "タグを付ける", "タグ付け"),
    takes=Takes.PAPER | Takes.TAGS,
    form=Form(_tag_fields, _tag_words, typed_in=NEW_TAGS),
    saves=True,
)
def tag(desk: Desk, request: Request) -> Rendered:
    """Put tags on a note."""
    refuse_links(desk, request, request.rest)
    note = _note(desk, request, "tag")
    tagged = desk.tagging.tag(request.asker, note.id, request.rest)
    return tag_echo.echo(desk, request.asker, tagged, choose=not request.points)


@command(
    "untag [PAPER] TAG",
    "take a tag off",
    "タグを外す",
    japanese=("タグを外す", "タグ外し"),
    takes=Takes.PAPER | Takes.TAGS,
    form=Form(_untag_fields, _tag_words),
)
def untag(desk: Desk, request: Request) -> Rendered:
    """Take tags off a note."""
    refuse_links(desk, request, request.rest)
    note = _note(desk, request, "untag")
    untagged = desk.tagging.untag(request.asker, note.id, request.rest)
    return desk.say("untagged", request, note=untagged.note, tags=untagged.tags)


def _note(desk: Desk, request: Request, verb: str) -> Note:
    """The note that the request is about. Raises NoTag if no tag was said beside, and what `Desk.note` raises."""
    note = note_pointed_at(desk, request, verb)
    if not parts(request.rest):
        raise NoTag(request.begun(verb, note))
    return note
