"""The verbs that people type, after the slash command or a mention: one function each, with its own help line."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from bot import slack_text, tag_echo
from bot.messages import Messages, Rendered
from papers.digests import Digests
from papers.errors import NotAPaper
from papers.finding import find_papers
from papers.note import Workspace
from papers.notebook import Asker, Notebook
from papers.nudges import Job, Nudge
from papers.paper import PaperLink
from papers.tags import fold


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody typed after the verb: the paper it begins with, if any, and the rest as plain text."""

    asker: Asker
    paper: PaperLink | None
    rest: str
    language: str
    workspace: Workspace


@dataclass(frozen=True, slots=True)
class Desk:
    """What the verbs work with."""

    notebook: Notebook
    digests: Digests
    messages: Messages
    nudge: Nudge
    command: str
    bot_user: str
    pages_address: str
    today: Callable[[], date]

    def say(self, template: str, request: Request, **values: object) -> Rendered:
        """An answer to this request."""
        return self.messages.render(template, request.workspace, request.language, **values)

    def example(self, verb: str) -> str:
        """How to name a paper with a verb, for an error's sentence."""
        return f"{self.command} {verb} 2310.13671"


Verb = Callable[[Desk, Request], Rendered]


@dataclass(frozen=True, slots=True)
class Command:
    """A verb with its usage and its help line in each language."""

    name: str
    usage: str
    en: str
    ja: str
    run: Verb

    def help(self, language: str) -> str:
        """The help line in a language."""
        return self.ja if language == "ja" else self.en


REGISTRY: dict[str, Command] = {}


def command(usage: str, en: str, ja: str) -> Callable[[Verb], Verb]:
    """Register a function as the verb of its own name; `usage` is how it is typed."""

    def register(run: Verb) -> Verb:
        name = run.__name__.rstrip("_")
        REGISTRY[name] = Command(name, usage, en, ja, run)
        return run

    return register


def answer(desk: Desk, asker: Asker, text: str) -> Rendered:
    """Answer what somebody typed, in Slack's text form. An unknown verb, or none, gets the list of verbs.

    A paper alone is one to be added. Raises a FusenError whose sentence is the answer.
    """
    verb, rest = _first_word(text)
    chosen = REGISTRY.get(fold(verb))
    paper, rest = _named(rest, desk.today())
    if chosen is None and not rest and paper is None:
        paper, _ = _named(verb, desk.today())
        chosen = REGISTRY["add"] if paper else None
    request = Request(
        asker=asker,
        paper=paper,
        rest=slack_text.plain(rest, {}),
        language=desk.notebook.language(asker.workspace, asker.member),
        workspace=desk.notebook.workspace(asker.workspace),
    )
    if chosen is None:
        return _usage(desk, request, unknown=slack_text.plain(verb, {}))
    return chosen.run(desk, request)


def begins_with_verb(text: str) -> bool:
    """Whether words said to the bot begin with a verb; a bare link said to it is a share like any other."""
    return fold(_first_word(text)[0]) in REGISTRY


def _named(text: str, today: date) -> tuple[PaperLink | None, str]:
    """The paper that a text begins with, and what follows it."""
    first, rest = _first_word(text)
    links = find_papers(first, today=today, addressed=True)
    return (links[0], rest) if len(links) == 1 else (None, text)


def _first_word(text: str) -> tuple[str, str]:
    """The first word and what follows it; Japanese keyboards type a wide blank between them."""
    first, *rest = text.strip().split(maxsplit=1)[:2] or [""]
    return first, "".join(rest)


@command("help", "what I can do", "使い方を表示")
def help_(desk: Desk, request: Request) -> Rendered:
    """List the verbs."""
    return _usage(desk, request, unknown="")


@command("add PAPER", "save a paper by link or id", "リンクか ID で論文を保存")
def add(desk: Desk, request: Request) -> Rendered:
    """Note a paper that nobody pasted."""
    if request.paper is None:
        raise NotAPaper(request.rest)
    added = desk.notebook.add(request.asker, request.paper)
    return desk.say("added", request, note=added.note, new=added.new, bot=f"@{desk.bot_user}")


