"""The manifest that people give to Slack: of the right form, with the scopes that the bot needs and no others."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bot.fetching_images import SCOPE
from bot.payloads.interactions import NOTES_SHORTCUT, PAPER_SHORTCUT, verb_meant_by
from bot.settings import read
from bot.verbs import REGISTRY

ROOT = Path(__file__).resolve().parents[2]
MANIFEST: dict[str, Any] = json.loads((ROOT / "slack_app_manifest.json").read_text(encoding="utf-8"))
SCOPES: list[str] = MANIFEST["oauth_config"]["scopes"]["bot"]
OPTIONAL: list[str] = MANIFEST["oauth_config"]["scopes"]["bot_optional"]


def words(shortest: int, longest: int, **more: Any) -> dict[str, Any]:
    return {"type": "string", "minLength": shortest, "maxLength": longest, **more}


def only(required: tuple[str, ...] = (), **properties: Any) -> dict[str, Any]:
    """An object with no other keys than these."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


SWITCH = {"type": "boolean"}
NAMES = {"type": "array", "items": words(1, 50), "uniqueItems": True}

# The rules for the parts that we use, as https://docs.slack.dev/reference/app-manifest lists them.
FORM = only(
    required=("display_information", "features", "oauth_config", "settings"),
    display_information=only(
        required=("name", "description", "long_description"),
        name=words(1, 35),
        description=words(1, 140),
        long_description=words(175, 4000),
        background_color=words(4, 7, pattern="^#([0-9a-fA-F]{3}){1,2}$"),
    ),
    features=only(
        app_home=only(home_tab_enabled=SWITCH, messages_tab_enabled=SWITCH, messages_tab_read_only_enabled=SWITCH),
        bot_user=only(
            required=("display_name",), display_name=words(1, 80, pattern="^[a-z0-9._-]+$"), always_online=SWITCH
        ),
        slash_commands={
            "type": "array",
            "minItems": 1,
            "maxItems": 50,
            "items": only(
                required=("command", "description"),
                command=words(2, 32, pattern=r"^/\S+$"),
                description=words(1, 2000),
                usage_hint=words(1, 1000),
                should_escape=SWITCH,
            ),
        },
        shortcuts={
            "type": "array",
            "minItems": 1,
            "maxItems": 10,
            "items": only(
                required=("name", "type", "callback_id", "description"),
                name=words(1, 24),
                type={"enum": ["message", "global"]},
                callback_id=words(1, 255),
                description=words(1, 150),
            ),
        },
    ),
    oauth_config=only(scopes=only(bot=NAMES | {"maxItems": 255}, bot_optional=NAMES | {"maxItems": 255})),
    settings=only(
        event_subscriptions=only(bot_events=NAMES | {"maxItems": 100}),
        interactivity=only(required=("is_enabled",), is_enabled=SWITCH),
        org_deploy_enabled=SWITCH,
        socket_mode_enabled=SWITCH,
        token_rotation_enabled=SWITCH,
    ),
)

