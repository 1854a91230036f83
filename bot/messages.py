"""What Fusen says in Slack: the messages that stand there, each in the words of its language."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

from bot import modals
from bot.blocks import TOGETHER, Block, Rendered, lay_out
from bot.payloads.interactions import control
from bot.templating import Day, Saying, environment, plain
from papers.backfill import Backfill
from papers.changes import Change, ChangeKind
from papers.digest import Digest, Group
from papers.digests import Subject
from papers.note import Channel, ChannelKind, Member, Note, Workspace, permalink
from papers.paper import PaperId
from papers.sharing import MOST_SHARED
from papers.wording import Wording

NEWS = {
    ChangeKind.VERSION: "news_version",
    ChangeKind.WITHDRAWN: "news_withdrawn",
    ChangeKind.PUBLISHED: "news_published",
}
"""The sentence that tells of each kind of change; its gap `{fact}` is the change's own."""

PAPER_DAY = Day("UTC")
"""The day of what arXiv did, as it stands on arXiv and on the pages, wherever the team is."""

DIGEST_STEPS = (40, 30, 20, 12, 6, 3, 2, 1)
"""How many papers a digest tries to show, until it fits."""

TOGGLE = "toggle"
"""What the card's Reading button says: the card is the same for all and does not know who will click."""


