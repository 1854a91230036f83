"""Many like texts kept in little memory: the first as they are, the others packed."""

from __future__ import annotations

import zlib
from itertools import islice

_RAW = -zlib.MAX_WBITS  # no head and no sum: it never leaves the process
_SAMPLES = 4


class Packed:
    """Texts by number. Up to `plain` of them are kept as they are, up to `most` in all, no more.

    The others are packed with some of those as a dictionary: their markup is alike, so a third is left. To pack
    one takes about 50 µs, to unpack it 15.
    """

    def __init__(self, plain: int, most: int) -> None:
        self._most_plain = plain
        self._most = most
        self._plain: dict[int, bytes] = {}
        self._packed: dict[int, bytes] = {}
        self._alike = b""

    def __contains__(self, number: int) -> bool:
        return number in self._plain or number in self._packed

    def get(self, number: int) -> bytes:
        """The text; empty if it is not kept."""
        if number in self._packed:
            return zlib.decompressobj(_RAW, self._alike).decompress(self._packed[number])
        return self._plain.get(number, b"")

    def put(self, number: int, text: bytes) -> None:
        """Keep a text, in place of the one of that number, if there is room."""
        self.drop(number)
        if len(self._plain) < self._most_plain:
            self._plain[number] = text
        elif len(self._plain) + len(self._packed) < self._most:
            if not self._alike:
                self._alike = b"".join(islice(self._plain.values(), _SAMPLES))
            packing = zlib.compressobj(1, zlib.DEFLATED, _RAW, zdict=self._alike)
            self._packed[number] = packing.compress(text) + packing.flush()

    def drop(self, number: int) -> None:
        """Keep it no longer."""
        self._plain.pop(number, None)
        self._packed.pop(number, None)