# https://docs.slack.dev/reference/events
EVENT_SCOPES = {
    "app_home_opened": set(),
    "app_mention": {"app_mentions:read"},
    "app_uninstalled": set(),
    "channel_id_changed": {"groups:read"},
    "channel_left": {"channels:read"},
    "channel_shared": {"channels:read", "groups:read"},
    "channel_unshared": {"channels:read", "groups:read"},
    "file_deleted": {"files:read"},
    "group_left": {"groups:read"},
    "member_joined_channel": {"channels:read", "groups:read"},
    "member_left_channel": {"channels:read", "groups:read"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
    "message.mpim": {"mpim:history"},
    "reaction_added": {"reactions:read"},
    "reaction_removed": {"reactions:read"},
    "tokens_revoked": set(),
}
HISTORY = {"channels:history", "groups:history", "im:history", "mpim:history"}
ABOUT_CHANNELS = {"channels:read", "groups:read", "im:read", "mpim:read"}
# https://docs.slack.dev/reference/methods: a scope for each kind of conversation that a method may be asked about.
METHOD_SCOPES = {
    "apps.connections.open": set(),  # asked with the app's own token, which has scopes of its own
    "auth.test": set(),
    "chat.postMessage": {"chat:write"},
    "chat.postEphemeral": {"chat:write"},
    "chat.update": {"chat:write"},
    "chat.delete": {"chat:write"},
    "conversations.history": HISTORY,
    "conversations.replies": HISTORY,
    "conversations.open": {"im:write"},
    "conversations.info": ABOUT_CHANNELS,
    "users.conversations": ABOUT_CHANNELS,
    "users.info": {"users:read"},
    "views.open": set(),
    "views.publish": set(),
    "views.push": set(),
    "views.update": set(),
}


def called() -> set[str]:
    """The Web API methods that the bot names in its code."""
    tree = ast.parse((ROOT / "bot/slack.py").read_text(encoding="utf-8"))
    texts = {
        node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
    return {text for text in texts if re.fullmatch(r"[a-z]+(\.[a-zA-Z]+)+", text)}


def test_the_manifest_has_the_form_that_slack_takes() -> None:
    jsonschema.Draft7Validator.check_schema(FORM)
    jsonschema.Draft7Validator(FORM).validate(MANIFEST)


@pytest.mark.parametrize(
    "wrong",
    [
        {"bot": "x"},
        {"settings": {"interactivity": {}}},
        {"features": {"slash_commands": []}},
        {"display_information": {"name": "x" * 36}},
    ],
)
def test_the_form_refuses_what_slack_would_refuse(wrong: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft7Validator(FORM).validate(MANIFEST | wrong)


def test_each_event_has_the_scope_that_it_needs() -> None:
    for event in MANIFEST["settings"]["event_subscriptions"]["bot_events"]:
        assert EVENT_SCOPES[event] <= {*SCOPES, *OPTIONAL}, event


def test_each_method_that_the_bot_calls_has_its_scopes() -> None:
    methods = called()
    assert "chat.postMessage" in methods
    for method in methods:
        assert METHOD_SCOPES[method] <= set(SCOPES), method


def test_no_scope_is_asked_for_in_vain() -> None:
    events = MANIFEST["settings"]["event_subscriptions"]["bot_events"]
    needed = {"commands"}.union(*(EVENT_SCOPES[event] for event in events))
    for method in called():
        needed |= METHOD_SCOPES[method]
    # https://docs.slack.dev/reference/objects/file-object: what has no method of its own, the bytes of files.
    assert {SCOPE} == set(OPTIONAL)
    assert set(SCOPES) == needed - set(OPTIONAL)


def test_the_slash_command_is_the_usual_one_and_names_people_by_id() -> None:
    (command,) = MANIFEST["features"]["slash_commands"]
    assert command["command"] == read({}).command
    assert command["should_escape"] is True


def test_the_shortcuts_are_those_that_the_bot_listens_for() -> None:
    shortcuts = MANIFEST["features"]["shortcuts"]
    patterns = {"message": PAPER_SHORTCUT, "global": NOTES_SHORTCUT}
    assert all(patterns[shortcut["type"]].match(shortcut["callback_id"]) for shortcut in shortcuts)
    assert {verb_meant_by(shortcut["callback_id"]) for shortcut in shortcuts} <= set(REGISTRY)


def test_the_words_about_commands_name_verbs_that_exist() -> None:
    (command,) = MANIFEST["features"]["slash_commands"]
    hinted = {hint.split()[0] for hint in command["usage_hint"].split("|")}
    told = set(re.findall(r"/note ([a-z]+)", MANIFEST["display_information"]["long_description"]))
    described = set(re.findall(r"[a-z]+", command["description"].partition(":")[2]))
    assert hinted | told | described <= set(REGISTRY)
    assert hinted
    assert told


def test_what_the_bot_does_is_switched_on() -> None:
    settings = MANIFEST["settings"]
    assert settings["interactivity"]["is_enabled"]
    assert settings["socket_mode_enabled"]
    home = MANIFEST["features"]["app_home"]
    assert home["messages_tab_enabled"]
    assert not home["messages_tab_read_only_enabled"]
    assert home["home_tab_enabled"]
    # Tokens that expire would have to be stored and renewed.
    assert not settings["token_rotation_enabled"]
