"""What a verb is, and the registry of them all: one function each, with its own help line and modal.

A verb is reached by slash command and mention (`bot.verbs.answering`), by button, menu and shortcut
(`bot.interactions`) and, where it makes sense, by reaction. All ways end in the same function.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from enum import Flag, auto
from functools import wraps

from bot.blocks import Block, Rendered
from bot.messages import Messages
from bot.payloads.interactions import Submitted
from bot.slack_trouble import SlackTrouble
from papers.asker import Asker
from papers.backfills import Backfills
from papers.digests import Digests
from papers.errors import FusenError
from papers.following import Following
from papers.forgetting import Forgetting
from papers.lookup import Lookup
from papers.note import Message, Note, Workspace
from papers.notebook import Notebook
from papers.nudges import Nudge
from papers.paper import PaperLink
from papers.pointing import Example, as_typed
from papers.preferences import MembersSettle, Preferences
from papers.reactions import Reactions
from papers.readers import Readers
from papers.relating import Relating
from papers.settled import Standing
from papers.tag_keeping import TagKeeping
from papers.tagging import Tagging
from papers.tags import fold
from papers.undoing import Undoing

LONGEST_EXAMPLE = 200
"""How many characters of what somebody typed are told again, for them to copy."""


class NoteGone(FusenError):
    """Somebody clicks where a note was shown that is no longer there."""

    en = "This paper is no longer here: the message that shared it was deleted."
    ja = "この論文はもうありません。共有元のメッセージが削除されました。"


class EmptyField(FusenError):
    """A window was sent with a field empty, or with blanks in it, that is needed."""

    en = "Please fill this in."
    ja = "入力してください。"


class ForColleagues(FusenError):
    """Somebody of another organization asks, in a shared channel, for what is the workspace's own business."""

    en = "Only people of the workspace that I belong to may ask me for this. Ask one of them."
    ja = "この操作は、私が所属するワークスペースのメンバーだけが行えます。メンバーに依頼してください。"


class StandingUnknown(FusenError):
    """Slack does not tell now whether somebody may change what holds for everybody."""

    en = "Slack cannot say right now whether you may change this. Please try again in a minute."
    ja = "変更の権限を Slack に確認できませんでした。しばらくしてからもう一度お試しください。"


@dataclass(frozen=True, slots=True)
class Request:
    """A wish for a verb: who wishes, in which language, the verb as they typed it, and what they said beside it.

    They may point at a paper by naming it (`paper`), by its card (`note_id`, 0 is none) or by a message that
    a shortcut was run on (which says `said`, in Slack's text form); `rest` is what was said beside, as plain
    text, and `marked` the same in Slack's text form, which names people and channels by their ids. `kept` is what
    the modal that asks them for more will remember. `pressed`: the words are those of a button, which Fusen made.
    """

    asker: Asker
    language: str
    workspace: Workspace
    verb: str = ""
    rest: str = ""
    marked: str = ""
    paper: PaperLink | None = None
    note_id: int = 0
    message: Message | None = None
    said: str = ""
    kept: tuple[str, ...] = ()
    pressed: bool = False

    @property
    def points(self) -> bool:
        """Whether the person said which paper they mean, rather than leave it to where they are."""
        return bool(self.paper or self.note_id or self.message)

    def begun(self, verb: str, note: Note) -> str:
        """What they typed so far: the verb, and the note's paper if they said which they mean."""
        typed = self.verb or verb
        return f"{typed} {as_typed(note.paper_id)}" if self.points else typed