@command("show [PAPER]", "a paper with its tags and comments", "論文のタグとコメントを表示")
def show(desk: Desk, request: Request) -> Rendered:
    """Show the note on a paper."""
    _paper_or_nothing(request)
    note = desk.notebook.find(request.asker, request.paper, desk.example("show"))
    return desk.say("show", request, note=note)


@command(
    "tag [PAPER] TAG, TAG",
    "tag a paper, by default the last one of this channel",
    "論文 (省略時はこのチャンネルの最後の論文) にタグを付ける",
)
def tag(desk: Desk, request: Request) -> Rendered:
    """Put tags on a note."""
    note = desk.notebook.find(request.asker, request.paper, f"{desk.example('tag')} LLM")
    tagged = desk.notebook.tag(request.asker, note.id, request.rest)
    return tag_echo.echo(desk.notebook, desk.messages, request.asker, tagged, choose=request.paper is None)


@command("untag [PAPER] TAG", "take a tag off", "タグを外す")
def untag(desk: Desk, request: Request) -> Rendered:
    """Take tags off a note."""
    note = desk.notebook.find(request.asker, request.paper, f"{desk.example('untag')} LLM")
    untagged = desk.notebook.untag(request.asker, note.id, request.rest)
    return desk.say("untagged", request, note=untagged.note, tags=untagged.tags)


@command("tags", "the tags in use", "使われているタグの一覧")
def tags(desk: Desk, request: Request) -> Rendered:
    """List the tags in use."""
    return desk.say("tags", request, tags=desk.notebook.tags(request.asker.audience)[:300])


@command("list [TAG]", "the newest papers, or those with a tag", "新しい論文の一覧 (タグで絞り込み可)")
def list_(desk: Desk, request: Request) -> Rendered:
    """List the newest notes."""
    return desk.say("list", request, notes=desk.notebook.notes(request.asker.audience, tag=request.rest))


@command(
    "comment [PAPER] TEXT",
    "comment on a paper, by default the last one of this channel",
    "論文 (省略時はこのチャンネルの最後の論文) にコメント",
)
def comment(desk: Desk, request: Request) -> Rendered:
    """Comment on a note."""
    note = desk.notebook.find(request.asker, request.paper, f"{desk.example('comment')} …")
    return desk.say("commented", request, note=desk.notebook.comment(request.asker, note.id, request.rest))


@command("search WORDS", "find papers by words, in English or Japanese", "論文を検索 (日本語・英語)")
def search(desk: Desk, request: Request) -> Rendered:
    """Find notes by words."""
    words = f"{request.paper.paper_id.id if request.paper else ''} {request.rest}".strip()
    if not words:
        return _usage(desk, request, unknown="")
    return desk.say("list", request, notes=desk.notebook.notes(request.asker.audience, words=words))


@command(
    "digest [here | off]",
    "this week so far; post the weekly digest here, or nowhere",
    "今週のダイジェスト (here: ここに毎週投稿、off: 停止)",
)
def digest(desk: Desk, request: Request) -> Rendered:
    """Preview the digest, or choose where it goes."""
    choice = request.rest.casefold()
    if choice in ("here", "off"):
        desk.digests.send_to(request.asker.workspace, request.asker.channel if choice == "here" else "")
        at, words = desk.digests.weekly, desk.messages.wording(request.language)
        facts = {"weekday": words(f"weekday_{at.day}"), "clock": at.clock, "zone": request.workspace.zone}
        return desk.say("say", request, key=f"digest_{choice}", facts=facts)
    preview = desk.digests.preview(request.asker.audience, request.workspace.zone)
    return desk.messages.digest(preview, request.workspace, request.language)


@command("publish", "bring the pages up to date now", "公開ページを今すぐ更新")
def publish(desk: Desk, request: Request) -> Rendered:
    """Bring the published pages up to date."""
    desk.nudge(Job.PUBLISH_PAGES)
    key = "publish_soon" if desk.pages_address else "publish_where"
    return desk.say("say", request, key=key, facts={"pages": desk.pages_address})


def _paper_or_nothing(request: Request) -> None:
    if request.paper is None and request.rest:
        raise NotAPaper(request.rest)


def _usage(desk: Desk, request: Request, unknown: str) -> Rendered:
    return desk.say(
        "help",
        request,
        unknown=unknown,
        commands=tuple(REGISTRY.values()),
        bot=f"@{desk.bot_user}",
    )
