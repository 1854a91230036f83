"""What a person has chosen or filled in, as Slack's payloads say it: actions and view state.

Source: docs.slack.dev/reference/interaction-payloads.
"""

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
    return {"type": kind, key: _listed(raw) if key.endswith("s") else raw}


def _listed(raw: Any) -> list[Any]:
    return raw if isinstance(raw, list) else [raw]


def _option(element: Json, raw: Any) -> Json | None:
    if raw in ("", None):
        return None
    if isinstance(raw, dict):
        return raw
    options = list(element.get("options", []))
    for group in element.get("option_groups", []):
        options.extend(group["options"])
    for option in options:
        if raw in (option.get("value"), option["text"]["text"]):
            return dict(option)
    if element["type"].endswith("external_select"):
        return {"text": {"type": "plain_text", "text": str(raw)}, "value": str(raw)}
    raise SlackError("invalid_arguments", detail=f"{raw!r} is not among the options")


def view_state(view: Json, given: Json) -> Json:
    """Return `state.values` of a view. `given` is {block_id: {action_id: raw}} or {action_id: raw}."""
    values: Json = {}
    kept: Json = view["state"]["values"]
    for block, element in elements_of(view["blocks"]):
        if element["type"] not in _KEYS and element["type"] not in _TYPED:
            continue
        if block["type"] != "input" and element["type"] == "overflow":
            continue
        block_id, action_id = block["block_id"], element["action_id"]
        inner = given.get(block_id)
        raw = inner.get(action_id) if isinstance(inner, dict) else given.get(action_id)
        before = kept.get(block_id, {}).get(action_id)
        state = before if raw is None and before is not None else state_value(element, raw)
        values.setdefault(block_id, {})[action_id] = state
    return values


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
        elif isinstance(content, str):
            problem = _length_problem(element, content)
            if problem:
                errors[block["block_id"]] = problem
    return errors


def _length_problem(element: Json, content: str) -> str:
    longest = element.get("max_length", 3000 if element["type"] == "plain_text_input" else None)
    shortest = element.get("min_length", 0)
    if longest is not None and len(content) > longest:
        return f"Must be less than {longest + 1} characters."
    if len(content) < shortest:
        return f"Must be at least {shortest} characters."
    return ""
