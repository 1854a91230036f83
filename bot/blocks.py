"""Marked-up text laid out as Slack's blocks, within Slack's limits, and what is made of it: a message."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any

from bot import slack_text

# https://docs.slack.dev/reference/block-kit/blocks; the sum of all blocks is not documented, Slack refuses
# messages near 13,200 characters (https://github.com/slackapi/bolt-js/issues/2509).
SECTION = 3000
HEADER = 150
CONTEXT = 2000
BLOCKS = 50
TOGETHER = 12_000
TEXT = 3900

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

    def over(self, *buttons: Block, asks: bool = False) -> Rendered:
        """The same with blocks without words below it."""
        return replace(self, blocks=(*self.blocks, *buttons), asks=asks)


def joined(*parts: Rendered, asks: bool = False) -> Rendered:
    """Several messages as one. They must be short enough together."""
    blocks = tuple(block for part in parts for block in part.blocks)
    text = _cut_marked("\n".join(words for block in blocks for words in _spoken(block)), TEXT)
    return Rendered(text, blocks, all(part.whole for part in parts), asks)


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
    room, whole = TOGETHER, True
    for paragraph in re.split(r"\n[ \t]*\n", marked):
        block, words = _block(paragraph.strip("\n"))
        if not words.strip():
            continue
        whole = len(blocks) < BLOCKS - 2 and len(words) <= room
        if not whole:
            block, words = _section("…"), "…"
        room -= len(words)
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
        return {"type": "context", "elements": [{"type": "mrkdwn", "text": words}]}, words
    words = _cut_marked(paragraph, SECTION)
    return _section(words), words


def _section(words: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": words}}


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
