"""The verb about settings: what holds for a person and for their workspace, and changing it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot import modals
from bot.blocks import Block, Rendered
from bot.payloads.interactions import Submitted, control
from bot.verbs.desk import Desk, ForColleagues, Request
from bot.verbs.registry import Form, Menu, Takes, command
from papers.note import Note
from papers.preferences import Shown
from papers.settled import CHOICES, PERSONAL, SHARED, Setting, Value, as_typed, settings
from papers.wording import Wording


def _fields(desk: Desk, request: Request, _note: Note | None) -> list[Block]:
    """One question a setting; what holds for everybody is asked only of those who may change it."""
    words, shown = desk.messages.wording(request.language), desk.preferences.shown(request.asker)
    asked = [_question(words, setting, shown.value(setting)) for setting in PERSONAL]
    if desk.is_stranger(request.asker):
        return asked
    if desk.preferences.may_settle(desk.standing_of(request.asker)):
        return [
            *asked,
            modals.heading(words("settings_team")),
            *(_question(words, setting, shown.value(setting)) for setting in SHARED),
        ]
    spoken = desk.spoken(request.asker, request.message)
    return [*asked, modals.remark(words("settings_not_yours", command=spoken))]


def _question(words: Wording, setting: Setting, value: Value) -> Block:
    label, typed = words(f"setting_{_key(setting)}"), as_typed(setting, value)
    if choices := CHOICES.get(setting):
        options = [(_word(words, choice), choice) for choice in choices]
        return modals.asking(setting, label, modals.one(setting, options, typed))
    return modals.asking(setting, label, modals.line(setting, words(f"setting_{_key(setting)}_hint"), typed))


def _words(sent: Submitted) -> str:
    """The settings as they would be typed; what is left empty is left as it is."""
    filled = {name: values[0] for name, values in sent.chosen.items() if values} | {
        name: text.strip() for name, text in sent.typed.items() if text.strip()
    }
    # A comma would begin another setting; none is any good in one.
    return ", ".join(f"{name}={value.replace(',', ' ')}" for name, value in filled.items())


@command(
    "settings [NAME VALUE]",
    "what is set for you and for everybody, and who set it; change it",
    "自分と全員の設定を表示・変更",
    japanese=("設定",),
    takes=Takes.ITS_OWN,
    menu=Menu.ALL,
    form=Form(_fields, _words, shows=True),
)
def settings_(desk: Desk, request: Request) -> Rendered:
    """Show what is settled; settle what is said. A stranger has what is their own, and sees no more."""
    wishes = settings(request.rest)
    shared: Iterable[Setting] = SHARED
    if desk.is_stranger(request.asker):
        if any(setting in SHARED for setting in wishes):
            raise ForColleagues
        shared = ()
    if wishes:
        shown = desk.preferences.settle(request.asker, wishes, lambda: desk.standing_of(request.asker))
    else:
        shown = desk.preferences.shown(request.asker)
    # It may have been changed just now.
    language = desk.lookup.language(request.workspace.id, request.asker.member)
    words = desk.messages.wording(language)
    told = desk.say(
        "settings",
        replace(request, workspace=shown.workspace, language=language),
        saved=bool(wishes),
        cards_stay=shown.workspace.language != request.workspace.language,
        own=_lines(words, shown, PERSONAL),
        shared=_lines(words, shown, shared),
        feed=_feed(shown),
    )
    change = {**modals.button(words("button_change")), **control("settings", 0)}
    return told.over(*modals.rows([change]))


def _feed(shown: Shown) -> str:
    """The sentence on where the person's own feeds are, by its key; empty if they want none."""
    if not shown.personal.feed:
        return ""
    named = shown.personal.named and shown.workspace.shows_names
    return "settings_feed_where" if named else "settings_feed_nameless"


def _lines(words: Wording, shown: Shown, settings: Iterable[Setting]) -> list[tuple[str, str, str, object]]:
    """Each setting by the name it is typed with, its label, its value in words, who settled it (None: nobody)."""
    return [
        (one.value, words(f"setting_{_key(one)}"), _shown(words, one, shown.value(one)), shown.settled.get(one))
        for one in settings
    ]


def _shown(words: Wording, setting: Setting, value: Value) -> str:
    if setting is Setting.QUIET_DAYS:
        return words("value_days", count=value) if value else words("value_off")
    typed = as_typed(setting, value)
    return _word(words, typed) if setting in CHOICES else typed


def _word(words: Wording, typed: str) -> str:
    return words(f"value_{typed}")


def _key(setting: Setting) -> str:
    return setting.replace("-", "_")
