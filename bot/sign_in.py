"""Sign-in with Slack in front of the published pages, for a team that keeps its pages to itself."""

from __future__ import annotations

import hashlib
import math
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from hmac import compare_digest
from http.cookies import SimpleCookie
from urllib.parse import parse_qs, quote, urlsplit
from wsgiref.headers import Headers
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from itsdangerous import BadData, URLSafeTimedSerializer

from bot.openid import Refused, SlackOpenId
from bot.sign_in_pages import SignInPages
from bot.slack_trouble import SlackTrouble
from papers.settled import Standing

SIGN_IN, CALLBACK, SIGN_OUT = "/sign-in", "/sign-in/callback", "/sign-out"

SESSION_SECONDS = 12 * 3600
"""A session is good for a working day; then Slack is asked again, which is one click."""

ATTEMPT_SECONDS = 600
"""Slack's own codes live as long."""

LOOK_AGAIN_SECONDS = 900.0
"""How often Slack is asked whether somebody with a session still belongs to the workspace."""

TRY_AGAIN_SECONDS = 30.0
"""When it is asked again if it did not answer; each such question may keep a reader waiting."""

OPEN = ("/style.css", "/icon.svg")
"""What the sign-in pages look like; nothing of anybody's."""

_SESSION, _ATTEMPT = "fusen_session", "fusen_sign_in"
_MOST_KNOWN = 10_000


@dataclass(frozen=True, slots=True)
class Doorkeeper:
    """What the sign-in needs to know once Fusen has met Slack.

    `address` is where people read the pages, with `/` at its end; `standing` asks Slack what somebody is in
    the workspace and raises SlackTrouble.
    """

    workspace: str
    name: str
    address: str
    openid: SlackOpenId
    standing: Callable[[str, str], Standing]
    secret: str
    least: Standing


@dataclass(frozen=True, slots=True)
class _Look:
    """Whether somebody belonged to the workspace when Slack was asked; None if it has not told yet.

    `when` by the clock, as sessions are dated; `again` is when to ask next, by the monotonic clock.
    """

    when: float
    allowed: bool | None
    again: float


_NEVER = _Look(-math.inf, None, -math.inf)


