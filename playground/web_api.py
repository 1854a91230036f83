"""Slack's Web API over HTTP: reads a call, checks its token, lets it go wrong when ordered, answers."""

import asyncio
import json
from typing import Any

from aiohttp import BasicAuth, web

from playground import chat_methods, conversation_methods, other_methods, sign_in
from playground.calls import Args, Call, Method
from playground.mishaps import CallMishap
from playground.records import Json, SlackError, Token
from playground.scopes import check_method
from playground.seed import SCOPES
from playground.stage import Stage

METHODS: dict[str, Method] = (
    chat_methods.METHODS | conversation_methods.METHODS | other_methods.METHODS | sign_in.METHODS
)
_APP_METHODS = ("apps.connections.open",)
_OPEN_METHODS = ("api.test", "openid.connect.token")
_SIGN_IN_METHODS = ("openid.connect.userInfo",)
_NOBODY = Token("", "", "")
# docs: a member of the workspace has no use for these with a user token.
_BOT_METHODS = ("views.open", "views.push", "views.update", "views.publish", "chat.postEphemeral")


class WebApi:
    """The handler of `/api/METHOD`."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer one call."""
        method = request.match_info["method"]
        mishap = self._stage.mishaps.next_call(method)
        if mishap is not None and mishap.how not in ("cut", "slow"):
            return await _go_wrong(request, mishap)
        answer = await self._answer(request, method)
        if mishap is not None and mishap.how == "cut":
            _cut(request)
        elif mishap is not None:
            await asyncio.sleep(mishap.seconds)
        granted = self._stage.workspace.app.scopes
        scopes = SCOPES if granted is None else ",".join(sorted(granted))
        return web.json_response(answer, headers={"X-OAuth-Scopes": scopes, "X-Accepted-OAuth-Scopes": ""})

    async def _answer(self, request: web.Request, method: str) -> Json:
        call = None
        try:
            values, warning = await _arguments(request)
            call = Call(method, Args(values), self._token(request, values, method))
            if method not in METHODS:
                raise SlackError("unknown_method", req_method=method)
            if call.is_bot:
                self._check_scope(call)
            with self._stage.workspace.store.together():
                answer = METHODS[method](self._stage, call)
        except SlackError as refusal:
            if call is not None and call.is_bot and method != "blocks.validate":
                self._stage.complaints.refused(method, refusal)
            return refusal.answer()
        return {"ok": True, **warning, **answer}

    def _check_scope(self, call: Call) -> None:
        workspace = self._stage.workspace
        channel = workspace.channels.get(call.args.text("channel"))
        check_method(workspace.app, call.method, channel.kind if channel else "")

    def _token(self, request: web.Request, values: Json, method: str) -> Token:
        kind, _, given = request.headers.get("Authorization", "").partition(" ")
        value = given.strip() if kind.lower() == "bearer" else ""
        value = value or str(values.get("token") or "")
        if method in _OPEN_METHODS:
            return _NOBODY
        if not value:
            raise SlackError("not_authed")
        token = self._stage.workspace.tokens.get(value)
        if token is None:
            raise SlackError("invalid_auth")
        if value in self._stage.workspace.revoked:
            raise SlackError("token_revoked")
        if (token.kind == "app") != (method in _APP_METHODS):
            raise SlackError("not_allowed_token_type")
        if (token.kind == "openid") != (method in _SIGN_IN_METHODS):
            raise SlackError("not_allowed_token_type")
        if token.kind == "user" and method in _BOT_METHODS:
            raise SlackError("not_allowed_token_type")
        return token


async def _arguments(request: web.Request) -> tuple[Json, Json]:
    """Return the arguments of query, form or JSON body, and the warnings for the answer."""
    values: dict[str, Any] = dict(request.query) | _client(request)
    warning: Json = {}
    if request.content_type == "application/json":
        raw = await request.read()
        try:
            body = json.loads(raw or b"{}")
        except (ValueError, RecursionError):
            raise SlackError("invalid_json") from None
        if not isinstance(body, dict):
            raise SlackError("json_not_object")
        values |= body
        if not request.charset:
            warning = {"warning": "missing_charset", "response_metadata": {"warnings": ["missing_charset"]}}
    elif request.can_read_body:
        values |= {key: value for key, value in (await request.post()).items() if isinstance(value, str)}
    return values, warning


def _client(request: web.Request) -> Json:
    """The app's own id and secret, which may come as a user and password."""
    try:
        given = BasicAuth.decode(request.headers.get("Authorization", ""))
    except ValueError:
        return {}
    return {"client_id": given.login, "client_secret": given.password}


async def _go_wrong(request: web.Request, mishap: CallMishap) -> web.StreamResponse:
    if mishap.how == "429":
        headers = {"Retry-After": str(max(1, round(mishap.seconds)))}
        return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
    if mishap.how == "500":
        return web.Response(status=500, text="Internal Server Error")
    await asyncio.sleep(mishap.seconds)
    _cut(request)
    return web.Response(status=500)


def _cut(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.close()
