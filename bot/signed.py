"""Slack's door over HTTP: whoever knocks proves to be Slack before a word of what they say is read."""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Callable, Iterable
from http import HTTPStatus
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from slack_sdk.signature import SignatureVerifier

from bot.health import plain

log = logging.getLogger(__name__)

# https://docs.slack.dev/authentication/verifying-requests-from-slack
_SIGNATURE = re.compile("v0=[0-9a-f]{64}")
_MOMENT = re.compile("[0-9]{1,12}")


class Signed:
    """Lets requests through that Slack has signed within the last five minutes, and no others.

    Bolt could look at signatures too, but it has parsed the body by then, and logs what it refuses. Events do not
    get as far as `inner`, Bolt's own door: `hear` is given them, and returns the status to answer with.
    """

    def __init__(self, inner: WSGIApplication, hear: Callable[[object], int | None], secret: str) -> None:
        self._inner = inner
        self._hear = hear
        self._verifier = SignatureVerifier(secret)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer 405 to what is no POST, 401 to what Slack has not signed, 400 to what cannot be read."""
        if environ["REQUEST_METHOD"] != "POST":
            return plain(start_response, "405 Method Not Allowed", "Slack posts here.")
        # The web server has counted and bounded it.
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        if not self._is_signed(environ, body):
            log.info("a request without Slack's signature was refused")
            return plain(start_response, "401 Unauthorized", "This is not signed by Slack.")
        try:
            # Slack writes JSON, or a form.
            status = self._hear(json.loads(body)) if body.startswith(b"{") else None
            if status is None:
                return self._inner({**environ, "wsgi.input": io.BytesIO(body)}, start_response)
            # Without a body it travels in one piece.
            start_response(f"{status} {HTTPStatus(status).phrase}", [("Content-Length", "0")])
            return []
        except (ValueError, TypeError, AttributeError, LookupError, RecursionError) as error:
            # Bolt answers for all that listeners raise; this comes of reading the body, before any is asked.
            log.warning("a request of Slack cannot be read: %s", type(error).__name__)
            return plain(start_response, "400 Bad Request", "This cannot be read.")

    def _is_signed(self, environ: WSGIEnvironment, body: bytes) -> bool:
        moment = str(environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP", ""))
        signature = str(environ.get("HTTP_X_SLACK_SIGNATURE", ""))
        if not _MOMENT.fullmatch(moment) or not _SIGNATURE.fullmatch(signature):
            return False
        try:
            return self._verifier.is_valid(body, moment, signature)
        except UnicodeDecodeError:
            return False  # Slack writes UTF-8
