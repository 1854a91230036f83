"""What browsers are told with every page: to run nothing foreign, to show it in no frame, to tell nobody of it."""

from __future__ import annotations

from collections.abc import Iterable
from types import TracebackType
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""Each page says the same of itself, most of them more strictly: what only a header can say is the last part."""

_HEADERS = [
    ("Content-Security-Policy", POLICY),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    # Else any site could load the records of search as a script, from a browser that may read these pages.
    ("Cross-Origin-Resource-Policy", "same-origin"),
]


class Guarded:
    """Adds these headers to whatever `inner` answers with."""

    def __init__(self, inner: WSGIApplication) -> None:
        self._inner = inner

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer as `inner` does, with the headers."""

        def begin(
            status: str,
            headers: list[tuple[str, str]],
            error: tuple[type[BaseException], BaseException, TracebackType]
            | tuple[None, None, None]
            | None = None,
            /,
        ) -> Any:
            return start_response(status, [*headers, *_HEADERS], error)

        return self._inner(environ, begin)
