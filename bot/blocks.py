"""Marked-up text laid out as Slack's blocks, within Slack's limits, and what is made of it: a message."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot import slack_text

# https://docs.slack.dev/reference/block-kit/blocks
SECTION = 3000
HEADER = 150
CONTEXT = 2000
BLOCKS = 50
TEXT = 3900

TOGETHER = 12_000
"""How many characters all blocks may have together, as JSON.

Slack's own count is not documented: messages near 13,200 characters are refused, and with many blocks some of
11,341 characters of text (https://github.com/slackapi/bolt-js/issues/2509 and 2867).
"""

KEPT = 24
"""So many characters more a block has when Slack keeps it: its id."""

Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message ready to be posted: blocks for those who see, and the same words as text for those who hear.

    `whole` is false if some of the words found no room in the blocks. `asks` is true if the words are a question
    with buttons for its answers: in a modal it takes the modal's place.
    """

    text: str
    blocks: tuple[Block, ...]
    whole: bool = True
    asks: bool = False

    @property
    def size(self) -> int:
        """How many of the characters that all blocks may have are taken."""
        return sum(map(_size, self.blocks))

    def over(self, *buttons: Block, asks: bool = False) -> Rendered:
        """The same with blocks without words below it, to which words give way where there is no room."""
        below = replace(self, blocks=(*self.blocks, *buttons), asks=asks)
        return below if below.size <= TOGETHER else _within(below, TOGETHER)

    def shortened(self) -> Rendered:
        """The same in half the room, for Slack has refused it as too long."""
        return _within(replace(self, blocks=tuple(map(_halved, self.blocks))), TOGETHER // 2)


def joined(*parts: Rendered, asks: bool = False) -> Rendered:
    """Several messages as one."""
    blocks = tuple(block for part in parts for block in part.blocks)
    together = Rendered(_text(blocks), blocks, all(part.whole for part in parts), asks)
    return together if together.size <= TOGETHER else _within(together, TOGETHER)


def _within(message: Rendered, room: int) -> Rendered:
    """As many of the words, from the first, as have room beside the buttons; `…` stands for the rest."""
    room -= _size(REST) + sum(_size(block) for block in message.blocks if not _spoken(block))
    kept, whole = [], True
    for block in message.blocks:
        if _spoken(block):
            if not whole:
                continue
            room -= _size(block)
            whole = room >= 0
        kept.append(block if whole or not _spoken(block) else REST)
    return replace(message, text=_text(kept), blocks=tuple(kept), whole=message.whole and whole)


def _size(block: Block) -> int:
    return len(json.dumps(block, ensure_ascii=False)) + KEPT


def _text(blocks: Sequence[Block]) -> str:
    return _cut_marked("\n".join(words for block in blocks for words in _spoken(block)), TEXT)


def _halved(block: Block) -> Block:
    """The block with at most half of the words that it may hold."""
    if block["type"] == "section":
        return _section(_cut_marked(block["text"]["text"], SECTION // 2))
    if block["type"] == "context":
        return _small_print(_cut_marked(" ".join(_spoken(block)), CONTEXT // 2))
    return block


def _spoken(block: Block) -> list[str]:
    """The words of a block that `lay_out` made; buttons have none."""
    if block["type"] == "header":
        return [slack_text.escape(block["text"]["text"])]
    texts = block.get("elements") or [block["text"]]
    return [one["text"] for one in texts if one["type"] == "mrkdwn"]


def readable(message: Rendered) -> str:
    """The whole message as plain text, for a terminal: addresses of links spelled out, marks left as they are."""
    paragraphs = []
    for block in message.blocks:
        if block["type"] == "header":
            paragraphs.append(block["text"]["text"])
        else:
            texts = block.get("elements") or [block["text"]]
            paragraphs.extend(slack_text.plain(one["text"], {}) for one in texts if one["type"] == "mrkdwn")
    return "\n\n".join(paragraphs).replace("\u200b", "")


def cut(text: str, most: int) -> str:
    """Text of at most `most` characters, cut at a blank where one is near, ending in `…` if it was cut."""
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    blank = kept.rfind(" ", most * 3 // 4)
    return (kept[:blank] if blank > 0 else kept).rstrip() + "…"


def lay_out(marked: str) -> Rendered:
    """Cut marked-up text into blocks: blank lines part them, `# ` begins a header, `:: ` small print.

    The words that did not fit are left out, with `…` for a sign.
    """
    blocks: list[Block] = []
    spoken: list[str] = []
    room, whole = TOGETHER - _size(REST), True
    for paragraph in re.split(r"\n[ \t]*\n", marked):
        block, words = _block(paragraph.strip("\n"))
        if not words.strip():
            continue
        whole = len(blocks) < BLOCKS - 2 and _size(block) <= room
        if not whole:
            block, words = REST, "…"
        room -= _size(block)
        blocks.append(block)
        spoken.append(words)
        if not whole:
            break
    return Rendered(_cut_marked("\n".join(spoken), TEXT), tuple(blocks), whole)


def _block(paragraph: str) -> tuple[Block, str]:
    if paragraph.startswith("# "):
        # A header is plain text, which knows no entities.
        words = cut(slack_text.plain(paragraph[2:], {}).replace("\u200b", ""), HEADER)
        return {"type": "header", "text": {"type": "plain_text", "text": words}}, slack_text.escape(words)
    if paragraph.startswith(":: "):
        words = _cut_marked(paragraph[3:], CONTEXT)
        return _small_print(words), words
    words = _cut_marked(paragraph, SECTION)
    return _section(words), words


def _section(words: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": words}}


def _small_print(words: str) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": words}]}


REST = _section("…")
"""What stands for words that found no room."""

_UNBROKEN = re.compile(r"<[^<>]*>|&(?:amp|lt|gt);|.", re.DOTALL)


def _cut_marked(marked: str, most: int) -> str:
    """Marked-up text of at most `most` characters, never cut within a link or an entity."""
    if len(marked) <= most:
        return marked
    kept, room = [], most - 1
    for piece in _UNBROKEN.findall(marked):
        room -= len(piece)
        if room < 0:
            break
        kept.append(piece)
    return "".join(kept).rstrip() + "…"
