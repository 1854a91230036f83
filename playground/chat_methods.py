"""The Web API's chat methods: posting, editing, deleting, whispering, links to messages."""

from typing import Any

from playground.calls import Args, Call, Method
from playground.payload_checks import check_message, check_metadata, message_problems, view_problems
from playground.posting import MAX_TEXT, Draft
from playground.records import Channel, Json, SlackError
from playground.review import review_message
from playground.stage import Stage
from playground.workspace import Workspace


def draft_of(args: Args) -> Draft:
    """Return the checked draft of a message; refuse what Slack would refuse."""
    text = args.text("text")
    markdown = args.text("markdown_text")
    blocks = args.objects("blocks", "invalid_blocks_format")
    attachments = args.objects("attachments", "invalid_attachments")
    if markdown and (text or blocks):
        raise SlackError("markdown_text_conflict")
    if markdown:
        blocks = [{"type": "markdown", "text": markdown}]
    check_message(text, blocks, attachments)
    metadata = args.json("metadata", "invalid_metadata_format")
    check_metadata(metadata)
    return Draft(
        text=text,
        blocks=tuple(blocks),
        attachments=tuple(attachments) if args.has("attachments") else None,
        thread_ts=args.text("thread_ts"),
        reply_broadcast=args.flag("reply_broadcast"),
        metadata=metadata,
        unfurl_links=args.flag("unfurl_links", True),
    )


def _draft(stage: Stage, call: Call) -> Draft:
    draft = draft_of(call.args)
    return review_message(stage, call.method, draft) if call.is_bot else draft


def check_length(draft: Draft) -> None:
    """Refuse a text that only chat.postMessage would cut (docs: chat.update, chat.postEphemeral)."""
    if len(draft.text) > MAX_TEXT:
        raise SlackError("msg_too_long")


def writable(stage: Stage, user_id: str, word: str) -> Channel:
    """Return the conversation to post in; a user id means the direct conversation with them."""
    channel = _addressed(stage, user_id, word)
    if is_app_dm(stage.workspace, channel) and not stage.workspace.app.messages_tab:
        raise SlackError("messages_tab_disabled")
    return channel


def is_app_dm(workspace: Workspace, channel: Channel) -> bool:
    """Tell whether this is the Messages tab of the app."""
    return channel.kind == "im" and workspace.bot_user_id in channel.members


def _addressed(stage: Stage, user_id: str, word: str) -> Channel:
    if word in stage.workspace.users:
        return stage.workspace.direct(user_id, word)
    channel = stage.workspace.channel_for(user_id, word)
    if user_id not in channel.members:
        raise SlackError("not_in_channel")
    if channel.is_archived:
        raise SlackError("is_archived")
    return channel


def post_message(stage: Stage, call: Call) -> Json:
    """chat.postMessage."""
    channel = writable(stage, call.user_id, call.args.need("channel", "channel_not_found"))
    message = stage.posting.post(call.user_id, channel, _draft(stage, call))
    return {"channel": channel.id, "ts": message["ts"], "message": message}


def update(stage: Stage, call: Call) -> Json:
    """chat.update."""
    channel = stage.workspace.channel_for(call.user_id, call.args.need("channel", "channel_not_found"))
    draft = _draft(stage, call)
    check_length(draft)
    message = stage.posting.edit(call.user_id, channel, call.args.need("ts", "message_not_found"), draft)
    return {"channel": channel.id, "ts": message["ts"], "text": message["text"], "message": message}


def delete(stage: Stage, call: Call) -> Json:
    """chat.delete."""
    channel = stage.workspace.channel_for(call.user_id, call.args.need("channel", "channel_not_found"))
    ts = call.args.need("ts", "message_not_found")
    stage.posting.delete(call.user_id, channel, ts)
    return {"channel": channel.id, "ts": ts}


def post_ephemeral(stage: Stage, call: Call) -> Json:
    """chat.postEphemeral."""
    channel = writable(stage, call.user_id, call.args.need("channel", "channel_not_found"))
    user_id = call.args.need("user", "user_not_in_channel")
    if user_id not in channel.members:
        raise SlackError("user_not_in_channel")
    draft = _draft(stage, call)
    check_length(draft)
    message = ephemeral(stage, call.user_id, channel, draft)
    stage.whisper(user_id, message)
    return {"message_ts": message["ts"]}


def ephemeral(stage: Stage, author: str, channel: Channel, draft: Draft) -> Json:
    """Return a message for one member's eyes."""
    message = stage.posting.compose(author, draft)
    message |= {"ts": stage.workspace.new_ts(), "is_ephemeral": True, "channel": channel.id}
    return message | ({"thread_ts": draft.thread_ts} if draft.thread_ts else {})


def get_permalink(stage: Stage, call: Call) -> Json:
    """chat.getPermalink."""
    channel = stage.workspace.channel_for(call.user_id, call.args.need("channel", "channel_not_found"))
    message = stage.workspace.message(channel.id, call.args.need("message_ts", "message_not_found"))
    link = f"{stage.url}/archives/{channel.id}/p{message['ts'].replace('.', '')}"
    thread = message.get("thread_ts")
    if thread and thread != message["ts"]:
        link += f"?thread_ts={thread}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def blocks_validate(_stage: Stage, call: Call) -> Json:
    """blocks.validate: exactly one of blocks, message and view."""
    given = [name for name in ("blocks", "message", "view") if call.args.has(name)]
    if len(given) != 1:
        raise SlackError("invalid_arguments")
    value: Any = call.args.json(given[0], "invalid_json")
    if given[0] == "view":
        problems = view_problems(value)
    else:
        blocks = value.get("blocks", []) if isinstance(value, dict) else value
        problems = message_problems(blocks)
    if problems:
        raise SlackError("invalid_blocks", errors=problems, response_metadata={"messages": problems})
    return {}


METHODS: dict[str, Method] = {
    "chat.postMessage": post_message,
    "chat.update": update,
    "chat.delete": delete,
    "chat.postEphemeral": post_ephemeral,
    "chat.getPermalink": get_permalink,
    "blocks.validate": blocks_validate,
}
