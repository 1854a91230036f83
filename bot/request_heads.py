"""The heads of HTTP requests: what would make waitress hang up, or think for minutes, is refused before.

Its patterns for the first line and for a field take the square of the length, or more, where they do not fit in
the end: 16 kB took 25 seconds, and nobody else is served meanwhile. The patterns here have one way to fit.
https://www.rfc-editor.org/rfc/rfc9112#section-3
"""

from __future__ import annotations

import re

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
    """A connection to the web server, whose requests are answered with 400 where their head cannot be read."""

    parser_class = _Request
