"""What the app is asked when a person does something, and its answer: the parts that all such payloads share.

Source: docs.slack.dev/reference/interaction-payloads.
"""

from playground.records import Channel, Json, SlackError
from playground.routes import NotDelivered
from playground.stage import Stage

NO_ANSWER = "We had some trouble connecting. Try again?"


class Asking:
    """Makes payloads and sends them."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def payload(self, kind: str, user_id: str, view_id: str = "") -> Json:
        """Return what every payload has, with a new trigger."""
        workspace = self._stage.workspace
        user = workspace.user(user_id)
        return {
            "type": kind,
            "user": {"id": user_id, "username": user["name"], "name": user["name"], "team_id": user["team_id"]},
            "api_app_id": workspace.bot["app_id"],
            "token": "playground",
            "team": {"id": workspace.team["id"], "domain": workspace.team["domain"]},
            "enterprise": None,
            "is_enterprise_install": False,
            "trigger_id": self._stage.grants.new_trigger(user_id, view_id),
        }

    async def ask(self, payload: Json) -> Json:
        """Send an interaction once and return the app's answer; refuse as the person would see it."""
        try:
            return await self._stage.delivery.ask("interactive", payload)
        except NotDelivered as failure:
            code = "operation_timeout" if "timeout" in failure.reason else "dispatch_failed"
            raise SlackError(code, detail=NO_ANSWER) from failure


def brief(channel: Channel) -> Json:
    """Return a conversation as payloads name it."""
    names = {"im": "directmessage", "private": "privategroup"}
    return {"id": channel.id, "name": names.get(channel.kind, channel.name)}


def message_container(channel: Channel, message: Json, *, is_ephemeral: bool) -> Json:
    """Return the `container` of something done in a message."""
    container: Json = {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": channel.id,
        "is_ephemeral": is_ephemeral,
    }
    return container | ({"thread_ts": message["thread_ts"]} if message.get("thread_ts") else {})


def view_container(view: Json) -> Json:
    """Return the `container` of something done in a modal or in the Home."""
    return {"type": "view", "view_id": view["id"]}
