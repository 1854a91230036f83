"""Turning what others send into what they should never send: values, texts and bytes, changed at random."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from random import Random
from typing import Any
from xml.sax.saxutils import escape

from hostile import CORPUS

_DEEP, _HUGE = "\ue000deep\ue000", "\ue000huge\ue000"
_LEAVES: tuple[Any, ...] = (
    None,
    True,
    False,
    0,
    -1,
    2**31,
    2**63,
    -(2**70),
    10**400,
    1e308,
    -0.0,
    float("nan"),
    float("inf"),
    "",
    " ",
    "0",
    "-1",
    "9" * 400,
    "1e400",
    "nan",
    "²",
    "١٢",
    "\x00",
    "\ud800",
    "\udfff\ud83d",
    "a\x00b",
    "\u202e\u200b\ufeff",
    "[" * 40,
    "../../etc/passwd",
    "9999999999999.999999",
    "-99999999999",
    [],
    {},
    [[]],
    [None],
    [{}],
    {"": ""},
    _DEEP,
    _HUGE,
)


def mutated(random: Random, value: Any) -> Any:
    """A copy of a value as JSON has them, changed in up to four places, at times in none."""
    copy = json.loads(json.dumps(value))
    for _ in range(random.choice((0, 1, 1, 1, 2, 2, 3, 4))):
        copy = _changed(random, copy)
    return copy


def as_json(value: Any) -> str:
    """The value as JSON; what Python cannot write, deep nests and numbers of thousands of digits, among it."""
    text = json.dumps(value)
    nest = "[" * 3000 + "]" * 3000
    return text.replace(json.dumps(_DEEP), nest).replace(json.dumps(_HUGE), "9" * 6000)


def garbled(random: Random, body: bytes) -> bytes:
    """Bytes cut, doubled, put elsewhere and overwritten in up to six places."""
    for _ in range(random.choice((0, 1, 1, 2, 3, 6))):
        first, last = sorted((random.randint(0, len(body)), random.randint(0, len(body))))
        body = random.choice(_GARBLINGS)(random, body, first, last)
    return body[:1_000_000]


def reworded(random: Random, body: bytes) -> bytes:
    """Markup with other texts and values in one to four places, and whole all the same."""
    text = body.decode()
    for _ in range(random.randint(1, 4)):
        spots = list(_SPOTS.finditer(text))
        spot = random.choice(spots)
        leaf = random.choice((*CORPUS, *(str(one) for one in _LEAVES[:30] if one != 10**400), "\ud800"))
        word = random.choice((leaf, spot[0] * random.choice((0, 2, 2000))))
        text = text[: spot.start()] + escape(word, {'"': "&quot;"})[:200_000] + text[spot.end() :]
    return text.encode("utf-8", random.choice(("replace", "surrogatepass")))


def odd_text(random: Random, words: Sequence[str], most: int = 12) -> str:
    """Words, hostile ones among them, in any order."""
    parts = []
    for _ in range(random.randint(0, most)):
        chosen = random.choice(words) if random.random() < 0.7 else random.choice(CORPUS)
        parts.append(chosen * random.choice((1, 1, 1, 1, 1, 2, 50)))
    return random.choice((" ", " ", " ", "", "\n", "\t", "\u3000")).join(parts)[:40_000]


def _changed(random: Random, value: Any) -> Any:
    places = list(_places(value))
    if not places:
        return random.choice(_LEAVES)
    holder, key = random.choice(places)
    if random.random() < 0.2:
        del holder[key]
    else:
        holder[key] = random.choice(_CHANGES)(random, holder[key])
    return value


def _places(value: Any) -> list[tuple[Any, Any]]:
    found: list[tuple[Any, Any]] = []
    left = [value]
    while left:
        one = left.pop()
        keys = list(one) if isinstance(one, dict) else range(len(one)) if isinstance(one, list) else ()
        for key in keys:
            found.append((one, key))
            left.append(one[key])
    return found


def _hostile(random: Random, _value: Any) -> Any:
    return random.choice(CORPUS)


def _leaf(random: Random, _value: Any) -> Any:
    leaf = random.choice(_LEAVES)
    return json.loads(json.dumps(leaf)) if isinstance(leaf, list | dict) else leaf


def _nested(random: Random, value: Any) -> Any:
    for _ in range(random.choice((1, 2, 30, 200))):
        value = [value] if random.random() < 0.5 else {"text": value}
    return value


def _longer(random: Random, value: Any) -> Any:
    times = random.choice((2, 30, 1000))
    if isinstance(value, str):
        return (value * times)[:200_000]
    return value[:50] * min(times, 100) if isinstance(value, list) else [value] * min(times, 100)


def _retyped(_random: Random, value: Any) -> Any:
    if isinstance(value, str):
        return list(value[:100])
    return str(value)[:1000] if isinstance(value, int | float | None) else list(value)


_CHANGES: tuple[Callable[[Random, Any], Any], ...] = (_hostile, _leaf, _leaf, _nested, _longer, _retyped)

_SPOTS = re.compile(r'(?<=>)[^<>]+(?=</)|(?<==")[^"<>]*(?=")')
_BITS = (
    b"\x00",
    b"\xff\xfe",
    b"\xed\xa0\x80",
    b"<",
    b">",
    b"&",
    b'"',
    b"9" * 5000,
    b"&#0;",
    b"]]>",
    b"<!--",
    b"\n",
)

_GARBLINGS: tuple[Callable[[Random, bytes, int, int], bytes], ...] = (
    lambda _random, body, first, last: body[:first] + body[last:],
    lambda _random, body, first, _last: body[:first],
    lambda random, body, first, last: body[:last] + body[first:last] * random.choice((1, 3, 40)) + body[last:],
    lambda random, body, first, _last: body[:first] + random.choice(_BITS) + body[first:],
    lambda random, body, first, _last: (
        body[:first] + random.choice(CORPUS).encode("utf-8", "replace") + body[first:]
    ),
    lambda random, body, first, last: (
        body[:first] + bytes(random.choices(range(256), k=min(20, last - first))) + body[last:]
    ),
)