class Messages:
    """Renders the templates of `templates/slack` in the language asked for."""

    def __init__(
        self,
        templates: Path,
        wordings: Mapping[str, Wording],
        command: str,
        pages_address: str,
        page_path: Callable[[PaperId], str],
        tag_path: Callable[[str], str],
        support: str = "",
    ) -> None:
        self._wordings = wordings
        self._command = command
        self._pages = pages_address.rstrip("/")
        self._page_path = page_path
        self._tag_path = tag_path
        self._support = support
        self._environment = environment(templates)

    def wording(self, language: str) -> Wording:
        """The words for Slack in a language; English where there are none in it."""
        return self._wordings.get(language, self._wordings["en"])

    def render(self, template: str, workspace: Workspace, language: str, **values: object) -> Rendered:
        """Render one template: blank lines part sections, `# ` begins a header, `:: ` small print.

        Values may give another `command` to be told of than the slash command.
        """
        words = self.wording(language)
        text = self._environment.get_template(f"{template}.j2").render(
            say=Saying(words),
            workspace=workspace,
            language=language,
            pages=self._pages,
            support=self._support,
            day=Day(workspace.zone),
            paper_day=PAPER_DAY,
            page_of=lambda note: self._page(note, workspace),
            tag_page_of=lambda tag: f"{self._pages}/{quote(self._tag_path(tag.key))}",
            permalink=lambda message: permalink(workspace.url, message),
            **{"command": self._command, **values},
        )
        return lay_out(text)

    def card(self, note: Note, channel: Channel, workspace: Workspace, by: Member | None = None) -> Rendered:
        """The card of a note: what the paper is, and what the team has made of it; `by` is who added it."""
        told = {"note": note, "where": self._where(channel, workspace), "by": by}
        rendered = self.render("card", workspace, workspace.language, **told)
        return rendered.over(self._buttons(note, workspace.language))

    def seen(self, note: Note, workspace: Workspace) -> Rendered:
        """One quiet line: the paper was shared before, by whom, where, and what has changed since."""
        rendered = self.render("seen", workspace, workspace.language, note=note, since=_since(note))
        return rendered.over(self._buttons(note, workspace.language))

    def welcome(self, channel: Channel, inviter: Member, workspace: Workspace) -> Rendered:
        """What Fusen does and keeps in a channel that it was invited to, and where that is published."""
        words = self.wording(workspace.language)
        kind = "public" if workspace.publishes(channel) else self._where(channel, workspace) or "unknown"
        if kind == "private" and channel.kind is ChannelKind.PUBLIC:
            kind = "disconnected"
        told = self.render("welcome", workspace, workspace.language, inviter=inviter, kind=kind)
        button = modals.button(words("button_help")) | control("help", 0)
        return told.over(*modals.rows([button]))

    def opened(self, channel: Channel, workspace: Workspace) -> Rendered | None:
        """What becomes of the notes of a channel that others may read now.

        Where it was shared with another organization until now, they stay there. None while they are seen there
        alone as before.
        """
        if workspace.publishes(channel):
            return self.render("opened", workspace, workspace.language)
        disconnected = channel.kind is ChannelKind.PUBLIC and not channel.external
        return self.render("disconnected", workspace, workspace.language) if disconnected else None

    def news(self, note: Note, change: Change, workspace: Workspace) -> Rendered:
        """One quiet line in the note's thread: what became of the paper."""
        key = NEWS[change.kind]
        return self.render("news", workspace, workspace.language, note=note, key=key, fact=change.fact)

    def progress(self, backfill: Backfill, member: Member, workspace: Workspace) -> Rendered:
        """How far the reading of a channel's past is, which this member asked for."""
        return self.render("backfill", workspace, workspace.language, backfill=backfill, member=member)

    def surplus(self, count: int, workspace: Workspace) -> Rendered:
        """One line: so many papers of a message were not saved."""
        facts = {"most": MOST_SHARED, "left": count}
        return self.render("say", workspace, workspace.language, key="papers_left", facts=facts)

    def digest(
        self,
        digest: Digest,
        subject: Subject,
        workspace: Workspace,
        language: str,
        weekly: bool = False,
        room: int = TOGETHER,
    ) -> Rendered:
        """The digest, with as many papers as there is room for and word of the rest; `weekly`, how to end it."""
        rendered, words, day = Rendered("", ()), self.wording(language), Day(workspace.zone)
        start, end = day(digest.period.start), day(digest.period.end)
        when = words("digest_day", start=start) if start == end else words("digest_days", start=start, end=end)
        title = words(f"digest_title_{subject.scope}", when=when, tag=digest.tag.name if digest.tag else "")
        for most in DIGEST_STEPS:
            shown = _first(digest, most)
            rest = len(digest.notes) - len(shown.notes)
            told = {"digest": shown, "title": title, "rest": rest, "count": len(digest.notes), "weekly": weekly}
            rendered = self.render("digest", workspace, language, scope=subject.scope, **told)
            if rendered.whole and rendered.size <= room:
                break
        return rendered

    def sentence(self, text: str) -> Rendered:
        """Plain words, such as an error's sentence."""
        return lay_out(plain(text))

    def audience_of(self, channel: Channel, workspace: Workspace) -> str:
        """The key of the sentence that says who will read what is said in a channel: `reaches_private`, say."""
        return f"reaches_{self._where(channel, workspace) or 'there'}"

    def _page(self, note: Note, workspace: Workspace) -> str:
        """The address of the note's own page, if it has one that people were told where to find."""
        published = any(workspace.publishes(share.channel) for share in note.shares)
        page = f"{self._pages}/{quote(self._page_path(note.paper.paper_id))}"
        return page if published and self._pages else ""

    def _where(self, channel: Channel, workspace: Workspace) -> str:
        if workspace.publishes(channel) and self._pages:
            return "published"
        if channel.external:
            return "external"
        closed = channel.was_external or channel.kind in (ChannelKind.PRIVATE, ChannelKind.DIRECT)
        return "private" if closed and not workspace.publishes(channel) else ""

    def _buttons(self, note: Note, language: str) -> Block:
        words = self.wording(language)
        return {
            "type": "actions",
            "block_id": f"note:{note.id}",
            "elements": [
                modals.button(words("button_tag")) | control("tag", note.id),
                modals.button(words("button_comment")) | control("comment", note.id),
                modals.button(words("button_reading")) | control("reading", note.id, TOGGLE),
                modals.button(words("button_menu")) | control("menu", note.id),
            ],
        }


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
