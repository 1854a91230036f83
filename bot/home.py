"""Homes become views: a reading list, what waits for a sentence, what is followed, and the way to all else.

A view has room for a hundred blocks (https://docs.slack.dev/surfaces/app-home); what `papers.homes` shows at most
takes fewer.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot import modals
from bot.blocks import Block, cut
from bot.followed import ender
from bot.messages import Messages
from bot.payloads.home import HIDE_STEPS, block_in, home_memory
from bot.payloads.interactions import control, option_value
from papers.follows import Follow
from papers.home import FirstSteps, Home
from papers.homes import UNREAD
from papers.note import Note, Share, Workspace
from papers.unseen import fit
from papers.wording import Wording

BLOCKS = 100
FOLLOWS = 10
"""How many of the things that a member follows are shown with a button."""

LABEL = 75
"""https://docs.slack.dev/reference/block-kit/block-elements/button-element"""

EVERYTHING_ELSE = ("digest", "agenda", "list", "search", "tags", "settings", "help")
"""The verbs whose buttons stand at the end."""

DIVIDER: Block = {"type": "divider"}


class HomeView:
    """Makes the views; `bot` is what people call Fusen by."""

    def __init__(self, messages: Messages, bot: str) -> None:
        self._messages = messages
        self._bot = bot

    def view(self, home: Home, direct: str, workspace: Workspace, language: str) -> Block:
        """The whole view. `direct` is the member's conversation with Fusen, in which they ask for all else."""
        page = _Page(self._messages, workspace, language, self._bot)
        blocks = [
            *page.first_steps(home.steps),
            *page.reading_list(home),
            *page.waiting(home),
            *page.follows(home.follows),
            *page.everything_else(home),
        ]
        return {"type": "home", "private_metadata": home_memory(direct), "blocks": blocks[:BLOCKS]}


class _Page:
    """The parts of one view."""

    def __init__(self, messages: Messages, workspace: Workspace, language: str, bot: str) -> None:
        self._messages = messages
        self._workspace = workspace
        self._language = language
        self._bot = bot
        self._words: Wording = messages.wording(language)

    def first_steps(self, steps: FirstSteps) -> list[Block]:
        if steps.over:
            return []
        hide = {**modals.button(self._words("button_home_hide")), "action_id": HIDE_STEPS}
        return [*self._say("welcome", steps=steps), *modals.rows([hide]), DIVIDER]

    def reading_list(self, home: Home) -> list[Block]:
        blocks = self._say("reading", reading=home.reading)
        for note in home.reading:
            until = next((one.until for one in note.readers if one.member.id == home.member), None)
            down = self._act("reading", note, "off", "button_put_down")
            (row,) = modals.rows([self._act("read", note), self._act("comment", note), down])
            blocks += [*self._told(note, until), row | {"block_id": self._place("reading", note)}]
        blocks += self._say("unread", unread=home.unread, known=bool(home.read or home.reading))
        for note in home.unread:
            section, small = self._told(note)
            verbs = ("reading", "read", "comment", "related")
            menu = modals.small_menu([(self._words(f"button_{one}"), option_value(one, note.id)) for one in verbs])
            blocks += [section | {"block_id": self._place("unread", note), "accessory": menu}, small]
        if len(home.unread) == UNREAD:
            blocks += self._say("more_unread")
        if home.read:
            blocks += self._say("read")
        for note in home.read:
            (section,) = self._say("title", note=note)
            blocks.append(
                section | {"block_id": self._place("read", note), "accessory": self._act("unread", note)}
            )
        return [*blocks, DIVIDER]

    def waiting(self, home: Home) -> list[Block]:
        if not (home.waiting or home.reading or home.unread or home.read):
            return []
        blocks = self._say("waiting", waiting=home.waiting)
        for note in home.waiting:
            section, small = self._told(note)
            write = self._act("comment", note, label="button_home_sentence")
            blocks += [section | {"block_id": self._place("waiting", note), "accessory": write}, small]
        return [*blocks, DIVIDER]

    def follows(self, follows: Sequence[Follow]) -> list[Block]:
        blocks = self._say("follows", follows=follows)
        for number, one in enumerate(follows[:FOLLOWS]):
            (section,) = self._say("follow", one=one)
            blocks.append(
                section | {"accessory": ender(self._words, one, str(number), self._words("button_unfollow"))}
            )
        if (rest := len(follows) - FOLLOWS) > 0:
            blocks += self._say("rest", rest=rest)
        more = {**modals.button(self._words("button_home_follow")), **control("follow", 0)}
        return [*blocks, *modals.rows([more]), DIVIDER]

    def everything_else(self, home: Home) -> list[Block]:
        buttons = [
            {**modals.button(self._words(f"button_{verb}")), **control(verb, 0)} for verb in EVERYTHING_ELSE
        ]
        return [*self._say("else"), *modals.rows(buttons), *self._say("end", digests=home.digests)]

    def _told(self, note: Note, until: datetime | None = None) -> list[Block]:
        return self._say("note", note=note, share=_share(note, self._workspace), until=until)

    def _act(self, verb: str, note: Note, words: str = "", label: str = "") -> Block:
        """A button that says to a screen reader also which paper it is for."""
        said = self._words(label or f"button_{verb}")
        spoken = cut(f"{said}: {note.paper.title or note.paper_id.id}", LABEL)
        return {**modals.button(said), **control(verb, note.id, words), "accessibility_label": fit(spoken)}

    def _place(self, part: str, note: Note) -> str:
        """The id of the block whose controls act on a note, where the member is told that it was shared."""
        return block_in(_share(note, self._workspace).channel.id, f"{part}:{note.id}")

    def _say(self, template: str, **values: object) -> list[Block]:
        told = self._messages.render(f"home/{template}", self._workspace, self._language, bot=self._bot, **values)
        return list(told.blocks)


def _share(note: Note, workspace: Workspace) -> Share:
    """The share that the member is told of, and where they act: the first in a public channel, else the first."""
    public = (share for share in note.shares if workspace.publishes(share.channel))
    return next(public, note.shares[0])
