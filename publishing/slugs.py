"""Slugs: names fit for files and links, one for each tag key, whatever is in the key."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from functools import lru_cache

LONGEST_BYTES = 100  # with its suffixes a name then stays below 255 bytes, the limit of most file systems
_MARK = "--"  # never in a faithful slug, so no tag can be named like the marked slug of another
_OTHER = re.compile(r"[^\w]+|_{2,}")
_FAITHFUL = re.compile(r"[^\W_]+(?:[-_][^\W_]+)*")
# Names that Windows keeps for devices, and the name of our own list of tags.
_RESERVED = frozenset(
    {"con", "prn", "aux", "nul", "clock", "index"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(10)}
)


@lru_cache(maxsize=10_000)  # a tag is linked from each of its notes
def slug(key: str) -> str:
    """The slug of a folded key: letters and digits of any script, `-` and `_`; the key itself where it can be.

    A key that cannot stand for itself (blanks, signs, capitals, too long, reserved) gets a short hash of its
    own behind `--`. So a slug depends on nothing but its key, and no two keys share one, also where a file
    system does not tell capitals or composed characters apart.
    """
    return key if _stands_for_itself(key) else marked(key)


def marked(key: str) -> str:
    """The slug of a key with its hash behind `--`, also where the key could stand for itself."""
    body = _OTHER.sub("-", unicodedata.normalize("NFKC", key).casefold())
    body = unicodedata.normalize("NFKC", _cut(body)).strip("-_") or "tag"
    digest = hashlib.sha256(key.encode("utf-8", "surrogatepass")).hexdigest()[:12]
    return f"{body}{_MARK}{digest}"


def reserved(key: str) -> bool:
    """Whether some system, or a list of our own, has this name already."""
    return key in _RESERVED


def _stands_for_itself(key: str) -> bool:
    folded = unicodedata.normalize("NFKC", key) == key and key.upper().casefold() == key.casefold() == key
    short = len(key.encode("utf-8", "surrogatepass")) <= LONGEST_BYTES
    return folded and short and not reserved(key) and _FAITHFUL.fullmatch(key) is not None


def _cut(text: str) -> str:
    return text.encode("utf-8", "ignore")[:LONGEST_BYTES].decode("utf-8", "ignore")
