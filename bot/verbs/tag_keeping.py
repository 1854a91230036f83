"""Verbs that keep the tags of a workspace in order: listing, renaming, merging, names, groups, descriptions."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from bot import modals
from bot.blocks import Block, Rendered
from bot.payloads.interactions import IN_PLACE, Submitted, control
from bot.verbs.desk import Desk, Request
from bot.verbs.registry import (
    EmptyField,
    Form,
    Menu,
    Takes,
    command,
    first_word,
    for_colleagues,
    form_for_colleagues,
)
from bot.verbs.typed_tags import refuse_links
from papers import tags as tag_names
from papers.errors import FusenError
from papers.note import Note, Tag
from papers.tag_groups import grouped
from papers.tag_keeping import NoGroupName, Renamed
from papers.typed_words import which_word

TAG, HOW, NAME = "known_tag", "tidy_how", "tidy_name"
SHOWN = 300
"""How many tags the list holds at most, the most used ones."""

TAGS_TOLD = 400
CONFIRM = "confirm"
"""What stands before a renaming that was asked about already: in the words of a button, never typed."""

NAMED = frozenset({"rename", "merge", "alias", "group"})
"""The ways that need a name typed."""

_COLON = re.compile(r"[:：]")


class HowToTidy(FusenError):
    """Words after the verb that say nothing it could do."""

    en = (
        "I can: {command} tidy rename OLD, NEW · {command} tidy merge OLD, NEW · "
        "{command} tidy alias ALIAS, TAG · {command} tidy unalias ALIAS · "
        "{command} tidy group GROUP: TAG, TAG · {command} tidy ungroup TAG · {command} tidy describe TAG: WORDS"
    )
    ja = (
        "次のように入力してください: {command} tidy rename 旧, 新 · {command} tidy merge 旧, 新 · "
        "{command} tidy alias 別名, タグ · {command} tidy unalias 別名 · "
        "{command} tidy group グループ: タグ, タグ · {command} tidy ungroup タグ · "
        "{command} tidy describe タグ: 説明"
    )


class CommaInName(FusenError):
    """A window was filled in with what would be several names."""

    en = "One name without a comma, please: commas part tags."
    ja = "カンマはタグの区切りになるため、名前には使えません。名前を 1 つ入力してください。"


@command(
    "tags", "the tags in use", "使われているタグの一覧", japanese=("タグ一覧",), takes=Takes.ITS_OWN, menu=Menu.ALL
)
def tags(desk: Desk, request: Request) -> Rendered:
    """List the tags in use, by group; or do what is said with one."""
    return tidy(desk, request) if request.rest.strip() else _list(desk, request)


def _fields(desk: Desk, request: Request, _note: Note | None) -> list[Block]:
    words, asker = desk.messages.wording(request.language), request.asker
    here = desk.lookup.channel(asker.workspace, asker.channel)
    reach = desk.messages.audience_of(here, request.workspace) if asker.channel else "reaches_published"
    ways = [(words(f"tidy_{way}"), way) for way in ("rename", "merge", "alias", "group", "ungroup", "describe")]
    return [
        modals.asking(TAG, words("tidy_which"), modals.one_by_typeahead(TAG, words("modal_choose"))),
        modals.asking(HOW, words("tidy_how"), modals.one(HOW, ways, "rename")),
        modals.asking(
            NAME,
            words("tidy_name"),
            modals.line(NAME, words("tidy_hint")),
            optional=True,
            hint=words(f"tidy_{reach}"),
        ),
    ]


def _words(sent: Submitted) -> str:
    """What was filled in, as it would be typed."""
    (tag,) = sent.chosen.get(TAG) or ("",)
    (way,) = sent.chosen.get(HOW) or ("",)
    name = sent.typed.get(NAME, "")
    if not name.strip() and way in NAMED:
        raise EmptyField
    if way in NAMED - {"group"} and tag_names.has_comma(name):
        raise CommaInName
    if way == "group":
        return f"group {_COLON.sub(' ', name)}: {tag}"
    if way == "ungroup":
        return f"ungroup {tag}"
    if way == "describe":
        return f"describe {tag}: {name}"
    return f"{way} {name}, {tag}" if way == "alias" else f"{way} {tag}, {name}"


@command(
    "tidy rename OLD, NEW",
    "rename a tag; in the same way: merge OLD, NEW; alias ALIAS, TAG; group GROUP: TAG, TAG; ungroup TAG; "
    "describe TAG: WORDS",
    "タグの名前を変える。同様に: merge 旧, 新 · alias 別名, タグ · group グループ: タグ, タグ · ungroup タグ · "
    "describe タグ: 説明",
    japanese=("タグを編集", "タグ編集"),
    takes=Takes.ITS_OWN,
    form=form_for_colleagues(Form(_fields, _words, shows=True, typed_in=NAME)),
)
@for_colleagues
def tidy(desk: Desk, request: Request) -> Rendered:
    """Do what is said with a tag, for full members, since it holds for all; nothing said lists them."""
    return _do(desk, request) if request.rest.strip() else _list(desk, request)


def _list(desk: Desk, request: Request) -> Rendered:
    audience = request.asker.audience
    counted = desk.tagging.tags(audience)
    groups, rest = grouped(counted[:SHOWN], desk.tagging.groups(audience))
    told = desk.say("tags", request, count=len(counted), groups=groups, rest=rest)
    if not counted:
        return told
    edit = modals.button(desk.messages.wording(request.language)("button_tidy")) | control("tidy", 0)
    return told.over(*modals.rows([edit]))


def _do(desk: Desk, request: Request) -> Rendered:
    way, said = first_word(request.rest)
    meant = which_word(way, _WAYS)
    if meant is None or not said or (meant == CONFIRM and not request.pressed):
        raise HowToTidy
    if meant != "alias" or tag_names.has_comma(said):  # without one its names are listed
        desk.check_full_member(request.asker)
    return _WAYS[meant](desk, request, said)


def _confirmed(desk: Desk, request: Request, said: str) -> Rendered:
    way, named = first_word(said)
    old, new = _pair(named)
    if way == "merge":
        return _renamed(desk, request, desk.tag_keeping.merge(request.asker, old, new))
    if way == "undo":
        undone = desk.undoing.undo_renaming(request.asker, old, new)
        return desk.say("undone", request, key="undone_rename", note=None, taken=undone.taken)
    if way == "rename":
        return _renamed(desk, request, desk.tag_keeping.rename(request.asker, old, new))
    raise HowToTidy


def _renamed(desk: Desk, request: Request, done: Renamed) -> Rendered:
    told = desk.say(
        "tag_renamed",
        request,
        by=done.by,
        old=done.old,
        new=done.new,
        merged=done.merged,
        count=done.notes,
        changed=done.changed,
    )
    if done.merged or not done.changed:
        return told
    names = f"{tag_names.quoted(done.old)}, {tag_names.quoted(done.new)}"
    back = control("tidy", 0, f"{CONFIRM} undo {names}", f"{IN_PLACE}-undo")
    undo = modals.button(desk.messages.wording(request.language)("button_undo")) | back
    return told.over(*modals.rows([undo]))


def _ask(desk: Desk, request: Request, said: str, merge: bool) -> Rendered:
    """Say what would come of it, and let it be confirmed. What is so already is said to be."""
    old, new = _pair(said)
    if merge:
        desk.tag_keeping.plan(request.asker, new, new)  # there must be a tag to merge into
    plan = desk.tag_keeping.plan(request.asker, old, new)
    if plan.old.tag == plan.new:
        return _confirmed(desk, request, f"rename {said}")
    told = desk.say("tag_plan", request, old=plan.old, new=plan.new, merges=plan.merges)
    words = desk.messages.wording(request.language)
    way, label = ("merge", words("do_merge")) if plan.merges else ("rename", words("do_rename"))
    act = control("tidy", 0, f"{CONFIRM} {way} {plan.old.tag.name}, {plan.new.name}", f"{IN_PLACE}-{way}")
    return told.over(*modals.rows([modals.button(label) | act]), asks=True)


def _rename(desk: Desk, request: Request, said: str) -> Rendered:
    refuse_links(desk, request, said)
    return _ask(desk, request, said, merge=False)


def _merge(desk: Desk, request: Request, said: str) -> Rendered:
    return _ask(desk, request, said, merge=True)


def _alias(desk: Desk, request: Request, said: str) -> Rendered:
    if not tag_names.has_comma(said):
        return _other_names(desk, request, said)
    refuse_links(desk, request, said)
    other, tag = _pair(said)
    meant = desk.tag_keeping.alias(request.asker, other, tag)
    return _say(desk, request, "tag_aliased", other=other.name, tag=meant.name)


def _other_names(desk: Desk, request: Request, said: str) -> Rendered:
    tag, names = desk.tag_keeping.other_names(request.asker, tag_names.tag(said))
    if not names:
        spoken = desk.spoken(request.asker, request.message)
        return _say(desk, request, "tag_no_aliases", tag=tag.name, command=spoken)
    return _say(desk, request, "tag_aliases", tag=tag.name, names=_listed(desk, request, names))


def _unalias(desk: Desk, request: Request, said: str) -> Rendered:
    other = tag_names.tag(said)
    tag = desk.tag_keeping.unalias(request.asker, other)
    return _say(desk, request, "tag_unaliased", other=other.name, tag=tag.name)


def _group(desk: Desk, request: Request, said: str) -> Rendered:
    name, *named = _COLON.split(said, maxsplit=1)
    if not named:
        raise HowToTidy
    if not name.strip() or not named[0].strip():
        raise NoGroupName
    called, found = desk.tag_keeping.group(request.asker, name, tag_names.tags(named[0]))
    return _say(
        desk, request, "tag_grouped", group=called, tags=_listed(desk, request, [tag.name for tag in found])
    )


def _ungroup(desk: Desk, request: Request, said: str) -> Rendered:
    found = desk.tag_keeping.ungroup(request.asker, tag_names.tags(said))
    return _say(desk, request, "tag_ungrouped", tags=_listed(desk, request, [tag.name for tag in found]))


def _describe(desk: Desk, request: Request, said: str) -> Rendered:
    typed, text = _described(desk, request, said)
    tag, told, before = desk.tag_keeping.describe(request.asker, tag_names.tag(typed), text)
    key = "tag_described" if told else "tag_undescribed" if before else "tag_not_described"
    return _say(desk, request, key, tag=tag.name, text=told)


def _described(desk: Desk, request: Request, said: str) -> tuple[str, str]:
    """The tag, whose name may have colons, and the words about it."""
    parts = {said[: colon.start()]: said[colon.end() :] for colon in _COLON.finditer(said)}
    if not parts:
        raise HowToTidy
    short = [typed for typed in parts if len(typed) <= tag_names.LONGEST]
    known = desk.tagging.known(request.asker.audience, short)
    typed = max(known, key=len) if known else next(iter(parts))
    return typed, parts[typed]


def _say(desk: Desk, request: Request, key: str, **facts: str) -> Rendered:
    return desk.say("say", request, key=key, facts=facts)


def _listed(desk: Desk, request: Request, names: Iterable[str]) -> str:
    return desk.messages.wording(request.language)("between_names").join(names)[:TAGS_TOLD]


def _pair(said: str) -> tuple[Tag, Tag]:
    two = tag_names.pair(said)
    if two is None:
        raise HowToTidy
    return two


_WAYS: Mapping[str, Callable[[Desk, Request, str], Rendered]] = {
    "rename": _rename,
    "merge": _merge,
    "alias": _alias,
    "unalias": _unalias,
    "group": _group,
    "ungroup": _ungroup,
    "describe": _describe,
    CONFIRM: _confirmed,
}
