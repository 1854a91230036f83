"""The Web API's conversations methods: lists, history, threads, members, joining and leaving."""

import base64
import re

from playground import membership
from playground.calls import Args, Call, Method, page_of
from playground.records import Channel, Json, SlackError
from playground.stage import Stage

_KINDS = {"public_channel": "public", "private_channel": "private", "mpim": "mpim", "im": "im"}
_NAME = re.compile(r"[\w-]{1,80}")


def described(stage: Stage, user_id: str, channel: Channel) -> Json:
    """Return a conversation as the API gives it to this user."""
    workspace = stage.workspace
    base: Json = {
        "id": channel.id,
        "created": channel.created,
        "is_archived": channel.is_archived,
        "is_im": channel.kind == "im",
        "is_mpim": channel.kind == "mpim",
        "is_org_shared": False,
        "context_team_id": workspace.team["id"],
        "updated": channel.created * 1000,
    }
    if channel.kind == "im":
        other = next((m for m in channel.members if m != user_id), user_id)
        return base | {"user": other, "is_user_deleted": False, "priority": 0, "is_open": True}
    return base | {
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": channel.kind == "public",
        "is_group": channel.kind == "private",
        "is_private": channel.kind != "public",
        "is_general": channel.name == "general",
        "is_member": user_id in channel.members,
        "is_shared": channel.is_ext_shared,
        "is_ext_shared": channel.is_ext_shared,
        "is_pending_ext_shared": False,
        "pending_shared": [],
        "creator": channel.creator,
        "unlinked": 0,
        "previous_names": [],
        "topic": {"value": channel.topic, "creator": "", "last_set": 0},
        "purpose": {"value": channel.purpose, "creator": "", "last_set": 0},
        "num_members": len(channel.members),
    }


def _found(stage: Stage, call: Call) -> Channel:
    return stage.workspace.channel_for(call.user_id, call.args.need("channel", "channel_not_found"))


def _readable(stage: Stage, call: Call) -> Channel:
    channel = _found(stage, call)
    if call.is_bot and call.user_id not in channel.members:
        raise SlackError("not_in_channel")
    return channel


def _wanted_kinds(args: Args) -> set[str]:
    words = [word.strip() for word in args.text("types", "public_channel").split(",") if word.strip()]
    if any(word not in _KINDS for word in words):
        raise SlackError("invalid_types")
    return {_KINDS[word] for word in words}


def list_channels(stage: Stage, call: Call) -> Json:
    """conversations.list: public ones, and of the others those that the caller is in."""
    kinds = _wanted_kinds(call.args)
    skip_archived = call.args.flag("exclude_archived")
    rows = [
        described(stage, call.user_id, channel)
        for channel in stage.workspace.channels.values()
        if channel.kind in kinds
        and (channel.kind == "public" or call.user_id in channel.members)
        and not (skip_archived and channel.is_archived)
    ]
    page, cursor = page_of(rows, call.args)
    return {"channels": page, "response_metadata": {"next_cursor": cursor}}


def users_conversations(stage: Stage, call: Call) -> Json:
    """users.conversations: those that the caller (or `user`) is in and the caller may see."""
    kinds = _wanted_kinds(call.args)
    who = stage.workspace.user(call.args.text("user", call.user_id))["id"]
    rows = [
        described(stage, call.user_id, channel)
        for channel in stage.workspace.channels_of(who)
        if channel.kind in kinds and (channel.kind == "public" or call.user_id in channel.members)
    ]
    page, cursor = page_of(rows, call.args)
    return {"channels": page, "response_metadata": {"next_cursor": cursor}}


def info(stage: Stage, call: Call) -> Json:
    """conversations.info."""
    return {"channel": described(stage, call.user_id, _found(stage, call))}


def _between(rows: list[Json], args: Args) -> list[Json]:
    inclusive = args.flag("inclusive")
    low = _moment(args.text("oldest") or "0", "invalid_ts_oldest")
    high = _moment(args.text("latest") or "inf", "invalid_ts_latest")
    return [
        row for row in rows if (low < float(row["ts"]) < high) or (inclusive and float(row["ts"]) in (low, high))
    ]


def _moment(text: str, refusal: str) -> float:
    try:
        return float(text)
    except ValueError:
        raise SlackError(refusal) from None


def _shown(rows: list[Json], args: Args) -> list[Json]:
    hidden = set() if args.flag("include_all_metadata") else {"metadata"}
    return [{key: value for key, value in row.items() if key not in hidden} for row in rows]


def _page_by_ts(rows: list[Json], args: Args, *, largest: int, newest_first: bool) -> tuple[list[Json], str]:
    """Return one page and the cursor of the next: a time, so that news in between moves nothing."""
    limit = args.number("limit", 100 if newest_first else largest, largest)
    start = 0
    if args.text("cursor"):
        at = float(_time_of(args.text("cursor")))
        times = (float(row["ts"]) for row in rows)
        start = sum(ts > at if newest_first else ts < at for ts in times)
    following = rows[start + limit : start + limit + 1]
    return rows[start : start + limit], _cursor(following[0]["ts"]) if following else ""


def _cursor(ts: str) -> str:
    return base64.b64encode(f"next_ts:{ts.replace('.', '')}".encode()).decode()


