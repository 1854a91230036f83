"""Values become Slack messages: text templates, rendered safely, cut into blocks, kept within Slack's limits."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bot import slack_text
from bot.payloads.interactions import control
from papers.backfill import Backfill
from papers.changes import Change, ChangeKind
from papers.depth import depth
from papers.digest import Digest, Group, contributors, human_sentence
from papers.digests import Subject, tag_of
from papers.note import Channel, ChannelKind, Member, Note, Workspace, permalink
from papers.wording import Wording

# https://docs.slack.dev/reference/block-kit/blocks; the sum of all blocks is not documented, Slack refuses
# messages near 13,200 characters (https://github.com/slackapi/bolt-js/issues/2509).
SECTION = 3000
HEADER = 150
CONTEXT = 2000
BLOCKS = 50
TOGETHER = 12_000
TEXT = 3900

NEWS = {
    ChangeKind.VERSION: "news_version",
    ChangeKind.WITHDRAWN: "news_withdrawn",
    ChangeKind.PUBLISHED: "news_published",
}
"""The sentence that tells of each kind of change; its gap `{fact}` is the change's own."""

DIGEST_STEPS = (40, 30, 20, 12, 6, 3, 2, 1)
"""How many papers a digest tries to show, until it fits."""

TOGGLE = "toggle"
"""What the card's Reading button says: the card is the same for all and does not know who will click."""

Block = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Rendered:
    """A message ready to be posted: blocks for those who see, and the same words as text for those who hear.

    `whole` is false if some of the words found no room in the blocks. `asks` is true if the words are a question
    with buttons for its answers: in a modal it takes the modal's place.
    """

    text: str
    blocks: tuple[Block, ...]
    whole: bool = True
    asks: bool = False


def joined(*parts: Rendered, asks: bool = False) -> Rendered:
    """Several messages as one. They must be short enough together."""
    blocks = tuple(block for part in parts for block in part.blocks)
    text = _cut_marked("\n".join(words for block in blocks for words in _spoken(block)), TEXT)
    return Rendered(text, blocks, all(part.whole for part in parts), asks)


def _spoken(block: Block) -> list[str]:
    """The words of a block that `_lay_out` made; buttons have none."""
    if block["type"] == "header":
        return [slack_text.escape(block["text"]["text"])]
    texts = block.get("elements") or [block["text"]]
    return [one["text"] for one in texts if one["type"] == "mrkdwn"]


