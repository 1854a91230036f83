"""Texts sent compressed to those who take it, so that a page or the records of search cost a third of the wire."""

from __future__ import annotations

import threading
import zlib
from collections import OrderedDict
from collections.abc import Iterable
from hashlib import blake2b
from types import TracebackType
from typing import Any
from wsgiref.headers import Headers
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

_KINDS = (
    "text/",
    "application/javascript",
    "application/json",
    "application/xml",
    "application/feed+json",
    "application/atom+xml",
    "image/svg+xml",
)
_LEAST = 1_000  # bytes: below, the head weighs more
_KEPT = 32_000_000  # bytes of compressed texts
_GZIP, _LEVEL = 16 + zlib.MAX_WBITS, 6
_MARK = '-gz"'  # ends the validator of a compressed text: another representation needs another (RFC 9110, 8.8.3.3)


class Compressed:
    """Compresses what `inner` answers with, and keeps what was asked for lately: it will be asked for again."""

    def __init__(self, inner: WSGIApplication) -> None:
        self._inner = inner
        self._kept: OrderedDict[bytes, bytes] = OrderedDict()
        self._size = 0
        self._lock = threading.Lock()

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as `inner` does, compressed where that can be."""
        wanted = environ["REQUEST_METHOD"] == "GET" and "HTTP_RANGE" not in environ and _takes_gzip(environ)
        known = str(environ.get("HTTP_IF_NONE_MATCH", ""))
        if wanted and _MARK in known:
            environ["HTTP_IF_NONE_MATCH"] = known.replace(_MARK, '"')
        answer = _Answer()
        body = self._inner(environ, answer)
        if answer.headers.get("Content-Type", "").startswith(_KINDS):
            answer.headers.add_header("Vary", "Accept-Encoding")
            if wanted and _is_worth_it(answer):
                body = [self._pack(answer.headers, body)]
        if wanted and _MARK in known and answer.status.startswith("304"):
            _mark(answer.headers)
        start_response(answer.status, answer.headers.items())
        return body

    def _pack(self, headers: Headers, body: Iterable[bytes]) -> bytes:
        text = b"".join(body)
        close = getattr(body, "close", None)
        if close:
            close()
        packed = self._packed(text)
        headers["Content-Encoding"] = "gzip"
        headers["Content-Length"] = str(len(packed))
        _mark(headers)
        return packed

    def _packed(self, text: bytes) -> bytes:
        # By what is in it: a validator may be the same for another text.
        key = blake2b(text, digest_size=16).digest()
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        packing = zlib.compressobj(_LEVEL, zlib.DEFLATED, _GZIP)
        packed = packing.compress(text) + packing.flush()
        with self._lock:
            if key not in self._kept:
                self._kept[key] = packed
                self._size += len(packed)
            while self._size > _KEPT:
                self._size -= len(self._kept.popitem(last=False)[1])
        return packed


class _Answer:
    """What an application begins its answer with."""

    def __init__(self) -> None:
        self.status = ""
        self.headers = Headers()

    def __call__(
        self,
        status: str,
        headers: list[tuple[str, str]],
        _error: tuple[type[BaseException], BaseException, TracebackType] | tuple[None, None, None] | None = None,
        /,
    ) -> Any:
        self.status, self.headers = status, Headers(list(headers))
        return _no_writing


def _no_writing(_text: bytes) -> object:
    raise RuntimeError("what is compressed has to be returned, not written")


def _takes_gzip(environ: WSGIEnvironment) -> bool:
    """Whether the client names gzip as a coding that it takes (RFC 9110, 12.5.3)."""
    for one in str(environ.get("HTTP_ACCEPT_ENCODING", "")).lower().split(","):
        coding, _, weight = one.partition(";")
        if coding.strip() == "gzip":
            return weight.replace(" ", "").rstrip("0.") != "q="
    return False


def _is_worth_it(answer: _Answer) -> bool:
    length = answer.headers.get("Content-Length", "")
    coded = "Content-Encoding" in answer.headers
    return answer.status.startswith("200") and not coded and length.isdigit() and int(length) >= _LEAST


def _mark(headers: Headers) -> None:
    validator = headers.get("ETag", "")
    if validator.endswith('"'):
        headers["ETag"] = validator[:-1] + _MARK
