"""What a bot token may do and hear: the scopes that each method and each event needs.

Source: docs.slack.dev/reference/methods and docs.slack.dev/reference/events, "Required scopes" of each page.
"""

from playground.records import SlackApp, SlackError

_READ = {"public": "channels:read", "private": "groups:read", "im": "im:read", "mpim": "mpim:read"}
_HISTORY = {"public": "channels:history", "private": "groups:history", "im": "im:history", "mpim": "mpim:history"}
_MANAGE = {"public": "channels:manage", "private": "groups:write", "im": "im:write", "mpim": "mpim:write"}
_JOINED = {"public": "channels:read", "private": "groups:read"}

# A text is needed always; a dict names the scope by the kind of conversation.
_METHODS: dict[str, str | dict[str, str]] = {
    **dict.fromkeys(("chat.postMessage", "chat.update", "chat.delete", "chat.postEphemeral"), "chat:write"),
    **dict.fromkeys(
        ("conversations.info", "conversations.list", "conversations.members", "users.conversations"), _READ
    ),
    **dict.fromkeys(("conversations.history", "conversations.replies"), _HISTORY),
    **dict.fromkeys(
        (
            "conversations.archive",
            "conversations.create",
            "conversations.invite",
            "conversations.kick",
            "conversations.leave",
            "conversations.open",
            "conversations.unarchive",
        ),
        _MANAGE,
    ),
    "conversations.join": "channels:join",
    "reactions.add": "reactions:write",
    "reactions.remove": "reactions:write",
    "reactions.get": "reactions:read",
    **dict.fromkeys(("users.info", "users.list", "bots.info"), "users:read"),
    "users.profile.get": "users.profile:read",
    "team.info": "team:read",
}
_EVENTS: dict[str, str | dict[str, str]] = {
    "app_mention": "app_mentions:read",
    "message.channels": "channels:history",
    "message.groups": "groups:history",
    "message.im": "im:history",
    "message.mpim": "mpim:history",
    "reaction_added": "reactions:read",
    "reaction_removed": "reactions:read",
    "member_joined_channel": _JOINED,
    "member_left_channel": _JOINED,
    "channel_left": "channels:read",
    "group_left": "groups:read",
    **dict.fromkeys(("channel_shared", "channel_unshared", "channel_id_changed"), _JOINED),
    **dict.fromkeys(("file_shared", "file_deleted"), "files:read"),
}


def check_method(app: SlackApp, method: str, kind: str) -> None:
    """Refuse a call of the app for which it lacks the scope; `kind` is the conversation's, or empty."""
    needed = _choices(_METHODS.get(method), kind)
    if app.scopes is not None and needed and not app.scopes.intersection(needed):
        raise SlackError("missing_scope", needed=",".join(needed), provided=",".join(sorted(app.scopes)))


def may_hear(app: SlackApp, subscription: str, kind: str) -> bool:
    """Tell whether the app has subscribed to an event and has the scope for it; `kind` as above."""
    if app.events is not None and subscription not in app.events:
        return False
    needed = _choices(_EVENTS.get(subscription), kind)
    return app.scopes is None or not needed or bool(app.scopes.intersection(needed))


def _choices(rule: str | dict[str, str] | None, kind: str) -> list[str]:
    """Return the scopes of which one is enough; none when nothing is needed."""
    if rule is None:
        return []
    if isinstance(rule, str):
        return [rule]
    return [rule[kind]] if kind in rule else list(rule.values())
