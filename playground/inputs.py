"""What a person has chosen or filled in, as Slack's payloads say it: actions and view state.

Source: docs.slack.dev/reference/interaction-payloads.
"""

import re
from collections.abc import Iterator
from typing import Any

from playground.records import Json, SlackError
from playground.shapes import walk

REQUIRED = "Please complete this required field."
# element type -> (key in the payload, key of the initial value)
_ONE_OPTION = ("selected_option", "initial_option")
_OPTIONS = ("selected_options", "initial_options")
_KEYS: dict[str, tuple[str, str]] = {
    "static_select": _ONE_OPTION,
    "external_select": _ONE_OPTION,
    "radio_buttons": _ONE_OPTION,
    "overflow": _ONE_OPTION,
    "multi_static_select": _OPTIONS,
    "multi_external_select": _OPTIONS,
    "checkboxes": _OPTIONS,
    "users_select": ("selected_user", "initial_user"),
    "multi_users_select": ("selected_users", "initial_users"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "channels_select": ("selected_channel", "initial_channel"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
    "rich_text_input": ("rich_text_value", "initial_value"),
}
# What pickers give, and what Slack's client demands of typed addresses.
_FORMS = {
    "datepicker": r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])",
    "timepicker": r"([01]\d|2[0-3]):[0-5]\d",
    "datetimepicker": r"\d{10}",
}
_WORDED = {
    "email_text_input": (r"[^@\s]+@[^@\s]+\.[^@\s]+", "Enter a valid email address."),
    "url_text_input": (r"https?://\S+", "Enter a valid URL."),
}
_TYPED = ("plain_text_input", "email_text_input", "url_text_input", "number_input")


def elements_of(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Return each interactive element with its block."""
    for block in blocks:
        for part in walk(block):
            if part is not block and "action_id" in part and part.get("type"):
                yield block, part


def find_element(blocks: list[Json], action_id: str, block_id: str, text: str) -> tuple[Json, Json]:
    """Return the block and the element by ids or by the button's text; refuse with `action_not_found`."""
    for block, element in elements_of(blocks):
        label = element.get("text", {}).get("text") if isinstance(element.get("text"), dict) else None
        matches = element["action_id"] == action_id if action_id else bool(text) and label == text
        if matches and block_id in ("", block.get("block_id")):
            return block, element
    raise SlackError("action_not_found")


def find_action(blocks: list[Json], action_id: str, block_id: str, text: str) -> tuple[Json, Json]:
    """Return the block and the element that tells the app at once; an input does so only by dispatch_action."""
    block, element = find_element(blocks, action_id, block_id, text)
    if block["type"] == "input" and not block.get("dispatch_action"):
        raise SlackError("action_not_found", detail="an input without dispatch_action tells the app nothing")
    return block, element


def action_of(block: Json, element: Json, raw: Any, action_ts: str) -> Json:
    """Return the entry of `actions` for a click or a choice."""
    action: Json = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block["block_id"],
        "action_ts": action_ts,
    }
    if element["type"] in ("button", "icon_button", "workflow_button"):
        shared = {key: element[key] for key in ("text", "value", "url", "style") if key in element}
        return action | shared
    if element["type"] == "feedback_buttons":
        side = element["negative_button" if raw == "negative" else "positive_button"]
        return action | {"value": side["value"], "text": side["text"]}
    return action | state_value(element, raw)


def state_value(element: Json, raw: Any) -> Json:
    """Return the state of one element; `raw` None means as it was shown at first.

    `raw` is text for inputs, an option's value (or a list of values) for selects, or Slack's own object.
    """
    kind = element["type"]
    if isinstance(raw, dict) and raw.get("type") == kind:
        return raw
    if kind in _TYPED:
        value = element.get("initial_value") if raw is None else str(raw)
        return {"type": kind, "value": value or None}
    if kind not in _KEYS:
        raise SlackError("invalid_arguments", detail=f"{kind} takes no value")
    key, initial = _KEYS[kind]
    if raw is None:
        return {"type": kind, key: element.get(initial, [] if key.endswith("s") else None)}
    if (key, initial) == _ONE_OPTION:
        return {"type": kind, key: _option(element, raw)}
    if (key, initial) == _OPTIONS:
        return {"type": kind, key: [_option(element, one) for one in _listed(raw)]}
    if key.endswith("s"):
        return {"type": kind, key: _listed(raw)}
    if kind in _FORMS and raw not in ("", None) and not re.fullmatch(_FORMS[kind], str(raw)):
        raise SlackError("invalid_arguments", detail=f"{raw!r} is not what a {kind} gives")
    return {"type": kind, key: raw if raw != "" else None}