class SignIn:
    """Lets through to `pages` who has signed in and belongs to the workspace.

    Two signed cookies hold all there is: the attempt (state, nonce and the page that was wanted) and the
    session. Both are signed with keys made of the app's client secret, so all processes know them, and a new
    secret ends all sessions. Until `open` is called nobody is let in.
    """

    def __init__(self, pages: WSGIApplication, looks: SignInPages, look_again: float = LOOK_AGAIN_SECONDS) -> None:
        self._pages = pages
        self._looks = looks
        self._look_again = look_again
        self._keeper: Doorkeeper | None = None
        self._seen: dict[str, _Look] = {}

    def open(self, keeper: Doorkeeper) -> None:
        """Let people sign in from now on."""
        self._base = urlsplit(keeper.address).path.rstrip("/")
        self._origin = keeper.address.rstrip("/")
        self._secure = keeper.address.startswith("https://")
        self._sessions = _signer(keeper, "session")
        self._attempts = _signer(keeper, "sign-in")
        self._keeper = keeper

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        asked = _Asked(environ, start_response)
        if self._keeper is None:
            return asked.answer("503 Service Unavailable", b"starting\n", {"Content-Type": "text/plain"})
        doors = {SIGN_IN: self._begin, CALLBACK: self._come_back, SIGN_OUT: self._sign_out}
        if asked.path in doors:
            return doors[asked.path](asked, self._keeper)
        if asked.path in OPEN:
            return self._pages(environ, start_response)
        is_in = self._is_in(asked, self._keeper)
        if not is_in:
            where = f"{self._base}{SIGN_IN}?to={quote(asked.wanted, safe='')}"
            if is_in is None:
                return self._show(asked, "503 Service Unavailable", "unreachable", where)
            return self._show(asked, "401 Unauthorized", "needed", where)
        return self._pages(environ, _private(start_response))

    def _begin(self, asked: _Asked, keeper: Doorkeeper) -> Iterable[bytes]:
        to = asked.query("to")
        attempt = {"state": secrets.token_urlsafe(24), "nonce": secrets.token_urlsafe(24), "to": _inside(to)}
        there = keeper.openid.address(self._redirect, attempt["state"], attempt["nonce"], keeper.workspace)
        cookie = self._cookie(_ATTEMPT, str(self._attempts.dumps(attempt)), ATTEMPT_SECONDS)
        return asked.answer("302 Found", b"", {"Location": there}, cookie)

    def _come_back(self, asked: _Asked, keeper: Doorkeeper) -> Iterable[bytes]:
        began = _read(self._attempts, asked.cookie(_ATTEMPT), ATTEMPT_SECONDS)
        if began is None or not compare_digest(began.said["state"].encode(), asked.query("state").encode()):
            return self._again(asked, "400 Bad Request", "failed")
        attempt = began.said
        if not asked.query("code"):
            return self._again(asked, "403 Forbidden", "declined")
        try:
            who = keeper.openid.who(asked.query("code"), self._redirect, attempt["nonce"])
            standing = keeper.standing(keeper.workspace, who.member)
        except Refused:
            return self._again(asked, "400 Bad Request", "failed")
        except SlackTrouble:
            return self._again(asked, "502 Bad Gateway", "unreachable")
        if who.workspace != keeper.workspace or standing is Standing.STRANGER:
            return self._again(asked, "403 Forbidden", "stranger")
        if standing < keeper.least:
            return self._again(asked, "403 Forbidden", "guest")
        self._remember(who.member, _Look(time.time(), True, time.monotonic() + self._look_again))
        session = self._cookie(_SESSION, str(self._sessions.dumps({"member": who.member})), SESSION_SECONDS)
        over = self._cookie(_ATTEMPT, "", 0)
        return asked.answer("303 See Other", b"", {"Location": self._origin + attempt["to"]}, session, over)

    def _sign_out(self, asked: _Asked, _keeper: Doorkeeper) -> Iterable[bytes]:
        if asked.method != "POST":
            return self._show(asked, "200 OK", "sign_out", f"{self._base}{SIGN_OUT}", posts=True)
        if asked.header("SEC_FETCH_SITE") not in ("", "same-origin", "none"):
            return self._show(asked, "403 Forbidden", "sign_out", f"{self._base}{SIGN_OUT}", posts=True)
        cookie = self._cookie(_SESSION, "", 0)
        return self._show(asked, "200 OK", "signed_out", f"{self._base}{SIGN_IN}", cookie)

    def _is_in(self, asked: _Asked, keeper: Doorkeeper) -> bool | None:
        """Whether this is somebody who may read; None if that cannot be told while Slack is out of reach."""
        session = _read(self._sessions, asked.cookie(_SESSION), SESSION_SECONDS)
        return session is not None and self._still_belongs(session.said["member"], session.since, keeper)

    def _still_belongs(self, member: str, since: float, keeper: Doorkeeper) -> bool | None:
        look, now = self._seen.get(member, _NEVER), time.monotonic()
        rest = since + self._look_again - time.time()
        if look.when < since and rest > 0:
            # Whoever signed in was looked at then, by another process or before the start.
            look = _Look(since, True, now + rest)
        elif now < look.again:
            return look.allowed
        else:
            look = self._asked_of_slack(member, look, keeper)
        self._remember(member, look)
        return look.allowed

    def _remember(self, member: str, look: _Look) -> None:
        if len(self._seen) >= _MOST_KNOWN:
            self._seen.clear()
        self._seen[member] = look

    def _asked_of_slack(self, member: str, last: _Look, keeper: Doorkeeper) -> _Look:
        try:
            allowed = keeper.standing(keeper.workspace, member) >= keeper.least
        except SlackTrouble as trouble:
            if not trouble.refused:
                # That Slack is away shuts nobody out of whom it told us, and lets in nobody else.
                return replace(last, again=time.monotonic() + TRY_AGAIN_SECONDS)
            allowed = False
        return _Look(time.time(), allowed, time.monotonic() + self._look_again)

    @property
    def _redirect(self) -> str:
        return self._origin + CALLBACK

    def _again(self, asked: _Asked, status: str, key: str) -> Iterable[bytes]:
        over = self._cookie(_ATTEMPT, "", 0)
        return self._show(asked, status, key, f"{self._base}{SIGN_IN}", over)

    def _show(
        self, asked: _Asked, status: str, key: str, link: str, *cookies: str, posts: bool = False
    ) -> Iterable[bytes]:
        name = self._keeper.name if self._keeper else ""
        body = self._looks.page(asked.languages, key, name, self._base, link, posts)
        return asked.answer(status, body, self._looks.HEADERS, *cookies)

    def _cookie(self, name: str, value: str, seconds: int) -> str:
        cookie: SimpleCookie = SimpleCookie()
        cookie[name] = value
        flags = {"httponly": "yes", "secure": "yes" if self._secure else ""}
        about = {"path": f"{self._base}/", "max-age": str(seconds), "samesite": "Lax", **flags}
        cookie[name].update(about)
        return cookie[name].OutputString()


