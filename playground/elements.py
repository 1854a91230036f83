"""What Slack accepts inside blocks: text objects, options, buttons, selects, inputs, rich text.

Keys are those of @slack/types 3.2; lengths those of slack_sdk 3.47's models and of
docs.slack.dev/reference/block-kit where no other source is named.
"""

from collections.abc import Iterator
from typing import Any

from playground.shapes import (
    Check,
    anything,
    boolean,
    both,
    by_type,
    choice,
    items,
    number,
    reason,
    record,
    string,
    typed,
)

ID = string(255)
URL = string(3000)


def plain(longest: int) -> Check:
    """Return a check for a plain_text object; empty text is refused (docs: composition-objects/text-object)."""
    return by_type({"plain_text": typed({"text": string(longest)}, {"emoji": boolean})})


def text(longest: int) -> Check:
    """Return a check for a plain_text or mrkdwn object."""
    return by_type(
        {
            "plain_text": typed({"text": string(longest)}, {"emoji": boolean}),
            "mrkdwn": typed({"text": string(longest)}, {"verbatim": boolean}),
        }
    )


def markdown_only(longest: int) -> Check:
    """Return a check for a mrkdwn object."""
    return by_type({"mrkdwn": typed({"text": string(longest)}, {"verbatim": boolean})})


CONFIRM = record(
    {"text": text(300)},
    {
        "title": plain(100),
        "confirm": plain(30),
        "deny": plain(30),
        "style": choice("primary", "danger"),
    },
)
OPTION_PARTS = {"value": string(150), "description": plain(75), "url": URL}
OPTION = record({"text": plain(75), "value": string(150)}, OPTION_PARTS)
RICH_OPTION = record(
    {"text": text(75), "value": string(150)}, {"value": string(150), "description": text(75), "url": URL}
)
OPTIONS = items(OPTION, 100)
# docs: composition-objects/option-group-object: label 75, 100 options, 100 groups.
GROUPS = items(record({"label": plain(75), "options": OPTIONS}), 100)