def _time_of(cursor: str) -> str:
    try:
        word, _, digits = base64.b64decode(cursor, validate=True).decode().partition(":")
    except ValueError:
        raise SlackError("invalid_cursor") from None
    if word != "next_ts" or not digits.isdecimal() or len(digits) < 7:
        raise SlackError("invalid_cursor")
    return f"{digits[:-6]}.{digits[-6:]}"


def history(stage: Stage, call: Call) -> Json:
    """conversations.history: newest first, without thread replies that were not also sent to the channel."""
    channel = _readable(stage, call)
    top = [
        message
        for message in stage.workspace.messages[channel.id].values()
        if message.get("thread_ts") in (None, message["ts"]) or message.get("subtype") == "thread_broadcast"
    ]
    rows = _between(top, call.args)[::-1]
    page, cursor = _page_by_ts(rows, call.args, largest=999, newest_first=True)
    answer: Json = {"messages": _shown(page, call.args), "has_more": bool(cursor), "pin_count": 0}
    return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


def replies(stage: Stage, call: Call) -> Json:
    """conversations.replies: the parent and its replies, oldest first."""
    channel = _readable(stage, call)
    ts = call.args.need("ts", "thread_not_found")
    found = stage.workspace.messages[channel.id].get(ts)
    if found is None:
        raise SlackError("thread_not_found")
    parent = stage.workspace.messages[channel.id].get(found.get("thread_ts", ts), found)
    thread = list(stage.workspace.thread(channel.id, parent["ts"]))
    if call.args.text("oldest") or call.args.text("latest"):
        thread = _between(thread, call.args)
    page, cursor = _page_by_ts([parent, *thread], call.args, largest=1000, newest_first=False)
    answer: Json = {"messages": _shown(page, call.args), "has_more": bool(cursor)}
    return answer | ({"response_metadata": {"next_cursor": cursor}} if cursor else {})


def members(stage: Stage, call: Call) -> Json:
    """conversations.members."""
    channel = _found(stage, call)
    page, cursor = page_of([{"id": member} for member in channel.members], call.args)
    return {"members": [row["id"] for row in page], "response_metadata": {"next_cursor": cursor}}


def join(stage: Stage, call: Call) -> Json:
    """conversations.join: public channels only."""
    channel = _found(stage, call)
    fresh = membership.join(stage, channel, call.user_id)
    answer: Json = {"channel": described(stage, call.user_id, channel)}
    return answer if fresh else answer | {"warning": "already_in_channel"}


def open_direct(stage: Stage, call: Call) -> Json:
    """conversations.open: a direct conversation with one to eight users, or an existing one by id."""
    if call.args.text("channel"):
        channel = _found(stage, call)
        if not channel.is_direct:
            raise SlackError("method_not_supported_for_channel_type")
    else:
        users = [word.strip() for word in call.args.need("users", "users_list_not_supplied").split(",")]
        if len(users) > 8:
            raise SlackError("too_many_users")
        channel = stage.workspace.direct(call.user_id, *users)
    if call.args.flag("return_im"):
        return {"channel": described(stage, call.user_id, channel)}
    return {"channel": {"id": channel.id}}


def create(stage: Stage, call: Call) -> Json:
    """conversations.create."""
    name = call.args.need("name", "invalid_name_required")
    if not _NAME.fullmatch(name) or name != name.lower():
        raise SlackError("invalid_name_specials")
    if any(channel.name == name for channel in stage.workspace.channels.values()):
        raise SlackError("name_taken")
    kind = "private" if call.args.flag("is_private") else "public"
    channel = stage.workspace.new_channel(name, kind, call.user_id, [call.user_id])
    stage.live.tell_channel(channel, {"type": "channels"})
    return {"channel": described(stage, call.user_id, channel)}


def invite(stage: Stage, call: Call) -> Json:
    """conversations.invite."""
    channel = _found(stage, call)
    users = [word.strip() for word in call.args.need("users", "no_user").split(",")]
    membership.invite(stage, channel, call.user_id, users)
    return {"channel": described(stage, call.user_id, channel)}


def leave(stage: Stage, call: Call) -> Json:
    """conversations.leave."""
    return {} if membership.leave(stage, _found(stage, call), call.user_id) else {"not_in_channel": True}


def kick(stage: Stage, call: Call) -> Json:
    """conversations.kick."""
    membership.kick(stage, _found(stage, call), call.user_id, call.args.need("user", "user_not_found"))
    return {}


def archive(stage: Stage, call: Call) -> Json:
    """conversations.archive and conversations.unarchive."""
    channel = _found(stage, call)
    wanted = call.method == "conversations.archive"
    if channel.is_archived == wanted:
        raise SlackError("already_archived" if wanted else "not_archived")
    channel.is_archived = wanted
    stage.workspace.save_channel(channel)
    stage.live.tell_channel(channel, {"type": "channels"})
    return {}


METHODS: dict[str, Method] = {
    "conversations.list": list_channels,
    "conversations.info": info,
    "conversations.history": history,
    "conversations.replies": replies,
    "conversations.members": members,
    "conversations.join": join,
    "conversations.open": open_direct,
    "conversations.create": create,
    "conversations.invite": invite,
    "conversations.leave": leave,
    "conversations.kick": kick,
    "conversations.archive": archive,
    "conversations.unarchive": archive,
    "users.conversations": users_conversations,
}
