"""Sign in with Slack: the page on which a person agrees, and the two methods that then tell an app who it is.

Source: docs.slack.dev/authentication/sign-in-with-slack and docs.slack.dev/reference/methods/openid.connect.token.
"""

import base64
import hashlib
import hmac
import ipaddress
import json
import secrets
import time
from html import escape
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from aiohttp import web

from playground.agreements import Agreement
from playground.calls import Call, Method
from playground.records import Json, SlackError, Token
from playground.stage import Stage

CLIENT_ID = "1000000000000.2000000000000"
CLIENT_SECRET = "playground-client-secret"  # noqa: S105 - fixed and public on purpose
AUTHORIZE = "/openid/connect/authorize"
AGREE = "/openid/connect/agree"
TOKEN_SECONDS = 300
POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_WORDS = {
    "en": (
        "Sign in with Slack",
        "An app wants to know who you are in {team}. Who are you?",
        "Nobody: do not sign in",
    ),
    "ja": (
        "Slack でサインイン",
        "アプリが {team} でのあなたの情報を求めています。どなたですか？",
        "サインインしない",
    ),
}


class SignInPage:
    """The handlers of the page: it asks who one is, and sends the browser back to the app."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def add_to(self, router: web.UrlDispatcher) -> None:
        """Register the routes."""
        router.add_get(AUTHORIZE, self._ask)
        router.add_get(AGREE, self._agree)

    async def _ask(self, request: web.Request) -> web.Response:
        refusal = _refusal(request.query)
        if refusal:
            return web.Response(status=400, text=f"{refusal}\n")
        people = self._stage.workspace.people()
        query = dict(request.query)
        links = [
            (f"{user['real_name']} ({user['name']})", urlencode({**query, "user": user["id"]})) for user in people
        ]
        language = "ja" if request.headers.get("Accept-Language", "").lower().startswith("ja") else "en"
        title, question, nobody = _WORDS[language]
        items = "".join(f'<li><a href="{AGREE}?{escape(link)}">{escape(name)}</a></li>' for name, link in links)
        body = (
            f'<!doctype html><html lang="{language}"><meta charset="utf-8">'
            '<meta name="viewport" content="width=device-width, initial-scale=1">'
            f'<title>{title}</title><link rel="stylesheet" href="/page/sign_in.css"><main><h1>{title}</h1>'
            f"<p>{escape(question.format(team=self._stage.workspace.team['name']))}</p><ul>{items}</ul>"
            f'<p><a href="{AGREE}?{escape(urlencode(query))}">{nobody}</a></p></main></html>'
        )
        headers = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store"}
        return web.Response(text=body, content_type="text/html", headers=headers)

    async def _agree(self, request: web.Request) -> web.Response:
        query = request.query
        refusal = _refusal(query)
        if refusal:
            return web.Response(status=400, text=f"{refusal}\n")
        answer = {"state": query.get("state", "")}
        if "user" not in query:
            answer = {"error": "access_denied", **answer}
        else:
            try:
                user = self._stage.workspace.user(query["user"])
            except SlackError as unknown:
                return web.Response(status=400, text=f"{unknown.code}\n")
            nonce = query.get("nonce", "")
            made = Agreement(user["id"], query["redirect_uri"], nonce, time.monotonic())
            answer = {"code": self._stage.agreements.make(made), **answer}
        parts = urlsplit(query["redirect_uri"])
        back = urlunsplit(parts._replace(query=urlencode([*parse_qsl(parts.query), *answer.items()])))
        raise web.HTTPFound(back, headers={"Cache-Control": "no-store"})


def _refusal(query: Any) -> str:
    """Why Slack would not ask anybody; empty if it would."""
    if query.get("client_id") != CLIENT_ID:
        return "invalid_client_id"
    if query.get("response_type") != "code":
        return "invalid_response_type"
    if "openid" not in query.get("scope", "").replace(",", " ").split():
        return "invalid_scope"
    return "" if _is_here(query.get("redirect_uri", "")) else "bad_redirect_uri"


def _is_here(address: str) -> bool:
    """Tell whether this is an address of this machine: Slack has a list of those allowed, the playground none."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or parts.username or parts.fragment:
        return False
    try:
        return parts.hostname == "localhost" or ipaddress.ip_address(parts.hostname or "").is_loopback
    except ValueError:
        return False


def exchange(stage: Stage, call: Call) -> Json:
    """openid.connect.token."""
    args = call.args
    if args.text("client_id") != CLIENT_ID:
        raise SlackError("invalid_client_id")
    if not hmac.compare_digest(args.text("client_secret").encode(), CLIENT_SECRET.encode()):
        raise SlackError("bad_client_secret")
    if args.text("grant_type", "authorization_code") != "authorization_code":
        raise SlackError("invalid_grant_type")
    agreement = stage.agreements.use(args.need("code", "invalid_code"), args.text("redirect_uri"))
    user = stage.workspace.user(agreement.user_id)
    token = Token(f"xoxp-openid-{secrets.token_hex(16)}", "openid", user["id"])
    stage.workspace.save_token(token)
    now = int(time.time())
    claims = _identity(stage, user) | {
        "iss": stage.url,
        "aud": CLIENT_ID,
        "iat": now,
        "auth_time": now,
        "exp": now + TOKEN_SECONDS,
        "nonce": agreement.nonce,
        "at_hash": _text(hashlib.sha256(token.value.encode()).digest()[:16]),
    }
    return {"access_token": token.value, "token_type": "Bearer", "id_token": _signed(claims)}


def user_info(stage: Stage, call: Call) -> Json:
    """openid.connect.userInfo."""
    return _identity(stage, stage.workspace.user(call.user_id))


def _identity(stage: Stage, user: Json) -> Json:
    team = stage.workspace.team
    ours = user["team_id"] == team["id"]
    return {
        "sub": user["id"],
        "https://slack.com/user_id": user["id"],
        "https://slack.com/team_id": user["team_id"],
        "https://slack.com/team_name": team["name"] if ours else "",
        "https://slack.com/team_domain": team["domain"] if ours else "",
        "name": user["real_name"],
        "locale": user["locale"],
    }


def _signed(claims: Json) -> str:
    """A token of JSON (RFC 7519). Slack signs with a key of its own; here the app's secret does."""
    head = _text(json.dumps({"alg": "HS256", "typ": "JWT"}).encode())
    signed = f"{head}.{_text(json.dumps(claims).encode())}"
    return f"{signed}.{_text(hmac.digest(CLIENT_SECRET.encode(), signed.encode(), 'sha256'))}"


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).decode().rstrip("=")


METHODS: dict[str, Method] = {"openid.connect.token": exchange, "openid.connect.userInfo": user_info}