_ACTION = {"action_id": ID}
_CONFIRM = _ACTION | {"confirm": CONFIRM}
_FOCUS = _CONFIRM | {"focus_on_load": boolean}
_SELECT = _FOCUS | {"placeholder": plain(150)}
_MULTI = _SELECT | {"max_selected_items": number(1)}
_TYPING = {
    **_ACTION,
    "placeholder": plain(150),
    "focus_on_load": boolean,
    "dispatch_action_config": record(
        {}, {"trigger_actions_on": items(choice("on_enter_pressed", "on_character_entered"), 2)}
    ),
}
_FILTER = record(
    {},
    {
        "include": items(choice("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
    any_of=("include", "exclude_external_shared_channels", "exclude_bot_users"),
)

BUTTON = typed(
    {"text": plain(75)},
    _CONFIRM
    | {
        "value": string(2000, shortest=0),
        "url": URL,
        "style": choice("primary", "danger"),
        "accessibility_label": string(75),
        "agent_prompt": string(4000),
    },
)
IMAGE = typed(
    {"alt_text": string(2000)},
    {"image_url": URL, "slack_file": record({}, {"id": ID, "url": URL}, only_one=("id", "url"))},
    only_one=("image_url", "slack_file"),
)


def _lengths_agree(value: Any, where: str) -> Iterator[str]:
    """docs: plain_text_input: min_length may not be above max_length."""
    low, high = value.get("min_length"), value.get("max_length")
    if isinstance(low, int) and isinstance(high, int) and low > high:
        yield reason("min_length must not be greater than max_length", where)


_PLAIN_INPUT = both(
    typed(
        {},
        _TYPING
        | {
            "initial_value": string(3000, shortest=0),
            "multiline": boolean,
            "min_length": number(0, 3000),
            "max_length": number(1, 3000),
        },
    ),
    _lengths_agree,
)
_CHOSEN = {"users": "user", "conversations": "conversation", "channels": "channel"}
_CONVERSATIONS = {"default_to_current_conversation": boolean, "filter": _FILTER}


def _pickers() -> dict[str, Check]:
    """Return users_select, conversations_select, channels_select and their multi forms."""
    made: dict[str, Check] = {}
    for many, one in _CHOSEN.items():
        more: dict[str, Check] = _CONVERSATIONS if many == "conversations" else {}
        single = {f"initial_{one}": ID, **more}
        if many != "users":
            single["response_url_enabled"] = boolean
        made[f"{many}_select"] = typed({}, _SELECT | single)
        made[f"multi_{many}_select"] = typed({}, _MULTI | {f"initial_{many}": items(ID), **more})
    return made


SELECTS: dict[str, Check] = {
    "static_select": typed(
        {},
        _SELECT | {"options": OPTIONS, "option_groups": GROUPS, "initial_option": OPTION},
        only_one=("options", "option_groups"),
    ),
    "external_select": typed({}, _SELECT | {"initial_option": OPTION, "min_query_length": number(0)}),
    "multi_static_select": typed(
        {},
        _MULTI | {"options": OPTIONS, "option_groups": GROUPS, "initial_options": items(OPTION, 100)},
        only_one=("options", "option_groups"),
    ),
    "multi_external_select": typed(
        {}, _MULTI | {"initial_options": items(OPTION, 100), "min_query_length": number(0)}
    ),
    **_pickers(),
}
CHOICES: dict[str, Check] = {
    # docs: checkboxes and radio buttons take up to 10 options.
    "checkboxes": typed({"options": items(RICH_OPTION, 10)}, _FOCUS | {"initial_options": items(RICH_OPTION, 10)}),
    "radio_buttons": typed({"options": items(RICH_OPTION, 10)}, _FOCUS | {"initial_option": RICH_OPTION}),
    "datepicker": typed({}, _SELECT | {"initial_date": string(10, shortest=10)}),
    "timepicker": typed({}, _SELECT | {"initial_time": string(5, shortest=5), "timezone": string(100)}),
}
DATETIME = typed({}, _FOCUS | {"initial_date_time": number(0)})
BUTTONS: dict[str, Check] = {
    "button": BUTTON,
    "overflow": typed({"options": items(OPTION, 5)}, _CONFIRM),
    "workflow_button": typed(
        {"text": plain(75), "workflow": anything},
        _CONFIRM | {"style": choice("primary", "danger"), "accessibility_label": string(75)},
    ),
}
INPUTS: dict[str, Check] = {
    **SELECTS,
    **CHOICES,
    "datetimepicker": DATETIME,
    "plain_text_input": _PLAIN_INPUT,
    "email_text_input": typed({}, _TYPING | {"initial_value": string(None, shortest=0)}),
    "url_text_input": typed({}, _TYPING | {"initial_value": string(None, shortest=0)}),
    "number_input": typed(
        {"is_decimal_allowed": boolean},
        _TYPING | {"initial_value": string(), "min_value": string(), "max_value": string()},
    ),
    "rich_text_input": typed(
        {}, _TYPING | {"initial_value": anything, "min_lines": number(1), "max_lines": number(1)}
    ),
    "file_input": typed({}, _ACTION | {"filetypes": items(string()), "max_files": number(1, 10)}),
}

_STYLE = record({}, dict.fromkeys(("bold", "italic", "strike", "code", "underline"), boolean))
_STYLED = {"style": _STYLE}
RICH_PARTS: dict[str, Check] = {
    "text": typed({"text": string()}, _STYLED),
    "link": typed({"url": string()}, _STYLED | {"text": string(), "unsafe": boolean}),
    "user": typed({"user_id": ID}, _STYLED),
    "channel": typed({"channel_id": ID}, _STYLED),
    "usergroup": typed({"usergroup_id": ID}, _STYLED),
    "team": typed({"team_id": ID}, _STYLED),
    "emoji": typed(
        {"name": string()}, _STYLED | {"unicode": string(), "url": string(), "skin_tone": number(1, 6)}
    ),
    "broadcast": typed({"range": choice("here", "channel", "everyone")}, _STYLED),
    "color": typed({"value": string()}, _STYLED),
    "date": typed({"timestamp": number(), "format": string()}, _STYLED | {"url": string(), "fallback": string()}),
}
_RICH_INLINE = items(by_type(RICH_PARTS), smallest=0)
_BORDER = {"border": number(0, 1)}
RICH_SECTION = typed({"elements": _RICH_INLINE})
RICH_TEXT: dict[str, Check] = {
    "rich_text_section": RICH_SECTION,
    "rich_text_list": typed(
        {"elements": items(by_type({"rich_text_section": RICH_SECTION})), "style": choice("bullet", "ordered")},
        _BORDER | {"indent": number(0, 8), "offset": number(0)},
    ),
    "rich_text_quote": typed({"elements": _RICH_INLINE}, _BORDER),
    "rich_text_preformatted": typed(
        {"elements": items(by_type({k: RICH_PARTS[k] for k in ("text", "link")}), smallest=0)},
        _BORDER | {"language": string(100)},
    ),
}
