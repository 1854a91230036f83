"""The modals behind the buttons of a card and the message shortcuts: choosing tags, writing a comment."""

from __future__ import annotations

from collections.abc import Sequence

from bot.messages import Block, cut
from papers.note import Note, TagCount
from papers.wording import Wording

OPTIONS = 100
OPTION_TEXT = 75
TAG_SHORTCUT = "tag_paper"
COMMENT_SHORTCUT = "comment_paper"
TAG_MODAL = "tag_modal"
COMMENT_MODAL = "comment_modal"
NEW_TAGS = "new_tags"
KNOWN_TAGS = "known_tags"
COMMENT = "comment"


def tag_modal(note: Note, tags: Sequence[TagCount], words: Wording, memory: str) -> Block:
    """Choose among the tags in use (the most used hundred), or type new ones."""
    carried = {tag.key for tag in note.tags}
    # An option's text and value have limits; a longer tag can still be typed.
    options = [
        {"text": _plain(count.tag.name), "value": count.tag.name}
        for count in tags
        if count.tag.key not in carried and len(count.tag.name) <= OPTION_TEXT
    ][:OPTIONS]
    blocks: list[Block] = [_title(note)]
    if options:
        select = {
            "type": "multi_static_select",
            "action_id": KNOWN_TAGS,
            "placeholder": _plain(words("modal_choose")),
            "options": options,
        }
        blocks.append(_input(KNOWN_TAGS, words("modal_known_tags"), select, optional=True))
    text = {
        "type": "plain_text_input",
        "action_id": NEW_TAGS,
        "placeholder": _plain(words("modal_new_tags_hint")),
    }
    blocks.append(_input(NEW_TAGS, words("modal_new_tags"), text, optional=bool(options)))
    return _modal(TAG_MODAL, words("modal_tag"), words, blocks, memory)


def comment_modal(note: Note, words: Wording, memory: str) -> Block:
    """Write a comment."""
    text = {"type": "plain_text_input", "action_id": COMMENT, "multiline": True, "max_length": 3000}
    blocks = [_title(note), _input(COMMENT, words("modal_text"), text, optional=False)]
    return _modal(COMMENT_MODAL, words("modal_comment"), words, blocks, memory)


def _modal(callback_id: str, title: str, words: Wording, blocks: list[Block], memory: str) -> Block:
    return {
        "type": "modal",
        "callback_id": callback_id,
        "title": _plain(title),
        "submit": _plain(words("modal_save")),
        "close": _plain(words("modal_cancel")),
        "private_metadata": memory,
        "blocks": blocks,
    }


def _title(note: Note) -> Block:
    return {"type": "section", "text": _plain(cut(note.paper.title.strip(), 300) or note.paper_id.id)}


def _input(block_id: str, label: str, element: Block, optional: bool) -> Block:
    return {
        "type": "input",
        "block_id": block_id,
        "optional": optional,
        "label": _plain(label),
        "element": element,
    }


def _plain(text: str) -> Block:
    return {"type": "plain_text", "text": text}
