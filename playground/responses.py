"""Answers of the app outside the Web API: in the acknowledgement of a command and at a response URL."""

import json
from typing import Any

from aiohttp import web

from playground.calls import Args
from playground.chat_methods import draft_of, ephemeral
from playground.grants import ResponseAddress
from playground.posting import Draft
from playground.records import Json, SlackError
from playground.review import review_message
from playground.stage import Stage


class Responses:
    """The handler of response URLs, and the same rules for answers in an acknowledgement."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def url(self, name: str) -> str:
        """Return the absolute response URL."""
        return f"{self._stage.url}/response/{name}"

    async def handle(self, request: web.Request) -> web.Response:
        """Take one answer at a response URL."""
        try:
            address = self._stage.grants.use_address(request.match_info["name"])
        except SlackError as refusal:
            return web.json_response(refusal.answer(), status=404)
        try:
            body = json.loads(await request.read())
            if not isinstance(body, dict):
                raise SlackError("invalid_payload")
            with self._stage.workspace.store.together():
                self.take(address, body)
        except (ValueError, RecursionError):
            return web.json_response({"ok": False, "error": "invalid_payload"}, status=400)
        except SlackError as refusal:
            return web.json_response(refusal.answer(), status=400)
        return web.Response(text="ok")

    def take(self, address: ResponseAddress, body: dict[str, Any]) -> None:
        """Do what an answer says: show, post, replace or delete; refuse what Slack would refuse."""
        try:
            self._take(address, body)
        except SlackError as refusal:
            self._stage.complaints.refused("response_url", refusal)
            raise

    def _take(self, address: ResponseAddress, body: dict[str, Any]) -> None:
        args = Args(body)
        if args.flag("delete_original"):
            self._delete(address)
            return
        draft = review_message(self._stage, "response_url", draft_of(args))
        if args.flag("replace_original") and address.message is not None:
            self._replace(address, draft)
        elif args.text("response_type", "ephemeral") == "in_channel":
            self._post(address, draft)
        else:
            self._whisper(address, draft)

    def _channel(self, address: ResponseAddress) -> Any:
        return self._stage.workspace.channels[address.channel_id]

    def _post(self, address: ResponseAddress, draft: Draft) -> None:
        bot = self._stage.workspace.bot_user_id
        self._stage.posting.post(bot, self._channel(address), draft)

    def _whisper(self, address: ResponseAddress, draft: Draft) -> None:
        bot = self._stage.workspace.bot_user_id
        message = ephemeral(self._stage, bot, self._channel(address), draft)
        self._stage.whisper(address.user_id, message)

    def _delete(self, address: ResponseAddress) -> None:
        if address.message is None:
            return
        if address.is_ephemeral:
            self._stage.unwhisper(address.user_id, address.message["ts"])
        else:
            bot = self._stage.workspace.bot_user_id
            self._stage.posting.delete(bot, self._channel(address), address.message["ts"])

    def _replace(self, address: ResponseAddress, draft: Draft) -> None:
        if address.message is None:
            return
        bot, ts = self._stage.workspace.bot_user_id, address.message["ts"]
        if not address.is_ephemeral:
            self._stage.posting.edit(bot, self._channel(address), ts, draft)
            return
        self._stage.unwhisper(address.user_id, ts)
        message: Json = ephemeral(self._stage, bot, self._channel(address), draft)
        self._stage.whisper(address.user_id, message | {"ts": ts})
