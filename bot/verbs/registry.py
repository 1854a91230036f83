"""What a verb is, and the registry of them all: one function each, with its own help line and modal.

A verb is reached by slash command and mention (`bot.verbs.answering`), by button, menu and shortcut
(`bot.interactions`) and, where it makes sense, by reaction. All ways end in the same function.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import Flag, auto
from functools import wraps

from bot.blocks import Block, Rendered
from bot.payloads.interactions import Submitted
from bot.verbs.desk import Desk, Request
from papers.errors import FusenError
from papers.note import Note
from papers.tags import fold


class EmptyField(FusenError):
    """A window was sent with a field empty, or with blanks in it, that is needed."""

    en = "Please fill this in."
    ja = "入力してください。"


class Takes(Flag):
    """What may be typed after a verb, as its usage shows it to people."""

    NOTHING = 0
    PAPER = auto()
    """A paper first, by default the thread's or the channel's last: the verb is about one note."""
    TAGS = auto()
    """Tags, beside the paper."""
    TEXT = auto()
    """A text, after the paper."""
    OFF = auto()
    """A closing `off`, which ends what the verb began."""
    PAPERS = auto()
    """Any number of papers and pages."""
    WORDS = auto()
    """Any words, papers among them."""
    CHANNEL = auto()
    """A channel, beside words of its own."""
    ITS_OWN = auto()
    """Words that the verb alone knows, and names of tags."""


class Menu(Flag):
    """Where a verb has its button, beside those of the card: in a paper's menu, or in the menu of everything."""

    NONE = 0
    PAPER = auto()
    ALL = auto()


Verb = Callable[[Desk, Request], Rendered]


@dataclass(frozen=True, slots=True)
class Form:
    """The modal that asks what a verb needs to know when it was not said: `modal_NAME` is its title.

    `fields` makes its blocks, for a note where the verb is about one; `words` are what was filled in, as it
    would be typed after the verb. If it `shows`, the answer takes the modal's place; else it closes. `known`
    tells what need not be asked, because where the verb was asked for says it; then there is no modal.
    `submit` is the sentence on its button. What is wrong is said at the field `typed_in`, of whose words the verb
    judges most; without one, at the first. `kept` are the texts that the modal remembers because an option's value
    is too short for them: the value is then the number of the text.
    """

    fields: Callable[[Desk, Request, Note | None], list[Block]]
    words: Callable[[Submitted], str]
    shows: bool = False
    submit: str = "modal_save"
    typed_in: str = ""
    known: Callable[[Desk, Request], str] | None = None
    kept: Callable[[Desk, Request], tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """A verb with its usage and its help line in each language, its Japanese names, its menu, its form.

    `takes` is what its `usage` shows. `button_NAME` is what its button says. Whoever names a paper to a verb that
    `saves`, by its link, wants the paper saved too.
    """

    name: str
    usage: str
    takes: Takes
    en: str
    ja: str
    japanese: tuple[str, ...]
    run: Verb
    menu: Menu = Menu.NONE
    form: Form | None = None
    saves: bool = False

    def help(self, language: str) -> str:
        """The help line in a language."""
        return self.ja if language == "ja" else self.en

    @property
    def of_note(self) -> bool:
        """Whether the verb is about one note."""
        return Takes.PAPER in self.takes

    @property
    def takes_paper_alone(self) -> bool:
        """Whether all words after the verb name a paper, except a closing `off`."""
        return self.takes in (Takes.PAPER, Takes.PAPER | Takes.OFF)

    @property
    def takes_words(self) -> bool:
        """Whether what is typed beside the paper is looked for, or is a name: it has to be known word for word."""
        return not self.takes & (Takes.TEXT | Takes.CHANNEL)

    @property
    def knows_no_paper(self) -> bool:
        """Whether a paper that is named means nothing to it: it neither is about one, nor saves or finds any."""
        return not self.takes & (Takes.PAPER | Takes.PAPERS | Takes.WORDS)


def first_word(text: str) -> tuple[str, str]:
    """The first word and what follows it; Japanese keyboards type a wide blank between them."""
    first, *rest = text.strip().split(maxsplit=1) or [""]
    return first, "".join(rest)


_COLON_BEHIND = re.compile(r"([^\s:：]+)[:：]\s*(.*)", re.DOTALL)

REGISTRY: dict[str, Command] = {}
_NAMED: dict[str, Command] = {}


def verb_named(word: str) -> Command | None:
    """The verb of this name, English or Japanese, in any width and case."""
    return _NAMED.get(fold(word))


def verb_first(text: str) -> tuple[str, str]:
    """The first word, which may be a verb, and what follows it; a colon right behind a verb parts them, too."""
    found = _COLON_BEHIND.match(text.strip())
    chosen = verb_named(found[1]) if found else None
    return (found[1], found[2]) if found and chosen and chosen.takes else first_word(text)


def command(
    usage: str,
    en: str,
    ja: str,
    *,
    japanese: tuple[str, ...],
    takes: Takes = Takes.NOTHING,
    menu: Menu = Menu.NONE,
    form: Form | None = None,
    saves: bool = False,
) -> Callable[[Verb], Verb]:
    """Register a function as the verb of its own name, and these in Japanese; `usage` shows what it takes."""

    def register(run: Verb) -> Verb:
        name = run.__name__.rstrip("_")
        REGISTRY[name] = Command(name, usage, takes, en, ja, japanese, run, menu, form, saves)
        _NAMED.update(dict.fromkeys((name, *japanese), REGISTRY[name]))
        return run

    return register


def for_colleagues(run: Verb) -> Verb:
    """A verb about the workspace as a whole: people of another organization are refused, however they ask."""

    @wraps(run)
    def checked(desk: Desk, request: Request) -> Rendered:
        desk.check_colleague(request.asker)
        return run(desk, request)

    return checked


def form_for_colleagues(form: Form) -> Form:
    """The modal of such a verb: it tells of the workspace as well."""

    def fields(desk: Desk, request: Request, note: Note | None) -> list[Block]:
        desk.check_colleague(request.asker)
        return form.fields(desk, request, note)

    return replace(form, fields=fields)
