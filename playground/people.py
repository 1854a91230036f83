"""What a person does in Slack's client without a public method: commands, clicks, modals, shortcuts."""

from typing import Any

from playground.chat_methods import ephemeral
from playground.inputs import action_of, find_element, state_errors, view_state
from playground.payload_checks import check_view
from playground.posting import Draft
from playground.records import Channel, Command, Json, SlackError
from playground.responses import Responses
from playground.routes import NotDelivered
from playground.stage import Stage
from playground.typed_text import rich_text, slack_text

NO_ANSWER = "We had some trouble connecting. Try again?"


class People:
    """The deeds of members. Each method takes the acting member's id first."""

    def __init__(self, stage: Stage, responses: Responses) -> None:
        self._stage = stage
        self._responses = responses

    def _channel(self, user_id: str, word: str) -> Channel:
        channel = self._stage.workspace.channel_for(user_id, word)
        if user_id not in channel.members:
            raise SlackError("not_in_channel")
        return channel

    def _person(self, user_id: str) -> Json:
        user = self._stage.workspace.user(user_id)
        return {"id": user_id, "username": user["name"], "name": user["name"], "team_id": user["team_id"]}

    def _team(self) -> Json:
        team = self._stage.workspace.team
        return {"id": team["id"], "domain": team["domain"]}

    def _payload(self, kind: str, user_id: str, view_id: str = "") -> Json:
        return {
            "type": kind,
            "user": self._person(user_id),
            "api_app_id": self._stage.workspace.bot["app_id"],
            "token": "playground",
            "team": self._team(),
            "enterprise": None,
            "is_enterprise_install": False,
            "trigger_id": self._stage.grants.new_trigger(user_id, view_id),
        }

    def _slackbot(self, user_id: str, channel: Channel, text: str) -> None:
        """Let Slack itself say something to one member."""
        message = ephemeral(self._stage, self._stage.workspace.bot_user_id, channel, Draft(text))
        for key in ("bot_id", "app_id", "bot_profile"):
            del message[key]
        self._stage.whisper(user_id, message | {"user": "USLACKBOT"})

    def say(self, user_id: str, word: str, text: str, thread_ts: str, *, broadcast: bool) -> Json:
        """Type a message into the composer."""
        if not text.strip():
            raise SlackError("no_text")
        channel = self._channel(user_id, word)
        draft = Draft(text, thread_ts=thread_ts, reply_broadcast=broadcast, typed=True)
        message = self._stage.posting.post(user_id, channel, draft)
        return {"channel": channel.id, "ts": message["ts"], "message": message}

    def edit(self, user_id: str, word: str, ts: str, text: str) -> Json:
        """Edit an own message in the composer."""
        if not text.strip():
            raise SlackError("no_text")
        message = self._stage.posting.edit(user_id, self._channel(user_id, word), ts, Draft(text, typed=True))
        return {"message": message}

    async def command(self, user_id: str, word: str, line: str, thread_ts: str) -> Json:
        """Type a slash command; the app's answer is shown as it asks."""
        channel = self._channel(user_id, word)
        name, _, text = line.strip().partition(" ")
        if not name.startswith("/") or len(name) < 2:
            raise SlackError("invalid_command")
        if thread_ts:
            self._slackbot(user_id, channel, f"{name} is not supported in threads. Sorry!")
            raise SlackError("not_supported_in_threads")
        command = self._command(name)
        if command is None:
            self._slackbot(user_id, channel, f"{name} is not a valid command.")
            raise SlackError("unknown_command")
        address = self._stage.grants.new_address(user_id, channel.id, None, is_ephemeral=False)
        payload = self._command_payload(user_id, channel, command, text.strip(), self._responses.url(address))
        try:
            answer = await self._stage.delivery.ask("slash_commands", payload)
        except NotDelivered as failure:
            code = "operation_timeout" if "timeout" in failure.reason else "dispatch_failed"
            self._slackbot(user_id, channel, f'{name} failed with the error "{code}"')
            raise SlackError(code) from failure
        if answer.get("text") or answer.get("blocks") or answer.get("attachments"):
            self._responses.take(self._stage.grants.use_address(address), answer)
        return {"answer": answer}

    def _command(self, name: str) -> Command | None:
        commands = self._stage.workspace.app.commands
        if not commands:
            return Command(name)
        return next((command for command in commands if command.name == name), None)

    def _command_payload(self, user_id: str, channel: Channel, command: Command, text: str, url: str) -> Json:
        workspace = self._stage.workspace
        if command.should_escape:
            text = slack_text(rich_text(text, self._stage.posting.find, typed=True))
        names = {"im": "directmessage", "private": "privategroup"}
        return {
            "token": "playground",
            "team_id": workspace.team["id"],
            "team_domain": workspace.team["domain"],
            "channel_id": channel.id,
            "channel_name": names.get(channel.kind, channel.name),
            "user_id": user_id,
            "user_name": workspace.users[user_id]["name"],
            "command": command.name,
            "text": text,
            "api_app_id": workspace.bot["app_id"],
            "is_enterprise_install": "false",
            "response_url": url,
            "trigger_id": self._stage.grants.new_trigger(user_id),
        }

    async def _ask(self, payload: Json) -> Json:
        try:
            return await self._stage.delivery.ask("interactive", payload)
        except NotDelivered as failure:
            code = "operation_timeout" if "timeout" in failure.reason else "dispatch_failed"
            raise SlackError(code, detail=NO_ANSWER) from failure

    def _shown(self, user_id: str, channel: Channel, ts: str) -> tuple[Json, bool]:
        """Return a message that the member sees, and whether only they see it."""
        for message in self._stage.ephemeral.get(user_id, ()):
            if message["ts"] == ts and message["channel"] == channel.id:
                return message, True
        return self._stage.workspace.message(channel.id, ts), False

    async def click(self, user_id: str, word: str, ts: str, what: Json) -> Json:
        """Click a button or choose in a message. `what`: action_id, block_id or text, and value."""
        channel = self._channel(user_id, word)
        message, is_ephemeral = self._shown(user_id, channel, ts)
        action = self._action(message.get("blocks", []), what)
        address = self._stage.grants.new_address(user_id, channel.id, message, is_ephemeral=is_ephemeral)
        container: Json = {
            "type": "message",
            "message_ts": ts,
            "channel_id": channel.id,
            "is_ephemeral": is_ephemeral,
        }
        if message.get("thread_ts"):
            container["thread_ts"] = message["thread_ts"]
        payload = self._payload("block_actions", user_id) | {
            "container": container,
            "channel": _brief(channel),
            "state": {"values": what.get("state") or {}},
            "response_url": self._responses.url(address),
            "actions": [action],
        }
        if not is_ephemeral:
            payload["message"] = message
        await self._ask(payload)
        return {"action": action}

    def _action(self, blocks: list[Json], what: Json) -> Json:
        words = (str(what.get(key) or "") for key in ("action_id", "block_id", "text"))
        block, element = find_element(blocks, *words)
        return action_of(block, element, what.get("value"), self._stage.workspace.new_ts())

    async def click_view(self, user_id: str, view_id: str, what: Json, values: Json) -> Json:
        """Click or choose in an open modal or in the Home tab."""
        view = self._view(user_id, view_id)
        action = self._action(view["blocks"], what)
        if view["type"] == "modal":
            view = self._stage.views.keep_state(view["id"], view_state(view, values))
        payload = self._payload("block_actions", user_id, view["id"]) | {
            "container": {"type": "view", "view_id": view["id"]},
            "view": view,
            "actions": [action],
        }
        await self._ask(payload)
        return {"action": action}

    def _view(self, user_id: str, view_id: str) -> Json:
        home = self._stage.workspace.homes.get(user_id)
        if view_id == "home" or (home is not None and home["id"] == view_id):
            if home is None:
                raise SlackError("not_found")
            return home
        stack = self._stage.views.stack(user_id)
        view = next((v for v in reversed(stack) if view_id in ("", v["id"])), None)
        if view is None:
            raise SlackError("not_found")
        return view

    async def submit(self, user_id: str, view_id: str, values: Json) -> Json:
        """Fill in and submit a modal; the app may answer with errors, another view, or close all."""
        view = self._view(user_id, view_id)
        state = view_state(view, values)
        view = self._stage.views.keep_state(view["id"], state)
        errors = state_errors(view, state)
        if errors:
            self._stage.views.set_errors(view["id"], errors)
            return {"response_action": "errors", "errors": errors}
        payload = self._payload("view_submission", user_id, view["id"]) | {"view": view, "response_urls": []}
        answer = await self._ask(payload)
        return self._after_submit(user_id, view["id"], answer)

    def _after_submit(self, user_id: str, view_id: str, answer: Json) -> Json:
        action = answer.get("response_action")
        if action == "errors":
            self._stage.views.set_errors(view_id, answer.get("errors") or {})
        elif action == "update":
            self._stage.views.update(view_id, "", check_view(answer.get("view"), "modal"), "")
        elif action == "push":
            self._stage.views.push(user_id, check_view(answer.get("view"), "modal"))
        elif action == "clear":
            self._stage.views.close(user_id, everything=True)
        elif action is None:
            stack = self._stage.views.stack(user_id)
            if stack and stack[-1]["id"] == view_id:
                self._stage.views.close(user_id, everything=False)
        else:
            raise SlackError("invalid_response_action")
        return {"response_action": action, "errors": answer.get("errors", {})}

    async def close_view(self, user_id: str, *, everything: bool) -> Json:
        """Close the modal on top, or all; the app hears of it where it has asked to."""
        closed = self._stage.views.close(user_id, everything=everything)
        for view in closed:
            if view["notify_on_close"]:
                payload = self._payload("view_closed", user_id) | {"view": view, "is_cleared": everything}
                del payload["trigger_id"]
                await self._ask(payload)
        return {"closed": [view["id"] for view in closed]}

    async def shortcut(self, user_id: str, callback_id: str, word: str, ts: str) -> Json:
        """Run a global shortcut, or with a message a message shortcut."""
        now = self._stage.workspace.new_ts()
        if not ts:
            payload = self._payload("shortcut", user_id) | {"callback_id": callback_id, "action_ts": now}
            await self._ask(payload)
            return {}
        channel = self._channel(user_id, word)
        message, is_ephemeral = self._shown(user_id, channel, ts)
        address = self._stage.grants.new_address(user_id, channel.id, message, is_ephemeral=is_ephemeral)
        payload = self._payload("message_action", user_id) | {
            "callback_id": callback_id,
            "action_ts": now,
            "channel": _brief(channel),
            "message_ts": ts,
            "message": message,
            "response_url": self._responses.url(address),
        }
        await self._ask(payload)
        return {}

    async def suggest(self, user_id: str, view_id: str, what: Json) -> Json:
        """Type into an external select; return the options that the app offers."""
        view = self._view(user_id, view_id)
        words = (str(what.get(key) or "") for key in ("action_id", "block_id", "text"))
        block, element = find_element(view["blocks"], *words)
        payload = self._payload("block_suggestion", user_id) | {
            "container": {"type": "view", "view_id": view["id"]},
            "view": view,
            "action_id": element["action_id"],
            "block_id": block["block_id"],
            "value": str(what.get("value") or ""),
        }
        answer: dict[str, Any] = await self._ask(payload)
        return {key: answer[key] for key in ("options", "option_groups") if key in answer}

    def open_home(self, user_id: str, tab: str) -> Json:
        """Look at the app's Home or Messages tab."""
        if tab not in ("home", "messages"):
            raise SlackError("invalid_arguments", detail="tab is home or messages")
        workspace = self._stage.workspace
        view = workspace.homes.get(user_id)
        self._stage.events.home_opened(user_id, workspace.direct(user_id, workspace.bot_user_id), tab, view)
        return {"view": view}


def _brief(channel: Channel) -> Json:
    names = {"im": "directmessage", "private": "privategroup"}
    return {"id": channel.id, "name": names.get(channel.kind, channel.name)}
