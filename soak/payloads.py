"""What Slack really sends, in its shapes; the seeds of what it should never send."""

from __future__ import annotations

from typing import Any

TS = "1700000001.000100"
LINKS = (
    "<https://arxiv.org/abs/2306.00001>",
    "<https://arxiv.org/abs/2306.00002v2|a paper>",
    "<https://blog.example/post?a=1|a post>",
    "2306.00003",
)


def _delivery(event: dict[str, Any]) -> dict[str, Any]:
    return {
        "token": "old",
        "team_id": "T1",
        "context_team_id": "T1",
        "api_app_id": "A1",
        "event": event,
        "type": "event_callback",
        "event_id": "Ev1",
        "event_time": 1700000001,
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": "T1",
                "user_id": "UBOT",
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": "4-x",
    }


_RICH = [
    {
        "type": "rich_text",
        "block_id": "b",
        "elements": [
            {
                "type": "rich_text_section",
                "elements": [
                    {"type": "text", "text": "see ", "style": {"code": True}},
                    {"type": "link", "url": "https://arxiv.org/abs/2306.00001", "text": "it"},
                    {"type": "user", "user_id": "U1"},
                    {"type": "emoji", "name": "eyes", "skin_tone": 2},
                    {"type": "date", "timestamp": 1, "fallback": "then"},
                    {"type": "broadcast", "range": "here"},
                ],
            },
            {
                "type": "rich_text_list",
                "style": "ordered",
                "offset": 3,
                "indent": 1,
                "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "one"}]}],
            },
            {"type": "rich_text_quote", "elements": [{"type": "text", "text": "said"}]},
            {"type": "rich_text_preformatted", "elements": [{"type": "text", "text": "x = 1"}]},
        ],
    }
]
_FORWARDED = [
    {
        "is_share": True,
        "from_url": "https://lab.slack.com/archives/C1/p1700000001000100",
        "text": "<https://arxiv.org/abs/2306.00002>",
        "message_blocks": [{"team": "T1", "channel": "C1", "ts": TS, "message": {"blocks": _RICH}}],
    }
]


def _message(**facts: Any) -> dict[str, Any]:
    said = {"type": "message", "channel": "C1", "channel_type": "channel", "user": "U1", "team": "T1"}
    return said | {"ts": TS, "event_ts": TS, "text": LINKS[0], "client_msg_id": "x"} | facts


_ITEM = {"type": "message", "channel": "C1", "ts": TS}

