"""What a person does in Slack's client without a public method: messages, commands, clicks, shortcuts."""

from playground import membership
from playground.asking import Asking, brief, message_container
from playground.chat_methods import ephemeral, is_app_dm
from playground.choices import act_in, check_chosen
from playground.inputs import state_of
from playground.posting import Draft
from playground.records import Channel, Command, Json, SlackError
from playground.responses import Responses
from playground.routes import NotDelivered
from playground.stage import Stage
from playground.suggestions import Suggestions
from playground.typed_text import rich_text, slack_text

BUILT_IN = ("/invite", "/kick", "/leave", "/me", "/remove")


class People:
    """The deeds of members. Each method takes the acting member's id first."""

    def __init__(self, stage: Stage, responses: Responses, asking: Asking, suggestions: Suggestions) -> None:
        self._stage = stage
        self._responses = responses
        self._asking = asking
        self._suggestions = suggestions

    def _channel(self, user_id: str, word: str) -> Channel:
        channel = self._stage.workspace.channel_for(user_id, word)
        if user_id not in channel.members:
            raise SlackError("not_in_channel")
        return channel

    def _slackbot(self, user_id: str, channel: Channel, text: str) -> None:
        """Let Slack itself say something to one member."""
        message = ephemeral(self._stage, self._stage.workspace.bot_user_id, channel, Draft(text))
        for key in ("bot_id", "app_id", "bot_profile"):
            del message[key]
        self._stage.whisper(user_id, message | {"user": "USLACKBOT"})

    def say(self, user_id: str, word: str, text: str, thread_ts: str, *, broadcast: bool, me: bool) -> Json:
        """Type a message into the composer; `me` as after `/me`."""
        if not text.strip():
            raise SlackError("no_text")
        channel = self._channel(user_id, word)
        if is_app_dm(self._stage.workspace, channel) and not self._stage.workspace.app.messages_tab:
            raise SlackError("messages_tab_disabled")
        subtype = "me_message" if me else ""
        draft = Draft(text, thread_ts=thread_ts, reply_broadcast=broadcast, typed=True, subtype=subtype)
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
        if name in BUILT_IN:
            return self._built_in(user_id, channel, name, text.strip())
        self._own_team(user_id)
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

    def _built_in(self, user_id: str, channel: Channel, name: str, text: str) -> Json:
        """Do one of Slack's own commands; a refusal is told by Slackbot."""
        try:
            if name == "/me":
                self.say(user_id, channel.id, text, "", broadcast=False, me=True)
            elif name == "/invite":
                self.invite(user_id, channel.id, text)
            elif name == "/leave":
                self.leave(user_id, channel.id)
            else:
                self.kick(user_id, channel.id, text)
        except SlackError as refusal:
            self._slackbot(user_id, channel, f'{name} failed with the error "{refusal.code}"')
            raise
        return {"answer": {}}

    def invite(self, user_id: str, word: str, who: str) -> Json:
        """Add a person or the app to a conversation, as `/invite @name` does."""
        workspace = self._stage.workspace
        channel = self._channel(user_id, word)
        users = [str(workspace.anyone(one)["id"]) for one in who.split() or [""]]
        membership.invite(self._stage, channel, user_id, users)
        return {"members": channel.members}

    def kick(self, user_id: str, word: str, who: str) -> Json:
        """Remove a person or the app from a conversation, as `/kick @name` does."""
        channel = self._channel(user_id, word)
        membership.kick(self._stage, channel, user_id, self._stage.workspace.anyone(who)["id"])
        return {"members": channel.members}

    def convert(self, user_id: str, word: str, *, private: bool) -> Json:
        """Make a channel private, or public.

        docs.slack.dev/reference/events/message/channel_convert_to_private, …/channel_convert_to_public
        """
        channel = self._channel(user_id, word)
        if channel.is_direct:
            raise SlackError("method_not_supported_for_channel_type")
        channel.kind = "private" if private else "public"
        self._stage.workspace.save_channel(channel)
        said = "made this channel *private*. Now, it can only be viewed or joined by invitation."
        if not private:
            said = "made this channel *public*. Any member in this workspace can see and join it."
        self._stage.posting.notice(channel, user_id, f"channel_convert_to_{channel.kind}", said)
        return {"channel": channel.id}

    def join(self, user_id: str, word: str) -> Json:
        """Enter a public channel."""
        channel = self._stage.workspace.channel_for(user_id, word)
        membership.join(self._stage, channel, user_id)
        return {"members": channel.members}

    def leave(self, user_id: str, word: str) -> Json:
        """Leave a conversation."""
        channel = self._channel(user_id, word)
        membership.leave(self._stage, channel, user_id)
        return {"members": channel.members}

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

    def _shown(self, user_id: str, channel: Channel, ts: str) -> tuple[Json, bool]:
        """Return a message that the member sees, and whether only they see it."""
        for message in self._stage.ephemeral.get(user_id, ()):
            if message["ts"] == ts and message["channel"] == channel.id:
                return message, True
        return self._stage.workspace.message(channel.id, ts), False

    async def click(self, user_id: str, word: str, ts: str, what: Json) -> Json:
        """Click a button or choose in a message. `what`: action_id, block_id or text, value and state."""
        channel = self._channel(user_id, word)
        message, is_ephemeral = self._shown(user_id, channel, ts)
        blocks = self._suggestions.known(user_id, ts, message.get("blocks", []))
        action, chosen = act_in(blocks, what, self._stage.workspace.new_ts())
        check_chosen(self._stage.workspace, user_id, chosen)
        address = self._stage.grants.new_address(user_id, channel.id, message, is_ephemeral=is_ephemeral)
        payload = self._asking.payload("block_actions", user_id) | {
            "container": message_container(channel, message, is_ephemeral=is_ephemeral),
            "channel": brief(channel),
            "state": {"values": state_of(blocks, chosen, what.get("state") or {})},
            "response_url": self._responses.url(address),
            "actions": [action],
        }
        if not is_ephemeral:
            payload["message"] = message
        await self._asking.ask(payload)
        return {"action": action}

    async def suggest(self, user_id: str, word: str, ts: str, what: Json) -> Json:
        """Type into an external select of a message; return the options that the app offers."""
        channel = self._channel(user_id, word)
        message, is_ephemeral = self._shown(user_id, channel, ts)
        where: Json = {
            "container": message_container(channel, message, is_ephemeral=is_ephemeral),
            "channel": brief(channel),
        }
        if not is_ephemeral:
            where["message"] = message
        return await self._suggestions.suggest(user_id, ts, message.get("blocks", []), where, what)

    def _own_team(self, user_id: str) -> None:
        """docs: Slack Connect: commands and shortcuts work only for the team that installed the app."""
        if self._stage.workspace.is_stranger(user_id):
            raise SlackError("restricted_action")

    def _registered(self, callback_id: str, kind: str) -> None:
        shortcuts = self._stage.workspace.app.shortcuts
        if shortcuts and not any((s.kind, s.callback_id) == (kind, callback_id) for s in shortcuts):
            raise SlackError("unknown_shortcut")

    async def shortcut(self, user_id: str, callback_id: str, word: str, ts: str) -> Json:
        """Run a global shortcut, or with a message a message shortcut, that the app has registered."""
        self._own_team(user_id)
        self._registered(callback_id, "message" if ts else "global")
        now = self._stage.workspace.new_ts()
        if not ts:
            payload = self._asking.payload("shortcut", user_id) | {"callback_id": callback_id, "action_ts": now}
            await self._asking.ask(payload)
            return {}
        channel = self._channel(user_id, word)
        message, is_ephemeral = self._shown(user_id, channel, ts)
        address = self._stage.grants.new_address(user_id, channel.id, message, is_ephemeral=is_ephemeral)
        payload = self._asking.payload("message_action", user_id) | {
            "callback_id": callback_id,
            "action_ts": now,
            "channel": brief(channel),
            "message_ts": ts,
            "message": message,
            "response_url": self._responses.url(address),
        }
        await self._asking.ask(payload)
        return {}
