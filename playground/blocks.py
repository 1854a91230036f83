"""The blocks that Slack accepts, what it fills in when it stores them, and their plain text.

Keys: @slack/types 3.2. Lengths and counts: slack_sdk 3.47's models; others name their source.
"""

import json
import secrets
from collections.abc import Iterator
from typing import Any

from playground.elements import (
    BUTTON,
    BUTTONS,
    CHOICES,
    DATETIME,
    ID,
    IMAGE,
    INPUTS,
    RICH_TEXT,
    SELECTS,
    URL,
    markdown_only,
    plain,
    text,
)
from playground.records import Json
from playground.shapes import (
    Check,
    anything,
    boolean,
    by_type,
    choice,
    items,
    number,
    reason,
    record,
    string,
    typed,
    walk,
)

_BLOCK = {"block_id": ID}
_FILE = record({}, {"id": ID, "url": URL}, only_one=("id", "url"))
_RICH = typed({"elements": items(by_type(RICH_TEXT))}, _BLOCK)
_CELL = by_type(
    {
        "raw_text": typed({"text": string(None, shortest=0)}),
        "raw_number": typed({"value": anything, "text": string(None, shortest=0)}),
        "rich_text": _RICH,
    }
)
# @slack/types says 100 rows of 20 cells for a table.
_ROWS = items(items(_CELL, 20), 100)
_SOURCE = by_type({"url": typed({"url": URL, "text": string()})})
_TASK = typed(
    {"task_id": string(), "title": string(), "status": choice("pending", "in_progress", "complete", "error")},
    _BLOCK | {"details": _RICH, "output": _RICH, "sources": items(_SOURCE)},
)
_CARD = typed(
    {},
    _BLOCK
    | {
        "hero_image": by_type({"image": IMAGE}),
        "icon": by_type({"image": IMAGE}),
        "title": markdown_only(150),
        "subtitle": markdown_only(150),
        "body": markdown_only(200),
        "actions": items(by_type({"button": BUTTON})),
    },
    any_of=("hero_image", "title", "actions", "body"),
)
_FEEDBACK = record({"text": plain(75), "value": string(2000)}, {"accessibility_label": string(75)})

