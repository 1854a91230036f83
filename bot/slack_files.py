"""The bytes of files in Slack: asked of Slack alone, with the token, bounded in size and time."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.parse import SplitResult, urljoin, urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from bot.slack_wire import Proxies
from papers.images import MOST_BYTES, FileUnavailable
from papers.retry_after import wait_asked_for

SECONDS = 60.0
"""How long fetching one file may take in all."""

READ_SECONDS = 10.0
MOST_STEPS = 4  # three redirects
CHUNK = 64 * 1024

SOON, LATER = timedelta(minutes=1), timedelta(minutes=10)
_LONGEST_PAUSE = 3600


class _NoRedirect(HTTPRedirectHandler):
    """Follows nothing by itself: where the token goes is looked at first."""

    def redirect_request(self, *_asked: Any, **_more: Any) -> None:
        return None


class SlackFiles:
    """Fetches files. The token goes to the host of Slack's API and to hosts below it, and to no other.

    So `https://slack.com/api/` means `https://slack.com` and `https://files.slack.com`.
    """

    def __init__(self, token: str, api_url: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._token = token
        self._api = urlsplit(api_url)
        self._opener = build_opener(Proxies, _NoRedirect)
        self._clock = clock

    def __call__(self, url: str) -> bytes:
        """The bytes of the file. Raises FileUnavailable.

        https://docs.slack.dev/reference/objects/file-object (`url_private`)
        """
        end = self._clock() + SECONDS
        for _ in range(MOST_STEPS):
            if not self.trusts(url):
                raise FileUnavailable("it does not lie in Slack", None)
            try:
                return self._read(url, end)
            except HTTPError as error:
                with error:
                    url = urljoin(url, _further(error))
            except (OSError, HTTPException, ValueError) as error:
                raise FileUnavailable(type(error).__name__, SOON) from error
        raise FileUnavailable("too many redirects", LATER)

    def trusts(self, url: str) -> bool:
        """Whether this is an address that may have the token."""
        try:
            there = urlsplit(url)
            same = there.scheme == self._api.scheme and there.username is None and there.password is None
            return same and (_place(there) == _place(self._api) or self._is_below(there))
        except ValueError:  # a port or an address that is none
            return False

    def _read(self, url: str, end: float) -> bytes:
        # The scheme was looked at.
        request = Request(url, headers={"Authorization": f"Bearer {self._token}"})  # noqa: S310
        with self._opener.open(request, timeout=READ_SECONDS) as answer:
            if answer.headers.get_content_type() == "text/html":
                # Slack's page to sign in: the token may not read this file, or not yet.
                raise FileUnavailable("Slack asks to sign in", LATER)
            body = bytearray()
            while chunk := answer.read1(CHUNK):
                body += chunk
                if len(body) > MOST_BYTES:
                    raise FileUnavailable("it is too large", None)
                if self._clock() > end:
                    raise FileUnavailable("it took too long", LATER)
        return bytes(body)

    def _is_below(self, there: SplitResult) -> bool:
        above = (self._api.hostname or "").removeprefix("www.")
        return (there.hostname or "").endswith(f".{above}") and there.port in (None, 443)


def _place(address: SplitResult) -> tuple[str | None, int | None]:
    return address.hostname, address.port


def _further(error: HTTPError) -> str:
    """Where a redirect leads. Raises FileUnavailable for all other refusals."""
    if error.code in (301, 302, 303, 307, 308) and error.headers.get("Location"):
        return str(error.headers["Location"])
    if error.code == 429:
        asked = wait_asked_for(error.headers.get("Retry-After"))
        pause = SOON if asked is None else timedelta(seconds=min(asked, _LONGEST_PAUSE))
        raise FileUnavailable("ratelimited", pause)
    gone = error.code in (404, 410)
    raise FileUnavailable(f"HTTP {error.code}", None if gone else LATER)
