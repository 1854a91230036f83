"""The playground's own HTTP interface under `/playground/`: everything a test or page needs beyond the Web API.

All posts take and give JSON; refusals are {"ok": false, "error": code}. Described in README.md.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable
from random import Random
from typing import Any

from aiohttp import web

from playground.calls import Args
from playground.conversation_methods import described
from playground.mishaps import Disorder
from playground.people import People
from playground.records import Json, SlackError
from playground.seed import SIGNING_SECRET
from playground.stage import Stage
from playground.surfaces import Surfaces
from playground.visitors import Visitors

Deed = Callable[[str, Args], Json | Awaitable[Json]]
KEEP_ALIVE_SECONDS = 15.0


class Driving:
    """The handlers. Deeds act as a member; orders concern the playground itself."""

    def __init__(self, stage: Stage, people: People, surfaces: Surfaces, visitors: Visitors) -> None:
        self._stage = stage
        self._deeds: dict[str, Deed] = {
            "say": lambda who, a: people.say(
                who,
                a.need("channel"),
                a.text("text"),
                a.text("thread_ts"),
                broadcast=a.flag("broadcast"),
                me=a.flag("me"),
            ),
            "file": lambda who, a: visitors.share(who, a),
            "file/delete": lambda who, a: visitors.delete(who, a),
            "edit": lambda who, a: people.edit(who, a.need("channel"), a.need("ts"), a.text("text")),
            "delete": self._delete,
            "react": self._react,
            "invite": lambda who, a: people.invite(who, a.need("channel"), a.need("user")),
            "kick": lambda who, a: people.kick(who, a.need("channel"), a.need("user")),
            "convert": lambda who, a: people.convert(who, a.need("channel"), private=a.flag("private", True)),
            "join": lambda who, a: people.join(who, a.need("channel")),
            "leave": lambda who, a: people.leave(who, a.need("channel")),
            "command": lambda who, a: people.command(who, a.need("channel"), a.need("text"), a.text("thread_ts")),
            "click": lambda who, a: people.click(who, a.need("channel"), a.need("ts"), _what(a)),
            "suggest": lambda who, a: people.suggest(who, a.need("channel"), a.need("ts"), _what(a)),
            "view/click": lambda who, a: surfaces.click(who, a.text("view_id"), _what(a), _values(a)),
            "view/submit": lambda who, a: surfaces.submit(who, a.text("view_id"), _values(a)),
            "view/close": lambda who, a: surfaces.close(who, everything=a.flag("all")),
            "view/suggest": lambda who, a: surfaces.suggest(who, a.text("view_id"), _what(a)),
            "shortcut": lambda who, a: people.shortcut(
                who, a.need("callback_id"), a.text("channel"), a.text("message_ts")
            ),
            "home/open": lambda who, a: surfaces.open_home(who, a.text("tab", "home")),
        }
        self._orders: dict[str, Callable[[Args], Json | Awaitable[Json]]] = {
            "misbehave": self._misbehave,
            "disconnect": self._disconnect,
            "revoke": lambda a: self._set_token(a, revoked=True),
            "restore": lambda a: self._set_token(a, revoked=False),
            "request_url": self._request_url,
            "event": self._event,
            "bot": visitors.bot_says,
            "stranger": visitors.stranger,
            "guest": visitors.guest,
            "unfurl": self._unfurl,
            "rate_limited": lambda _: self._rate_limited(),
        }

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Register all routes."""
        router.add_get("/playground/state", self._state)
        router.add_get("/playground/members", self._members)
        router.add_get("/playground/ephemeral", self._ephemeral)
        router.add_get("/playground/views", self._views)
        router.add_get("/playground/live", self._listen)
        router.add_post("/playground/{deed:.+}", self._act)

    async def _act(self, request: web.Request) -> web.Response:
        name = request.match_info["deed"]
        try:
            args = Args(await _body(request))
            # Deeds that wait for the app are coroutines: they start after this block and commit as they go.
            with self._stage.workspace.store.together():
                done = self._do(name, args)
            result = await done if isinstance(done, Awaitable) else done
        except SlackError as refusal:
            return web.json_response(refusal.answer(), status=400)
        return web.json_response({"ok": True, **result})

    def _do(self, name: str, args: Args) -> Json | Awaitable[Json]:
        if name in self._orders:
            return self._orders[name](args)
        if name in self._deeds:
            return self._deeds[name](self._member(args), args)
        raise SlackError("unknown_method")

    def _member(self, args: Args) -> str:
        return str(self._stage.workspace.member(args.need("member"))["id"])

    def _delete(self, user_id: str, args: Args) -> Json:
        channel = self._stage.workspace.channel_for(user_id, args.need("channel"))
        self._stage.posting.delete(user_id, channel, args.need("ts"))
        return {}

    def _react(self, user_id: str, args: Args) -> Json:
        channel = self._stage.workspace.channel_for(user_id, args.need("channel"))
        name = args.need("name", "invalid_name")
        self._stage.posting.react(user_id, channel, args.need("ts"), name, add=not args.flag("remove"))
        return {}

    # Reading

    def _channels(self, user_id: str) -> list[Json]:
        workspace = self._stage.workspace
        visible = [c for c in workspace.channels.values() if workspace.sees(user_id, c)]
        return [described(self._stage, user_id, channel) | {"kind": channel.kind} for channel in visible]

    async def _members(self, _request: web.Request) -> web.Response:
        workspace = self._stage.workspace
        return web.json_response(
            {
                "ok": True,
                "members": [
                    user
                    | {"token": workspace.token_of("user", user["id"]), "channels": self._channels(user["id"])}
                    for user in workspace.people()
                ],
            }
        )

    async def _state(self, _request: web.Request) -> web.Response:
        stage, workspace = self._stage, self._stage.workspace
        app = workspace.app
        return web.json_response(
            {
                "ok": True,
                "url": stage.url,
                "api_url": f"{stage.url}/api/",
                "team": workspace.team,
                "app": workspace.bot
                | {
                    "bot_token": workspace.token_of("bot"),
                    "app_token": workspace.token_of("app"),
                    "signing_secret": SIGNING_SECRET,
                    "request_url": stage.http.url,
                    "commands": [vars(command) for command in app.commands],
                    "shortcuts": [vars(shortcut) for shortcut in app.shortcuts],
                    "events": sorted(app.events) if app.events is not None else None,
                    "scopes": sorted(app.scopes) if app.scopes is not None else None,
                    "home_tab": app.home_tab,
                    "messages_tab": app.messages_tab,
                },
                "users": list(workspace.users.values()),
                "revoked_tokens": sorted(workspace.revoked),
                "connections": stage.sockets.count,
                "pending_events": stage.delivery.pending,
                "given_up_events": list(stage.delivery.given_up),
                "misbehaviour": stage.mishaps.to_json(),
                "messages": {key: len(shelf) for key, shelf in workspace.messages.items()},
                "complaints": stage.complaints.to_json(),
                "notice": stage.notice,
                "suggestions": list(stage.suggestions),
            }
        )

    async def _ephemeral(self, request: web.Request) -> web.Response:
        try:
            user_id = self._member(Args(request.query))
        except SlackError as refusal:
            return web.json_response(refusal.answer(), status=400)
        channel = request.query.get("channel")
        shown = self._stage.ephemeral.get(user_id, ())
        return web.json_response({"ok": True, "messages": [m for m in shown if channel in (None, m["channel"])]})

    async def _views(self, request: web.Request) -> web.Response:
        try:
            user_id = self._member(Args(request.query))
        except SlackError as refusal:
            return web.json_response(refusal.answer(), status=400)
        stack = self._stage.views.stack(user_id)
        errors = {view["id"]: self._stage.views.errors(view["id"]) for view in stack}
        home = self._stage.workspace.homes.get(user_id)
        return web.json_response({"ok": True, "views": stack, "errors": errors, "home": home})

    async def _listen(self, request: web.Request) -> web.StreamResponse:
        """Send news as server-sent events until the page goes away."""
        try:
            user_id = self._member(Args(request.query))
        except SlackError as refusal:
            return web.json_response(refusal.answer(), status=400)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
        await response.prepare(request)
        queue = self._stage.live.listen(user_id)
        try:
            await response.write(b'data: {"type": "hello"}\n\n')
            while True:
                try:
                    async with asyncio.timeout(KEEP_ALIVE_SECONDS):
                        news = await queue.get()
                except TimeoutError:
                    await response.write(b": still here\n\n")
                    continue
                if news is None:
                    break
                await response.write(b"data: " + json.dumps(news).encode() + b"\n\n")
        except ConnectionError:
            return response  # the page went away
        finally:
            self._stage.live.leave(queue)
        return response

    # Orders

    def _misbehave(self, args: Args) -> Json:
        mishaps = self._stage.mishaps
        if args.flag("reset"):
            mishaps.calls, mishaps.twice, mishaps.late, mishaps.lost_acks = [], 0, 0, 0
            mishaps.disorder = Disorder()
        if args.text("method"):
            times = int(args.text("times", "1")) if args.text("times", "1").isdecimal() else -1
            mishaps.order(args.text("method"), args.need("how"), times, _seconds(args))
        if args.has("deliver_twice"):
            mishaps.twice = args.number("deliver_twice", 0, 10_000)
        if args.has("deliver_late"):
            mishaps.late, mishaps.late_seconds = args.number("deliver_late", 0, 10_000), _seconds(args)
        if args.has("deliver_up_to"):
            most, seed = args.number("deliver_up_to", 1, 10), args.number("seed", 0, 2**31)
            mishaps.disorder = Disorder(most, _seconds(args), Random(seed))  # noqa: S311 # chance, not a secret
        if args.has("lose_acks"):
            mishaps.lost_acks = args.number("lose_acks", 0, 10_000)
        return {"misbehaviour": mishaps.to_json()}

    async def _disconnect(self, args: Args) -> Json:
        reason = args.text("reason", "refresh_requested")
        return {"closed": await self._stage.sockets.disconnect(reason, hard=args.flag("hard"))}

    def _set_token(self, args: Args, *, revoked: bool) -> Json:
        token = self._stage.workspace.tokens.get(args.need("token"))
        if token is None:
            raise SlackError("invalid_auth")
        self._stage.workspace.save_token(token, revoked=revoked)
        return {}

    async def _request_url(self, args: Args) -> Json:
        await self._stage.http.register(args.text("url"))
        return {"request_url": self._stage.http.url}

    def _unfurl(self, args: Args) -> Json:
        channel = self._stage.workspace.channel_for(self._stage.workspace.bot_user_id, args.need("channel"))
        self._stage.posting.unfurl(channel, args.need("ts"))
        return {}

    def _rate_limited(self) -> Json:
        self._stage.events.rate_limited()
        return {}

    def _event(self, args: Args) -> Json:
        event = args.json("event", "invalid_json")
        if not isinstance(event, dict) or not event.get("type"):
            raise SlackError("invalid_arguments", detail="event needs a type")
        self._stage.events.other(event)
        return {}


async def _body(request: web.Request) -> Json:
    # A form or text body is refused: browsers let other sites send those without asking.
    if request.content_type != "application/json":
        raise SlackError("invalid_json", detail="send Content-Type: application/json")
    try:
        body = json.loads(await request.read() or b"{}")
    except (ValueError, RecursionError):
        raise SlackError("invalid_json") from None
    if not isinstance(body, dict):
        raise SlackError("json_not_object")
    return body


def _what(args: Args) -> Json:
    words: Json = {key: args.text(key) for key in ("action_id", "block_id", "text")}
    return words | {"value": args.value("value"), "state": args.value("state")}


def _values(args: Args) -> Json:
    values: Any = args.json("values", "invalid_json")
    return values if isinstance(values, dict) else {}


def _seconds(args: Args) -> float:
    try:
        return float(args.text("seconds", "1"))
    except ValueError:
        raise SlackError("invalid_arguments", detail="seconds is a number") from None