EVENTS = [
    _delivery(event)
    for event in (
        _message(),
        _message(blocks=_RICH, attachments=_FORWARDED),
        _message(text="a reply", ts="1700000005.000100", thread_ts=TS, parent_user_id="U1"),
        _message(subtype="file_share", files=[{"id": "F1", "name": "x.pdf", "url_private": "https://x.example/"}]),
        _message(subtype="thread_broadcast", thread_ts=TS, root=_message()),
        _message(subtype="bot_message", bot_id="B1", bot_profile={"id": "B1"}),
        _message(
            subtype="message_changed",
            message=_message(text=LINKS[1], edited={"user": "U1", "ts": "1700000009.000000"}),
            previous_message=_message(),
        ),
        _message(subtype="message_changed", message=_message(subtype="tombstone"), previous_message=_message()),
        _message(subtype="message_deleted", deleted_ts=TS, previous_message=_message(thread_ts=TS)),
        {
            "type": "reaction_added",
            "user": "U1",
            "reaction": "eyes",
            "item": _ITEM,
            "event_ts": TS,
            "item_user": "U2",
        },
        {"type": "reaction_removed", "user": "U1", "reaction": "eyes", "item": _ITEM, "event_ts": TS},
        {
            "type": "member_joined_channel",
            "user": "UBOT",
            "channel": "C1",
            "inviter": "U1",
            "event_ts": TS,
            "team": "T1",
        },
        {"type": "member_left_channel", "user": "UBOT", "channel": "C2", "event_ts": TS},
        {"type": "channel_left", "channel": "C2", "actor_id": "U1", "event_ts": TS},
        {"type": "channel_shared", "channel": "C2", "connected_team_id": "T2", "event_ts": TS},
        {"type": "channel_unshared", "channel": "C2", "is_ext_shared": True, "event_ts": TS},
        {"type": "channel_id_changed", "old_channel_id": "C2", "new_channel_id": "C3", "event_ts": TS},
        {
            "type": "app_home_opened",
            "user": "U1",
            "channel": "D1",
            "tab": "home",
            "event_ts": TS,
            "view": {"id": "V1"},
        },
        {"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}, "event_ts": TS},
        {"type": "link_shared", "channel": "C1", "message_ts": TS, "links": [{"url": "https://x.example/"}]},
    )
] + [
    {
        "type": "app_rate_limited",
        "token": "old",
        "team_id": "T1",
        "minute_rate_limited": 1700000000,
        "api_app_id": "A1",
    },
    {"type": "url_verification", "token": "old", "challenge": "word"},
]

MENTION = _delivery(_message(type="app_mention", text="<@UBOT> help"))


def command(text: str) -> dict[str, str]:
    """The form of a slash command."""
    return {
        "command": "/note",
        "text": text,
        "team_id": "T1",
        "team_domain": "lab",
        "channel_id": "C1",
        "channel_name": "papers",
        "user_id": "U1",
        "user_name": "ada",
        "trigger_id": "1.2.x",
        "api_app_id": "A1",
        "is_enterprise_install": "false",
    }


_BASE = {
    "team": {"id": "T1", "domain": "lab"},
    "user": {"id": "U1", "username": "ada", "team_id": "T1"},
    "api_app_id": "A1",
    "token": "old",
    "trigger_id": "1.2.x",
    "enterprise": None,
    "is_enterprise_install": False,
}
_MEMORY = '{"note": 1, "channel": "C1", "thread": ""}'


def _click(action: dict[str, Any], **more: Any) -> dict[str, Any]:
    where = {"type": "message", "channel_id": "C1", "message_ts": TS, "is_ephemeral": False}
    return {
        **_BASE,
        "type": "block_actions",
        "container": where,
        "channel": {"id": "C1", "name": "papers"},
        "message": {"type": "message", "bot_id": "B1", "ts": TS, "thread_ts": TS, "text": "x"},
        "state": {"values": {}},
        "response_url": "",
        "actions": [{"block_id": "b", "type": "button", "action_ts": TS} | action],
    } | more


def _view(kind: str, callback: str, values: dict[str, Any]) -> dict[str, Any]:
    return {
        "id": "V1",
        "team_id": "T1",
        "type": kind,
        "callback_id": callback,
        "private_metadata": _MEMORY,
        "blocks": [
            {"type": "input", "block_id": "tags", "element": {"type": "plain_text_input", "action_id": "tags"}}
        ],
        "state": {"values": values},
        "hash": "1.x",
        "root_view_id": "V1",
    }


def _filled(block: str, **action: Any) -> dict[str, Any]:
    return {block: {block: {"type": "plain_text_input", "value": "LLM, 日本語"} | action}}


_OPTION = {"text": {"type": "plain_text", "text": "x"}, "value": "tag:1:LLM"}

INTERACTIONS = [
    *(
        _click({"action_id": f"verb:{verb}", "value": value})
        for verb, value in (
            *(("tag", "1"), ("comment", "1"), ("read", "1"), ("unread", "2"), ("reading", "1"), ("show", "1")),
            *(("untag", "1:LLM"), ("search", "0:graph"), ("related", "1"), ("forget", "1"), ("follow", "0:LLM")),
            *(("settings", "0"), ("undo", "1"), ("list", "0"), ("digest", "0"), ("add", "0"), ("help:here", "0")),
        )
    ),
    _click({"action_id": "verb:menu", "type": "overflow", "selected_option": _OPTION}),
    _click({"action_id": "undo_tags", "value": '{"note":1,"tags":["llm"]}'}),
    _click({"action_id": "another_paper", "type": "external_select", "selected_option": {"value": "2"}}),
    _click(
        {"action_id": "home_hide_steps"}, view=_view("home", "", {}), container={"type": "view", "view_id": "V1"}
    ),
    _click(
        {"action_id": "verb:read", "value": "1", "block_id": "in:C1:1"},
        view=_view("home", "", {}) | {"private_metadata": '{"channel": "D1"}'},
        container={"type": "view", "view_id": "V1"},
        message=None,
        channel=None,
    ),
    _click({"action_id": "verb:show", "value": "1"}, view=_view("modal", "verb:show", {})),
    *(
        {**_BASE, "type": "view_submission", "view": _view("modal", f"verb:{verb}", values), "response_urls": []}
        for verb, values in (
            ("tag", _filled("tags", selected_options=[{"value": "llm"}])),
            ("comment", _filled("comment")),
            ("search", _filled("search")),
            ("add", _filled("link", value="https://arxiv.org/abs/2306.00001")),
            ("follow", _filled("follow", selected_users=["U1"], selected_channels=["C1"])),
            ("settings", _filled("zone", value="Asia/Tokyo")),
        )
    ),
    {**_BASE, "type": "view_closed", "view": _view("modal", "verb:tag", {}), "is_cleared": False},
    {
        **_BASE,
        "type": "message_action",
        "callback_id": "tag_paper",
        "channel": {"id": "C1", "name": "papers"},
        "message_ts": TS,
        "response_url": "",
        "action_ts": TS,
        "message": {"type": "message", "user": "U2", "ts": TS, "text": LINKS[1], "blocks": _RICH},
    },
    {
        **_BASE,
        "type": "message_action",
        "callback_id": "save_link",
        "channel": {"id": "C1"},
        "message_ts": TS,
        "response_url": "",
        "message": {"type": "message", "user": "U2", "ts": TS, "text": LINKS[2], "attachments": _FORWARDED},
    },
    {**_BASE, "type": "shortcut", "callback_id": "search_notes", "action_ts": TS},
    {
        **_BASE,
        "type": "block_suggestion",
        "action_id": "known_tags",
        "block_id": "tags",
        "value": "LL",
        "container": {"type": "view", "view_id": "V1"},
        "view": _view("modal", "verb:tag", {}),
    },
]