BLOCKS: dict[str, Check] = {
    "actions": typed(
        {
            "elements": items(
                by_type(
                    BUTTONS | SELECTS | CHOICES | {k: INPUTS[k] for k in ("rich_text_input", "datetimepicker")}
                ),
                25,
            )
        },
        _BLOCK,
    ),
    "alert": typed(
        {"text": text(3000)}, _BLOCK | {"level": choice("default", "info", "warning", "error", "success")}
    ),
    "card": _CARD,
    "carousel": typed({"elements": items(by_type({"card": _CARD}), 10)}, _BLOCK),
    "context": typed(
        # docs: blocks/context-block: a text element has the limit of other text objects, 3,000.
        {"elements": items(by_type({"image": IMAGE, "plain_text": text(3000), "mrkdwn": text(3000)}), 10)},
        _BLOCK,
    ),
    "context_actions": typed(
        {
            "elements": items(
                by_type(
                    {
                        "feedback_buttons": typed(
                            {"positive_button": _FEEDBACK, "negative_button": _FEEDBACK}, {"action_id": ID}
                        ),
                        "icon_button": typed(
                            {"icon": string(), "text": plain(75)},
                            {
                                "action_id": ID,
                                "accessibility_label": string(75),
                                "value": string(2000),
                                "visible_to_user_ids": items(ID),
                                "confirm": anything,
                            },
                        ),
                    }
                ),
                5,
            )
        },
        _BLOCK,
    ),
    "data_table": typed(
        # docs: blocks/data-table-block: 2 to 101 rows with the header row.
        {"rows": items(items(_CELL, 20), 101, smallest=2), "caption": string()},
        _BLOCK | {"page_size": number(1, 100), "row_header_column_index": number(0)},
    ),
    "divider": typed({}, _BLOCK),
    "file": typed({"source": choice("remote"), "external_id": ID}, _BLOCK),
    "header": typed({"text": plain(150)}, _BLOCK | {"level": number(1, 4)}),
    "image": typed(
        {"alt_text": string(2000)},
        _BLOCK | {"image_url": URL, "slack_file": _FILE, "title": plain(2000)},
        only_one=("image_url", "slack_file"),
    ),
    "input": typed(
        {"label": plain(2000), "element": by_type(INPUTS)},
        _BLOCK | {"hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "markdown": typed({"text": string(12_000)}, _BLOCK),
    "plan": typed({"title": string()}, _BLOCK | {"tasks": items(by_type({"task_card": _TASK}))}),
    "rich_text": _RICH,
    "section": typed(
        {},
        _BLOCK
        | {
            "text": text(3000),
            "fields": items(text(2000), 10),
            "accessory": by_type(BUTTONS | SELECTS | CHOICES | {"datetimepicker": DATETIME, "image": IMAGE}),
            "expand": boolean,
        },
        any_of=("text", "fields"),
    ),
    "table": typed(
        {"rows": _ROWS},
        _BLOCK
        | {
            "column_settings": items(
                record({}, {"align": choice("left", "center", "right"), "is_wrapped": boolean}), 20
            )
        },
    ),
    "task_card": _TASK,
    "video": typed(
        {"alt_text": string(), "title": plain(200), "video_url": URL, "thumbnail_url": URL},
        _BLOCK
        | {
            "author_name": string(50),
            "description": plain(200),
            "provider_name": string(),
            "provider_icon_url": URL,
            "title_url": URL,
        },
    ),
}
_INSIDE = {
    k: BLOCKS[k]
    for k in (
        "actions",
        "context",
        "divider",
        "file",
        "header",
        "image",
        "input",
        "rich_text",
        "section",
        "table",
        "video",
    )
}
BLOCKS["container"] = typed(
    {"child_blocks": items(by_type(_INSIDE), 10)},
    _BLOCK
    | {
        "title": plain(150),
        "rich_text_title": by_type({"rich_text": _RICH}),
        "subtitle": text(150),
        "width": choice("narrow", "standard", "wide", "full"),
        "icon": by_type({"image": IMAGE}),
        "is_collapsible": boolean,
        "default_collapsed": boolean,
        "has_header_divider": boolean,
    },
    any_of=("title", "rich_text_title"),
)


def check_list(blocks: Any, where: str, most: int) -> Iterator[str]:
    """Yield what is wrong with a list of blocks, ids that occur twice included."""
    yield from items(by_type(BLOCKS), most, smallest=0)(blocks, where)
    if isinstance(blocks, list):
        yield from _doubles(blocks, where)


def _doubles(blocks: list[Any], where: str) -> Iterator[str]:
    """docs: block_id is unique in a message or view, action_id in its block."""
    seen: set[str] = set()
    for place, block in enumerate(blocks):
        if not isinstance(block, dict):
            continue
        block_id = block.get("block_id")
        if isinstance(block_id, str):
            if block_id in seen:
                yield reason(f"`block_id` must be unique: {block_id}", f"{where}/{place}/block_id")
            seen.add(block_id)
        actions: set[str] = set()
        for inner in walk(block):
            action = inner.get("action_id")
            if isinstance(action, str):
                if action in actions:
                    yield reason(f"`action_id` must be unique in its block: {action}", f"{where}/{place}")
                actions.add(action)


def size(blocks: list[Json]) -> int:
    """Return how many characters blocks have as Slack stores them, with all that contains their content.

    Slack does not document what it counts. bolt-js issue 2509: 13,297 characters of one markdown block pass, fewer
    beside other blocks; issue 2867: 11,341 characters of text in many blocks are refused.
    """
    return len(json.dumps(complete(blocks), ensure_ascii=False))


def complete(blocks: list[Json]) -> list[Json]:
    """Return blocks as Slack stores them: with ids, `emoji` and `verbatim` filled in."""
    done = [_completed(block) for block in blocks]
    for block in done:
        block.setdefault("block_id", secrets.token_hex(3))
    return done


_ACTIONABLE = {*BUTTONS, *INPUTS, "feedback_buttons", "icon_button"}


def _completed(value: Any) -> Any:
    if isinstance(value, list):
        return [_completed(one) for one in value]
    if not isinstance(value, dict):
        return value
    done = {key: _completed(one) for key, one in value.items() if one is not None}
    kind = done.get("type")
    if kind == "plain_text":
        done.setdefault("emoji", True)
    elif kind == "mrkdwn":
        done.setdefault("verbatim", False)
    elif kind in _ACTIONABLE:
        done.setdefault("action_id", secrets.token_hex(3))
    return done


def plain_text_of(blocks: list[Json]) -> str:
    """Return the text that Slack builds when a message has blocks and no text."""
    lines = []
    for block in blocks:
        parts = [part["text"] for part in walk(block) if isinstance(part.get("text"), str)]
        if parts and block.get("type") not in ("actions", "input"):
            lines.append(" ".join(parts))
    return "\n".join(lines)[:4000]