class _Asked:
    """A request, and how it is answered."""

    def __init__(self, environ: WSGIEnvironment, start_response: StartResponse) -> None:
        self._environ = environ
        self._start_response = start_response
        self.method = str(environ["REQUEST_METHOD"])
        self.path = str(environ.get("PATH_INFO", ""))
        self.languages = str(environ.get("HTTP_ACCEPT_LANGUAGE", ""))

    @property
    def wanted(self) -> str:
        """The page that was asked for."""
        path = quote(self.path.encode("latin-1", "replace"))
        query = str(self._environ.get("QUERY_STRING", ""))
        return f"{path}?{query}" if query else path

    def header(self, name: str) -> str:
        """A header, by the name that WSGI gives it."""
        return str(self._environ.get(f"HTTP_{name}", ""))

    def query(self, name: str) -> str:
        """A parameter; empty if it is not there."""
        return parse_qs(str(self._environ.get("QUERY_STRING", ""))).get(name, [""])[0]

    def cookie(self, name: str) -> str:
        """A cookie; empty if it is not there. The first of several has the longest path (RFC 6265, 5.4).

        Others on the same domain may set what is no cookie by the book, and `SimpleCookie` drops all for that.
        """
        pairs = (one.strip().partition("=") for one in self.header("COOKIE").split(";"))
        return next((value for key, _, value in pairs if key == name), "")

    def answer(self, status: str, body: bytes, headers: Mapping[str, str], *cookies: str) -> Iterable[bytes]:
        """Answer with what nobody may keep."""
        listed = [*headers.items(), ("Cache-Control", "no-store"), ("Content-Length", str(len(body)))]
        self._start_response(status, [*listed, *(("Set-Cookie", cookie) for cookie in cookies)])
        return [body]


def _signer(keeper: Doorkeeper, purpose: str) -> URLSafeTimedSerializer:
    how = {"key_derivation": "hmac", "digest_method": hashlib.sha256}
    salt = f"fusen {purpose} {keeper.workspace}"
    return URLSafeTimedSerializer(keeper.secret, salt=salt, signer_kwargs=how)


@dataclass(frozen=True, slots=True)
class _Signed:
    """What a cookie of ours says, and since when."""

    said: Mapping[str, str]
    since: float


def _read(signer: URLSafeTimedSerializer, signed: str, seconds: int) -> _Signed | None:
    try:
        said, since = signer.loads(signed, max_age=seconds, return_timestamp=True)
    except BadData:
        return None
    return _Signed(said, since.timestamp())


def _inside(to: str) -> str:
    """A path of ours to go to after the sign-in; whatever else was asked for, the first page."""
    return to if to.startswith("/") and to.isprintable() and to.isascii() and len(to) < 1_000 else "/"


def _private(start_response: StartResponse) -> StartResponse:
    """What only those may see who have signed in is kept by nobody on the way."""

    def start(status, headers, error=None):  # type: ignore[no-untyped-def]  # as WSGI calls it
        told = Headers(list(headers))
        told["Cache-Control"] = "private, no-cache"
        told.add_header("Vary", "Cookie")
        return start_response(status, told.items(), error)

    return start
