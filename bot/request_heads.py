"""HTTP requests: what would make waitress hang up, think for minutes or wait for ever is refused before.

Its patterns for the first line and for a field take the square of the length, or more, where they do not fit in
the end: 16 kB took 25 seconds, and nobody else is served meanwhile. The patterns here have one way to fit.
https://www.rfc-editor.org/rfc/rfc9112#section-3
"""

from __future__ import annotations

import re
import time
from typing import Any

from waitress.channel import HTTPChannel
from waitress.parser import HTTPRequestParser, ParsingError

_FIRST_LINE = re.compile(rb"[^ ]+ [^ ]+(?: HTTP/[0-9]\.[0-9])?")
# A control character has no place in a head, nor does a field that goes on in the next line (RFC 9112, 5.2).
_OUT_OF_PLACE = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]|\r\n[ \t]")
_BLANKS_BEFORE_A_VALUE = re.compile(rb"(?m)^([^:\r\n]*:)[ \t]+")


class _Request(HTTPRequestParser):  # type: ignore[misc] # the package carries no types
    def parse_header(self, header_plus: bytes) -> None:
        first_line, parted, fields = header_plus.partition(b"\r\n")
        if not _FIRST_LINE.fullmatch(first_line.rstrip()):
            raise ParsingError("Start line is invalid")
        if _OUT_OF_PLACE.search(header_plus):
            raise ParsingError("Invalid header")
        try:
            super().parse_header(first_line + parted + _BLANKS_BEFORE_A_VALUE.sub(rb"\1 ", fields))
        except ValueError as error:
            # Of an address that cannot be taken apart, such as http://[ is.
            raise ParsingError("Bad URI") from error


class Channel(HTTPChannel):  # type: ignore[misc] # the package carries no types
    """A connection to the web server.

    A request whose head cannot be read is answered with 400; one that is not whole so many `seconds` after it
    began is not waited for. Waitress waits for as long as a byte comes now and then, and takes in nobody else once
    there are many such connections.
    """

    parser_class = _Request

    def __init__(self, *of: Any, seconds: float, **named: Any) -> None:
        self._seconds = seconds
        # The first one is expected from the beginning, each other from its first byte on.
        self._begun: float | None = time.monotonic()
        super().__init__(*of, **named)

    def received(self, data: bytes) -> bool:
        """Take in what came."""
        before = self.request
        taken: bool = super().received(data)
        if self.request is None:
            self._begun = None
        elif self.request is not before:
            self._begun = time.monotonic()
        return taken

    def readable(self) -> bool:
        """Whether more is waited for; asked every second or more often."""
        if not super().readable():
            return False
        if self._begun is not None and time.monotonic() - self._begun > self._seconds:
            self.will_close = True
        return not self.will_close
