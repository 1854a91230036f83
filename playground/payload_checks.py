"""The checks that every outgoing message and view must pass, with reasons worded as Slack words them."""

from collections.abc import Iterator
from typing import Any

from playground.blocks import check_list, size
from playground.elements import ID, plain
from playground.records import Json, SlackError
from playground.shapes import anything, boolean, by_type, choice, reason, string, typed, walk

MESSAGE_BLOCKS = 50  # docs: reference/block-kit/blocks
VIEW_BLOCKS = 100  # docs: surfaces/modals
ALL_BLOCKS = 13_200  # bolt-js issue 2509: msg_blocks_too_long near this many characters, containers included
MAX_ATTACHMENTS = 100  # docs: chat.postMessage, too_many_attachments
METADATA_BYTES = 16_000  # docs: messaging/message-metadata, metadata_too_large

# docs: which blocks a surface takes, from each block's page: "Available in surfaces".
_NOT_IN_MESSAGES = ("file",)
_NOT_IN_VIEWS = (
    "file",
    "markdown",
    "table",
    "data_table",
    "task_card",
    "plan",
    "carousel",
    "card",
    "context_actions",
)
_INPUT_ONLY_IN_VIEWS = ("number_input", "email_text_input", "url_text_input", "file_input")

_VIEW_PARTS = {
    "callback_id": ID,
    "external_id": ID,
    "private_metadata": string(3000, shortest=0),
    "blocks": anything,
}
_VIEW = by_type(
    {
        "modal": typed(
            {"title": plain(24), "blocks": anything},
            _VIEW_PARTS
            | {
                "submit": plain(24),
                "close": plain(24),
                "clear_on_close": boolean,
                "notify_on_close": boolean,
                "submit_disabled": boolean,
            },
        ),
        "home": typed({"blocks": anything}, _VIEW_PARTS),
    }
)
_METADATA = {"event_type", "event_payload", "entities"}


def message_problems(blocks: Any) -> list[str]:
    """Return what is wrong with the blocks of a message."""
    return [*check_list(blocks, "/blocks", MESSAGE_BLOCKS), *_misplaced(blocks, _NOT_IN_MESSAGES)]


def check_message(text: str, blocks: list[Json], attachments: list[Json]) -> None:
    """Refuse a message that Slack would refuse."""
    if not text.strip() and not blocks and not attachments:
        raise SlackError("no_text")
    problems = message_problems(blocks)
    if len(attachments) > MAX_ATTACHMENTS:
        raise SlackError("too_many_attachments")
    for place, attachment in enumerate(attachments):
        inner = check_list(attachment.get("blocks", []), f"/attachments/{place}/blocks", MESSAGE_BLOCKS)
        problems.extend(inner)
    if problems:
        raise SlackError("invalid_blocks", errors=_bare(problems), response_metadata={"messages": problems})
    if size(blocks) > ALL_BLOCKS:
        raise SlackError("msg_blocks_too_long")


def check_metadata(metadata: Any) -> None:
    """Refuse metadata that Slack would refuse."""
    if metadata is None:
        return
    if not isinstance(metadata, dict) or not metadata.keys() <= _METADATA:
        raise SlackError("invalid_metadata_format")
    if "entities" in metadata:
        return
    kind, payload = metadata.get("event_type"), metadata.get("event_payload")
    if not isinstance(kind, str) or not kind or not isinstance(payload, dict):
        raise SlackError("invalid_metadata_schema")
    if len(repr(metadata).encode()) > METADATA_BYTES:
        raise SlackError("metadata_too_large")


def view_problems(view: Any) -> list[str]:
    """Return what is wrong with a modal or Home."""
    problems = list(_VIEW(view, "/view"))
    if not isinstance(view, dict):
        return problems
    blocks = view.get("blocks")
    problems.extend(check_list(blocks, "/view/blocks", VIEW_BLOCKS))
    problems.extend(_misplaced(blocks, _NOT_IN_VIEWS, "/view/blocks"))
    problems.extend(_needs_submit(view))
    problems.extend(_focused_twice(view))
    return problems


def check_view(view: Any, *kinds: str) -> Json:
    """Refuse a view that Slack would refuse, or one of another kind; return it."""
    problems = view_problems(view)
    if not problems and view["type"] not in kinds:
        problems = [*choice(*kinds)(view["type"], "/view/type")]
    if problems:
        raise SlackError("invalid_arguments", response_metadata={"messages": problems})
    if len(repr(view)) > 250_000:  # docs: views.open, view_too_large
        raise SlackError("view_too_large")
    return dict(view)


def _needs_submit(view: Json) -> Iterator[str]:
    """docs: surfaces/modals: `submit` is required when blocks hold an input."""
    blocks = view.get("blocks")
    inputs = (
        [b for b in blocks if isinstance(b, dict) and b.get("type") == "input"] if isinstance(blocks, list) else []
    )
    if view.get("type") == "modal" and inputs and not view.get("submit"):
        yield reason("missing required field: submit (the view has input blocks)", "/view")


def _focused_twice(view: Json) -> Iterator[str]:
    """docs: focus_on_load: only one element of a view may be set to true."""
    if sum(part.get("focus_on_load") is True for part in walk(view.get("blocks"))) > 1:
        yield reason("only one element may have focus_on_load", "/view/blocks")


def _misplaced(blocks: Any, kinds: tuple[str, ...], where: str = "/blocks") -> Iterator[str]:
    if not isinstance(blocks, list):
        return
    for place, block in enumerate(blocks):
        if not isinstance(block, dict):
            continue
        if block.get("type") in kinds:
            yield reason(f"unsupported type: {block['type']} is not available here", f"{where}/{place}/type")
        element = block.get("element")
        if where == "/blocks" and isinstance(element, dict) and element.get("type") in _INPUT_ONLY_IN_VIEWS:
            yield reason(
                f"unsupported type: {element['type']} is only for modals", f"{where}/{place}/element/type"
            )


def _bare(problems: list[str]) -> list[str]:
    return [problem.removeprefix("[ERROR] ") for problem in problems]
