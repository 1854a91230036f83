"""What followers are told: of one note at once, or of a week's notes together."""

from __future__ import annotations

import json

from bot.blocks import TOGETHER, Rendered
from bot.followed import enders
from bot.messages import Messages
from papers.following import Following
from papers.follows import Follower
from papers.lookup import Lookup
from papers.note import Audience, Note
from papers.notebook import Notebook
from papers.work import Owed, PostKind

STEPS = (30, 15, 8, 4, 2, 1)
"""How many notes a gathering tries to show, until it fits."""


class Tidings:
    """Says what is owed to followers, as they may see it by now."""

    def __init__(self, lookup: Lookup, notebook: Notebook, following: Following, messages: Messages) -> None:
        self._lookup = lookup
        self._notebook = notebook
        self._following = following
        self._messages = messages

    def render(self, owed: Owed, room: int = TOGETHER) -> Rendered | None:
        """What a follower is told, of several notes as many as there is room for.

        None if there is nothing to tell any more.
        """
        return self._one(owed) if owed.kind is PostKind.FOLLOWED else self._several(owed, room)

    def _one(self, owed: Owed) -> Rendered | None:
        note = self._note(owed, owed.note_id or 0)
        reasons = self._following.why(Follower(owed.workspace, owed.channel), note.id) if note else ()
        if note is None or not reasons:
            return None
        language = self._language(owed)
        told = self._messages.render(
            "followed", self._lookup.workspace(owed.workspace), language, note=note, reasons=reasons
        )
        buttons = enders(self._messages.wording(language), reasons, 5)
        return told.over(*buttons)

    def _several(self, owed: Owed, room: int) -> Rendered | None:
        ids = json.loads(owed.body)
        seen = (note for note_id in ids[: STEPS[0]] if (note := self._note(owed, note_id)))
        notes = tuple(seen)
        if not notes:
            return None
        workspace = self._lookup.workspace(owed.workspace)
        # A person knows what they have set up; in a channel it is somebody's doing.
        followed = self._following.of(Follower(owed.workspace, owed.channel))
        reasons = [one for one in followed if one.follower.is_channel and one.weekly]
        rendered = Rendered("", ())
        for most in STEPS:
            rest = max(0, len(ids) - STEPS[0]) + max(0, len(notes) - most)
            shown = notes[:most]
            told = {"notes": shown, "rest": rest, "reasons": reasons}
            rendered = self._messages.render("gathering", workspace, self._language(owed), **told)
            if rendered.whole and rendered.size <= room:
                break
        return rendered

    def _note(self, owed: Owed, note_id: int) -> Note | None:
        # A member's id is no channel's, so they see what anybody sees.
        return self._notebook.note(note_id, Audience(owed.workspace, owed.channel))

    def _language(self, owed: Owed) -> str:
        """The member's language; the workspace's for a channel."""
        return self._lookup.language(owed.workspace, owed.channel)
