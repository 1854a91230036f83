"""Judges of everything that an app sends: a JSON schema made from Slack's own types, and slack_sdk's models.

The schema is `slack_types/schema.json`, made by `npm run schema` there (licence: `slack_types/LICENSE`).
Lengths and counts are the models' part, keys and types the schema's.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from jsonschema import Draft7Validator
from jsonschema.exceptions import best_match
from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

SCHEMA = Path(__file__).parent / "slack_types" / "schema.json"


def judge(kind: str, payload: Any) -> list[str]:
    """What is wrong with a message, a view or options, in the words of each judge."""
    return [*_by_schema(kind, payload), *_by_models(kind, payload)]


@cache
def _definitions() -> dict[str, Any]:
    return dict(json.loads(SCHEMA.read_text(encoding="utf-8"))["definitions"])


@cache
def _validator(name: str) -> Draft7Validator:
    return Draft7Validator({"$ref": f"#/definitions/{name}", "definitions": _definitions()})


@cache
def _block_names() -> dict[str, str]:
    """The definition of each type of block: a judgement by it alone says what is wrong."""
    names = [choice["$ref"].rpartition("/")[2] for choice in _definitions()["KnownBlock"]["anyOf"]]
    shapes = {name: _definitions()[name].get("anyOf", [_definitions()[name]])[0] for name in names}
    return {shape["properties"]["type"]["const"]: name for name, shape in shapes.items()}


def _check(name: str, value: Any, where: str) -> Iterator[str]:
    error = best_match(_validator(name).iter_errors(value))
    if error is not None:
        yield f"@slack/types: {where}{error.json_path.removeprefix('$')}: {error.message[:300]}"


def _blocks(blocks: Any, where: str) -> Iterator[str]:
    for place, block in enumerate(blocks or []):
        kind = block.get("type") if isinstance(block, dict) else None
        if kind in _block_names():
            yield from _check(_block_names()[kind], block, f"{where}[{place}]")
        else:
            yield f"@slack/types: {where}[{place}]: unknown block type {kind!r}"


def _by_schema(kind: str, payload: Any) -> Iterator[str]:
    if kind == "message":
        yield from _blocks(payload["blocks"], "blocks")
        for place, attachment in enumerate(payload["attachments"]):
            yield from _check("MessageAttachment", attachment, f"attachments[{place}]")
            yield from _blocks(attachment.get("blocks"), f"attachments[{place}].blocks")
    elif kind == "view":
        yield from _check("HomeView" if payload.get("type") == "home" else "ModalView", payload, "view")
        yield from _blocks(payload.get("blocks"), "view.blocks")
    else:
        for place, option in enumerate(payload.get("options") or []):
            yield from _check("PlainTextOption", option, f"options[{place}]")
        for place, group in enumerate(payload.get("option_groups") or []):
            yield from _check("OptionGroup", group, f"option_groups[{place}]")


def _by_models(kind: str, payload: Any) -> Iterator[str]:
    blocks = payload.get("blocks") or []
    for place, block in enumerate(blocks):
        # The models know fewer blocks than the types do.
        if isinstance(block, dict) and block.get("type") not in ("data_table", "alert", "container"):
            yield from _by_model(block, f"blocks[{place}]")
    if kind == "view":
        try:
            View(**copy.deepcopy({k: v for k, v in payload.items() if v is not None})).to_dict()
        except (SlackObjectFormationError, TypeError) as error:
            yield f"slack_sdk: view: {error}"


def _by_model(block: dict[str, Any], where: str) -> Iterator[str]:
    try:
        parsed = Block.parse(copy.deepcopy(block))
        if parsed is None:
            yield f"slack_sdk: {where}: unknown block {block.get('type')!r}"
        else:
            parsed.validate_json()
    except (SlackObjectFormationError, TypeError, AttributeError) as error:
        yield f"slack_sdk: {where}: {error}"
