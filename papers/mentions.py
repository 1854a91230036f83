"""How stored text mentions people: by `@` and their name, or as somebody where the name is not told."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from papers.errors import FusenError, WrongWords
from papers.note import Audience, Tag
from papers.shelf import Shelf
from papers.tags import fold

SOMEONE = "@someone"
"""Stands for a mention of somebody whose name is not known, or not told."""

_MENTION = re.compile(r"@\S")


class PersonInName(FusenError):
    """Somebody wants a tag or a group to be called after a member."""

    en = "“{typed}” mentions a person, and the names of tags and groups stand on pages. Leave the @name out."
    ja = (
        "「{typed}」は特定の人へのメンションを含んでいます。タグやグループの名前はページにも載るため、"
        "@名前 を除いて入力してください。"
    )


class NobodyCalled(WrongWords):
    """Somebody typed the `@name` of a person of whom Slack made no mention: it knows nobody by it."""

    en = (
        "“{typed}” is nobody whom Slack knows by this name. To mean a person, choose them from the list that "
        "opens when you type @; a tag does not begin with @."
    )
    ja = (
        "「{typed}」という名前のメンバーは Slack に見つかりません。人を指定するには、@ を入力すると開く一覧から"
        "選んでください。タグは @ で始められません。"
    )


class MentionInClosed(FusenError):
    """In a channel that strangers may read somebody wants a tag with what may be the mention of a person."""

    en = (
        "“{typed}” may mention a person. In a channel that another organization reads, or may read, new tags "
        "have no @ before a word. Leave the @ out."
    )
    ja = (
        "「{typed}」は人へのメンションかもしれません。ほかの組織のメンバーが読む (または読む可能性のある) "
        "チャンネルでは、@ の後に語が続く新しいタグは付けられません。@ を除いて入力してください。"
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

    However wide, and in whatever case, the mention is written. Raise NobodyCalled if one begins as a mention.
    """
    for name in names:
        folded = fold(name)
        mention = mention_of(shelf.directory.named_in(workspace, folded)) if "@" in folded else None
        if mention and mention.search(folded):
            raise PersonInName(typed=name)
        if begins_as_mention(name):
            raise NobodyCalled(name)


def refuse_new_people(shelf: Shelf, audience: Audience, typed: Sequence[Tag]) -> None:
    """Refuse people in the tags that are new to the audience, as `refuse_people` does.

    In a closed channel raise MentionInClosed whoever is named: else strangers would learn who works here.
    """
    mentioning = [tag for tag in typed if "@" in tag.key]
    if not mentioning:
        return
    known = shelf.tags.known(audience, [tag.key for tag in mentioning])
    new = [tag.name for tag in mentioning if tag.key not in known]
    if audience.channel and shelf.directory.channel(audience.workspace, audience.channel).is_closed:
        for name in new:
            if _MENTION.search(fold(name)):
                raise MentionInClosed(typed=name)
    refuse_people(shelf, audience.workspace, *new)


def begins_as_mention(name: str) -> bool:
    """Whether a name begins with `@` and a word, as the mention of a person does."""
    return _MENTION.match(fold(name)) is not None


def _whole(name: str) -> str:
    return re.escape(name) + ("(?![0-9A-Za-z_])" if re.match("[0-9A-Za-z_]", name[-1]) else "")
