"""How stored text mentions people: by `@` and their name, or as somebody where the name is not told."""

from __future__ import annotations

import re
from collections.abc import Iterable

from papers.errors import FusenError
from papers.shelf import Shelf
from papers.tags import fold

SOMEONE = "@someone"
"""Stands for a mention of somebody whose name is not known, or not told."""


class PersonInName(FusenError):
    """Somebody wants a tag or a group to be called after a member."""

    en = "“{typed}” mentions a person, and the names of tags and groups stand on pages. Leave the @name out."
    ja = (
        "「{typed}」は特定の人へのメンションを含んでいます。タグやグループの名前はページにも載るため、"
        "@名前 を除いて入力してください。"
    )


def mention_of(names: Iterable[str]) -> re.Pattern[str] | None:
    """What finds a mention of anybody with one of these names; None if there are none.

    A longer name is found before one that it begins with. What follows may be glued on, as in `@Ada's` or
    `@愛子さん`, but a name in Latin letters is not found within a longer word.
    """
    longest = sorted(set(filter(None, names)), key=lambda name: (-len(name), name))
    if not longest:
        return None
    return re.compile("@(?:" + "|".join(map(_whole, longest)) + ")")


def refuse_people(shelf: Shelf, workspace: str, *names: str) -> None:
    """Raise PersonInName if one of these names, which a tag or a group is to have, mentions a member by theirs.

    However wide, and in whatever case, the mention is written.
    """
    for name in names:
        folded = fold(name)
        mention = mention_of(shelf.directory.named_in(workspace, folded)) if "@" in folded else None
        if mention and mention.search(folded):
            raise PersonInName(typed=name)


def _whole(name: str) -> str:
    return re.escape(name) + ("(?![0-9A-Za-z_])" if re.match("[0-9A-Za-z_]", name[-1]) else "")
