"""How a long list of notes is cut into pages whose addresses stay."""

from __future__ import annotations

from dataclasses import dataclass

PART = 30


@dataclass(frozen=True, slots=True)
class Part:
    """A run of notes counted from the oldest: `start` up to, not including, `stop`.

    `number` is None for the newest part, which lives at the main address.
    """

    number: int | None
    start: int
    stop: int


def parts(count: int, size: int = PART) -> tuple[Part, ...]:
    """Cut `count` notes, oldest first, into filled parts of `size` and the newest part.

    The newest part keeps `size` to 2 × `size` - 1 notes, so that the main address is never nearly empty. Once it
    would hold 2 × `size`, its older half becomes the next numbered part. From then on those notes stay on that
    page, however many come after; only a note that is removed or dated in between shifts the later ones.
    """
    filled = max(0, count // size - 1)
    older = tuple(Part(number, (number - 1) * size, number * size) for number in range(1, filled + 1))
    return (*older, Part(None, filled * size, count))
