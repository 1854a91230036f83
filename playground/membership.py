"""Who is in a conversation: joining, inviting, leaving, removing, and what Slack posts and tells of it.

Source: docs.slack.dev/reference/methods (conversations.invite, .kick, .join, .leave) and
docs.slack.dev/reference/events (member_joined_channel, member_left_channel, channel_left, group_left).
"""

from playground.records import Channel, Json, SlackError
from playground.stage import Stage


def join(stage: Stage, channel: Channel, user_id: str) -> bool:
    """Let someone into a public channel; return False for who is in it already."""
    if channel.kind != "public":
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    if user_id in channel.members:
        return False
    _add(stage, channel, user_id, "")
    return True


def invite(stage: Stage, channel: Channel, inviter: str, user_ids: list[str]) -> None:
    """Add people or the app, as a member may."""
    if channel.is_direct:
        raise SlackError("method_not_supported_for_channel_type")
    if inviter not in channel.members:
        raise SlackError("not_in_channel")
    if channel.is_archived:
        raise SlackError("is_archived")
    for user_id in user_ids:
        stage.workspace.user(user_id)
        if user_id == inviter:
            raise SlackError("cant_invite_self")
        if user_id in channel.members:
            raise SlackError("already_in_channel")
    for user_id in user_ids:
        _add(stage, channel, user_id, inviter)


def leave(stage: Stage, channel: Channel, user_id: str) -> bool:
    """Let someone out; return False for who was not in."""
    if channel.is_direct:
        raise SlackError("method_not_supported_for_channel_type")
    if channel.name == "general":
        raise SlackError("cant_leave_general")
    if user_id not in channel.members:
        return False
    _remove(stage, channel, user_id, user_id)
    return True


def kick(stage: Stage, channel: Channel, actor: str, user_id: str) -> None:
    """Remove someone or the app, as a member may."""
    if channel.is_direct:
        raise SlackError("method_not_supported_for_channel_type")
    if user_id == actor:
        raise SlackError("cant_kick_self")
    if channel.name == "general":
        raise SlackError("cant_kick_from_general")
    if user_id not in channel.members or actor not in channel.members:
        raise SlackError("not_in_channel")
    _remove(stage, channel, user_id, actor)


def _add(stage: Stage, channel: Channel, user_id: str, inviter: str) -> None:
    channel.members.append(user_id)
    stage.workspace.save_channel(channel)
    more: Json = {"inviter": inviter} if inviter else {}
    stage.posting.notice(channel, user_id, "channel_join", f"<@{user_id}> has joined the channel", **more)
    stage.events.joined(channel, user_id, inviter)


def _remove(stage: Stage, channel: Channel, user_id: str, actor: str) -> None:
    channel.members.remove(user_id)
    stage.workspace.save_channel(channel)
    text = f"<@{user_id}> has left the channel"
    if actor != user_id:
        text = f"<@{user_id}> was removed from the channel by <@{actor}>"
    stage.posting.notice(channel, user_id, "channel_leave", text)
    stage.events.left(channel, user_id, actor)