class Messages:
    """Renders the templates of `templates/slack` in the language asked for."""

    def __init__(self, templates: Path, wordings: Mapping[str, Wording], command: str, pages_address: str) -> None:
        self._wordings = wordings
        self._command = command
        self._pages = pages_address.rstrip("/")
        self._environment = Environment(
            loader=FileSystemLoader(templates),
            autoescape=True,
            finalize=_finalize,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._environment.filters.update(cut=cut, oneline=_oneline)
        self._environment.globals.update(link=_link, quote=_quote, first_names=_first_names, depth=depth)
        self._environment.globals.update(human_sentence=human_sentence, contributors=contributors)

    def wording(self, language: str) -> Wording:
        """The words for Slack in a language; English where there are none in it."""
        return self._wordings.get(language, self._wordings["en"])

    def render(self, template: str, workspace: Workspace, language: str, **values: object) -> Rendered:
        """Render one template: blank lines part sections, `# ` begins a header, `:: ` small print."""
        words = self.wording(language)
        text = self._environment.get_template(f"{template}.j2").render(
            say=_Saying(words),
            workspace=workspace,
            language=language,
            command=self._command,
            pages=self._pages,
            day=_Day(workspace.zone),
            permalink=lambda message: permalink(workspace.url, message),
            **values,
        )
        return _lay_out(text)

    def card(self, note: Note, channel: Channel, workspace: Workspace) -> Rendered:
        """The card of a note: what the paper is, and what the team has made of it."""
        rendered = self.render("card", workspace, workspace.language, note=note, where=self._where(channel))
        return Rendered(rendered.text, (*rendered.blocks, self._buttons(note, workspace.language)))

    def seen(self, note: Note, workspace: Workspace) -> Rendered:
        """One quiet line: the paper was shared before, by whom, where, and what has changed since."""
        rendered = self.render("seen", workspace, workspace.language, note=note, since=_since(note))
        return Rendered(rendered.text, (*rendered.blocks, self._buttons(note, workspace.language)))

    def welcome(self, channel: Channel, inviter: Member, workspace: Workspace) -> Rendered:
        """What Fusen does and keeps in a channel that it was invited to, and where that is published."""
        words = self.wording(workspace.language)
        kind = "public" if channel.kind is ChannelKind.PUBLIC else self._where(channel) or "unknown"
        told = self.render("welcome", workspace, workspace.language, inviter=inviter, kind=kind)
        button = {
            "type": "button",
            "text": {"type": "plain_text", "text": words("button_help")},
            **control("help", 0),
        }
        return Rendered(told.text, (*told.blocks, {"type": "actions", "elements": [button]}), told.whole)

    def news(self, note: Note, change: Change, workspace: Workspace) -> Rendered:
        """One quiet line in the note's thread: what became of the paper."""
        key = NEWS[change.kind]
        return self.render("news", workspace, workspace.language, note=note, key=key, fact=change.fact)

    def progress(self, backfill: Backfill, member: Member, workspace: Workspace) -> Rendered:
        """How far the reading of a channel's past is, which this member asked for."""
        return self.render("backfill", workspace, workspace.language, backfill=backfill, member=member)

    def digest(self, digest: Digest, subject: Subject, workspace: Workspace, language: str) -> Rendered:
        """The digest, with as many papers as a message can hold and word of the rest."""
        rendered, words, day = Rendered("", ()), self.wording(language), _Day(workspace.zone)
        title = words(
            f"digest_title_{subject.scope}",
            start=day(digest.period.start),
            end=day(digest.period.end),
            tag=tag_of(digest, subject.tag).name,
        )
        for most in DIGEST_STEPS:
            shown = _first(digest, most)
            rest = len(digest.notes) - len(shown.notes)
            rendered = self.render(
                "digest", workspace, language, digest=shown, title=title, rest=rest, count=len(digest.notes)
            )
            if rendered.whole:
                break
        return rendered

    def sentence(self, text: str) -> Rendered:
        """Plain words, such as an error's sentence."""
        return _lay_out(_finalize(text))

    def _where(self, channel: Channel) -> str:
        if channel.kind is ChannelKind.PUBLIC and self._pages:
            return "published"
        return "private" if channel.kind in (ChannelKind.PRIVATE, ChannelKind.DIRECT) else ""

    def _buttons(self, note: Note, language: str) -> Block:
        words = self.wording(language)
        return {
            "type": "actions",
            "block_id": f"note:{note.id}",
            "elements": [
                _button(words("button_tag"), "tag", note),
                _button(words("button_comment"), "comment", note),
                _button(words("button_reading"), "reading", note, TOGGLE),
                _button(words("button_menu"), "menu", note),
            ],
        }


class _Saying:
    """The wording inside templates: facts that are plain text are escaped, the sentence itself may hold markup."""

    def __init__(self, words: Wording) -> None:
        self._words = words

    def __call__(self, key: str, **facts: object) -> Markup:
        return Markup(self._words(key, **{name: _fact(fact) for name, fact in facts.items()}))  # noqa: S704 - the facts are escaped one by one

    def word(self, group: str, value: str) -> str:
        """The word for a value that the program stores in English."""
        return self._words.word(group, value)


class _Day:
    """Days inside templates, in the workspace's zone."""

    def __init__(self, zone: str) -> None:
        self._zone = ZoneInfo(zone)

    def __call__(self, moment: datetime) -> str:
        return moment.astimezone(self._zone).strftime("%Y-%m-%d")


def _fact(fact: object) -> object:
    return fact if isinstance(fact, int | float) else _finalize(fact)


def _finalize(value: object) -> Markup:
    if isinstance(value, Markup):
        return value
    return Markup(_calm(slack_text.escape(_within(str(value)))))  # noqa: S704 - escaped for mrkdwn, which is not HTML


# What begins a header, small print or, for Slack, a quote.
_OPENINGS = ("# ", ":: ", ">")


def _within(text: str) -> str:
    """The text as part of a paragraph: it neither ends the paragraph nor makes another kind of it."""
    line = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", " ")
    return f"\u200b{line}" if line.lstrip().startswith(_OPENINGS) else line


# A formatting mark works only at the edge of a word; a zero-width space beside it takes its power.
_MARKS = re.compile(r"(?<![0-9A-Za-z])([*_~`])|([*_~`])(?![0-9A-Za-z])")


def _calm(text: str) -> str:
    return _MARKS.sub(lambda found: f"\u200b{found[0]}\u200b", text)


def _link(url: str, label: str) -> Markup:
    return Markup(slack_text.link(url, _calm(str(label))))  # noqa: S704 - `link` escapes both its parts


def _quote(text: str) -> Markup:
    return Markup("\n").join(Markup("> ") + _finalize(line) for line in text.splitlines() if line.strip())


def readable(message: Rendered) -> str:
    """The whole message as plain text, for a terminal: addresses of links spelled out, marks left as they are."""
    paragraphs = []
    for block in message.blocks:
        if block["type"] == "header":
            paragraphs.append(block["text"]["text"])
        else:
            texts = block.get("elements") or [block["text"]]
            paragraphs.extend(slack_text.plain(one["text"], {}) for one in texts if one["type"] == "mrkdwn")
    return "\n\n".join(paragraphs).replace("\u200b", "")


def cut(text: str, most: int) -> str:
    """Text of at most `most` characters, cut at a blank where one is near, ending in `…` if it was cut."""
    if len(text) <= most:
        return text
    kept = text[: most - 1]
    blank = kept.rfind(" ", most * 3 // 4)
    return (kept[:blank] if blank > 0 else kept).rstrip() + "…"


def _oneline(text: str) -> str:
    return " ".join(text.split())


def _button(label: str, verb: str, note: Note, said: str = "") -> Block:
    text = {"type": "plain_text", "text": label, "emoji": True}
    return {"type": "button", "text": text, **control(verb, note.id, said)}


def _since(note: Note) -> tuple[tuple[str, dict[str, object]], ...]:
    """What changed since the paper was shared first, as keys of sentences with their facts."""
    record, first = note.paper.record, note.first_share
    if record is None or first is None:
        return ()
    changes: list[tuple[str, dict[str, object]]] = []
    if record.withdrawn:
        changes.append(("now_withdrawn", {}))
    if record.version > 1 and record.updated > first.shared_at:
        changes.append(("now_version", {"version": record.version}))
    if (record.journal_ref or record.doi) and record.updated > first.shared_at:
        changes.append(("now_published", {"where": record.journal_ref or record.doi}))
    return tuple(changes)


def _first(digest: Digest, most: int) -> Digest:
    groups: list[Group] = []
    for group in digest.groups:
        if most > 0:
            groups.append(Group(group.tag, group.notes[:most]))
        most -= len(group.notes)
    return replace(digest, groups=tuple(groups))


def _lay_out(marked: str) -> Rendered:
    """Cut marked-up text into blocks. The words that did not fit are left out, with `…` for a sign."""
    blocks: list[Block] = []
    spoken: list[str] = []
    room, whole = TOGETHER, True
    for paragraph in re.split(r"\n[ \t]*\n", marked):
        block, words = _block(paragraph.strip("\n"))
        if not words.strip():
            continue
        whole = len(blocks) < BLOCKS - 2 and len(words) <= room
        if not whole:
            block, words = _section("…"), "…"
        room -= len(words)
        blocks.append(block)
        spoken.append(words)
        if not whole:
            break
    return Rendered(_cut_marked("\n".join(spoken), TEXT), tuple(blocks), whole)


def _block(paragraph: str) -> tuple[Block, str]:
    if paragraph.startswith("# "):
        # A header is plain text, which knows no entities.
        words = cut(slack_text.plain(paragraph[2:], {}).replace("\u200b", ""), HEADER)
        return {"type": "header", "text": {"type": "plain_text", "text": words}}, slack_text.escape(words)
    if paragraph.startswith(":: "):
        words = _cut_marked(paragraph[3:], CONTEXT)
        return {"type": "context", "elements": [{"type": "mrkdwn", "text": words}]}, words
    words = _cut_marked(paragraph, SECTION)
    return _section(words), words


def _section(words: str) -> Block:
    return {"type": "section", "text": {"type": "mrkdwn", "text": words}}


_UNBROKEN = re.compile(r"<[^<>]*>|&(?:amp|lt|gt);|.", re.DOTALL)


def _cut_marked(marked: str, most: int) -> str:
    """Marked-up text of at most `most` characters, never cut within a link or an entity."""
    if len(marked) <= most:
        return marked
    kept, room = [], most - 1
    for piece in _UNBROKEN.findall(marked):
        room -= len(piece)
        if room < 0:
            break
        kept.append(piece)
    return "".join(kept).rstrip() + "…"


def _first_names(names: Sequence[object], most: int = 3) -> tuple[Sequence[object], int]:
    return (names, 0) if len(names) <= most + 1 else (names[:most], len(names) - most)
