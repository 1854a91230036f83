"""Events as the app gets them: who hears of what, in the shapes of Slack's Events API."""

import secrets
import time
from typing import Any

from playground.delivery import Delivery
from playground.live import Live
from playground.records import Channel, Json
from playground.scopes import may_hear
from playground.workspace import Workspace

_MESSAGE_EVENTS = {
    "public": "message.channels",
    "private": "message.groups",
    "im": "message.im",
    "mpim": "message.mpim",
}


class Events:
    """Tells the app (only of conversations that it is in) and open pages what has happened."""

    def __init__(self, workspace: Workspace, delivery: Delivery, live: Live) -> None:
        self._workspace = workspace
        self._delivery = delivery
        self._live = live

    def posted(self, channel: Channel, message: Json, *, mentions: bool = True) -> None:
        """A message is new: `message`, and `app_mention` when it names the app outside a direct message.

        Slack's own notices have no `mentions`.
        """
        self._live.tell_channel(channel, {"type": "message", "message": message})
        event = _without_metadata(message) | {"channel": channel.id, "event_ts": message["ts"]}
        event["channel_type"] = channel.channel_type
        self._message_event(channel, event)
        if mentions:
            self._mention(channel, event)

    def changed(self, channel: Channel, message: Json, previous: Json) -> None:
        """A message is different: an edit, a preview that Slack attached, or a tombstone.

        An edit that mentions the app comes as `app_mention` too: the message, with its old `ts`, as it reads now.
        """
        self._live.tell_channel(channel, {"type": "message", "message": message})
        ts = self._workspace.new_ts()
        self._message_event(
            channel,
            {
                "type": "message",
                "subtype": "message_changed",
                "message": _without_metadata(message),
                "previous_message": _without_metadata(previous),
                "channel": channel.id,
                "hidden": True,
                "ts": ts,
                "event_ts": ts,
                "channel_type": channel.channel_type,
            },
        )
        if message.get("edited") != previous.get("edited"):
            self._mention(channel, _without_metadata(message) | {"channel": channel.id, "event_ts": ts})

    def deleted(self, channel: Channel, previous: Json) -> None:
        """A message is gone."""
        self._live.tell_channel(
            channel, {"type": "gone", "ts": previous["ts"], "thread_ts": previous.get("thread_ts")}
        )
        ts = self._workspace.new_ts()
        self._message_event(
            channel,
            {
                "type": "message",
                "subtype": "message_deleted",
                "previous_message": _without_metadata(previous),
                "channel": channel.id,
                "hidden": True,
                "deleted_ts": previous["ts"],
                "event_ts": ts,
                "ts": ts,
                "channel_type": channel.channel_type,
            },
        )

    def touched(self, channel: Channel, message: Json) -> None:
        """A message looks different to people, but no event goes out (reply counts)."""
        self._live.tell_channel(channel, {"type": "message", "message": message})

    def reaction(self, channel: Channel, message: Json, user: str, name: str, *, added: bool) -> None:
        """A reaction came or went."""
        self._live.tell_channel(channel, {"type": "message", "message": message})
        kind = "reaction_added" if added else "reaction_removed"
        event = {
            "type": kind,
            "user": user,
            "reaction": name,
            "item": {"type": "message", "channel": channel.id, "ts": message["ts"]},
            "event_ts": self._workspace.new_ts(),
        }
        if message.get("user"):
            event["item_user"] = message["user"]
        self._send(channel, kind, event)

    def shared(self, channel: Channel, team: str) -> None:
        """A channel is now shared with another team.

        docs.slack.dev/reference/events/channel_shared
        """
        event = {"type": "channel_shared", "connected_team_id": team, "channel": channel.id}
        self._send(channel, "channel_shared", event | {"event_ts": self._workspace.new_ts()})

    def joined(self, channel: Channel, user: str, inviter: str) -> None:
        """A person or the app is now in a channel."""
        self._live.tell_channel(channel, {"type": "channels"})
        event = {
            "type": "member_joined_channel",
            "user": user,
            "channel": channel.id,
            "channel_type": "C" if channel.kind == "public" else "G",
            "team": self._workspace.user(user)["team_id"],
            "event_ts": self._workspace.new_ts(),
        }
        self._send(channel, "member_joined_channel", event | ({"inviter": inviter} if inviter else {}))

    def left(self, channel: Channel, user: str, actor: str) -> None:
        """Someone left a channel or was removed by `actor`; the app hears `channel_left` or `group_left`.

        Once outside the app hears no member_left_channel (node-slack-sdk issue 931, bolt-js issue 1847).
        """
        self._live.tell_channel(channel, {"type": "channels"})
        self._live.tell(user, {"type": "channels"})
        ts = self._workspace.new_ts()
        if user == self._workspace.bot_user_id:
            kind = "channel_left" if channel.kind == "public" else "group_left"
            event: Json = {"type": kind, "channel": channel.id, "actor_id": actor, "event_ts": ts}
            self._send(None, kind, event)
            return
        event = {
            "type": "member_left_channel",
            "user": user,
            "channel": channel.id,
            "channel_type": "C" if channel.kind == "public" else "G",
            "team": self._workspace.user(user)["team_id"],
            "event_ts": ts,
        }
        self._send(channel, "member_left_channel", event)

    def home_opened(self, user: str, channel: Channel, tab: str, view: Json | None) -> None:
        """A member looks at the app's Home or Messages tab."""
        event = {"type": "app_home_opened", "user": user, "channel": channel.id, "tab": tab}
        event["event_ts"] = self._workspace.new_ts()
        self._send(None, "app_home_opened", event | ({"view": view} if view else {}))

    def other(self, event: Json) -> None:
        """Send any other event, as it is."""
        self._send(None, str(event.get("type")), {"event_ts": self._workspace.new_ts()} | event)

    def rate_limited(self) -> None:
        """Tell the app that it misses events of this minute (docs: events/app_rate_limited; no inner event)."""
        minute = int(time.time()) // 60 * 60
        payload = {
            "token": "playground",
            "type": "app_rate_limited",
            "team_id": self._workspace.team["id"],
            "minute_rate_limited": minute,
            "api_app_id": self._workspace.bot["app_id"],
        }
        self._delivery.event(payload, f"limited-{secrets.token_hex(5)}")

    def _mention(self, channel: Channel, message: Json) -> None:
        bot = self._workspace.bot_user_id
        mentioned = f"<@{bot}>" in message.get("text", "") or f"<@{bot}|" in message.get("text", "")
        # docs: events/app_mention: messages in direct conversations do not dispatch app_mention.
        if mentioned and not channel.is_direct and message.get("user") != bot:
            mention = {name: value for name, value in message.items() if name not in ("channel_type", "subtype")}
            self._send(channel, "app_mention", mention | {"type": "app_mention"})

    def _message_event(self, channel: Channel, event: Json) -> None:
        self._send(channel, _MESSAGE_EVENTS[channel.kind], event)

    def _send(self, channel: Channel | None, subscription: str, event: Json) -> None:
        workspace = self._workspace
        if channel is not None and workspace.bot_user_id not in channel.members:
            return
        if not may_hear(workspace.app, subscription, channel.kind if channel else ""):
            return
        where = channel.id if channel else "none"
        payload: dict[str, Any] = {
            "token": "playground",
            "team_id": workspace.team["id"],
            "context_team_id": workspace.team["id"],
            "context_enterprise_id": None,
            "api_app_id": workspace.bot["app_id"],
            "event": event,
            "type": "event_callback",
            "event_id": "Ev" + secrets.token_hex(5).upper(),
            "event_time": int(time.time()),
            "authorizations": [
                {
                    "enterprise_id": None,
                    "team_id": workspace.team["id"],
                    "user_id": workspace.bot_user_id,
                    "is_bot": True,
                    "is_enterprise_install": False,
                }
            ],
            "is_ext_shared_channel": channel is not None and channel.is_ext_shared,
            "event_context": f"1-{event['type']}-{workspace.team['id']}-{where}",
        }
        self._delivery.event(payload)


def _without_metadata(message: Json) -> Json:
    # docs: metadata arrives with message_metadata_posted events and include_all_metadata only.
    return {key: value for key, value in message.items() if key != "metadata"}
