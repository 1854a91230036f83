"""Verbs about tags."""

from __future__ import annotations

from bot import modals
from bot.messages import Block, Rendered
from bot.payloads.interactions import Submitted
from bot.verbs import tag_echo
from bot.verbs.registry import Desk, Form, Menu, Request, command
from papers.errors import FusenError
from papers.note import Note

KNOWN_TAGS = "known_tags"
NEW_TAGS = "new_tags"


class NothingChosen(FusenError):
    """A modal for tags was submitted without any."""

    en = "Choose a tag or type one."
    ja = "タグを選ぶか、入力してください。"


def _tag_fields(desk: Desk, request: Request, note: Note | None) -> list[Block]:
    """Choose among the tags in use (the most used hundred), or type new ones."""
    words = desk.messages.wording(request.language)
    carried = {tag.key for tag in note.tags} if note else set()
    free = [count.tag.name for count in desk.tagging.tags(request.asker.audience) if count.tag.key not in carried]
    blocks = []
    if known := modals.several(KNOWN_TAGS, words("modal_choose"), free):
        blocks.append(modals.asking(KNOWN_TAGS, words("modal_known_tags"), known, optional=True))
    line = modals.line(NEW_TAGS, words("modal_new_tags_hint"))
    blocks.append(modals.asking(NEW_TAGS, words("modal_new_tags"), line, optional=bool(blocks)))
    return blocks


def _tag_words(sent: Submitted) -> str:
    named = (*sent.chosen.get(KNOWN_TAGS, ()), sent.typed.get(NEW_TAGS, ""))
    words = ",".join(name for name in named if name.strip())
    if not words:
        raise NothingChosen
    return words


@command(
    "tag [PAPER] TAG, TAG",
    "tag a paper, by default the last one of this channel",
    "論文 (省略時はこのチャンネルの最後の論文) にタグを付ける",
    form=Form(_tag_fields, _tag_words),
)
def tag(desk: Desk, request: Request) -> Rendered:
    """Put tags on a note."""
    note = desk.note(request, f"{desk.example('tag')} LLM")
    tagged = desk.tagging.tag(request.asker, note.id, request.rest)
    return tag_echo.echo(desk, request.asker, tagged, choose=not request.points)


@command("untag [PAPER] TAG", "take a tag off", "タグを外す")
def untag(desk: Desk, request: Request) -> Rendered:
    """Take tags off a note."""
    note = desk.note(request, f"{desk.example('untag')} LLM")
    untagged = desk.tagging.untag(request.asker, note.id, request.rest)
    return desk.say("untagged", request, note=untagged.note, tags=untagged.tags)


@command("tags", "the tags in use", "使われているタグの一覧", menu=Menu.ALL)
def tags(desk: Desk, request: Request) -> Rendered:
    """List the tags in use."""
    return desk.say("tags", request, tags=desk.tagging.tags(request.asker.audience)[:300])