def _listed(raw: Any) -> list[Any]:
    return [] if raw == "" else raw if isinstance(raw, list) else [raw]


def _option(element: Json, raw: Any) -> Json | None:
    if raw in ("", None):
        return None
    for option in _options(element):
        if raw == option or (isinstance(raw, str) and raw in (option.get("value"), option["text"]["text"])):
            return dict(option)
    raise SlackError("invalid_arguments", detail=f"{raw!r} is not among the options")


def _options(element: Json) -> Iterator[Json]:
    yield from element.get("options", [])
    for group in element.get("option_groups", []):
        yield from group["options"]
    if element.get("initial_option"):
        yield element["initial_option"]
    yield from element.get("initial_options", [])


def state_of(blocks: list[Json], kept: Json, given: Json) -> Json:
    """Return `state.values` of a view or message; `kept` is what it was before.

    `given` is {block_id: {action_id: raw}} or {action_id: raw}.
    """
    values: Json = {}
    for block, element in elements_of(blocks):
        if element["type"] not in _KEYS and element["type"] not in _TYPED:
            continue
        if block["type"] != "input" and element["type"] == "overflow":
            continue
        block_id, action_id = block["block_id"], element["action_id"]
        inner = given.get(block_id)
        raw = inner.get(action_id) if isinstance(inner, dict) else given.get(action_id)
        before = kept.get(block_id, {}).get(action_id)
        state = before if raw is None and before is not None else state_value(_with_chosen(element, before), raw)
        values.setdefault(block_id, {})[action_id] = state
    return values


def _with_chosen(element: Json, before: Json | None) -> Json:
    """Return the element with what was chosen in it before among its options."""
    chosen = [(before or {}).get("selected_option"), *((before or {}).get("selected_options") or [])]
    return element | {"options": [*element.get("options", []), *(option for option in chosen if option)]}


def state_errors(view: Json, values: Json) -> Json:
    """Return what Slack's client refuses before it asks the app: missing values and wrong lengths."""
    errors: Json = {}
    for block in view["blocks"]:
        if block["type"] != "input":
            continue
        element = block["element"]
        state = values.get(block["block_id"], {}).get(element["action_id"], {})
        content = next((value for key, value in state.items() if key != "type"), None)
        if not content and not block.get("optional"):
            errors[block["block_id"]] = REQUIRED
        elif content:
            problem = _problem(element, content)
            if problem:
                errors[block["block_id"]] = problem
    return errors


def _problem(element: Json, content: Any) -> str:
    if isinstance(content, list):
        most = element.get("max_selected_items")
        return f"Choose at most {most}." if most is not None and len(content) > most else ""
    if element["type"] == "number_input":
        return _number_problem(element, str(content))
    pattern, words = _WORDED.get(element["type"], ("", ""))
    if pattern and not re.fullmatch(pattern, str(content)):
        return words
    return _length_problem(element, content) if isinstance(content, str) else ""


def _number_problem(element: Json, content: str) -> str:
    if not re.fullmatch(r"[+-]?\d+(\.\d+)?" if element["is_decimal_allowed"] else r"[+-]?\d+", content):
        return "Enter a valid number."
    low, high = element.get("min_value"), element.get("max_value")
    if low is not None and float(content) < float(low):
        return f"Must be at least {low}."
    return f"Must be at most {high}." if high is not None and float(content) > float(high) else ""


def _length_problem(element: Json, content: str) -> str:
    longest = element.get("max_length", 3000 if element["type"] == "plain_text_input" else None)
    shortest = element.get("min_length", 0)
    if longest is not None and len(content) > longest:
        return f"Must be less than {longest + 1} characters."
    if len(content) < shortest:
        return f"Must be at least {shortest} characters."
    return ""
