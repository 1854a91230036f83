"""Signed HTTP delivery to a request URL: the other way to the app.

Source: docs.slack.dev/authentication/verifying-requests-from-slack and docs.slack.dev/apis/events-api.
"""

import hashlib
import hmac
import json
import secrets
import time
from urllib.parse import urlencode

import aiohttp

from playground.records import Json, SlackError
from playground.routes import NotDelivered

MAX_REDIRECTS = 2
MAX_ANSWER = 1_000_000


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """Return the value of X-Slack-Signature."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class SignedHttp:
    """The request URL of the app. Used as soon as one is registered."""

    def __init__(self, secret: str) -> None:
        self._secret = secret
        self._session: aiohttp.ClientSession | None = None
        self.url = ""

    async def register(self, url: str, timeout: float = 3.0) -> None:
        """Ask the URL to prove itself with a challenge, then use it; empty means Socket Mode again."""
        if not url:
            self.url = ""
            return
        challenge = secrets.token_urlsafe(32)
        body = json.dumps({"token": "playground", "challenge": challenge, "type": "url_verification"}).encode()
        try:
            answer = await self._post(url, body, "application/json", {}, timeout)
        except NotDelivered as failure:
            raise SlackError("url_verification_failed", detail=failure.reason) from failure
        if answer.get("challenge", answer.get("text")) != challenge:
            raise SlackError("url_verification_failed", detail="the challenge did not come back")
        self.url = url

    async def ready(self) -> None:
        """Return at once: an URL is always there."""

    async def send(self, kind: str, payload: Json, attempt: int, reason: str, timeout: float) -> Json:
        """Post one payload and return what the app answered in the body."""
        headers = {}
        if attempt:
            headers = {"x-slack-retry-num": str(attempt), "x-slack-retry-reason": reason}
        if kind == "events_api":
            body, content_type = json.dumps(payload).encode(), "application/json"
        else:
            fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
            body, content_type = urlencode(fields).encode(), "application/x-www-form-urlencoded"
        return await self._post(self.url, body, content_type, headers, timeout)

    async def _post(self, url: str, body: bytes, content_type: str, more: dict[str, str], timeout: float) -> Json:
        if self._session is None:
            self._session = aiohttp.ClientSession(trust_env=False)
        timestamp = str(int(time.time()))
        headers = {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (playground)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature(self._secret, timestamp, body),
            **more,
        }
        try:
            async with self._session.post(
                url,
                data=body,
                headers=headers,
                max_redirects=MAX_REDIRECTS + 1,
                timeout=aiohttp.ClientTimeout(total=timeout),
            ) as answer:
                raw = await answer.content.read(MAX_ANSWER)
                if not 200 <= answer.status < 300:
                    no_retry = answer.headers.get("x-slack-no-retry") == "1"
                    raise NotDelivered("http_error", no_retry=no_retry)
                return _read_answer(raw, answer.content_type)
        except TimeoutError:
            raise NotDelivered("http_timeout") from None
        except aiohttp.TooManyRedirects:
            raise NotDelivered("too_many_redirects") from None
        except aiohttp.ClientSSLError:
            raise NotDelivered("ssl_error") from None
        except aiohttp.InvalidURL:
            raise NotDelivered("unknown_error") from None
        except aiohttp.ClientError:
            raise NotDelivered("connection_failed") from None

    async def close(self) -> None:
        """Close open connections."""
        if self._session is not None:
            await self._session.close()


def _read_answer(raw: bytes, content_type: str) -> Json:
    text = raw.decode("utf-8", "replace").strip()
    if not text:
        return {}
    if content_type == "application/json" or text.startswith("{"):
        try:
            answer = json.loads(text)
        except ValueError:
            return {"text": text}
        return answer if isinstance(answer, dict) else {"text": text}
    return {"text": text}