@dataclass(frozen=True, slots=True)
class Desk:
    """What the verbs work with."""

    lookup: Lookup
    notebook: Notebook
    tagging: Tagging
    readers: Readers
    reactions: Reactions
    tag_keeping: TagKeeping
    digests: Digests
    following: Following
    preferences: Preferences
    undoing: Undoing
    forgetting: Forgetting
    relating: Relating
    backfills: Backfills
    messages: Messages
    nudge: Nudge
    command: str
    bot_user: str
    pages_address: str
    today: Callable[[], date]
    standing: Callable[[str, str], Standing]

    def say(self, template: str, request: Request, **values: object) -> Rendered:
        """An answer to this request."""
        spoken = self.spoken(request.asker, request.message)
        return self.messages.render(template, request.workspace, request.language, command=spoken, **values)

    def spoken(self, asker: Asker, message: Message | None = None) -> str:
        """What a verb follows: the slash command, or the mention in threads, where slash commands do not work.

        So it is where somebody points at a `message`, which may stand in one, if a mention is heard there.
        """
        hears = self.following.is_in(message.workspace, message.channel) if message else asker.thread_ts
        return f"@{self.bot_user}" if hears else self.command

    def refusal(self, error: FusenError, asker: Asker, message: Message | None = None) -> str:
        """What somebody is told of an expected error, in their language, with verbs as they are typed there."""
        language = self.lookup.language(asker.workspace, asker.member)
        return error.sentence(language, self.spoken(asker, message))

    def standing_of(self, asker: Asker) -> Standing:
        """What the asker is in the workspace. Raises StandingUnknown."""
        try:
            return self.standing(asker.workspace, asker.member)
        except SlackTrouble as trouble:
            raise StandingUnknown from trouble

    def is_stranger(self, asker: Asker) -> bool:
        """Whether the asker is of another organization; they are met in external channels alone.

        Raises StandingUnknown if Slack does not tell who they are.
        """
        here = self.lookup.channel(asker.workspace, asker.channel)
        return here.external and self.standing_of(asker) is Standing.STRANGER

    def check_colleague(self, asker: Asker) -> None:
        """Raise ForColleagues for one of another organization. Raises StandingUnknown."""
        if self.is_stranger(asker):
            raise ForColleagues

    def check_full_member(self, asker: Asker) -> None:
        """Raise MembersSettle for a guest, or one of another organization. Raises StandingUnknown."""
        if self.standing_of(asker) < Standing.MEMBER:
            raise MembersSettle

    def example(self, verb: str, asker: Asker, message: Message | None = None, rest: str = "") -> Example:
        """How to name a paper with a verb, in the words that were typed: to be copied, if they are few."""
        one, spoken = _NAMED[fold(verb)], self.spoken(asker, message)
        if not rest or len(rest) > LONGEST_EXAMPLE:
            rest = "LLM" if one.takes_tags else "…" if one.takes_text else ""
        return lambda paper: f"{spoken} {verb} {paper} {rest}".rstrip()

    def note(self, request: Request, verb: str) -> Note:
        """The note that a request points at; else the thread's, else the channel's last.

        Raises NoteGone, UnknownPaper, SeveralPapers, NotSavedYet, NoPaperInMessage, NoPaperInThread or
        NoPaperHere.
        """
        if request.note_id:
            shown = self.notebook.note(request.note_id, request.asker.audience)
            if shown is None and request.message is None:
                raise NoteGone
            if shown is not None:
                return shown
        example = self.example(request.verb or verb, request.asker, request.message, request.rest)
        if request.message:
            said = "" if request.note_id else request.said  # a card of ours links to what was saved once
            return self.notebook.find_by_message(request.asker, request.message, said, example)
        return self.notebook.find(request.asker, request.paper, example)


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

    `of_note` says whether it is about one note. `button_NAME` is what its button says. Whoever names a paper to a
    verb that `saves`, by its link, wants the paper saved too.
    """

    name: str
    usage: str
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
        return "[PAPER]" in self.usage

    @property
    def takes_something(self) -> bool:
        """Whether anything may follow the verb."""
        return self.usage != self.name

    @property
    def takes_several(self) -> bool:
        """Whether several papers may be named."""
        return self.usage == f"{self.name} PAPER, PAPER"

    @property
    def takes_tags(self) -> bool:
        """Whether tags follow the paper."""
        return "[PAPER] TAG" in self.usage

    @property
    def takes_text(self) -> bool:
        """Whether a text follows the paper."""
        return "[PAPER] TEXT" in self.usage

    @property
    def takes_words(self) -> bool:
        """Whether what is typed beside the paper is looked for, or is a name: it has to be known word for word."""
        return not self.takes_text and "#CHANNEL" not in self.usage

    @property
    def knows_no_paper(self) -> bool:
        """Whether a paper that is named means nothing to it: it is not about one, and neither saves nor finds any.

        Help is given whatever is named.
        """
        finds = self.usage.endswith("WORDS")
        return not (self.of_note or self.takes_several or finds or self.name == "help")

    @property
    def takes_paper_alone(self) -> bool:
        """Whether all words after the verb name a paper, except a closing `off`."""
        return self.usage.removesuffix(" [off]") == f"{self.name} [PAPER]"

    @property
    def takes_off(self) -> bool:
        """Whether it ends what it began where `off` closes it."""
        return self.usage.endswith(" [off]")


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
    return (found[1], found[2]) if found and chosen and chosen.takes_something else first_word(text)


def command(
    usage: str,
    en: str,
    ja: str,
    *,
    japanese: tuple[str, ...],
    menu: Menu = Menu.NONE,
    form: Form | None = None,
    saves: bool = False,
) -> Callable[[Verb], Verb]:
    """Register a function as the verb of its own name, and these in Japanese; `usage` is how it is typed."""

    def register(run: Verb) -> Verb:
        name = run.__name__.rstrip("_")
        REGISTRY[name] = Command(name, usage, en, ja, japanese, run, menu, form, saves)
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
