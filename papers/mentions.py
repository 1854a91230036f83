"""How stored text mentions people: by `@` and their name, or as somebody where the name is not told."""

from __future__ import annotations

import re
from collections.abc import Iterable

SOMEONE = "@someone"
"""Stands for a mention of somebody whose name is not known, or not told."""


def mention_of(names: Iterable[str]) -> re.Pattern[str] | None:
    """What finds a mention of anybody with one of these names; None if there are none.

    A longer name is found before one that it begins with. What follows may be glued on, as in `@Ada's` or
    `@愛子さん`, but a name in Latin letters is not found within a longer word.
    """
    longest = sorted(set(filter(None, names)), key=lambda name: (-len(name), name))
    if not longest:
        return None
    return re.compile("@(?:" + "|".join(map(_whole, longest)) + ")")


def _whole(name: str) -> str:
    return re.escape(name) + ("(?![0-9A-Za-z_])" if re.match("[0-9A-Za-z_]", name[-1]) else "")
